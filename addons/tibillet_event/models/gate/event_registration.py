from odoo import fields, models


class EventRegistration(models.Model):
    _inherit = "event.registration"

    tibillet_gate_blocked = fields.Boolean(
        string="Blocked at the gate",
        copy=False,
        groups="event.group_event_user",
        help="The place stays sold; nobody enters with its ticket until this is taken off.",
    )

    def _tibillet_gate_state(self):
        """Why this place opens nothing, a code of the gate; empty when it may."""
        self.ensure_one()
        if self.tibillet_replaced_by_id:
            return "replaced"
        if self.state == "cancel" or not self.active:
            return "refunded" if self._tibillet_paid_back() else "cancelled"
        if self.state == "draft" or self.tibillet_hold_until:
            return "unpaid"
        return "blocked" if self.tibillet_gate_blocked else ""

    def _tibillet_paid_back(self):
        """Whether the money of this cancelled place went back; a seam for the till."""
        self.ensure_one()
        return bool(self.tibillet_refund_line_ids)
