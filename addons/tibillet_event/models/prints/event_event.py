from odoo import fields, models

from . import pictures


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_ticket_terms = fields.Text(
        string="Terms of the tickets",
        translate=True,
        help="Printed on the tickets of this event; empty: the company's.",
    )

    def _tibillet_ticket_when(self, slot):
        """Date and hours of the performance, in the event's own time zone and in words."""
        self.ensure_one()
        when = self._tibillet_when(slot.start_datetime or self.date_begin)
        if slot:
            when = f"{when} – {self._tibillet_when(slot.end_datetime, 'HH:mm')}"
        return when

    def _tibillet_ticket_where(self):
        """Name and address of the place where it is held, on one line."""
        self.ensure_one()
        place = self.address_id
        parts = [place.name, place.street, place.street2, f"{place.zip or ''} {place.city or ''}"]
        return ", ".join(part.strip() for part in parts if part and part.strip())

    def _tibillet_ticket_terms_text(self):
        """What stands at the foot of a ticket: how it is used, what comes back, the terms."""
        self.ensure_one()
        organiser = self._tibillet_organiser()
        once = self.env._("This code is taken once: show it to nobody before the entrance.")
        rules = [rule._said() for rule in self._tibillet_refund_rules()]
        terms = self.tibillet_ticket_terms or organiser.tibillet_ticket_terms or ""
        return "\n".join([once, *rules, *terms.splitlines()])

    def _tibillet_ticket_organiser(self):
        """The organiser's lines on a ticket: name, address, numbers."""
        self.ensure_one()
        company = self._tibillet_organiser()
        partner = company.partner_id
        address = f"{partner.street or ''}, {partner.zip or ''} {partner.city or ''}".strip(", ")
        numbers = []
        if company.company_registry:
            numbers.append(f"{partner.company_registry_label} {company.company_registry}")
        if company.vat:
            numbers.append(self.env._("VAT no. %s", company.vat))
        return tuple(line for line in (company.name, address, " · ".join(numbers)) if line)

    def _tibillet_ticket_pictures(self):
        """Pictures of the tickets of these events, by the names that their sheets use."""
        found = {}
        for event in self:
            company = event._tibillet_organiser()
            found[f"event{event.id}"] = pictures.cover(event.tibillet_picture)
            found[f"logo{company.id}"] = (
                b"" if company.uses_default_logo else pictures.logo(company.logo)
            )
        return found

    # -- by staff --------------------------------------------------------------------------------

    def action_tibillet_print(self):
        """The form that prints the tickets of everybody who is confirmed.

        :raises UserError: when nobody is
        """
        self.ensure_one()
        confirmed = self.env["event.registration"].search(
            [("event_id", "=", self.id), ("state", "in", ("open", "done"))], order="id"
        )
        return confirmed.action_tibillet_print()
