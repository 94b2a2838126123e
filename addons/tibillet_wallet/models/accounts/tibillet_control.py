from odoo import api, fields, models
from odoo.exceptions import UserError


class TibilletControl(models.Model):
    _inherit = "tibillet.control"

    state = fields.Selection(
        selection_add=[("waits", "The books wait for an account"), ("broken",)],
        ondelete={"waits": "cascade"},
    )

    @api.model
    def _write_up_to_now(self, company):
        """A look at books that cannot be written tells why instead of failing."""
        if self.env["tibillet.books"]._account_faults(company):
            return self.env["tibillet.ledger.entry"]
        return super()._write_up_to_now(company)

    @api.model
    def _state_of(self, rows, reasons, too_old):
        state = super()._state_of(rows, reasons, too_old)
        if state != "broken" and any(reason.kind == "account" for reason in reasons):
            return "waits"
        return state

    @api.model
    def _alarms(self):
        return {
            **super()._alarms(),
            "waits": self.env._("The books wait: an account was archived or changed"),
        }


class TibilletControlReason(models.Model):
    _inherit = "tibillet.control.reason"

    kind = fields.Selection(
        selection_add=[("account", "Account to be put right")],
        ondelete={"account": "cascade"},
    )

    def action_open(self):
        """The list of accounts, for a reason that is one of them."""
        self.ensure_one()
        if self.kind != "account":
            return super().action_open()
        if not self.env["tibillet.book.role"].has_access("read"):
            raise UserError(self.name)
        return self.env["ir.actions.actions"]._for_xml_id(
            "tibillet_wallet.tibillet_book_role_action"
        )
