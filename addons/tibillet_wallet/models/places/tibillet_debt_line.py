from odoo import fields, models
from odoo.tools import SQL

from ...fields import BigInteger

NATURES = [
    ("sale", "Sales"),
    ("topup", "Top-ups"),
    ("refund", "Refunds"),
    ("settle", "Settlements"),
    ("other", "Other"),
]


class TibilletDebtLine(models.Model):
    """What one transfer changed between the issuer of an asset and another place.

    Read from the transfers by the very statement that the ledger's entries are made of, so
    that debts and books cannot disagree. Both sides read it: it says what is owed and by which
    operation, and not whose card it was.
    """

    _name = "tibillet.debt.line"
    _description = "Movement between places"
    _auto = False
    _order = "occurred_at desc, id desc"
    _rec_name = "asset_id"

    operation_id = fields.Many2one("tibillet.operation", readonly=True)
    operation_number = fields.Integer(readonly=True, aggregator=None)
    occurred_at = fields.Datetime(string="When", readonly=True)
    day = fields.Date(string="Business day", readonly=True)
    asset_id = fields.Many2one("tibillet.asset", readonly=True)
    issuer_company_id = fields.Many2one("res.company", string="Issuer", readonly=True)
    place_company_id = fields.Many2one("res.company", string="Place", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Place's contact", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    nature = fields.Selection(NATURES, readonly=True)
    amount_minor = BigInteger(
        string="Owed by the issuer (minor units)",
        readonly=True,
        help="Positive: the issuer owes the place more; negative: less.",
    )
    amount = fields.Monetary(
        string="Owed by the issuer",
        readonly=True,
        help="Positive: the issuer owes the place more; negative: less.",
    )

    @property
    def _table_query(self):
        return self._lines_sql()

    def _lines_sql(self, only=None):
        """One row per posted transfer and other place.

        :param SQL only: condition on the operation ``o``
        """
        self.env.flush_all()
        return SQL(
            """
            SELECT m.transfer_id * 2 + f.side AS id,
                   m.operation_id, m.operation_id AS operation_number, m.occurred_at, m.day,
                   m.asset_id, m.issuer_company_id,
                   f.company_id AS place_company_id, f.partner_id,
                   s.currency_id,
                   %(nature)s AS nature,
                   (CASE m.nature WHEN 'claim' THEN -1 ELSE 1 END * f.sign * m.amount_minor)
                       ::bigint AS amount_minor,
                   (CASE m.nature WHEN 'claim' THEN -1 ELSE 1 END * f.sign * m.amount_minor)
                       / power(10, s.scale)::numeric AS amount
              FROM (%(movements)s) m
              JOIN tibillet_asset s ON s.id = m.asset_id
             CROSS JOIN LATERAL (
                   VALUES (0, m.debit_side, m.debit_company_id, m.debit_partner_id, -1),
                          (1, m.credit_side, m.credit_company_id, m.credit_partner_id, 1)
                   ) f(side, stands, company_id, partner_id, sign)
             -- Each transfer stands there once per company whose books it changes.
             WHERE m.book_company_id = m.issuer_company_id AND f.stands = 'far'
            """,
            nature=self._nature_sql(SQL("m.act")),
            movements=self.env["tibillet.books"]._movements_sql(only),
        )

    def _nature_sql(self, act):
        """Under which word of :data:`NATURES` a code stands."""
        return SQL(
            """CASE WHEN %(act)s IN ('sale', 'deposit_back', 'undo') THEN 'sale'
                    WHEN %(act)s = 'topup' THEN 'topup'
                    WHEN %(act)s IN ('refund', 'empty', 'chargeback') THEN 'refund'
                    WHEN %(act)s IN ('settle', 'remit') THEN 'settle'
                    ELSE 'other' END""",
            act=act,
        )

    def action_open_operation(self):
        """The operation itself, for who may see it: it took place at their company."""
        self.ensure_one()
        self.operation_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "tibillet.operation",
            "res_id": self.operation_id.id,
            "views": [(False, "form")],
        }
