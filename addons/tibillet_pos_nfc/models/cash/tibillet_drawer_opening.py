"""Each time a till told its drawer to open."""

from odoo import fields, models

REASONS = [
    ("sale", "Sale"),
    ("count", "Counting"),
    ("move", "Cash in or out"),
    ("other", "No sale"),
]


class TibilletDrawerOpening(models.Model):
    _name = "tibillet.drawer.opening"
    _description = "Opening of a cash drawer"
    _order = "id desc"

    session_id = fields.Many2one("pos.session", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", string="By", required=True, ondelete="restrict")
    person = fields.Char(string="Cashier")
    device_id = fields.Many2one("tibillet.device", string="Done on", ondelete="restrict")
    opened_at = fields.Datetime(required=True, default=fields.Datetime.now)
    reason = fields.Selection(REASONS, required=True, default="other")
    key = fields.Char(help="The till's key of this opening, repeated in retries.")

    _key_uniq = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "This opening was already counted."
    )
