"""What must be true once the books of the night are written."""

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
            _turnover(life, company)
        assert life.env["tibillet.ledger"]._audit() == {}
        assert life.env["tibillet.ledger"]._audit_books() == {}


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
        held = _value(
            life,
            """SELECT COALESCE(sum(a.balance_minor), 0)::bigint
                 FROM tibillet_account a JOIN tibillet_wallet w ON w.id = a.wallet_id
                WHERE a.asset_id = %s AND w.kind IN ('person', 'card')""",
            asset.id,
        )
        owed = _balance(life, company, asset.liability_account_id.ids)
        assert held == -owed, (asset.code, held, owed)


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
        here = _balance(life, row.company_id, row.account_id.ids)
        there = _balance(life, other, mirror.account_id.ids)
        assert here == -there, (row.company_id.name, other.name, row.role, here, there)


def _moves(life):
    """Every entry balanced, posted, in its journal, on its day or the first open one."""
    rows = _rows(
        life,
        """SELECT m.id FROM account_move m JOIN account_move_line l ON l.move_id = m.id
            WHERE m.company_id = ANY(%s) GROUP BY m.id
           HAVING sum(l.balance) <> 0 OR bool_or(m.state <> 'posted')""",
        life.companies.ids,
    )
    assert not rows, rows
    for entry in life.env["tibillet.ledger.entry"].search(
        [("company_id", "in", life.companies.ids)]
    ):
        move = entry.move_id
        assert move.journal_id == entry.company_id.tibillet_journal_id
        locked = move.date > entry.day
        assert move.date >= entry.day, (entry.day, move.date)
        assert not locked or life.count["locked"], (entry.display_name, move.date)


def _turnover(life, company):
    """Goods less gifts, to the cent with tax; no top-up, no cup. Of the tax, what an order may
    round: Odoo rounds it once per order and rate."""
    till = next(till for till in life.tills if till.company == company)
    goods = [product.id for product in till.products.values() if product.sudo().taxes_id]
    sold = {
        tax_id: (float(gross), float(rate), count)
        for tax_id, rate, gross, count in _rows(
            life,
            """SELECT t.id, t.amount, sum(l.price_subtotal_incl - COALESCE(l.tibillet_gift, 0)),
                      count(*) + count(*) FILTER (WHERE l.tibillet_gift <> 0)
                 FROM pos_order_line l JOIN pos_order r ON r.id = l.order_id
                 JOIN account_tax_pos_order_line_rel x ON x.pos_order_line_id = l.id
                 JOIN account_tax t ON t.id = x.account_tax_id
                WHERE r.company_id = %s AND l.product_id = ANY(%s) GROUP BY t.id""",
            company.id,
            goods,
        )
    }
    income = life.env["account.account"].search(
        [("company_ids", "in", company.ids), ("account_type", "=", "income")]
    )
    taxes = dict(
        _rows(
            life,
            """SELECT tax_line_id, -sum(balance)::float FROM account_move_line
                WHERE company_id = %s AND parent_state = 'posted' AND tax_line_id IS NOT NULL
                GROUP BY 1""",
            company.id,
        )
    )
    booked = round(sum(taxes.values()) * 100) - _balance(life, company, income.ids)
    gross = round(sum(amount for amount, _rate, _count in sold.values()) * 100)
    assert booked == gross, (company.name, "turnover with tax", booked, gross)
    for tax_id, (amount, rate, count) in sold.items():
        exact = amount - amount / (1 + rate / 100)
        off = abs(taxes.get(tax_id, 0) - exact)
        assert off <= 0.01 * count, (company.name, rate, taxes.get(tax_id, 0), exact)


def _written(life):
    return _rows(
        life,
        """SELECT (SELECT count(*) FROM tibillet_ledger_entry),
                  (SELECT count(*) FROM tibillet_ledger_entry_operation),
                  count(*), sum(l.debit),
                  md5(string_agg(l.id || ':' || l.balance, ',' ORDER BY l.id))
             FROM account_move_line l WHERE l.company_id = ANY(%s)""",
        life.companies.ids,
    )


def _balance(life, company, account_ids):
    """Posted balance in cents, debit positive."""
    return _value(
        life,
        """SELECT COALESCE(round(sum(balance) * 100), 0)::bigint FROM account_move_line
            WHERE company_id = %s AND account_id = ANY(%s) AND parent_state = 'posted'""",
        company.id,
        account_ids,
    )


def _rows(life, query, *values):
    life.env.flush_all()
    life.env.cr.execute(query, values)
    return life.env.cr.fetchall()


def _value(life, query, *values):
    return _rows(life, query, *values)[0][0]
