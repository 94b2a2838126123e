from odoo import api, fields, models
from odoo.exceptions import UserError


class TibilletControlReason(models.Model):
    """What a difference waits for: a session to be closed, a machine to be heard of, an entry."""

    _name = "tibillet.control.reason"
    _description = "Reason of a control"
    _order = "since, id"
    _rec_name = "name"

    control_id = fields.Many2one(
        "tibillet.control", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="control_id.company_id", store=True)
    currency_id = fields.Many2one(related="control_id.currency_id")
    kind = fields.Selection(
        [
            ("entry", "Entry to be written"),
            ("session", "Session to be closed"),
            ("order", "Order to be received"),
            ("transfer", "Transfer to be made"),
            ("payment", "Payment on its way"),
            ("operation", "Operation without document"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(string="What", required=True, readonly=True)
    amount = fields.Monetary(
        string="On clearing", readonly=True, help="Debit positive, as on the account."
    )
    count = fields.Integer(string="Operations", readonly=True)
    since = fields.Datetime(readonly=True)
    old = fields.Boolean(
        string="Too old", readonly=True, help="Since before yesterday's business day."
    )
    res_model = fields.Char(string="Kind of record", readonly=True)
    res_id = fields.Many2oneReference(string="Record", readonly=True, model_field="res_model")

    @api.model
    def _values(self, control, reason, too_old):
        """:param reason: ``Reason`` of the books' control"""
        model, res_id = reason.key or (False, False)
        return {
            "control_id": control.id,
            "kind": reason.kind,
            "name": reason.name,
            "amount": reason.amount_minor / 10**control.currency_id.decimal_places,
            "count": reason.count,
            "since": reason.since,
            "old": reason.since < too_old,
            "res_model": model,
            "res_id": res_id,
        }

    def action_open(self):
        """What it waits for, for who may see it."""
        self.ensure_one()
        if not self.res_model:
            raise UserError(
                self.env._("The hourly job writes it once the business day is over: nothing to do.")
            )
        self.env[self.res_model].browse(self.res_id).check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
