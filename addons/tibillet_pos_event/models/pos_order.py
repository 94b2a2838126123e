from odoo import api, models

from odoo.addons.tibillet_event.exceptions import SeatsError

from .event_registration import PAID


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def _process_order(self, order, existing_order):
        """An order that was paid at the till is taken, whatever became of its seats."""
        paid = order.get("state") in PAID
        tills = self.with_context(tibillet_till_paid=paid)
        result = super(PosOrder, tills)._process_order(order, existing_order)
        if paid:
            self.browse(result)._tibillet_seat_places()
        return result

    def _tibillet_seat_places(self):
        """Firm seats for the places of paid orders; who finds none any more is told of.

        Nothing raises after the money: the place is cancelled and an activity says what to do.
        """
        for order in self.filtered(lambda one: one.state in PAID):
            places_sudo = order.sudo().lines.event_registration_ids  # of the cashier's own order
            for place_sudo in places_sudo.filtered(lambda one: one.state == "draft"):
                try:
                    with self.env.cr.savepoint():
                        place_sudo.write({"state": "open"})
                        place_sudo.flush_recordset()
                except SeatsError as refusal:
                    if refusal.code != "sold_out":
                        raise
                    place_sudo.invalidate_recordset()
                    place_sudo.write({"state": "cancel", "tibillet_no_seat": True})
            late_sudo = places_sudo.filtered("tibillet_no_seat")
            if late_sudo:
                order._tibillet_tell_no_seat(late_sudo)

    def _tibillet_tell_no_seat(self, places):
        """Somebody hands the money back: an activity on the first of these places, once."""
        place = places.sorted("id")[0]
        if place.activity_ids:
            return
        place.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("No seat was left: hand the money back"),
            note=self.env._(
                "%(number)s places of %(event)s were paid at the till after the last seat was "
                "gone (order %(order)s). Refund these lines at the till.",
                number=len(places),
                event=", ".join(places.event_id.mapped("name")),
                order=self.pos_reference or self.name,
            ),
            user_id=place.event_id.user_id.id or self.env.uid,
        )
