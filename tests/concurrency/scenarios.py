"""The races. Each answers what happened and what the audit found afterwards."""

import secrets

from .ceilings import ceiling as ceiling
from .ceilings import claim_and_charge as claim_and_charge
from .ceilings import undo_twice as undo_twice
from .gates import seat_gate_evening as seat_gate_evening
from .handing import ticket_given_race as ticket_given_race
from .kills import storm as storm
from .numbers import numbers_rush as numbers_rush
from .passes import pass_crossing as pass_crossing
from .passes import pass_rush as pass_rush
from .rates import last_ones as last_ones
from .refunds import ticket_refund_race as ticket_refund_race
from .seats import seat_concert as seat_concert
from .seats import seat_lowered as seat_lowered
from .seats import seat_paid_or_swept as seat_paid_or_swept
from .seats import seat_rush as seat_rush
from .settlements import settle_twice as settle_twice
from .short import cut_at_work as cut_at_work
from .short import kept as kept
from .short import threads as threads
from .stage import snapshot_then
from .till_limits import seat_concert_with_limit as seat_concert_with_limit
from .till_rush import seat_concert_with_till as seat_concert_with_till
from .tills import till_races as till_races
from .tills import till_races_unguarded as till_races_unguarded
from .volunteers import day_right_race as day_right_race
from .volunteers import shift_races as shift_races
from .waiting import waiting_joined_meanwhile as waiting_joined_meanwhile
from .waiting import waiting_rush as waiting_rush


def venue(env, cards=1, load_minor=10_000):
    """A house token, loaded cards and the accounts that the races use."""
    company = env.company
    company.write({"tibillet_stored_limit_minor": 0, "tibillet_spent_limit_minor": 0})
    asset = env["tibillet.asset"].create(
        {"name": "Race", "code": f"race-{secrets.token_hex(4)}", "company_id": company.id}
    )
    ledger, Account = env["tibillet.ledger"], env["tibillet.account"]
    place = Account._get(env["tibillet.wallet"]._of_place(company), asset)
    issuer = Account._get(asset.issuer_wallet_id, asset)
    wallets = env["tibillet.card"].create([{"company_id": company.id}] * cards).wallet_id
    purses = [Account._get(wallet, asset) for wallet in wallets]
    if load_minor:
        ledger._post(
            [
                request("topup", issuer.id, purse.id, load_minor, company_id=company.id)
                for purse in purses
            ]
        )
    return {
        "company": company.id,
        "place": place.id,
        "issuer": issuer.id,
        "purses": [purse.id for purse in purses],
        "wallets": wallets.ids,
    }


def request(code, debit, credit, amount_minor, **values):
    values.setdefault("key", secrets.token_hex(8))
    return {
        "origin": "device:1",
        "code": code,
        "transfers": [(debit, credit, amount_minor)],
        **values,
    }


def audit(stage):
    return stage.alone(lambda env: env["tibillet.ledger"]._audit())


def balance(stage, account):
    return stage.alone(lambda env: env["tibillet.account"].browse(account)._balance())


def double_spend(stage, workers=8, rounds=5):
    """All workers spend the whole balance of one card at once, round after round."""
    won, refused, balances = [], [], []
    for _round in range(rounds):
        shop = stage.alone(venue)

        def spend(stage, meet, shop=shop):
            def act(env):
                sale = request("sale", shop["purses"][0], shop["place"], 10_000)
                return env["tibillet.ledger"]._post([sale]).id

            return snapshot_then(stage, meet, act)

        answers = stage.race([spend] * workers)
        won.append(sum("ok" in answer for answer in answers))
        refused += [answer.get("refused") for answer in answers if "ok" not in answer]
        balances.append(stage.alone(lambda env, shop=shop: _sum(env, shop["purses"][0])))
    return {"won": won, "refused": refused, "balances": balances, "audit": audit(stage)}


def _sum(env, account):
    env.cr.execute("SELECT tibillet_account_sum(%s)", [account])
    return env.cr.fetchone()[0]


def resolve(stage, rivals=("capture", "void", "expire"), rounds=5):
    """A hold is captured, voided and expired at once; one of them wins.

    The worker that expires it has a clock of its own, six minutes ahead.
    """
    states, winners, transfers = [], [], []
    for _round in range(rounds):
        shop = stage.alone(venue)
        hold = stage.alone(lambda env, shop=shop: _hold(env, shop))

        def rival(act, hold=hold):
            def work(stage, meet):
                return snapshot_then(stage, meet, lambda env: _act(env, act, hold))

            return work

        answers = stage.race([rival(act) for act in rivals])
        winners.append(sum(bool(answer.get("ok")) for answer in answers))
        rows = stage.alone(lambda env, hold=hold: _outcome(env, hold))
        states.append(rows[0])
        transfers.append(rows[1])
    return {"states": states, "winners": winners, "transfers": transfers, "audit": audit(stage)}


