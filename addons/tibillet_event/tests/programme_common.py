from datetime import datetime

from freezegun import freeze_time

from odoo import Command

from .common import EventCommon

#: A Tuesday of winter; the tests' programme begins after it.
NOW = datetime(2026, 11, 24, 10, 0)


class ProgrammeCase(EventCommon):
    """A place in Paris, its programme, and a concert with two rates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.place = cls.env["res.company"].create(
            {"name": "Le Phare", "country_id": cls.env.ref("base.fr").id}
        )
        cls.place.partner_id.write({"tz": "Europe/Paris", "email": "phare@example.com"})
        for role in ("gate", "user", "manager"):
            cls.of_the_place(getattr(cls, f"user_{role}"))
        cls.concert = cls.make_event()

    @classmethod
    def of_the_place(cls, user):
        user.write(
            {
                "company_ids": [Command.set(cls.place.ids)],
                "company_id": cls.place.id,
                "tz": "Europe/Paris",
            }
        )

    @classmethod
    def make_event(cls, **values):
        """20:30 to 23:30 in Paris on the first Friday of December, on the website."""
        return cls.env["event.event"].create(
            {
                "name": "Brass band",
                "company_id": cls.place.id,
                "organizer_id": cls.place.partner_id.id,
                "address_id": cls.place.partner_id.id,
                "date_tz": "Europe/Paris",
                "date_begin": datetime(2026, 12, 4, 19, 30),
                "date_end": datetime(2026, 12, 4, 22, 30),
                "seats_limited": True,
                "seats_max": 50,
                "is_published": True,
                "event_ticket_ids": [
                    Command.create({"name": "Full rate", "price": 10}),
                    Command.create({"name": "Reduced rate", "price": 6, "seats_max": 20}),
                ],
                **values,
            }
        )

    def register(self, event=None, lang="fr_FR", state="open", **values):
        """Somebody with an address, registered at the first rate."""
        event = event or self.concert
        person = self.env["res.partner"].create(
            {"name": "Claire", "email": "claire@example.com", "lang": lang}
        )
        return self.env["event.registration"].create(
            {
                "event_id": event.id,
                "event_ticket_id": event.event_ticket_ids[0].id,
                "partner_id": person.id,
                "state": state,
                **values,
            }
        )

    def programme(self, record, user=None):
        """The record as the programme sees it."""
        return record.with_user(user or self.user_user).with_company(self.place)

    def mails(self):
        """What was written of a new date or of a cancellation; not Odoo's confirmations."""
        mails = self.env["mail.mail"].search([("subject", "ilike", "Brass band")])
        ours = ("Annulé", "Autre date", "Cancelled", "Another date")
        return mails.filtered(lambda mail: mail.subject.startswith(ours))

    def tax(self, amount, **values):
        group = self.env["account.tax.group"].create(
            {"name": "VAT", "company_id": self.place.id, "country_id": self.place.country_id.id}
        )
        return self.env["account.tax"].create(
            {
                "name": f"VAT {amount:g} %",
                "amount": amount,
                "type_tax_use": "sale",
                "company_id": self.place.id,
                "country_id": self.place.country_id.id,
                "tax_group_id": group.id,
                **values,
            }
        )
