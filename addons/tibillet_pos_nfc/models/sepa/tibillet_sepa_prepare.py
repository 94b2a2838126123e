from odoo import api, fields, models
from odoo.fields import Command


class TibilletSepaPrepare(models.TransientModel):
    _inherit = "tibillet.sepa.prepare"

    statement_ids = fields.Many2many(
        "tibillet.merchant.statement", default=lambda self: self._default_statements()
    )

    @api.model
    def _default_statements(self):
        if self.env.context.get("active_model") != "tibillet.merchant.statement":
            return []
        return [Command.set(self.env.context.get("active_ids") or [])]

    def _to_pay(self):
        """Add what is paid to merchants."""
        statements = self.statement_ids._origin.sorted("id")
        return [
            *super()._to_pay(),
            *((statement, statement.sudo().company_id) for statement in statements),  # who pays
        ]

    @api.depends("statement_ids")
    def _compute_journal(self):
        return super()._compute_journal()

    @api.depends("statement_ids")
    def _compute_lines(self):
        return super()._compute_lines()
