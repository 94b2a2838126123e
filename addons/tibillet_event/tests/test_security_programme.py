"""What each role may do with the forms of the programme."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix


@tagged("post_install", "-at_install")
class TestSecurityProgramme(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    # Forms of the programme: each reads and confirms its own only (made here by another).
    MATRIX = {
        "tibillet.event.cancel": {},
        "tibillet.event.move": {},
        "tibillet.event.new": {},
        "tibillet.event.new.rate": {},
        "tibillet.event.series": {},
        "tibillet.event.series.day": {},
    }

    def models_of_the_addon(self):
        """Those of the programme; `tests/rooms` compares the tables of the whole addon."""
        return {
            name for name in super().models_of_the_addon() if name.startswith("tibillet.event.")
        }

    def record_of(self, model, company):
        return getattr(self, f"_made_{model.replace('.', '_')}")(company)

    def _event(self, company):
        return self.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": company.id,
                "organizer_id": False,
                "address_id": False,
                "date_begin": "2027-11-28 20:00:00",
                "date_end": "2027-11-28 23:00:00",
            }
        )

    # -- forms of the programme ------------------------------------------------------------------

    def _made_tibillet_event_new(self, company):
        return self.env["tibillet.event.new"].create(
            {"name": "Ball", "date_begin": "2027-11-28 20:00:00", "company_id": company.id}
        )

    def _made_tibillet_event_new_rate(self, company):
        form = self._made_tibillet_event_new(company)
        return form.rate_ids.create({"new_id": form.id, "name": "Reduced rate"})

    def _made_tibillet_event_cancel(self, company):
        return self.env["tibillet.event.cancel"].create({"event_id": self._event(company).id})

    def _made_tibillet_event_move(self, company):
        return self.env["tibillet.event.move"].create({"event_id": self._event(company).id})

    def _made_tibillet_event_series(self, company):
        return self.env["tibillet.event.series"].create({"event_id": self._event(company).id})

    def _made_tibillet_event_series_day(self, company):
        return self._made_tibillet_event_series(company).day_ids[0]