def _hold(env, shop):
    env.cr.execute("SELECT tibillet_now() + interval '5 minutes'")
    until = env.cr.fetchone()[0]
    sale = request("sale", shop["purses"][0], shop["place"], 10_000, hold_until=until)
    return env["tibillet.ledger"]._post([sale]).id


def _act(env, act, hold):
    ledger, op = env["tibillet.ledger"], env["tibillet.operation"].browse(hold)
    if act == "expire":
        env.cr.execute("SELECT set_config('tibillet.clock_offset', '6 minutes', true)")
        return ledger._release_batch(env)
    if act == "void":
        env.cr.execute("SELECT state FROM tibillet_operation WHERE id = %s", [hold])
        already_free = env.cr.fetchone()[0] in ("voided", "expired")
        ledger._void(op)
        return not already_free
    getattr(ledger, f"_{act}")(op)
    return True


def _outcome(env, hold):
    env.cr.execute(
        "SELECT state, (SELECT count(*) FROM tibillet_transfer WHERE operation_id = o.id)"
        " FROM tibillet_operation o WHERE id = %s",
        [hold],
    )
    return env.cr.fetchone()


def same_key(stage, workers=4, rounds=5):
    """The same operation, with the same key, from all workers at once.

    A correction of a settlement, between two accounts without running balance: no other row
    of the ledger is shared, so the key alone decides.
    """
    operations, effects = [], []
    for _round in range(rounds):
        shop = stage.alone(venue)
        named = stage.alone(lambda env, shop=shop: _settled(env, shop))
        correction = request("correct", shop["issuer"], shop["place"], 500, names_id=named)

        def post(stage, meet, correction=correction):
            return snapshot_then(
                stage, meet, lambda env: env["tibillet.ledger"]._post([correction]).id
            )

        answers = stage.race([post] * workers)
        operations.append(sorted({answer.get("ok") for answer in answers}, key=str))
        effects.append(balance(stage, shop["place"]))
    return {"operations": operations, "effects": effects, "audit": audit(stage)}


def _settled(env, shop):
    ledger = env["tibillet.ledger"]
    ledger._post([request("sale", shop["purses"][0], shop["place"], 500)])
    return ledger._post([request("settle", shop["place"], shop["issuer"], 500)]).id


def refund_ceiling(stage, workers=4, rounds=3):
    """Desks of one place pay back at once, each all that its ceiling of the day allows."""
    paid, refused = [], []
    for _round in range(rounds):
        shop = stage.alone(_place_that_refunds)

        def pay_back(number, shop=shop):
            def work(stage, meet):
                return snapshot_then(stage, meet, lambda env: _pay_back(env, shop, number))

            return work

        answers = stage.race([pay_back(number) for number in range(workers)])
        paid.append(sum("ok" in answer for answer in answers))
        refused += [answer.get("refused") for answer in answers if "ok" not in answer]
    return {"paid": paid, "refused": refused, "audit": audit(stage)}


def _place_that_refunds(env):
    """A place that may pay back 50.00 a day of what another one issued, and cards of 100.00."""
    shop = venue(env, cards=4)
    currency = env.company.currency_id
    place = env["res.company"].create(
        {"name": f"Place {secrets.token_hex(3)}", "currency_id": currency.id}
    )
    asset = env["tibillet.account"].browse(shop["issuer"]).asset_id
    env["tibillet.acceptance"].create(
        {
            "asset_id": asset.id,
            "company_id": place.id,
            "contract_date": "2020-01-01",
            "may_refund": True,
            "refund_day_ceiling_minor": 5_000,
        }
    ).action_countersign()
    return {**shop, "asset": asset.id, "place_company": place.id}


def _pay_back(env, shop, number):
    company = env["res.company"].browse(shop["place_company"])
    asset = env["tibillet.asset"].browse(shop["asset"])
    env["tibillet.acceptance"]._check_refund(asset, company, 5_000)
    wanted = request("refund", shop["purses"][number], shop["issuer"], 5_000, company_id=company.id)
    return env["tibillet.ledger"]._post([wanted]).id
