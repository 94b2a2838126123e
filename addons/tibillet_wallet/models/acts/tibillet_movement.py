from odoo import fields, models
from odoo.tools import SQL

from ..tibillet_operation import CODE_NAMES, MEANS


class TibilletMovement(models.Model):
    """What moved, one row per transfer, to be added up: a reading of the ledger, no table.

    It names no wallet, no card and no person: figures of an evening are nobody's.
    """

    _name = "tibillet.movement"
    _description = "Movement of value"
    _auto = False
    _order = "id desc"
    _rec_name = "day"

    operation_id = fields.Many2one("tibillet.operation", readonly=True)
    occurred_at = fields.Datetime(readonly=True)
    day = fields.Date(
        string="Business day", readonly=True, help="The day of the place: it ends in the night."
    )
    code = fields.Selection(CODE_NAMES, string="Kind", readonly=True)
    means = fields.Selection(MEANS, string="Paid by", readonly=True)
    asset_id = fields.Many2one("tibillet.asset", readonly=True)
    issuer_id = fields.Many2one("res.company", string="Issuer", readonly=True)
    company_id = fields.Many2one("res.company", string="Place", readonly=True)
    amount = fields.Float(digits=(16, 2), readonly=True, help="In units of the asset.")
    supply = fields.Float(
        string="Change of supply",
        digits=(16, 2),
        readonly=True,
        help="What was issued (more than zero) or came home (less), in units of the asset.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT t.id, o.id AS operation_id, o.occurred_at, %(day)s AS day, o.code, o.means,
                   t.asset_id, s.company_id AS issuer_id, o.company_id,
                   t.amount_minor / (10 ^ s.scale)::numeric AS amount,
                   ((c.wallet_id <> s.issuer_wallet_id)::int
                    - (d.wallet_id <> s.issuer_wallet_id)::int)
                   * t.amount_minor / (10 ^ s.scale)::numeric AS supply
              FROM tibillet_transfer t
              JOIN tibillet_operation o ON o.id = t.operation_id
              JOIN tibillet_asset s ON s.id = t.asset_id
              JOIN tibillet_account d ON d.id = t.debit_account_id
              JOIN tibillet_account c ON c.id = t.credit_account_id
              LEFT JOIN tibillet_place p ON p.company_id = COALESCE(o.company_id, s.company_id)
            """,
            day=self.env["tibillet.books"]._business_day_sql(SQL("o.occurred_at")),
        )

    def action_open_operation(self):
        """The operation behind a row (accountants; rules of the operation apply)."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "tibillet.operation",
            "res_id": self.operation_id.id,
            "views": [(False, "form")],
        }
