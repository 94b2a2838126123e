from odoo import api, fields, models
from odoo.http import request

#: By which way a place was sold; glue of other ways adds its own.
CHANNELS = [
    ("web", "Website"),
    ("desk", "Office"),
    ("guest", "Guest list"),
    ("api", "Program"),
]


class EventRegistration(models.Model):
    _inherit = "event.registration"

    tibillet_number = fields.Char(
        string="Ticket number",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Given when the seat is confirmed, without a gap; a cancelled one is never given"
        " again.",
    )
    tibillet_channel = fields.Selection(
        CHANNELS, string="Sold by", readonly=True, copy=False, index=True
    )

    _tibillet_to_number = models.Index(
        "(event_id) WHERE tibillet_number IS NULL AND state IN ('open', 'done')"
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {**vals, "tibillet_channel": self._tibillet_channel_of(vals)} for vals in vals_list
        ]
        registrations = super().create(vals_list)
        registrations._tibillet_number_after()
        return registrations

    def write(self, vals):
        result = super().write(vals)
        if {"state", "active", "event_id", "event_slot_id", "event_ticket_id"} & vals.keys():
            self.invalidate_recordset(["tibillet_number"])  # written by the database
            self._tibillet_number_after()
        return result

    def _compute_registration_status(self):
        result = super()._compute_registration_status()
        self._tibillet_number_after()  # confirmed by its order, without a write
        return result

    @api.model
    def _tibillet_channel_of(self, vals):
        """By which way these values come; a seam."""
        if vals.get("tibillet_former_id"):
            former_sudo = self.sudo().browse(vals["tibillet_former_id"])  # which way, only
            return former_sudo.tibillet_channel
        if vals.get("tibillet_guest_list_id"):
            return "guest"
        lines_sudo = self.env["sale.order.line"].sudo()  # which way an order came, nothing else
        order_sudo = lines_sudo.browse(vals.get("sale_order_line_id") or ()).order_id
        order_sudo = order_sudo or order_sudo.browse(vals.get("sale_order_id") or ())
        if order_sudo:
            return "web" if order_sudo.website_id else "desk"
        if self.env.user.share or self.env.context.get("website_id"):
            return "web"
        return "api" if request and request.httprequest.path.startswith("/json/") else "desk"

    # -- numbers -------------------------------------------------------------------------------

    def _tibillet_number_after(self):
        """Have what this transaction confirms numbered once it is committed."""
        ids = [one.id for one in self if one.id and one.state in ("open", "done")]
        data = self.env.cr.postcommit.data
        if not ids:
            return
        if "tibillet_numbers" not in data:
            data["tibillet_numbers"] = set()
            issue = self.env["tibillet.ticket.issue"]
            self.env.cr.postcommit.add(lambda: issue._issue_committed(data))
        data["tibillet_numbers"].update(ids)

    def _tibillet_numbered(self):
        """These registrations with their numbers, given now where they are missing.

        For whatever shows or prints a ticket; what is not confirmed has none.
        """
        self.flush_recordset()
        self.invalidate_recordset(["tibillet_number"], flush=False)
        due = self.filtered(
            lambda one: (
                one.state in ("open", "done")
                and one.active
                and not one.tibillet_number
                and not one.tibillet_pass_id
            )
        )
        if due:
            issue = self.env["tibillet.ticket.issue"]
            issue._issue(due.ids)
            self.invalidate_recordset(["tibillet_number"], flush=False)
            # Made by this very transaction: nobody else sees them yet.
            issue._issue_here([one.id for one in due if not one.tibillet_number])
        return self

    def _tibillet_mentions(self):
        """What a printed ticket has to say: its row of the register, in sudo; empty without one.

        The price is what was paid when the number was given, whatever the rate costs since. A
        seat that comes with a pass bears the pass's.
        """
        self.ensure_one()
        ticket = self.tibillet_pass_id or self
        ticket._tibillet_numbered()
        numbers_sudo = self.env["tibillet.ticket.number"].sudo()  # printed for who holds it
        return numbers_sudo.search(
            [("registration_id", "=", ticket.id), ("cancelled_at", "=", False)], limit=1
        )

    # -- what it costs -------------------------------------------------------------------------

    def _tibillet_price_paid(self):
        """What each place costs its buyer, options left out; a seam for other ways to sell.

        The cents of a line that do not divide go to its first places.

        :return: {registration: (price with VAT, VAT in it, currency)}, in minor units
        """
        paid = {}
        lines_sudo = self.sudo().sale_order_line_id  # a price, for the ticket
        for line_sudo in lines_sudo:
            currency = line_sudo.currency_id
            digits = 10**currency.decimal_places
            seats_sudo = line_sudo.registration_ids.filtered(
                lambda one: one.state != "cancel" and one.active
            )._tibillet_by_sale()
            places = max(round(line_sudo.product_uom_qty), len(seats_sudo), 1)
            total = shares_of(round(line_sudo.price_total * digits), places)
            vat = shares_of(round(line_sudo.price_tax * digits), places)
            for rank, one in enumerate(seats_sudo.ids):
                paid[one] = (total[rank], vat[rank], currency)
        nothing = self.env.company.currency_id
        paid |= self._tibillet_price_numbered()
        return {
            one: paid.get(one.id, (0, 0, one.company_id.currency_id or nothing)) for one in self
        }

    def _tibillet_price_numbered(self):
        """What a place that was given on cost: what its former number says, for it was sold once.

        :return: {registration id: (price with VAT, VAT in it, currency)}, in minor units
        """
        after = {one.sudo().tibillet_former_id.id: one.id for one in self}  # its price
        after.pop(False, None)
        if not after:
            return {}
        numbers_sudo = self.env["tibillet.ticket.number"].sudo()  # as above
        rows_sudo = numbers_sudo.search([("registration_id", "in", list(after))], order="id")
        return {
            after[row.registration_id.id]: (row.price_minor, row.vat_minor, row.currency_id)
            for row in rows_sudo
        }

    def _tibillet_paid_in(self):
        """What a card paid of each place in no money; a seam for the till.

        :return: {registration: “120 min”}, in the organiser's words
        """
        return {}


def shares_of(amount_minor, places):
    """An amount in whole parts that add up to it, the larger ones first."""
    each, more = divmod(amount_minor, places)
    return [each + (rank < more) for rank in range(places)]
