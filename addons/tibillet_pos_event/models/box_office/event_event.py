from odoo import api, models
from odoo.tools import SQL


class EventEvent(models.Model):
    _inherit = "event.event"

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "tibillet_nominative"]

    def _tibillet_held_by(self, partner, emails, order=None):
        """And what tills have put aside for the same person, who is paying there."""
        held = super()._tibillet_held_by(partner, emails, order)
        rows = self.env.execute_query(
            SQL(
                "SELECT hold.ticket_id, sum(hold.remaining) FROM tibillet_seat_hold hold"
                " JOIN res_partner person ON person.id = hold.tibillet_partner_id"
                " WHERE hold.event_id = %s AND hold.remaining > 0"
                " AND hold.hold_until > tibillet_now() AND NOT hold.key = ANY(%s)"
                " AND (person.id = %s OR lower(trim(person.email)) = ANY(%s))"
                " GROUP BY hold.ticket_id",
                self.id,
                list(getattr(order, "keys", None) or ()),
                partner.id or None,
                list(emails),
            )
        )
        for rate, number in rows:
            held[rate] += number
        return held

    # -- the office ------------------------------------------------------------------------------

    def action_tibillet_sell(self):
        """The form that sells places at the office: the first rate that is sold, one place."""
        self.ensure_one()
        self.check_access("read")
        nobody = self.env["res.partner"]
        sold = self.event_ticket_ids.filtered("product_id")
        rate = sold.filtered(lambda one: not one.sudo()._tibillet_closed(nobody))[:1] or sold[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sell places"),
            "res_model": "tibillet.box.office",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_id": self.id, "default_ticket_id": rate.id},
        }
