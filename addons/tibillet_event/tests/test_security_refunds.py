"""What each role may do with tickets that are paid back."""

import secrets

from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix

READ = {"user": "r", "manager": "r"}


@tagged("post_install", "-at_install")
class TestSecurityRefunds(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    # Refunds are written by their own door; the form is its maker's.
    MATRIX = {
        "tibillet.ticket.refund": READ,
        "tibillet.ticket.refund.ask": {},
        "tibillet.ticket.refund.job": READ,
        "tibillet.ticket.refund.line": READ,
        "tibillet.ticket.refund.part": READ,
        "tibillet.ticket.refund.rule": {"gate": "r", "user": "rwcd", "manager": "rwcd"},
    }

    def models_of_the_addon(self):
        """Those of refunds; `tests/rooms` compares the tables of the whole addon."""
        return {
            name
            for name in super().models_of_the_addon()
            if name.startswith("tibillet.ticket.refund")
        }

    def record_of(self, model, company):
        return getattr(self, f"_made_{model.replace('.', '_')}")(company)

    def _event(self, company):
        return self.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": company.id,
                "date_begin": "2027-11-28 20:00:00",
                "date_end": "2027-11-28 23:00:00",
            }
        )

    def _made_tibillet_ticket_refund(self, company):
        return self.env["tibillet.ticket.refund"].create(
            {
                "key": secrets.token_hex(8),
                "event_id": self._event(company).id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "why": "staff",
            }
        )

    def _made_tibillet_ticket_refund_line(self, company):
        refund = self._made_tibillet_ticket_refund(company)
        ticket = self.env["event.registration"].create(
            {"event_id": refund.event_id.id, "name": "Anna"}
        )
        return refund.line_ids.create({"refund_id": refund.id, "registration_id": ticket.id})

    def _made_tibillet_ticket_refund_part(self, company):
        refund = self._made_tibillet_ticket_refund(company)
        return refund.part_ids.create({"refund_id": refund.id, "amount": 1})

    def _made_tibillet_ticket_refund_job(self, company):
        return self.env["tibillet.ticket.refund.job"].create({"event_id": self._event(company).id})

    def _made_tibillet_ticket_refund_rule(self, company):
        return self.env["tibillet.ticket.refund.rule"].create(
            {"event_id": self._event(company).id, "days_before": 3}
        )

    def _made_tibillet_ticket_refund_ask(self, company):
        ticket = self.env["event.registration"].create(
            {"event_id": self._event(company).id, "name": "Anna"}
        )
        return self.env["tibillet.ticket.refund.ask"].create(
            {"registration_ids": [(6, 0, ticket.ids)]}
        )
