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
        return SQL(
            """
            SELECT min(l.id) AS id, l.issuer_company_id, l.place_company_id, l.partner_id,
                   l.asset_id, l.currency_id,
                   %(columns)s,
                   sum(l.amount_minor)::bigint AS amount_minor,
                   sum(l.amount) AS amount,
                   max(l.occurred_at) AS last_at,
                   count(*)::integer AS line_count
              FROM (%(lines)s) l
             GROUP BY l.issuer_company_id, l.place_company_id, l.partner_id, l.asset_id,
                      l.currency_id
            """,
            columns=SQL(", ").join(
                SQL(
                    "COALESCE(sum(l.amount) FILTER (WHERE l.nature = %s), 0) AS %s",
                    nature,
                    SQL.identifier(f"{column}_amount"),
                )
                for column, nature in COLUMNS.items()
            ),
            lines=self.env["tibillet.debt.line"]._lines_sql(),
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
