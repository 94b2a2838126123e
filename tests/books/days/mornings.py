"""What must be true once the books of the night are written."""

from . import by_other_words
from .sums import balance, rows, value

#: What something on clearing may wait for; the rest is somebody's act by hand, known by name.
WAITING = ("session", "order", "transfer", "payment")


def look(life, last):
    """All companies, one after the other; then that writing again changes nothing."""
    for company in life.companies:
        _control(life, company, last)
        _held_is_owed(life, company)
    _pairs_mirror(life)
    _moves(life)
    written = _written(life)
    life.env["tibillet.books"]._cron_write_entries()
    life.request_done()
    assert _written(life) == written, "the books were written a second time"
    if last:
        for company in life.companies:
            by_other_words.look(life, company)
        ledger = life.env["tibillet.ledger"]
        for found in (ledger._audit(), ledger._audit_books()):
            assert found == {}, found


def _control(life, company, last):
    books = life.env["tibillet.books"]
    control = books._control(company)
    assert control["ok"], (company.name, control)
    assert not any(asset["unbooked_count"] for asset in control["assets"]), control["assets"]
    rests = {
        (row.kind, row.account.display_name): row.rest_minor
        for row in books._control_rows(company)
        if row.rest_minor
    }
    assert not rests, (company.name, rests)
    reasons = books._control_reasons(company)
    assert all(reason.name and reason.since for reason in reasons), reasons
    told = sum(reason.amount_minor for reason in reasons)
    assert told == control["clearing"]["balance_minor"], (company.name, told, control["clearing"])
    for reason in reasons:
        if reason.kind not in WAITING:
            model, res_id = reason.key
            assert model == "tibillet.operation" and res_id in life.hand_made, reason
        elif reason.kind == "session":
            session = life.env["pos.session"].browse(reason.key[1])
            assert session.state != "closed", (reason, session.state)
    if last:
        waiting = [reason for reason in reasons if reason.kind in WAITING]
        assert not waiting, (company.name, waiting)


def _held_is_owed(life, company):
    """W of each asset, beside the cards: by other words than the control's."""
    for asset in life.assets.values():
        if not asset.backed or asset.company_id != company:
            continue
        held = value(
            life,
            """SELECT COALESCE(sum(a.balance_minor), 0)::bigint
                 FROM tibillet_account a JOIN tibillet_wallet w ON w.id = a.wallet_id
                WHERE a.asset_id = %s AND w.kind IN ('person', 'card')""",
            asset.id,
        )
        owed = -balance(life, company, asset.liability_account_id.ids)
        if asset.vat_nature != "single":
            assert held == owed, (asset.code, held, owed)
            continue
        # The tax that was declared at the sale is no debt: its share, but for what each move
        # rounded.
        [(taxed, moves)] = rows(
            life,
            """SELECT COALESCE(sum(n.amount_minor - n.net_minor), 0)::bigint, count(*)
                 FROM tibillet_single n JOIN tibillet_account a ON a.id = n.account_id
                WHERE a.asset_id = %s""",
            asset.id,
        )
        rate = asset.vat_tax_id.amount
        assert held == owed + taxed, (asset.code, held, owed, taxed)
        assert abs(taxed - held * rate / (100 + rate)) <= moves, (asset.code, held, taxed)


def _pairs_mirror(life):
    """What one company has to pay to another is what that one has to get."""
    accounts = life.env["tibillet.book.account"].search([("role", "in", ("due_to", "due_from"))])
    by_partner = {company.partner_id: company for company in life.companies}
    for row in accounts.filtered(lambda row: row.company_id in life.companies):
        other = by_partner.get(row.partner_id)
        if not other:
            continue
        mirrored = "due_from" if row.role == "due_to" else "due_to"
        mirror = accounts.filtered(
            lambda there, row=row, other=other, role=mirrored: (
                there.company_id == other
                and there.role == role
                and there.partner_id == row.company_id.partner_id
            )
        )
        here = balance(life, row.company_id, row.account_id.ids)
        there = balance(life, other, mirror.account_id.ids)
        assert here == -there, (row.company_id.name, other.name, row.role, here, there)


def _moves(life):
    """Every entry balanced, posted, in its journal, on its day or the first open one; a draft is
    what a merchant has still to agree to."""
    wrong = rows(
        life,
        """SELECT m.id FROM account_move m JOIN account_move_line l ON l.move_id = m.id
            WHERE m.company_id = ANY(%s) GROUP BY m.id
           HAVING sum(l.balance) <> 0
               OR bool_or(m.state <> 'posted' AND m.move_type <> 'out_invoice')""",
        life.companies.ids,
    )
    assert not wrong, wrong
    for entry in life.env["tibillet.ledger.entry"].search(
        [("company_id", "in", life.companies.ids)]
    ):
        move = entry.move_id
        assert move.journal_id == entry.company_id.tibillet_journal_id
        locked = move.date > entry.day
        assert move.date >= entry.day, (entry.day, move.date)
        assert not locked or life.count["locked"], (entry.display_name, move.date)


def _written(life):
    return rows(
        life,
        """SELECT (SELECT count(*) FROM tibillet_ledger_entry),
                  (SELECT count(*) FROM tibillet_ledger_entry_operation),
                  count(*), sum(l.debit),
                  md5(string_agg(l.id || ':' || l.balance, ',' ORDER BY l.id))
             FROM account_move_line l WHERE l.company_id = ANY(%s)""",
        life.companies.ids,
    )
