"""What each role may do with the models of seats."""

import secrets

from odoo.tests import tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix

from .test_seats import SeatsCase

#: Prepared by the programme, read at the gate.
PROGRAMME = {"gate": "r", "user": "rwcd", "manager": "rwcd"}


@tagged("post_install", "-at_install")
class TestSecurity(SecurityMatrix, SeatsCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    # Seats are counted by the database: rows of counters and holds are written by nobody.
    MATRIX = {
        "tibillet.quota": PROGRAMME,
        "tibillet.seat.counter": {"user": "r", "manager": "r"},
        "tibillet.seat.hold": {"user": "r", "manager": "r"},
    }

    def models_of_the_addon(self):
        """Those of seats; `tests/rooms` compares the tables of the whole addon."""
        names = super().models_of_the_addon()
        return {name for name in names if name.startswith(("tibillet.seat", "tibillet.quota"))}

    def record_of(self, model, company):
        return getattr(self, f"_made_{model.replace('.', '_')}")(company)

    def _event(self, company):
        return self.make_event("Fest-noz", 10, company_id=company.id)

    def _made_tibillet_quota(self, company):
        return self.env["tibillet.quota"].create(
            {"name": "Reduced", "event_id": self._event(company).id, "seats_max": 3}
        )

    def _made_tibillet_seat_counter(self, company):
        event = self._event(company)
        self.env.flush_all()
        return self.env["tibillet.seat.counter"].search([("event_id", "=", event.id)], limit=1)

    def _made_tibillet_seat_hold(self, company):
        event = self._event(company)
        rate = event.event_ticket_ids[:1]
        [hold] = self.seats()._hold(secrets.token_hex(8), [(event.id, False, rate.id, 1)], 15)
        return self.env["tibillet.seat.hold"].browse(hold)
