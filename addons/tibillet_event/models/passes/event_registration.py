from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

#: What the seats of a pass have from the pass.
SAME = ("name", "email", "phone", "company_name", "partner_id")
FOLLOWED = {*SAME, "active", "tibillet_hold_until", "tibillet_release_at"}
MOVES_SEATS = {"active", "tibillet_hold_until"}


class EventRegistration(models.Model):
    """A pass is a registration with one more for each event that it opens.

    Each of these is counted by the door of its event, scanned there, and cancelled with the pass;
    one alone may be cancelled too (what is paid back of a pass of which a part was held already).
    """

    _inherit = "event.registration"

    tibillet_pass_id = fields.Many2one(
        "event.registration",
        string="By the pass",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        help="The pass that brought this seat.",
    )
    tibillet_pass_seat_ids = fields.One2many(
        "event.registration", "tibillet_pass_id", string="Seats of the pass", readonly=True
    )
    tibillet_pass_weight = fields.Integer(
        string="Weight in the pass's price",
        readonly=True,
        copy=False,
        help="In cents: what a seat of the event cost by itself when the pass was sold.",
    )
    tibillet_pass_left_out = fields.Boolean(
        string="Given up by itself",
        readonly=True,
        copy=False,
        help="Cancelled while the pass went on: it does not come back with the pass.",
    )

    _tibillet_pass_once = models.UniqueIndex(
        "(tibillet_pass_id, event_id) WHERE tibillet_pass_id IS NOT NULL",
        "A pass has one seat in each event.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A pass takes a seat in each of its events, or is refused as a whole.

        :raises SeatsError: ``sold_out``, of the pass or of one of its events
        """
        passes_sudo = self._passes_among(vals_list)
        if not passes_sudo:
            return super().create(vals_list)
        if not all(vals.get("tibillet_seat_hold_id") for vals in vals_list):
            events = passes_sudo.event_id
            for rate_sudo in passes_sudo:
                events |= rate_sudo._tibillet_pass_events()
            self._lock_seats(events)
        with self.env.cr.savepoint():
            registrations = super().create(vals_list)
            for one in registrations.filtered(lambda one: one.event_ticket_id in passes_sudo):
                one._take_pass_seats()
        return registrations

    @api.model
    def _passes_among(self, vals_list):
        """Rates that are passes, of what is about to be registered, in sudo."""
        rates_sudo = self.env["event.event.ticket"].sudo()  # a visitor's own choice
        lines_sudo = self.env["sale.order.line"].sudo()  # a visitor's own basket
        lines_sudo = lines_sudo.browse(
            {vals["sale_order_line_id"] for vals in vals_list if vals.get("sale_order_line_id")}
        )
        rates_sudo = rates_sudo.browse(
            {vals["event_ticket_id"] for vals in vals_list if vals.get("event_ticket_id")}
        )
        return (rates_sudo | lines_sudo.event_ticket_id).filtered("tibillet_pass_event_ids")

    def _lock_seats(self, events):
        """Counters of several events are locked in one order before any is moved."""
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT tibillet_seat_lock(%s)", sorted(events.ids)))

    def _take_pass_seats(self):
        """Register the holder of this pass in each event that it opens."""
        self.ensure_one()
        events = self.event_ticket_id._tibillet_pass_events()
        holds = self._holds_of_the_pass(events)
        common = {
            **{name: self[name] for name in SAME if name != "partner_id"},
            "partner_id": self.partner_id.id,
            "state": "open" if self.state == "done" else self.state,
            "active": self.active,
            "sale_order_id": self.sale_order_id.id,
            "tibillet_pass_id": self.id,
            "tibillet_hold_until": self.tibillet_hold_until,
        }
        self.env["event.registration"].sudo().create(  # the pass's own seats, whoever buys it
            [
                {
                    **common,
                    "event_id": event.id,
                    "tibillet_seat_hold_id": holds.get(event.id),
                    "tibillet_pass_weight": event._tibillet_pass_weight(),
                }
                for event in events
            ]
        )

    def _holds_of_the_pass(self, events):
        """Event id → the hold taken with the pass's own, under the same key."""
        hold_sudo = self.sudo().tibillet_seat_hold_id  # by the key of who registers
        if not hold_sudo:
            return {}
        holds_sudo = hold_sudo.search(
            [
                ("key", "=", hold_sudo.key),
                ("event_id", "in", events.ids),
                ("slot_id", "=", False),
                ("ticket_id", "=", False),
            ]
        )
        return {hold.event_id.id: hold.id for hold in holds_sudo}

    # -- the seats follow the pass ---------------------------------------------------------------

    def write(self, vals):
        """What happens to a pass happens to its seats; what was scanned stays scanned."""
        if not (FOLLOWED | {"state"}) & vals.keys():
            return super().write(vals)
        self._check_pass_goes_on(vals)
        passes_sudo = self.sudo().with_context(active_test=False)  # of one's own passes
        seats_sudo = passes_sudo.tibillet_pass_seat_ids - self
        if seats_sudo and (vals.get("state") == "cancel" or MOVES_SEATS & vals.keys()):
            self._lock_seats((self | seats_sudo).event_id)
        cancelled = self.filtered(lambda one: one.state == "cancel")
        if vals.get("state") == "cancel":
            alone = self.filtered(
                lambda one: one.tibillet_pass_id and one.tibillet_pass_id not in self
            )
            alone.filtered(
                lambda one: one.tibillet_pass_id.state != "cancel"
            ).tibillet_pass_left_out = True
        with self.env.cr.savepoint():
            result = super().write(vals)
            if seats_sudo:
                self._write_pass_seats(seats_sudo, vals, cancelled)
        return result

    def _write_pass_seats(self, seats_sudo, vals, cancelled):
        """Carry what was written on passes on to their seats."""
        values = {name: vals[name] for name in FOLLOWED & vals.keys()}
        if values:
            seats_sudo.write(values)
        state = vals.get("state")
        if state == "cancel":
            seats_sudo.filtered(lambda one: one.state in ("draft", "open")).write({"state": state})
        elif state:
            waiting = seats_sudo.filtered(
                lambda one: (
                    one.state == "draft"
                    or (one.state == "open" and state == "draft")
                    or (
                        one.state == "cancel"
                        and one.tibillet_pass_id in cancelled
                        and not one.tibillet_pass_left_out
                    )
                )
            )
            waiting.write({"state": "draft" if state == "draft" else "open"})

    def _check_pass_goes_on(self, vals):
        """A seat does not come back while its pass is cancelled.

        :raises ValidationError: says so
        """
        if vals.get("state") not in ("draft", "open", "done"):
            return
        for one in self.filtered(lambda one: one.state == "cancel"):
            holder_sudo = one.sudo().tibillet_pass_id  # its state only
            if holder_sudo.state == "cancel" and holder_sudo.id not in self.ids:
                raise ValidationError(
                    self.env._("%s: the pass of this seat is cancelled.", one.display_name)
                )

    # -- the gate --------------------------------------------------------------------------------

    @api.model
    def register_attendee(self, barcode, event_id):
        """The pass's own code opens each of its events, once each."""
        if event_id:
            seat = self.search(
                [("tibillet_pass_id.barcode", "=", barcode), ("event_id", "=", event_id)], limit=1
            )
            barcode = seat.barcode or barcode
        return super().register_attendee(barcode, event_id)
