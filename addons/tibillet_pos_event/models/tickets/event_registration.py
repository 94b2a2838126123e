"""What stands on the ticket that a till prints (practice-france 17, CGI ann. IV 50 sexies B)."""

import base64

from babel.numbers import format_decimal

from odoo import fields, models
from odoo.tools import SQL, format_amount, format_datetime
from odoo.tools.misc import get_lang

from odoo.addons.tibillet_event.models.prints import qr


class EventRegistration(models.Model):
    _inherit = "event.registration"

    tibillet_printed = fields.Integer(
        string="Printed at a till",
        readonly=True,
        copy=False,
        help="How often its ticket was printed at a till: from the second on it says so.",
    )

    def _tibillet_to_print(self):
        """Places that have a ticket; what a pass brings has none of its own."""
        return self.filtered(
            lambda one: one.active and one.state in ("open", "done") and not one.tibillet_pass_id
        ).sorted("id")

    def _tibillet_till_tickets(self):
        """These places as a till prints them: texts in the cashier's language, ready to read.

        Their numbers and signatures first: a place is never shown without them when it can have
        them.
        """
        self._tibillet_numbered()
        self._tibillet_tickets_ensure()
        paid = self._tibillet_price_paid()
        rows = self.env["tibillet.ticket.number"].search(
            [("registration_id", "in", self.ids), ("cancelled_at", "=", False)]
        )
        for row in rows:  # what was sold is what the number says, whatever happened since
            paid[row.registration_id] = (row.price_minor, row.vat_minor, row.currency_id)
        return [one._tibillet_till_ticket(*paid[one]) for one in self]

    def _tibillet_till_ticket(self, price_minor, vat_minor, currency):
        self.ensure_one()
        event, line = self.event_id, self.pos_order_line_id
        begin = self.event_slot_id.start_datetime or event.date_begin
        digits = 10**currency.decimal_places
        return {
            "id": self.id,
            "organiser": event._tibillet_organiser_lines(line.company_id),
            "licence": event.tibillet_licence or "",
            "event": event.name,
            "when": event._tibillet_when(begin),
            "slot": self._tibillet_slot_text(),
            "place": event._tibillet_place_text(),
            "rate": self.event_ticket_id.name or "",
            "holder": self.name or "",
            "free": not price_minor,
            "price": format_amount(self.env, price_minor / digits, currency),
            "vat": self._tibillet_vat_text(line, vat_minor / digits, currency),
            "number": self.tibillet_number or "",
            "sold_at": format_datetime(
                self.env, line.order_id.date_order, tz=event.date_tz, dt_format="short"
            ),
            "till": line.order_id.config_id.name,
            "code": self._tibillet_code_picture(),
            "copies": self.tibillet_printed,
        }

    def _tibillet_code_picture(self):
        """The QR of the signed ticket as the address of a picture; empty while it is unsigned."""
        text = self.sudo().tibillet_ticket_text  # on the paper of who bought it
        if not text:
            return ""
        picture = qr.svg(text, self.tibillet_number or "")
        return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()

    def _tibillet_slot_text(self):
        slot, event = self.event_slot_id, self.event_id
        if not slot:
            return ""
        return self.env._(
            "Slot %(begin)s–%(end)s",
            begin=event._tibillet_when(slot.start_datetime, "HH:mm"),
            end=event._tibillet_when(slot.end_datetime, "HH:mm"),
        )

    def _tibillet_vat_text(self, line, vat, currency):
        """The VAT in the price with its rate; empty where none is charged."""
        locale = get_lang(self.env).code
        rates = [
            format_decimal(tax.amount, format="0.##", locale=locale)
            for tax in line.tax_ids_after_fiscal_position
            if tax.amount_type == "percent" and tax.amount
        ]
        if not rates or not vat:
            return ""
        return self.env._(
            "VAT %(rates)s %% included: %(amount)s",
            rates=" + ".join(rates),
            amount=format_amount(self.env, vat, currency),
        )

    def _tibillet_count_printed(self):
        """One more print of each, whoever prints at the same time."""
        if self:
            self.flush_recordset(["tibillet_printed"])
            self.env.cr.execute(
                SQL(
                    "UPDATE event_registration SET tibillet_printed ="
                    " coalesce(tibillet_printed, 0) + 1 WHERE id = ANY(%s)",
                    self.ids,
                )
            )
            self.invalidate_recordset(["tibillet_printed"], flush=False)
