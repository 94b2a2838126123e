"""At the end: what the books earned, lost and owe, beside what the days themselves counted."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from .place import COMMISSION, RATES
from .sums import balance, rows, value

#: role of an account: (sign of what it gets, operations that move it)
MOVED_BY = {
    "gift_income": (-1, ("give",)),
    "forfeit_income": (-1, ("expire", "extinguish")),
    "claim_loss": (1, ("write_off",)),
}


def look(life, company):
    """One company's turnover and its tax, what holders left or owe it, fees and its merchant."""
    _turnover(life, company)
    _left_by_holders(life, company)
    _fees(life, company)
    if company == life.stand.company:
        _merchant(life, company)


def _share(minor, rate):
    """The tax in an amount that includes it, half a cent away from zero."""
    share = Decimal(minor) * Decimal(str(rate)) / (100 + Decimal(str(rate)))
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _turnover(life, company):
    """To the cent with tax: goods less gifts, cups kept, commissions; of a token its tax when it
    is sold and the rest when it is drunk. No top-up, no cup, nothing of a merchant. Of the tax,
    what an order may round: Odoo rounds it once per order and rate."""
    by_rate, may_round = defaultdict(int), defaultdict(int)
    earned = 0
    for found in (_goods(life, company), _kept(life, company), _commissions(life, company)):
        for rate, gross, count in found:
            by_rate[rate] += gross * rate / (100 + rate)
            may_round[rate] += count
            earned += gross
    for rate, gross in _tokens_sold(life, company):
        by_rate[rate] += _share(gross, rate)
        earned += _share(gross, rate)
    earned += _tokens_drunk(life, company)
    taxes = dict(
        rows(
            life,
            """SELECT t.amount::float, -round(sum(l.balance) * 100)::bigint
                 FROM account_move_line l JOIN account_tax t ON t.id = l.tax_line_id
                WHERE l.company_id = %s AND l.parent_state = 'posted' AND t.type_tax_use = 'sale'
                GROUP BY 1""",
            company.id,
        )
    )
    income = life.env["account.account"].search(
        [("company_ids", "in", company.ids), ("account_type", "=", "income")]
    )
    booked = sum(taxes.values()) - balance(life, company, income.ids)
    assert booked == earned, (company.name, "turnover with tax", booked, earned)
    for rate in taxes.keys() | by_rate.keys():
        off = abs(taxes.get(rate, 0) - by_rate[rate])
        assert off <= may_round[rate], (company.name, rate, taxes.get(rate, 0), by_rate[rate])


def _goods(life, company):
    """``(rate, gross, how many may round)`` of what the company's own till sold."""
    products = life.till_of(company).products.values()
    goods = [product.id for product in products if product.sudo().taxes_id]
    return rows(
        life,
        """SELECT t.amount::float,
                  round(sum(l.price_subtotal_incl - COALESCE(l.tibillet_gift, 0)) * 100)::bigint,
                  count(*) + count(*) FILTER (WHERE l.tibillet_gift <> 0)
             FROM pos_order_line l JOIN pos_order r ON r.id = l.order_id
             JOIN account_tax_pos_order_line_rel x ON x.pos_order_line_id = l.id
             JOIN account_tax t ON t.id = x.account_tax_id
            WHERE r.company_id = %s AND l.product_id = ANY(%s) GROUP BY 1""",
        company.id,
        goods,
    )


def _kept(life, company):
    """Cups that will not come back, taxed as the accountant said."""
    return rows(
        life,
        """SELECT t.amount::float, sum(round(k.count * p.list_price * 100))::bigint, count(*)
             FROM tibillet_deposit_kept k JOIN account_tax t ON t.id = k.tax_id
             JOIN product_product v ON v.id = k.product_id
             JOIN product_template p ON p.id = v.product_tmpl_id
            WHERE k.company_id = %s AND k.state = 'kept' GROUP BY 1""",
        company.id,
    )


def _commissions(life, company):
    """What the organiser charges on what its merchant sold, as agreed, with its tax."""
    sold = rows(
        life,
        """SELECT round(sum(l.price_subtotal_incl) * 100)::bigint
             FROM tibillet_merchant_statement m
             JOIN pos_session s ON s.tibillet_statement_id = m.id
             JOIN pos_order r ON r.session_id = s.id JOIN pos_order_line l ON l.order_id = r.id
            WHERE m.company_id = %s AND m.state IN ('agreed', 'paid') GROUP BY m.id""",
        company.id,
    )
    rate = max(RATES)
    for (gross,) in sold:
        if gross > 0:
            net = _round(Decimal(gross) * COMMISSION / 100)
            yield rate, net + _round(Decimal(net) * rate / 100), 1


