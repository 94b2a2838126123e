from odoo import api, fields, models

from odoo.addons.tibillet_event.exceptions import SeatsError
from odoo.addons.tibillet_event.models.numbers.event_registration import shares_of

PAID = ("paid", "done")
#: What a till says of a place; the rest is decided here.
SAID = {
    "company_name",
    "email",
    "event_id",
    "event_slot_id",
    "event_ticket_id",
    "name",
    "partner_id",
    "phone",
    "pos_order_line_id",
    "registration_answer_choice_ids",
    "registration_answer_ids",
    "uuid",
}


class EventRegistration(models.Model):
    """A place sold at a till: waiting while its order is open, firm when it is paid."""

    _inherit = "event.registration"

    tibillet_channel = fields.Selection(selection_add=[("till", "Till")])
    tibillet_no_seat = fields.Boolean(
        string="Paid without a seat",
        readonly=True,
        copy=False,
        help="Its order came after the last seat was gone: the money is to be handed back.",
    )

    @api.model
    def _tibillet_channel_of(self, vals):
        return "till" if vals.get("pos_order_line_id") else super()._tibillet_channel_of(vals)

    # -- seats -----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """What a till registers finds its seats where the till put them aside.

        Money that was taken is never refused: whoever comes too late for a seat is registered
        as cancelled, and somebody is told.
        """
        if not self.env.su and vals_list and all("pos_order_line_id" in v for v in vals_list):
            return self._tibillet_by_a_cashier(vals_list)
        vals_list = self._tibillet_allotted([self._tibillet_of_a_till(vals) for vals in vals_list])
        if not self.env.context.get("tibillet_till_paid"):
            return super().create(vals_list)
        try:
            with self.env.cr.savepoint():
                return super().create([dict(vals) for vals in vals_list])
        except SeatsError as refusal:
            if refusal.code != "sold_out":
                raise
        late = {"state": "cancel", "tibillet_no_seat": True, "tibillet_seat_hold_id": False}
        return super().create([{**vals, **late} for vals in vals_list])

    def _tibillet_by_a_cashier(self, vals_list):
        """Places of a cashier's own orders: no right on the programme is needed to sell them."""
        lines = self.env["pos.order.line"].browse({v["pos_order_line_id"] for v in vals_list})
        lines.check_access("write")
        known = [{name: vals[name] for name in SAID & vals.keys()} for vals in vals_list]
        made_sudo = self.sudo().create(
            [{k: v for k, v in vals.items() if k in self._fields} for vals in known]
        )
        return made_sudo.with_env(self.env)

    @api.model
    def _tibillet_of_a_till(self, vals):
        lines_sudo = self.env["pos.order.line"].sudo()  # its identifier and its till
        line_sudo = lines_sudo.browse(vals.get("pos_order_line_id") or ())
        if not line_sudo.uuid or vals.get("tibillet_seat_hold_id"):
            return vals
        holds_sudo = self.env["tibillet.seat.hold"].sudo()  # found by the till's own key
        key = self.env["pos.session"]._tibillet_seats_key(
            line_sudo.order_id.config_id, line_sudo.uuid
        )
        hold_sudo = holds_sudo.search(
            [("key", "=", key), ("ticket_id", "=", vals.get("event_ticket_id"))], limit=1
        )
        found = {**vals, "tibillet_seat_hold_id": hold_sudo.id}
        if hold_sudo and line_sudo.order_id.state == "draft":
            # an order that stays open keeps its seats no longer than they were put aside
            found.setdefault("tibillet_hold_until", hold_sudo.hold_until)
        return found

    @api.model
    def _tibillet_allotted(self, vals_list):
        """Who has no hold of their own finds a seat among those that the device kept."""
        lines_sudo = self.env["pos.order.line"].sudo()  # which device sold it
        asked = [
            (vals, lines_sudo.browse(vals["pos_order_line_id"]).order_id.tibillet_device_id)
            for vals in vals_list
            if vals.get("pos_order_line_id") and not vals.get("tibillet_seat_hold_id")
        ]
        places = [
            (device, vals.get("event_ticket_id"), vals.get("event_slot_id"))
            for vals, device in asked
        ]
        for (vals, _device), hold in zip(
            asked, self.env["tibillet.allotment"]._for_places(places), strict=True
        ):
            vals["tibillet_seat_hold_id"] = hold
        return vals_list

    def _compute_registration_status(self):
        """What was cancelled or scanned stays so, and an open order's places wait.

        Odoo opens every place again whenever its order changes, when a session is closed too.
        """
        settled = {
            one: one.state for one in self if one.pos_order_id and one.state in ("cancel", "done")
        }
        result = super()._compute_registration_status()
        for one, state in settled.items():
            one.state = state
        for one in self - self.browse(one.id for one in settled):
            if one.pos_order_id.state == "draft" and one.state == "open":
                one.state = "draft"
        return result

    @api.model
    def _load_pos_data_read(self, records, config):
        """Odoo lets a cashier read places and not the answers on them: the reading would fail,
        after the money too."""
        return super()._load_pos_data_read(records.sudo(), config)

    def _tibillet_bonds(self):
        """The line of the till goes over too: what it refunds is what is valid."""
        return [*super()._tibillet_bonds(), "pos_order_line_id"]

    # -- what it costs ---------------------------------------------------------------------------

    def _tibillet_price_paid(self):
        """Of a place sold at a till, its part of the line, without what was a gift of the place."""
        paid = super()._tibillet_price_paid()
        for line_sudo in self.sudo().pos_order_line_id:  # a price, for the ticket
            currency = line_sudo.currency_id
            digits = 10**currency.decimal_places
            seats_sudo = line_sudo.event_registration_ids.filtered(
                lambda one: not one.tibillet_no_seat
            )._tibillet_by_sale()
            places = max(round(abs(line_sudo.qty)), len(seats_sudo), 1)
            gross, net = line_sudo._tibillet_price_without_gift()
            total_minor = round(gross * digits)
            vat_minor = total_minor - round(net * digits)
            total, vat = shares_of(total_minor, places), shares_of(vat_minor, places)
            for rank, one in enumerate(seats_sudo):
                mine = self.browse(one.id)
                if mine in paid:
                    paid[mine] = (total[rank], vat[rank], currency)
        return paid
