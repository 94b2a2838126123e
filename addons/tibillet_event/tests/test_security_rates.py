"""What each role may do with the models of rates."""

import secrets

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix


@tagged("post_install", "-at_install")
class TestSecurityRates(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    MATRIX = {
        "tibillet.code": {"user": "rwc", "manager": "rwcd"},
        "tibillet.code.use": {"user": "r", "manager": "r"},
        "tibillet.guest.list": {"gate": "r", "user": "rwcd", "manager": "rwcd"},
        "tibillet.rate.option": {"gate": "r", "user": "rwcd", "manager": "rwcd"},
        "tibillet.rate.person": {},
    }

    def models_of_the_addon(self):
        """Those of rates; `tests/rooms` compares the tables of the whole addon."""
        return {
            name
            for name in super().models_of_the_addon()
            if name.startswith(("tibillet.code", "tibillet.rate", "tibillet.guest"))
        }

    def record_of(self, model, company):
        return getattr(self, f"_made_{model.replace('.', '_')}")(company)

    def _event(self, company):
        return self.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": company.id,
                "date_begin": "2026-11-28 20:00:00",
                "date_end": "2026-11-28 23:00:00",
            }
        )

    def _made_tibillet_code(self, company):
        return self.env["tibillet.code"].create(
            {"name": secrets.token_hex(3), "percent": 5, "company_id": company.id}
        )

    def _made_tibillet_code_use(self, company):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "A"}).id,
                "company_id": company.id,
            }
        )
        return self.env["tibillet.code.use"].create(
            {"code_id": self._made_tibillet_code(company).id, "order_id": order.id}
        )

    def _made_tibillet_guest_list(self, company):
        event = self._event(company)
        rate = self.env["event.event.ticket"].create(
            {"name": "Guest", "event_id": event.id, "price": 0, "tibillet_invitation": True}
        )
        return self.env["tibillet.guest.list"].create(
            {
                "event_id": event.id,
                "ticket_id": rate.id,
                "partner_id": self.env["res.partner"].create({"name": "Band"}).id,
            }
        )

    def _made_tibillet_rate_option(self, company):
        product = self.env["product.product"].create({"name": "Meal", "type": "service"})
        return self.env["tibillet.rate.option"].create(
            {"name": "Meal", "event_id": self._event(company).id, "product_id": product.id}
        )

    def _made_tibillet_rate_person(self, company):
        return self.env["tibillet.rate.person"].create(
            {
                "event_id": self._event(company).id,
                "person": "x",
                "touched_at": fields.Datetime.now(),
            }
        )
