from psycopg2.errors import CheckViolation

from odoo import api, fields, models
from odoo.tools import mute_logger

# What moves a registration into, out of or between seats.
SEAT_FIELDS = {
    "state",
    "active",
    "event_id",
    "event_slot_id",
    "event_ticket_id",
    "tibillet_hold_until",
    "tibillet_seat_hold_id",
}
# Written by the guard in the database.
GUARDED = ["tibillet_hold_until", "tibillet_release_at", "tibillet_seated"]


class EventRegistration(models.Model):
    _inherit = "event.registration"

    tibillet_hold_until = fields.Datetime(
        string="Held until",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Until then the seat waits for the payment; empty: it is firm.",
    )
    tibillet_release_at = fields.Datetime(
        string="Goes back at",
        readonly=True,
        copy=False,
        help="The end of the hold, later by a grace while a payment is under way.",
    )
    tibillet_seated = fields.Boolean(
        string="Has a seat",
        readonly=True,
        copy=False,
        help="Counted among the seats taken; written by the database.",
    )
    tibillet_seat_hold_id = fields.Many2one(
        "tibillet.seat.hold",
        string="Hold",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="event.group_event_manager",
    )

    _tibillet_expiring = models.Index("(tibillet_release_at) WHERE tibillet_seated")

    @api.model_create_multi
    def create(self, vals_list):
        """Every way to a registration ends here: who finds no seat gets a sentence.

        :raises SeatsError: ``sold_out``
        """
        self._hold_for_baskets(vals_list)
        lines_sudo = self.env["sale.order.line"].sudo()  # a visitor's own basket
        lines_sudo = lines_sudo.browse(
            {vals["sale_order_line_id"] for vals in vals_list if vals.get("sale_order_line_id")}
        )
        events = {vals["event_id"] for vals in vals_list if vals.get("event_id")}
        return self._seated(
            lambda: super(EventRegistration, self).create(vals_list),
            events | set(lines_sudo.event_id.ids),
        )

    def write(self, vals):
        """As :meth:`create`, when what is written needs a seat."""
        if not SEAT_FIELDS & vals.keys():
            return super().write(vals)
        events = set(self.event_id.ids)
        if vals.get("event_id"):
            events.add(vals["event_id"])
        return self._seated(lambda: super(EventRegistration, self).write(vals), events)

    def _hold_for_baskets(self, vals_list):
        """What a basket of the website registers waits for its payment, however it came there."""
        lines_sudo = self.env["sale.order.line"].sudo()  # a visitor's own basket
        baskets = {}
        for vals in vals_list:
            line_sudo = lines_sudo.browse(vals.get("sale_order_line_id") or ())
            order_sudo = line_sudo.order_id or lines_sudo.order_id.browse(
                vals.get("sale_order_id") or ()
            )
            if order_sudo.website_id and order_sudo.state in ("draft", "sent"):
                if order_sudo not in baskets:
                    seats = self.env["tibillet.seats"]
                    minutes = seats._minutes(order_sudo.company_id)
                    baskets[order_sudo] = seats._deadline(minutes)
                vals.setdefault("tibillet_hold_until", baskets[order_sudo])

    def _seated(self, work, events):
        """Run what takes or gives back seats and send it to the database at once.

        What ran out of these events goes back first: nobody is refused for a hold that is over.
        """
        self.flush_model()
        self.env.cr.execute("SELECT tibillet_seat_release(%s, 200)", [sorted(events)])
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                result = work()
                self.flush_model()
        except CheckViolation as error:
            raise self.env["tibillet.seats"]._refusal(error) from error
        self.invalidate_model(GUARDED, flush=False)
        return result
