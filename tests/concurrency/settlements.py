"""Two accountants at one settlement: proposed by both at once, paid by both at once."""

import re
import secrets
from datetime import datetime

GUARD = re.compile(r"ON CONFLICT \([^)]*\)\s+DO NOTHING")


def settle_twice(stage, broken=False):
    """What a place took is proposed twice at once, then paid twice at once.

    ``broken`` is the control: the number of the pair guards nothing (its constraint was taken
    away by the test, and the clause that looks at it is left out here).
    """
    from .scenarios import audit

    if broken:
        _without_the_number()
    pair = stage.alone(_pair)
    proposed = stage.race([_propose(pair), _propose(pair)])
    found = {
        "proposed": [answer.get("ok") is not None for answer in proposed],
        "said": [answer.get("refused") for answer in proposed if "ok" not in answer],
        "claimed": stage.alone(lambda env: _claimed(env, pair)),
    }
    if broken:
        return found
    made = next(answer["ok"] for answer in proposed if "ok" in answer)
    stage.alone(lambda env: env["tibillet.settlement"].browse(made).action_agree())
    paid = stage.race([_pay(made), _pay(made)])
    return {
        **found,
        "paid": [answer.get("ok") is not None for answer in paid],
        "not_paid": [answer.get("refused") for answer in paid if "ok" not in answer],
        **stage.alone(lambda env: _outcome(env, made)),
        "audit": audit(stage),
    }


def _pair(env):
    """Two companies with charts; the second took 30.00 of what the first issued, days ago."""
    euro = env.ref("base.EUR")
    euro.active = True
    companies = env["res.company"].create(
        [
            {
                "name": f"{name} {secrets.token_hex(3)}",
                "currency_id": euro.id,
                "tibillet_stored_limit_minor": 0,
                "tibillet_spent_limit_minor": 0,
            }
            for name in ("Issuer", "Place")
        ]
    )
    for company in companies:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    companies.write({"currency_id": euro.id})
    env.user.write({"company_ids": [(4, company.id) for company in companies]})
    issuer, place = companies
    asset = env["tibillet.asset"].create(
        {"name": "Race", "code": f"race-{secrets.token_hex(4)}", "company_id": issuer.id}
    )
    wallet = env["tibillet.card"].create({"company_id": issuer.id}).wallet_id
    account, wallets = env["tibillet.account"]._get, env["tibillet.wallet"]
    holder = account(wallet, asset)
    for code, debit, credit, company in (
        ("topup", account(asset.issuer_wallet_id, asset), holder, issuer),
        ("sale", holder, account(wallets._of_place(place), asset), place),
    ):
        env["tibillet.ledger"]._post(
            [
                {
                    "key": secrets.token_hex(8),
                    "origin": "device:1",
                    "code": code,
                    "transfers": [(debit.id, credit.id, 3_000)],
                    "company_id": company.id,
                    "occurred_at": datetime(2026, 1, 15, 12, 0),
                }
            ]
        )
    return companies.ids


def _without_the_number():
    """From here on the proposal of this process, and of those it forks, looks at no number."""
    from odoo.sql_db import Cursor
    from odoo.tools import SQL

    run = Cursor.execute

    def execute(self, query, *args, **kwargs):
        if isinstance(query, SQL) and "INSERT INTO tibillet_settlement" in query.code:
            query, args = GUARD.sub("", query.code), (query.params,)
        return run(self, query, *args, **kwargs)

    Cursor.execute = execute


def _at_once(act):
    """``act(env)`` as a request does it: a snapshot, the rivals', then Odoo's own retries."""

    def work(stage, meet):
        from odoo.exceptions import UserError
        from odoo.service.model import retrying

        with stage.registry.cursor() as cr:
            env = stage.env(cr)
            cr.execute("SELECT count(*) FROM tibillet_settlement")  # the snapshot
            meet()
            try:
                return {"ok": retrying(lambda: act(env), env)}
            except UserError as refusal:
                return {"refused": str(refusal)}

    return work


def _propose(pair):
    def act(env):
        companies = env["res.company"].browse(pair)
        settlements = env["tibillet.settlement"]
        until_day, due_date = settlements._usual_days(companies)
        currency = companies[0].currency_id
        return settlements._propose(*companies, currency, until_day, due_date).id

    return _at_once(act)


def _pay(settlement_id):
    def act(env):
        form = env["tibillet.settlement.pay"].create({"settlement_id": settlement_id})
        form.action_pay()
        return True

    return _at_once(act)


def _claimed(env, pair):
    return sum(
        env["tibillet.settlement"]
        .search([("first_company_id", "in", pair), ("state", "=", "proposed")])
        .mapped("amount")
    )


def _outcome(env, settlement_id):
    settlement = env["tibillet.settlement"].browse(settlement_id)
    pair = settlement.first_company_id | settlement.second_company_id
    return {
        "state": settlement.state,
        "payments": settlement.payment_ids.mapped("amount"),
        "owed": env["tibillet.debt"].search_count(
            [("issuer_company_id", "in", pair.ids), ("amount_minor", "!=", 0)]
        ),
        "books": [env["tibillet.books"]._control(company)["ok"] for company in pair],
    }
