from odoo import fields, models
from odoo.tools import SQL

from ...fields import BigInteger


class TibilletDebtPair(models.Model):
    """Two places, all that they owe each other in one currency, netted."""

    _name = "tibillet.debt.pair"
    _description = "Net debt of two places"
    _auto = False
    _order = "first_company_id, second_company_id, id"
    _rec_name = "sentence"

    first_company_id = fields.Many2one("res.company", string="One place", readonly=True)
    second_company_id = fields.Many2one("res.company", string="The other", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    owed_by_first = fields.Monetary(
        string="Owed by the one", readonly=True, help="In what the first of the two has issued."
    )
    owed_by_second = fields.Monetary(
        string="Owed by the other", readonly=True, help="In what the second of the two has issued."
    )
    net = fields.Monetary(
        string="Net",
        readonly=True,
        help="Positive: the first owes the second; negative: the second owes the first.",
    )
    net_minor = BigInteger(readonly=True, aggregator=None)
    sentence = fields.Char(compute="_compute_sentence", string="Who owes whom")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT min(d.id) AS id,
                   LEAST(d.issuer_company_id, d.place_company_id) AS first_company_id,
                   GREATEST(d.issuer_company_id, d.place_company_id) AS second_company_id,
                   d.currency_id,
                   COALESCE(sum(d.amount) FILTER (
                       WHERE d.issuer_company_id < d.place_company_id), 0) AS owed_by_first,
                   COALESCE(sum(d.amount) FILTER (
                       WHERE d.issuer_company_id > d.place_company_id), 0) AS owed_by_second,
                   sum(CASE WHEN d.issuer_company_id < d.place_company_id
                       THEN d.amount ELSE -d.amount END) AS net,
                   sum(CASE WHEN d.issuer_company_id < d.place_company_id
                       THEN d.amount_minor ELSE -d.amount_minor END)::bigint AS net_minor
              FROM (%s) d
             WHERE d.place_company_id IS NOT NULL
             GROUP BY 2, 3, 4
            """,
            self.env["tibillet.debt"]._table_query,
        )

    def _compute_sentence(self):
        for pair_sudo in self.sudo():  # the names of both sides
            currency = pair_sudo.currency_id
            pair_sudo.sentence = self.env["tibillet.debt"]._sentence(
                pair_sudo.first_company_id.name,
                pair_sudo.second_company_id.name,
                pair_sudo.net_minor,
                lambda minor, currency=currency: currency.format(
                    minor / 10**currency.decimal_places
                ),
            )

    def action_view_debts(self):
        """The lines per asset of these two, both ways."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_wallet.tibillet_debt_action"
        )
        both = [self.first_company_id.id, self.second_company_id.id]
        return action | {
            "domain": [
                ("issuer_company_id", "in", both),
                ("place_company_id", "in", both),
                ("currency_id", "=", self.currency_id.id),
            ],
            "context": {},
        }
