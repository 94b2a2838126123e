"""A ticket that changes hands is cancelled, and a new registration takes its seat (ADR 0047)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Written by the act alone.
GUARDED = {"tibillet_former_id", "tibillet_first_id", "tibillet_replaced_by_id"}


class EventRegistration(models.Model):
    _inherit = "event.registration"

    tibillet_replaced_by_id = fields.Many2one(
        "event.registration",
        string="Given on as",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The registration of who has this seat now; this one opens no gate.",
    )
    tibillet_former_id = fields.Many2one(
        "event.registration",
        string="Given on from",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    tibillet_first_id = fields.Many2one(
        "event.registration",
        string="First sold as",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The registration that was sold, before the seat changed hands.",
    )

    _tibillet_given_once = models.UniqueIndex(
        "(tibillet_former_id) WHERE tibillet_former_id IS NOT NULL",
        "This ticket was given on already.",
    )

    # -- guards ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody says by themselves whose seat they have taken over."""
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in GUARDED}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """A ticket that was given on comes back by nobody's hand: its seat is another's.

        :raises UserError: says so
        """
        if not self.env.su and GUARDED & vals.keys():
            vals = {name: value for name, value in vals.items() if name not in GUARDED}
        if vals.get("state", "cancel") != "cancel":
            given_sudo = self.sudo()  # who scans reads no histories
            if given := given_sudo.filtered("tibillet_replaced_by_id")[:1]:
                raise UserError(given._tibillet_given_on_text())
        return super().write(vals)

    def _tibillet_given_on_text(self):
        """Said to whoever still has the former ticket; it names nobody."""
        return self.env._("This ticket was given on: only the new holder's is valid.")

    def _tibillet_not_cancellable(self):
        """What was given on is paid back with the new holder's ticket, and only there."""
        if self.tibillet_replaced_by_id:
            return self._tibillet_given_on_text()
        return super()._tibillet_not_cancellable()

    def _tibillet_visitor_stopped(self):
        if self.tibillet_replaced_by_id:
            return self._tibillet_given_on_text()
        return super()._tibillet_visitor_stopped()

    # -- the act -----------------------------------------------------------------------------------

    def _tibillet_hand_on(self, name, email, lang):
        """Cancel this registration and make the new holder's, in one transaction and one seat.

        Nobody gets the seat in between: not in a full event, not from the waiting list.
        """
        self.ensure_one()
        former_sudo = self.sudo()  # the holder's own act; what it needs was checked
        live_sudo = former_sudo | former_sudo.tibillet_pass_seat_ids.filtered(
            lambda one: one.state in ("draft", "open")
        )
        seats = self.env["tibillet.seats"]
        values = former_sudo._tibillet_handed_values()
        self._lock_seats(live_sudo.event_id)
        self.env["tibillet.ticket"]._void(live_sudo, "replaced")  # before it is only "cancelled"
        with self.env.cr.savepoint():
            seats._serve_later()
            former_sudo.write(
                {"state": "cancel", **dict.fromkeys(former_sudo._tibillet_bonds(), False)}
            )
            key = f"given/{self.id}"
            seats._keep(live_sudo, key)
            hold_sudo = former_sudo.env["tibillet.seat.hold"].search(
                [("key", "=", key), ("event_id", "=", self.event_id.id)], limit=1
            )
            after_sudo = former_sudo.create(
                {
                    **values,
                    "name": name,
                    "email": email,
                    "tibillet_lang": lang,
                    "tibillet_transferred_at": fields.Datetime.now(),
                    "tibillet_seat_hold_id": hold_sudo.id,
                }
            )
            former_sudo.tibillet_replaced_by_id = after_sudo
            former_sudo.flush_recordset()
            seats._serve(live_sudo.event_id.ids)
        return after_sudo.with_env(self.env)

    def _tibillet_bonds(self):
        """What ties a place to what it was sold by: it goes over to the new holder's; a seam.

        The former one keeps its order, and no line: the line counts its places.
        """
        return ["sale_order_line_id"]

    def _tibillet_handed_values(self):
        """What the new holder's registration has from this one."""
        values = {
            "event_id": self.event_id.id,
            "event_slot_id": self.event_slot_id.id,
            "event_ticket_id": self.event_ticket_id.id,
            "partner_id": self.partner_id.id,
            "sale_order_id": self.sale_order_id.id,
            "sale_status": self.sale_status,
            "state": self.state,
            "tibillet_former_id": self.id,
            "tibillet_first_id": (self.tibillet_first_id or self).id,
            "tibillet_option_ids": [(6, 0, self.tibillet_option_ids.ids)],
            "tibillet_guest_list_id": self.tibillet_guest_list_id.id,
            "registration_answer_ids": [
                (
                    0,
                    0,
                    {
                        "question_id": answer.question_id.id,
                        "value_answer_id": answer.value_answer_id.id,
                        "value_text_box": answer.value_text_box,
                    },
                )
                # What the former one answered about themselves is not the new one's.
                for answer in self.registration_answer_ids
                if answer.question_id.once_per_order
            ],
            # Who bought was told of the purchase; who is given a ticket is told of that.
            "mail_registration_ids": [
                (0, 0, {"scheduler_id": scheduler.id, "mail_sent": True})
                for scheduler in self.event_id.event_mail_ids
                if scheduler.interval_type == "after_sub" and scheduler.interval_unit == "now"
            ],
        }
        if self.registration_properties:
            [read] = self.read(["registration_properties"])
            values["registration_properties"] = read["registration_properties"]
        return values | {name: self[name].id for name in self._tibillet_bonds()}

    # -- passes ------------------------------------------------------------------------------------

    def _take_pass_seats(self):
        """A pass that was given on takes over the seats of the former one, the past ones too."""
        former_sudo = self.sudo().tibillet_former_id  # whose seats they were
        if not former_sudo:
            return super()._take_pass_seats()
        key = f"given/{former_sudo.id}"
        holds_sudo = former_sudo.env["tibillet.seat.hold"].search([("key", "=", key)])
        all_sudo = former_sudo.with_context(active_test=False).tibillet_pass_seat_ids
        live_sudo = all_sudo.filtered(lambda one: one.event_id in holds_sudo.event_id)
        live_sudo = live_sudo.filtered(lambda one: not one.tibillet_pass_left_out)
        # What was cancelled of the pass before keeps its part of the price, with the new one.
        (all_sudo - live_sudo).write({"tibillet_pass_id": self.id})
        for seat_sudo in live_sudo:
            seat_sudo.tibillet_replaced_by_id = former_sudo.create(
                {
                    "event_id": seat_sudo.event_id.id,
                    "partner_id": seat_sudo.partner_id.id,
                    "sale_order_id": seat_sudo.sale_order_id.id,
                    "name": self.name,
                    "email": self.email,
                    "state": "open",
                    "tibillet_former_id": seat_sudo.id,
                    "tibillet_first_id": (seat_sudo.tibillet_first_id or seat_sudo).id,
                    "tibillet_pass_id": self.id,
                    "tibillet_pass_weight": seat_sudo.tibillet_pass_weight,
                    "tibillet_seat_hold_id": holds_sudo.filtered(
                        lambda hold, seat=seat_sudo: hold.event_id == seat.event_id
                    )[:1].id,
                }
            )
        return None

    # -- what it costs -----------------------------------------------------------------------------

    def _tibillet_by_sale(self):
        """Places in the order in which they were sold, whoever has them now."""
        return self.sorted(lambda one: one.tibillet_first_id.id or one.id)
