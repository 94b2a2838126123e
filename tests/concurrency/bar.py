"""The bar in which tills race: made once (`make`), its ids in a parameter of the database.

Its company is not French here: the certified numbering of orders lets one order of a company
through at a time, and the guards have to hold without it.
"""

import json
import uuid
from dataclasses import asdict

from tools.simulate import basket, venue
from tools.simulate.basket import Line, Paid
from tools.simulate.venue import Article

PARAMETER = "tibillet.test.bar"


def make(env):
    """A bar with three open tills, paired, and a card with 50.00."""
    bar = venue.build(env, tills=3, cards=2, poor=1)
    company = env["res.company"].browse(bar.company)
    env.cr.execute(
        "UPDATE res_partner SET country_id = %s WHERE id = %s",
        [env.ref("base.be").id, company.partner_id.id],
    )
    service = env["product.product"].create(
        {
            "name": "Entry",
            "type": "service",
            "available_in_pos": True,
            "list_price": 6.0,
            "taxes_id": [(5,)],
            "company_id": company.id,
        }
    )
    bottle = env["product.product"].create(
        {
            "name": "Bottle",
            "is_storable": True,
            "available_in_pos": True,
            "list_price": 4.0,
            "taxes_id": [(5,)],
            "company_id": company.id,
            "tibillet_sold_out_auto": True,
        }
    )
    tills = []
    for place in bar.places:
        session = env["pos.session"].with_user(place.cashier).browse(place.session)
        session.set_opening_control(100, "")
        device = env["tibillet.device"].search([("config_id", "=", place.config)])
        tills.append(
            asdict(place) | {"device": device.id, "credential": device.sudo()._give_credential()}
        )
    _load(env, bar)
    made = {
        "company": bar.company,
        "asset": bar.asset,
        "uid": bar.cards[1],
        "entry": service.id,
        "bottle": bottle.id,
        "cup": bar.cup.product,
        "topup": bar.topup_product,
        "tills": tills,
    }
    env["ir.config_parameter"].set_param(PARAMETER, json.dumps(made))


def _load(env, bar):
    asset = env["tibillet.asset"].browse(bar.asset)
    wallet = env["tibillet.card"].sudo().search([("uid", "=", bar.cards[1])]).wallet_id
    Account = env["tibillet.account"]
    transfer = (
        Account._get(asset.issuer_wallet_id, asset).id,
        Account._get(wallet, asset).id,
        5_000,
    )
    env["tibillet.ledger"]._post(
        [
            {
                "key": "load",
                "origin": "test",
                "code": "topup",
                "company_id": bar.company,
                "means": "cash",
                "transfers": [transfer],
            }
        ]
    )


class Bar:
    """The bar of `make`, and what its tills ask for, in a transaction of the stage."""

    def __init__(self, env):
        self.env = env
        known = json.loads(env["ir.config_parameter"].get_param(PARAMETER))
        self.known, self.tills = known, known["tills"]
        self.entry = Article("entry", known["entry"], 600, 0.0, ())
        self.bottle = Article("bottle", known["bottle"], 400, 0.0, ())
        self.cup = Article("cup", known["cup"], 100, 0.0, ())

    def user(self, login):
        user = self.env["res.users"].search([("login", "=", login)])
        return self.env(user=user.id, context={"allowed_company_ids": [self.known["company"]]})

    def session(self, till, login=None):
        env = self.user(login or till["login"])
        return env["pos.session"].browse(till["session"])

    def seq(self, till):
        self.env.cr.execute(
            "SELECT COALESCE(max(seq), 0) + 1 FROM tibillet_device_act WHERE device_id = %s",
            [till["device"]],
        )
        return self.env.cr.fetchone()[0]

    def order(self, till, lines, payments, seq=None):
        """What the browser of this till sends."""
        place = venue.Place(**{name: till[name] for name in venue.Place.__annotations__})
        order = basket.as_order(place, till["device"], seq or self.seq(till), 1, lines, payments)
        return order | {"company_id": self.known["company"]}

    def sync(self, till, order):
        read = self.user(till["login"])["pos.order"].sync_from_ui([order])
        return read["pos.order"][0]["id"]

    def sell(self, till, by_card=False):
        """An entry, by card or bank card; answers the order's uuid."""
        lines, payments = [Line(self.entry, 1)], [Paid(till["bank"], 600)]
        if by_card:
            key = str(uuid.uuid4())
            answer = self.session(till).tibillet_hold(
                till["credential"],
                self.seq(till),
                key,
                self.known["uid"],
                basket.as_tapped(lines),
                None,
                basket.facts(lines),
            )
            assert answer["ok"], answer
            self.env.cr.commit()  # the hold is another transaction's: the order has to see it
            payments = [Paid(till["wallet"], 600, key, self.known["uid"])]
        order = self.order(till, lines, payments)
        self.sync(till, order)
        return order["uuid"]


def request_then(stage, meet, act, read_committed=False, look=None):
    """One request as the server does it: a snapshot, the rivals have theirs, then ``act(env)``
    with Odoo's own tries.

    :param read_committed: without Odoo's isolation, as a control
    :param look: what the request reads before its rivals write
    :returns: {"ok": answer} or {"refused": sentence}
    """
    from odoo.exceptions import UserError
    from odoo.service.model import retrying

    met = []
    with stage.registry.cursor() as cr:
        env = stage.env(cr)

        def work():
            if read_committed:
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SELECT count(*) FROM pos_order")  # the snapshot exists from here
            if not met:
                met.append(True)
                if look:
                    look(env)
                meet()
            return act(env)

        try:
            answer = retrying(work, env)
        except UserError as refusal:
            cr.rollback()
            return {"refused": str(refusal)}
    if isinstance(answer, dict) and not answer["ok"]:
        return {"refused": answer["message"]}
    return {"ok": answer}


def outcome(answers):
    return {
        "won": sum("ok" in answer for answer in answers),
        "refused": sorted(
            answer.get("refused") or str(answer) for answer in answers if "ok" not in answer
        ),
    }


def value(stage, statement, *values):
    def read(env):
        env.cr.execute(statement, values)
        return env.cr.fetchone()[0]

    return stage.alone(read)
