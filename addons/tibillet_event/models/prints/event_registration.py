"""What is printed of registrations, and why something is not."""

from base64 import b64encode
from urllib.parse import urlsplit

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, formatLang

from ..refunds.shares import to_amount
from . import draw, qr
from .sheet import Face, Sheet

#: Printed while one waits; more are a job of their own.
AT_ONCE = 300


class EventRegistration(models.Model):
    _inherit = "event.registration"

    # -- whether ---------------------------------------------------------------------------------

    def _tibillet_whole_tickets(self):
        """The tickets of these registrations: a pass for its seats, each once."""
        return self.browse().union(*((one.tibillet_pass_id or one) for one in self))

    def _tibillet_not_printed(self):
        """Why this ticket is not shown or printed, or an empty text."""
        self.ensure_one()
        if self.tibillet_replaced_by_id:
            return self._tibillet_given_on_text()
        if self.state == "cancel" or not self.active:
            if self.tibillet_refund_line_ids:
                return self.env._("This ticket was cancelled and paid back: it is not valid.")
            return self.env._("This ticket was cancelled: it is not valid any more.")
        if self.event_id.kanban_state == "cancel":
            return self.env._("The event is cancelled: its tickets are not valid any more.")
        if self.state == "draft" or self.tibillet_hold_until:
            return self.env._("This ticket is not paid yet: it is ready once it is paid.")
        if not self.tibillet_ticket_text or not self.tibillet_number:
            return self.env._(
                "This ticket is not ready yet. Try again in a few minutes, then write to the "
                "organiser."
            )
        return ""

    def _tibillet_printable(self):
        """These tickets parted: those with a number and a code, and sentences about the others.

        :return: (registrations, {sentence: registrations}), all in sudo
        """
        tickets_sudo = self.sudo()._tibillet_whole_tickets()  # who may print was asked by the door
        tickets_sudo._tibillet_numbered()
        tickets_sudo._tibillet_tickets_ensure()
        said = {one: one._tibillet_not_printed() for one in tickets_sudo}
        left_out = tickets_sudo.filtered(lambda one: said[one]).grouped(lambda one: said[one])
        return tickets_sudo.filtered(lambda one: not said[one]), left_out

    # -- what they say ---------------------------------------------------------------------------

    def _tibillet_sheets(self, lang=None):
        """What these tickets say on paper, one after the other.

        :param lang: of all of them; else each in its holder's
        """
        numbers_sudo = self.env["tibillet.ticket.number"].sudo()  # printed for who holds it
        rows_sudo = numbers_sudo.search(
            [("registration_id", "in", self.ids), ("cancelled_at", "=", False)]
        )
        rows = {row.registration_id.id: row for row in rows_sudo}
        faces, sheets = {}, []
        for one in self:
            one = one.with_context(lang=one._tibillet_print_lang(lang))
            key = (one.env.lang, one.event_id, one.event_slot_id, one.event_ticket_id)
            if one.tibillet_pass_seat_ids:
                key += (one,)
            if key not in faces:
                faces[key] = one._tibillet_face()
            sheets.append(one._tibillet_sheet(faces[key], rows[one.id]))
        return sheets

    def _tibillet_print_lang(self, lang=None):
        """The language of a ticket: the one that is asked, else the holder's, else the place's."""
        organiser = self.event_id._tibillet_organiser()
        for code in (lang, self._holder_lang(), organiser.partner_id.lang):
            if code and self.env["res.lang"]._get_data(code=code):
                return code
        return "en_US"

    def _tibillet_face(self):
        """What it has in common with the other tickets of its rate, in the language in use."""
        event, rate = self.event_id, self.event_ticket_id
        organiser = event._tibillet_organiser()
        licence = event.tibillet_licence
        return Face(
            lang=self.env.lang,
            event=event.name,
            when=event._tibillet_ticket_when(self.event_slot_id),
            where=event._tibillet_ticket_where(),
            opens=tuple(
                f"{seat.event_id._tibillet_when(form='EEE d MMM, HH:mm')} · {seat.event_id.name}"
                for seat in self.tibillet_pass_seat_ids.filtered(
                    lambda seat: seat.state != "cancel" and seat.active
                ).sorted(lambda seat: (seat.event_id.date_begin, seat.id))
            ),
            rate=rate.name or self.env._("Entry"),
            organiser=event._tibillet_ticket_organiser(),
            licence=self.env._("Show licence %s", licence) if licence else "",
            terms=event._tibillet_ticket_terms_text(),
            picture=f"event{event.id}",
            logo=f"logo{organiser.id}",
            words=(
                self.env._("Ticket no."),
                self.env._("Rate"),
                self.env._("Price paid"),
                self.env._("Stub: torn off and kept at the entrance"),
                self.env._("Admits one · free seating"),
            ),
        )

    def _tibillet_sheet(self, face, row):
        """What is this ticket's own.

        :param row: its number, of the register
        """
        event, currency = self.event_id, row.currency_id.with_env(self.env)
        channels = dict(self._fields["tibillet_channel"]._description_selection(self.env))
        where = [channels.get(row.channel, "")]
        if row.channel == "web":
            where.append(urlsplit(event.get_base_url()).hostname)
        else:
            where.append(event._tibillet_organiser().city)
        at = format_datetime(self.env, row.issued_at, tz=event.date_tz, dt_format="short")
        sale = {"at": at, "where": ", ".join(part for part in where if part)}
        paid = row.paid_in or row.price_minor
        return Sheet(
            face=face,
            text=self.tibillet_ticket_text,
            number=row.name,
            price=row.paid_in
            or (
                currency.format(to_amount(row.price_minor, currency))
                if row.price_minor
                else self.env._("Free")
            ),
            vat=self._tibillet_vat_line(row, currency),
            holder=self.name or "" if self._tibillet_is_named() else "",
            sold=self.env._("Sold %(at)s · %(where)s", **sale)
            if paid
            else self.env._("Given %(at)s · %(where)s", **sale),
        )

    def _tibillet_is_named(self):
        return self.event_id._tibillet_is_nominative(self.event_ticket_id.id)

    def _tibillet_vat_line(self, row, currency):
        """The VAT in the price, as a ticket says it; empty where nothing was paid."""
        if not row.price_minor:
            return ""
        if not row.vat_minor:
            return self.env._("No VAT in it")
        taxes = (
            self.sale_order_line_id.tax_ids
            or self.event_id.tibillet_vat_id
            or self.event_ticket_id.product_id.taxes_id
        ).filtered(lambda tax: tax.amount_type == "percent" and tax.amount)
        amount = currency.format(to_amount(row.vat_minor, currency))
        if len(taxes) != 1:
            return self.env._("VAT in it: %s", amount)
        percent = formatLang(self.env, taxes.amount, digits=0 if taxes.amount % 1 == 0 else 1)
        return self.env._("VAT of %(percent)s %% in it: %(amount)s", percent=percent, amount=amount)

    # -- the document ----------------------------------------------------------------------------

    def _tibillet_pdf(self, form=None, lang=None):
        """These tickets as one PDF, a page each; what cannot be printed is left out.

        :param form: ``a4``, ``a6`` or ``roll``; else the organiser's
        :raises UserError: a sentence when there is nothing to print
        :return: bytes
        """
        tickets, left_out = self._tibillet_printable()
        if not tickets:
            raise UserError("\n".join(left_out) or self.env._("There is no ticket to print here."))
        return tickets._tibillet_draw(form, lang)

    def _tibillet_draw(self, form=None, lang=None):
        """As :meth:`_tibillet_pdf`, of tickets that are known to be printable."""
        events = self.event_id
        organiser = events[:1]._tibillet_organiser()
        sheets = self._tibillet_sheets(lang)
        document = draw.Tickets(
            form or organiser.tibillet_ticket_form,
            events._tibillet_ticket_pictures(),
            title=" · ".join(sorted({sheet.face.event for sheet in sheets})[:3]),
            author=organiser.name,
            lang=sheets[0].face.lang.replace("_", "-"),
        )
        for sheet in sheets:
            document.add(sheet)
        return document.data()

    def _tibillet_pdf_name(self):
        """A file name that every system takes: event, day, number or order."""
        event, orders = self.event_id[:1], self.sale_order_id
        day = event._tibillet_when(self[:1].event_slot_id.start_datetime, "yyyy-MM-dd")
        if len(self) == 1:
            parts = ["ticket", event.name, day, self.tibillet_number or ""]
        else:
            parts = ["tickets", event.name, day, orders.name if len(orders) == 1 else ""]
        slug = self.env["ir.http"]._slugify(" ".join(part for part in parts if part))
        return f"{slug.encode('ascii', 'ignore').decode()[:100]}.pdf"

    # -- the code alone --------------------------------------------------------------------------

    def _tibillet_code_link(self):
        """Where the picture of this ticket's code is, for a mail."""
        return f"{self._tibillet_page_link()}/code.png"

    def _tibillet_code_said(self):
        return self.env._("Code of the ticket")

    def _tibillet_code_uri(self):
        """The code as a picture within a page; empty while the ticket is not good."""
        self.ensure_one()
        good, _left_out = self._tibillet_printable()
        if good != self:
            return ""
        return "data:image/png;base64," + b64encode(qr.png(self.tibillet_ticket_text)).decode()

    # -- by staff --------------------------------------------------------------------------------

    def action_tibillet_print(self):
        """The form that prints these tickets.

        :raises UserError: nothing is chosen, or of several organisers
        """
        return self.env["tibillet.ticket.print"]._ask(self)
