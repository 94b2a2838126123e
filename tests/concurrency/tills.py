"""Two tills, two desks, two closings at once: each answers who won and what stands afterwards."""

from tools.simulate.basket import Line, Paid
from tools.simulate.venue import Article

from .bar import Bar, outcome, request_then, value
from .offers import last_of_an_offer


def till_races(stage):
    """All of them with their guards, one after the other, in one process."""
    return {
        "counts": two_counts(stage),
        "take_over": two_take_over(stage),
        "undo_in_money": undo_by_two(stage),
        "undo_by_card": undo_by_two(stage, by_card=True),
        "cup": cup_twice(stage),
        "top_up": top_up_twice(stage),
        "payback": payback_twice(stage),
        "last_two": last_two(stage),
        "offer": last_of_an_offer(stage),
        "closings": two_closings(stage),
    }


def till_races_unguarded(stage):
    """The same where a guard is off: the test has taken those of the database away."""
    return {
        "take_over": two_take_over(stage, read_committed=True),
        "undo": undo_by_two(stage, broken=True),
        "cup": cup_twice(stage, broken=True),
        "top_up": top_up_twice(stage),
        "payback": payback_twice(stage, read_committed=True),
        "last_two": last_two(stage, broken=True),
        "offer": last_of_an_offer(stage, broken=True),
        "closings": two_closings(stage),
    }


# -- undo ----------------------------------------------------------------------------------------


def undo_by_two(stage, by_card=False, broken=False):
    """One sale, undone by its own till and by a manager at another one."""
    sale = stage.alone(lambda env: Bar(env).sell(Bar(env).tills[0], by_card))

    def undo(number):
        def act(env):
            bar = Bar(env)
            till = bar.tills[number]
            session = bar.session(till, "admin" if number else None)
            return session.tibillet_undo(
                till["credential"], bar.seq(till), f"undo-{number}-{sale[:8]}", sale, "Twice"
            )

        def work(stage, meet):
            if broken:
                _look_without_taking(stage)
            return request_then(stage, meet, act)

        return work

    stage.alone(_admin_works_here)
    answers = stage.race([undo(0), undo(1)])
    return outcome(answers) | {
        "undone": value(
            stage,
            "SELECT count(*) FROM pos_order o JOIN pos_order s ON s.id = o.tibillet_undo_of_id"
            " WHERE s.uuid = %s",
            sale,
        ),
        "on_card": value(
            stage,
            "SELECT sum(a.balance_minor)::int FROM tibillet_account a"
            " JOIN tibillet_card c ON c.wallet_id = a.wallet_id WHERE c.uid = %s",
            stage.alone(lambda env: Bar(env).known["uid"]),
        ),
    }


def _admin_works_here(env):
    admin = env["res.users"].search([("login", "=", "admin")])
    admin.company_ids |= env["res.company"].browse(Bar(env).known["company"])
    admin.group_ids |= env.ref("tibillet_pos_nfc.tibillet_pos_nfc_group_manager")
    admin.group_ids |= env.ref("point_of_sale.group_pos_manager")


def _look_without_taking(stage):
    """The order is looked at and not written: its rival's undo is in no snapshot."""

    def look(self, session, order_uuid):
        return self.env["pos.order"].search([("uuid", "=", order_uuid)], limit=1)

    stage.registry["tibillet.undo"]._sale = look


# -- Z -------------------------------------------------------------------------------------------


def two_closings(stage):
    """Two sessions of one till, closed at the same moment: a rescue session beside its own."""
    sessions = stage.alone(_two_closed)

    def write(number):
        def act(env):
            env = env(su=True)
            session = env["pos.session"].browse(sessions[number])
            return {"ok": True, "number": env["tibillet.closing"]._write_down(session).number}

        return lambda stage, meet: request_then(stage, meet, act)

    answers = stage.race([write(0), write(1)])
    return outcome(answers) | {
        "numbers": stage.alone(lambda env: _closings(env, sessions)),
        "chained": value(
            stage,
            "SELECT count(*) FROM tibillet_closing a JOIN tibillet_closing b"
            " ON a.previous_seal = b.seal AND a.number = b.number + 1"
            " WHERE a.session_id = ANY(%s)",
            sessions,
        ),
    }


def _two_closed(env):
    till = Bar(env).tills[0]
    first = env["pos.session"].browse(till["session"])
    second = env["pos.session"].create(
        {"config_id": till["config"], "user_id": till["cashier"], "rescue": True}
    )
    env.flush_all()
    env.cr.execute(
        "UPDATE pos_session SET state = 'closed', stop_at = now() AT TIME ZONE 'UTC'"
        " WHERE id = ANY(%s)",
        [[first.id, second.id]],
    )
    return [first.id, second.id]


