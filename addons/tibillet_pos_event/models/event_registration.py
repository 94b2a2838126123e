from odoo import api, models

from .pos_session import LINE


class EventRegistration(models.Model):
    _inherit = "event.registration"

    @api.model_create_multi
    def create(self, vals_list):
        """What a till registers finds its seats where the till put them aside."""
        lines_sudo = self.env["pos.order.line"].sudo()  # the identifiers only
        holds_sudo = self.env["tibillet.seat.hold"].sudo()  # found by the till's own key
        for vals in vals_list:
            line_sudo = lines_sudo.browse(vals.get("pos_order_line_id") or ())
            if line_sudo.uuid and not vals.get("tibillet_seat_hold_id"):
                vals["tibillet_seat_hold_id"] = holds_sudo.search(
                    [
                        ("key", "=", LINE % line_sudo.uuid),
                        ("ticket_id", "=", vals.get("event_ticket_id")),
                    ],
                    limit=1,
                ).id
        return super().create(vals_list)
