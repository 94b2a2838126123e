from odoo import fields, models
from odoo.tools import SQL

from ...fields import BigInteger

#: Column of the form → nature of the lines that it sums.
COLUMNS = {
    "sale": "sale",
    "topup": "topup",
    "refund": "refund",
    "settled": "settle",
    "other": "other",
}


class TibilletDebt(models.Model):
    """Who owes whom: one line per issuer, other place and asset.

    Positive: the issuer owes the place (it took the issuer's money, or paid holders back);
    negative: the place owes the issuer (it collected top-ups). What was settled is taken off.
    """

    _name = "tibillet.debt"
    _description = "Debt between places"
    _auto = False
    _order = "issuer_company_id, place_company_id, asset_id, id"
    _rec_name = "asset_id"

    asset_id = fields.Many2one("tibillet.asset", readonly=True)
    issuer_company_id = fields.Many2one("res.company", string="Issuer", readonly=True)
    place_company_id = fields.Many2one("res.company", string="Place", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Place's contact", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_minor = BigInteger(readonly=True, aggregator=None)
    sale_amount = fields.Monetary(
        string="Sales", readonly=True, help="What the place took of it, less what it gave back."
    )
    topup_amount = fields.Monetary(
        string="Top-ups", readonly=True, help="What the place collected for the issuer."
    )
    refund_amount = fields.Monetary(
        string="Refunds", readonly=True, help="What the place paid back for the issuer."
    )
    settled_amount = fields.Monetary(
        string="Settled", readonly=True, help="What was paid between the two."
    )
    other_amount = fields.Monetary(
        string="Other", readonly=True, help="Gifts, donations and corrections of these."
    )
    amount = fields.Monetary(
        string="Issuer owes",
        readonly=True,
        help="Positive: the issuer owes the place; negative: the place owes the issuer.",
    )
    last_at = fields.Datetime(string="Last movement", readonly=True)
    line_count = fields.Integer(string="Movements", readonly=True)
    sentence = fields.Char(compute="_compute_sentence")

    @property
    def _table_query(self):
        """Summed by what decides the sides before anything else: a screen opens on a million
        transfers. The same conditions as the books' own statement."""
        self.env.flush_all()
        books = self.env["tibillet.books"]
        return SQL(
            """
            SELECT min(l.id * 2 + l.far) AS id, l.issuer_company_id, l.place_company_id,
                   l.partner_id, l.asset_id, l.currency_id,
                   %(columns)s,
                   sum(l.amount_minor)::bigint AS amount_minor,
                   sum(l.amount_minor) / power(10, l.scale)::numeric AS amount,
                   max(l.last_at) AS last_at,
                   sum(l.line_count)::integer AS line_count
              FROM (
                SELECT g.id, f.far, s.company_id AS issuer_company_id, s.currency_id, s.scale,
                       f.company_id AS place_company_id, g.asset_id,
                       COALESCE(fc.partner_id, f.partner_id) AS partner_id,
                       %(nature)s AS nature, g.last_at, g.line_count,
                       CASE s.kind WHEN 'claim' THEN -1 ELSE 1 END * f.sign * g.amount_minor
                           AS amount_minor
                  FROM (
                    SELECT min(t.id) AS id, COALESCE(named.code, o.code) AS act, o.company_id,
                           t.asset_id, dw.kind AS dkind, dw.company_id AS dcompany,
                           dw.partner_id AS dpartner, cw.kind AS ckind,
                           cw.company_id AS ccompany, cw.partner_id AS cpartner,
                           sum(t.amount_minor) AS amount_minor, count(*) AS line_count,
                           max(o.occurred_at) AS last_at
                      FROM tibillet_transfer t
                      JOIN tibillet_operation o ON o.id = t.operation_id AND o.state = 'posted'
                      LEFT JOIN tibillet_operation named
                        ON o.code = 'correct' AND named.id = o.names_id
                      JOIN (%(wallets)s) dw ON dw.account_id = t.debit_account_id
                      JOIN (%(wallets)s) cw ON cw.account_id = t.credit_account_id
                     GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10) g
                  JOIN tibillet_asset s ON s.id = g.asset_id
                 CROSS JOIN LATERAL (SELECT g.act, g.company_id) o
                 CROSS JOIN LATERAL (SELECT g.dkind AS kind, g.dcompany AS company_id,
                                            g.dpartner AS partner_id) dw
                 CROSS JOIN LATERAL (SELECT g.ckind AS kind, g.ccompany AS company_id,
                                            g.cpartner AS partner_id) cw
                 CROSS JOIN LATERAL (%(debit)s) d
                 CROSS JOIN LATERAL (%(credit)s) c
                 CROSS JOIN LATERAL (
                       VALUES (0, d.side, d.company_id, d.partner_id, -1),
                              (1, c.side, c.company_id, c.partner_id, 1)
                       ) f(far, side, company_id, partner_id, sign)
                  LEFT JOIN res_company fc ON fc.id = f.company_id
                 WHERE f.side = 'far' AND %(counts)s) l
             GROUP BY l.issuer_company_id, l.place_company_id, l.partner_id, l.asset_id,
                      l.currency_id, l.scale
            """,
            columns=SQL(", ").join(
                SQL(
                    "COALESCE(sum(l.amount_minor) FILTER (WHERE l.nature = %s), 0)"
                    " / power(10, l.scale)::numeric AS %s",
                    nature,
                    SQL.identifier(f"{column}_amount"),
                )
                for column, nature in COLUMNS.items()
            ),
            nature=self.env["tibillet.debt.line"]._nature_sql(SQL("g.act")),
            # A holder is a holder, whichever card: groups stay few.
            wallets=SQL(
                """SELECT a.id AS account_id, w.kind,
                          CASE WHEN a.balance_minor IS NULL THEN w.company_id END AS company_id,
                          CASE WHEN a.balance_minor IS NULL THEN w.partner_id END AS partner_id
                     FROM tibillet_account a JOIN tibillet_wallet w ON w.id = a.wallet_id"""
            ),
            debit=books._side_sql("dw"),
            credit=books._side_sql("cw"),
            counts=books._counts_sql(),
        )

    def _compute_sentence(self):
        """The debt as one would say it."""
        for debt_sudo in self.sudo():  # the names and the unit of both sides
            issuer = debt_sudo.issuer_company_id.name
            place = debt_sudo.place_company_id.name or debt_sudo.partner_id.name
            debt_sudo.sentence = self._sentence(
                issuer, place, debt_sudo.amount_minor, debt_sudo.asset_id._format
            )

    def _sentence(self, first, second, amount_minor, show):
        """``first`` owes ``second`` that much, or the other way round."""
        if not amount_minor:
            return self.env._("%(first)s and %(second)s are even.", first=first, second=second)
        if amount_minor < 0:
            first, second = second, first
        return self.env._(
            "%(first)s owes %(second)s %(amount)s.",
            first=first,
            second=second,
            amount=show(abs(amount_minor)),
        )

    def action_view_lines(self):
        """The movements that make this debt."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_wallet.tibillet_debt_line_action"
        )
        return action | {
            "domain": [
                ("issuer_company_id", "=", self.issuer_company_id.id),
                ("place_company_id", "=", self.place_company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("asset_id", "=", self.asset_id.id),
            ],
            "context": {},
        }