def _closings(env, sessions):
    env.cr.execute(
        "SELECT number FROM tibillet_closing WHERE session_id = ANY(%s) ORDER BY 1", [sessions]
    )
    return [number for (number,) in env.cr.fetchall()]


# -- cups ----------------------------------------------------------------------------------------


def cup_twice(stage, broken=False):
    """One cup of one order line, given back at two tills."""
    line = stage.alone(_sell_cup)

    def give(number):
        def act(env):
            bar = Bar(env)
            till = bar.tills[number]
            back = [Line(bar.cup, -1, refunds=line)]
            return {
                "ok": True,
                "id": bar.sync(till, bar.order(till, back, [Paid(till["cash"], -100)])),
            }

        def work(stage, meet):
            if broken:
                _cups_without_taking(stage)
            return request_then(stage, meet, act)

        return work

    answers = stage.race([give(0), give(1)])
    return outcome(answers) | {
        "back": value(
            stage,
            "SELECT COALESCE(sum(-qty), 0)::int FROM pos_order_line"
            " WHERE refunded_orderline_id = %s",
            line,
        )
    }


def _sell_cup(env):
    bar = Bar(env)
    till = bar.tills[2]
    order = bar.sync(till, bar.order(till, [Line(bar.cup, 1)], [Paid(till["cash"], 100)]))
    return env["pos.order"].browse(order).lines.id


def _cups_without_taking(stage):
    """The rule as it reads without the write: each sees that nothing came back yet."""
    from odoo import api

    @api.constrains("refunded_orderline_id", "qty")
    def check(self):
        for line in self.refunded_orderline_id.filtered("product_id.tibillet_deposit"):
            assert -sum(line.refund_orderline_ids.mapped("qty")) <= line.qty

    lines = stage.registry["pos.order.line"]
    lines._check_tibillet_deposit_once = check
    if "_constraint_methods" in vars(lines):
        del lines._constraint_methods


# -- the last ones -------------------------------------------------------------------------------


def last_two(stage, broken=False):
    """The last two bottles, sold at two tills: neither sale sees the other before it stands."""
    stage.alone(_two_bottles)

    def sell(number):
        def work(stage, meet):
            if broken:
                stage.registry["tibillet.sold.out"]._look_again = lambda self, *names: None
            _stand_together(stage, meet)

            def act(env):
                bar = Bar(env)
                till = bar.tills[number]
                order = bar.order(till, [Line(bar.bottle, 1)], [Paid(till["bank"], 400)])
                return {"ok": True, "id": bar.sync(till, order)}

            return request_then(stage, meet, act)

        return work

    answers = stage.race([sell(0), sell(1)])
    return outcome(answers) | {
        "left": value(
            stage,
            "SELECT sum(quantity)::int FROM stock_quant q JOIN stock_location l"
            " ON l.id = q.location_id WHERE l.usage = 'internal' AND q.product_id = %s",
            stage.alone(lambda env: Bar(env).known["bottle"]),
        ),
        "sold_out": value(
            stage,
            "SELECT count(*) FROM tibillet_sold_out s JOIN product_product p"
            " ON p.product_tmpl_id = s.product_tmpl_id WHERE s.ended_at IS NULL AND p.id = %s",
            stage.alone(lambda env: Bar(env).known["bottle"]),
        ),
    }


def _two_bottles(env):
    bar = Bar(env)
    config = env["pos.config"].browse(bar.tills[0]["config"])
    env["stock.quant"]._update_available_quantity(
        env["product.product"].browse(bar.known["bottle"]),
        config.picking_type_id.default_location_src_id,
        2,
    )


def _stand_together(stage, meet):
    """No sale is committed before each of them has looked at the stock."""
    sold_out = stage.registry["tibillet.sold.out"]
    follow, met = sold_out._follow, []

    def look(self, moves):
        follow(self, moves)
        if not met:
            met.append(True)
            meet()

    sold_out._follow = look


# -- top-up --------------------------------------------------------------------------------------


def top_up_twice(stage):
    """One promise, paid by two orders of its till."""
    key = stage.alone(_promise)

    def pay(number):
        def act(env):
            bar = Bar(env)
            till = bar.tills[0]
            line = Line(Article("topup", bar.known["topup"], 2000, 0.0, ()), 1, key=key)
            order = bar.order(till, [line], [Paid(till["cash"], 2000)], seq=bar.seq(till) + number)
            return {"ok": True, "id": bar.sync(till, order)}

        return lambda stage, meet: request_then(stage, meet, act)

    answers = stage.race([pay(0), pay(1)])
    return outcome(answers) | {
        "sold": value(
            stage, "SELECT count(*) FROM pos_order_line WHERE tibillet_operation_key = %s", key
        ),
        "credited": value(
            stage,
            "SELECT COALESCE(sum(t.amount_minor), 0)::int FROM tibillet_operation o"
            " JOIN tibillet_transfer t ON t.operation_id = o.id WHERE o.key = %s",
            key,
        ),
    }