def _round(minor):
    return int(minor.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _tokens_sold(life, company):
    """``(rate, gross)`` of each line that loads single-purpose money, or pays it back."""
    return rows(
        life,
        """SELECT t.amount::float, round(l.price_subtotal_incl * 100)::bigint
             FROM pos_order_line l JOIN pos_order r ON r.id = l.order_id
             JOIN product_product v ON v.id = l.product_id
             JOIN product_template p ON p.id = v.product_tmpl_id
             JOIN account_tax t ON t.id = p.tibillet_topup_tax_id
            WHERE r.company_id = %s""",
        company.id,
    )


def _tokens_drunk(life, company):
    """What was taxed before, without its tax."""
    return value(
        life,
        """SELECT COALESCE(round(sum(l.tibillet_taxed_net) * 100), 0)::bigint
             FROM pos_order_line l JOIN pos_order r ON r.id = l.order_id
            WHERE r.company_id = %s""",
        company.id,
    )


def _left_by_holders(life, company):
    """What they gave, let run out or never paid is where the accountant looks for it."""
    for role, (sign, codes) in MOVED_BY.items():
        moved = value(
            life,
            """SELECT COALESCE(sum(COALESCE(n.net_minor, t.amount_minor)
                                   * CASE WHEN o.code = 'correct' THEN -1 ELSE 1 END), 0)::bigint
                 FROM tibillet_operation o
                 LEFT JOIN tibillet_operation named ON named.id = o.names_id
                 JOIN tibillet_transfer t ON t.operation_id = o.id
                 JOIN tibillet_asset s ON s.id = t.asset_id
                 LEFT JOIN (SELECT transfer_id, max(abs(net_minor)) AS net_minor
                              FROM tibillet_single GROUP BY 1) n ON n.transfer_id = t.id
                WHERE s.company_id = %s AND (s.backed OR s.kind = 'claim') AND o.state = 'posted'
                  AND (CASE WHEN o.code = 'correct' THEN named.code ELSE o.code END) = ANY(%s)""",
            company.id,
            list(codes),
        )
        booked = _role(life, company, role)
        assert booked == sign * moved, (company.name, role, booked, moved)


def _fees(life, company):
    """What providers took, without its tax; and the tax beside it."""
    [(fees, vat)] = rows(
        life,
        """SELECT COALESCE(sum(fee_minor), 0)::bigint, COALESCE(sum(vat_minor), 0)::bigint
             FROM tibillet_provider_charge WHERE company_id = %s""",
        company.id,
    )
    paid = value(
        life,
        """SELECT COALESCE(round(sum(l.balance) * 100), 0)::bigint
             FROM account_move_line l JOIN account_tax t ON t.id = l.tax_line_id
            WHERE l.company_id = %s AND l.parent_state = 'posted'
              AND t.type_tax_use = 'purchase'""",
        company.id,
    )
    booked = _role(life, company, "provider_fee")
    assert (booked, paid) == (fees, vat), (company.name, "fees", booked, fees, paid, vat)
    assert fees == sum(life.fees[company.id]), (fees, life.fees)


def _merchant(life, company):
    """All that the stand sold is due to its merchant until it is paid, and what was corrected."""
    sold = value(
        life,
        """SELECT COALESCE(round(sum(l.price_subtotal_incl) * 100), 0)::bigint
             FROM pos_order_line l JOIN pos_order r ON r.id = l.order_id
             JOIN pos_session s ON s.id = r.session_id WHERE s.config_id = %s""",
        life.stand.config.id,
    )
    paid = value(
        life,
        """SELECT COALESCE(sum(due_minor), 0)::bigint FROM tibillet_merchant_statement
            WHERE company_id = %s AND state = 'paid'""",
        company.id,
    )
    corrected = value(
        life,
        """SELECT COALESCE(sum(CASE WHEN t.credit_account_id = a.id THEN t.amount_minor
                                  ELSE -t.amount_minor END), 0)::bigint
             FROM tibillet_transfer t JOIN tibillet_account a
               ON a.id IN (t.credit_account_id, t.debit_account_id)
             JOIN tibillet_wallet w ON w.id = a.wallet_id
            WHERE t.operation_id = ANY(%s) AND w.partner_id = %s AND w.kind = 'place'""",
        list(life.hand_made),
        life.merchant.partner_id.id,
    )
    owed = -sum(
        balance(life, company, row.account_id.ids)
        for row in _roles(life, company, ("due_to", "merchant"))
        if row.partner_id == life.merchant.partner_id
    )
    due = sold - paid + corrected
    assert owed == due, (company.name, "merchant", owed, sold, paid, corrected)


def _role(life, company, role):
    accounts = _roles(life, company, (role,)).account_id
    return balance(life, company, accounts.ids)


def _roles(life, company, roles):
    return life.env["tibillet.book.account"].search(
        [("company_id", "=", company.id), ("role", "in", roles)]
    )
