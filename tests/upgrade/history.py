"""A small history of money in a database, and what must be true of it whatever comes after."""

import json
from datetime import datetime

from tools.bench import bar

NEVER = datetime(2099, 1, 1)
FACTS = {
    "accounts": """
        SELECT s.code, w.kind, count(*), sum(a.balance_minor)::bigint, sum(a.held_minor)::bigint
          FROM tibillet_account a
          JOIN tibillet_asset s ON s.id = a.asset_id
          JOIN tibillet_wallet w ON w.id = a.wallet_id
         GROUP BY 1, 2 ORDER BY 1, 2""",
    "operations": "SELECT id, origin, key, code, state, digest FROM tibillet_operation ORDER BY id",
    "transfers": """
        SELECT id, operation_id, debit_account_id, credit_account_id, amount_minor
          FROM tibillet_transfer ORDER BY id""",
    "hold lines": """
        SELECT id, operation_id, debit_account_id, credit_account_id, amount_minor
          FROM tibillet_hold_line ORDER BY id""",
    "acts": "SELECT device_id, seq, kind, key FROM tibillet_device_act ORDER BY 1, 2",
    "cards": "SELECT uid, number, token, state FROM tibillet_card ORDER BY uid",
    "orders": "SELECT id, state, amount_total::text FROM pos_order ORDER BY id",
    "books": """
        SELECT l.account_id, sum(l.debit)::text, sum(l.credit)::text
          FROM account_move_line l GROUP BY 1 ORDER BY 1""",
}


def fill(env):
    """A bar with a till: top-ups, sales, one hold that lives, one given up, a day in the books."""
    made = bar.build(env, cards=5)
    env.cr.commit()  # holds are taken in transactions of their own
    till = made.tills[0]
    env = env(user=till.cashier, context={"allowed_company_ids": [till.company]})
    session = env["pos.session"].browse(till.session)
    beer = [{"product_id": till.beer, "amount_minor": 600}]
    for seq, uid in enumerate(made.uids[:3], start=1):
        answer = session.tibillet_hold(till.credential, seq, f"hold-{seq}", uid, beer)
        assert answer["ok"], answer
        env.cr.commit()
    env["pos.order"].sync_from_ui([till.order("hold-1"), till.order()])
    assert session.tibillet_void(till.credential, 4, "hold-2")["ok"]
    env.cr.commit()
    company = env["res.company"].browse(till.company)
    # Written as the server writes it: the cashier has no right on cards, ledger and books.
    ledger_sudo = env["tibillet.ledger"].sudo()
    company_sudo = company.sudo()
    session_sudo = session.sudo()
    session_sudo.close_session_from_ui()
    card_sudo = env["tibillet.card"].sudo()._by_uid(made.uids[3]).sudo()
    ledger_sudo._spend(
        card_sudo.wallet_id,
        company_sudo,
        [(None, 600, None)],
        key="alive",
        origin="history",
        hold_until=NEVER,
        card=card_sudo,
    )
    books_sudo = env["tibillet.books"].sudo()
    books_sudo._write_pending(company_sudo, include_today=True)


def facts(database):
    """The same of a database as plain values, to compare before and after."""
    said = {name: database.query(statement) for name, statement in FACTS.items()}
    return json.loads(json.dumps(said, default=str))