def _promise(env):
    bar = Bar(env)
    till = bar.tills[0]
    answer = bar.session(till).tibillet_card_act(
        till["credential"],
        bar.seq(till),
        "promise",
        bar.known["uid"],
        "topup",
        {"asset_id": bar.known["asset"], "price_minor": 2000, "beside": []},
    )
    assert answer["ok"], answer
    return "promise"


# -- payback -------------------------------------------------------------------------------------


def payback_twice(stage, read_committed=False):
    """Two accountants say at once that the same transfer has left."""
    payback = stage.alone(_owed)

    def done(stage, meet):
        def act(env):
            env["tibillet.payback"].sudo().browse(payback).with_user(_accountant(env)).action_done()
            return {"ok": True}

        return request_then(stage, meet, act, read_committed)

    answers = stage.race([done, done])
    return outcome(answers) | {
        "moves": value(
            stage, "SELECT count(*) FROM account_move WHERE ref LIKE %s", "Refund of a card%"
        )
    }


def _accountant(env):
    return env["res.users"].search([("login", "=", "admin")])


def _owed(env):
    bar = Bar(env)
    _admin_works_here(env)
    admin = _accountant(env)
    admin.group_ids |= env.ref("tibillet_wallet.tibillet_wallet_group_accountant")
    admin.group_ids |= env.ref("account.group_account_manager")
    admin.company_id = bar.known["company"]
    till = bar.tills[0]
    answer = bar.session(till).tibillet_card_act(
        till["credential"],
        bar.seq(till),
        "payback",
        bar.known["uid"],
        "refund",
        {
            "asset_id": bar.known["asset"],
            "price_minor": 1000,
            "means": "transfer",
            "holder_name": "Anne Martin",
            "iban": "FR7630006000011234567890189",
        },
    )
    assert answer["ok"], answer
    payback = env["tibillet.payback"].sudo().search([], limit=1)
    payback.journal_id = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", bar.known["company"])], limit=1
    )
    return payback.id


# -- the drawer ----------------------------------------------------------------------------------


def two_take_over(stage, read_committed=False):
    """The drawer was counted; two people take it over at the same moment."""
    stage.alone(_count)

    def accept(person):
        def act(env):
            bar = Bar(env)
            return bar.session(bar.tills[0]).tibillet_cash_accept(person)

        def look(env):
            bar = Bar(env)
            return bar.session(bar.tills[0])._tibillet_shift().person

        def work(stage, meet):
            if read_committed:
                _shift_without_lock(stage)
            return request_then(stage, meet, act, read_committed, look)

        return work

    return outcome(stage.race([accept("Anne"), accept("Bilal")]))


def _shift_without_lock(stage):
    """The running part is read and not locked: whoever reads it knows of nobody else."""
    from odoo import api

    @api.model
    def read(self, session):
        shift = self.search([("session_id", "=", session.id), ("state", "=", "open")], limit=1)
        return shift.id

    stage.registry["tibillet.cash.shift"]._current_id = read


def two_counts(stage):
    """Two counts of one drawer at once: each ends one part, and nothing is missing twice."""
    stage.alone(_sell_in_cash)

    def count(number):
        def act(env):
            bar = Bar(env)
            return bar.session(bar.tills[0]).tibillet_cash_count(f"count-{number}", {}, "105,00")

        return lambda stage, meet: request_then(stage, meet, act)

    answers = stage.race([count(0), count(1)])
    return outcome(answers) | {
        "differences": stage.alone(_differences),
        "open": value(
            stage,
            "SELECT count(*) FROM tibillet_cash_shift WHERE state = 'open' AND session_id = %s",
            stage.alone(lambda env: Bar(env).tills[0]["session"]),
        ),
    }


def _sell_in_cash(env):
    bar = Bar(env)
    till = bar.tills[0]
    bar.sync(till, bar.order(till, [Line(bar.entry, 1)], [Paid(till["cash"], 600)]))


def _count(env):
    bar = Bar(env)
    answer = bar.session(bar.tills[0]).tibillet_cash_count("count", {}, "100,00")
    assert answer["ok"], answer


def _differences(env):
    env.cr.execute(
        "SELECT round(difference * 100)::int FROM tibillet_cash_shift"
        " WHERE session_id = %s AND state = 'closed' ORDER BY number",
        [Bar(env).tills[0]["session"]],
    )
    return [difference for (difference,) in env.cr.fetchall()]
