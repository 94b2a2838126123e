"""What each role may do with ticket numbers, statements and declarations."""

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix

READ = {"user": "r", "manager": "r", "reader": "r"}


@tagged("post_install", "-at_install")
class TestSecurityNumbers(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        **{
            role: f"tibillet_event.tibillet_event_group_{role}"
            for role in ("gate", "user", "manager")
        },
        "reader": "tibillet_wallet.tibillet_wallet_group_reader",
        "accountant": "account.group_account_user",
    }
    # What was given to people is written by the issue of numbers, and by nobody.
    MATRIX = {
        "tibillet.ticket.series": {"gate": "r", "user": "r", "manager": "rwcd"},
        "tibillet.ticket.number": READ,
        "tibillet.ticket.day": READ,
        "tibillet.ticket.day.line": READ,
        "tibillet.ticket.deferral": {"accountant": "rwc"},
        "tibillet.ticket.deferral.line": {"accountant": "rwc"},
        "tibillet.show.declaration": {"manager": "rwc", "reader": "rwc"},
        "tibillet.show.declaration.line": {"manager": "rwc", "reader": "rwc"},
    }

    def models_of_the_addon(self):
        names = super().models_of_the_addon()
        ours = ("series", "number", "day", "deferral")
        return {
            name
            for name in names
            if name.startswith("tibillet.show")
            or (name.startswith("tibillet.ticket.") and name.split(".")[2] in ours)
        }

    def record_of(self, model, company):
        return getattr(self, f"_made_{model.replace('.', '_')}")(company)

    def _made_tibillet_ticket_series(self, company):
        return self.env["tibillet.ticket.series"].create(
            {
                "name": f"S{self.env['tibillet.ticket.series'].search_count([])}",
                "company_id": company.id,
            }
        )

    def _made_tibillet_ticket_number(self, company):
        event = self.env["event.event"].create(
            {
                "name": "Fest-noz",
                "company_id": company.id,
                "date_begin": "2030-11-28 20:00:00",
                "date_end": "2030-11-28 23:00:00",
            }
        )
        one = self.env["event.registration"].create(
            {"event_id": event.id, "name": "Anna", "state": "open"}
        )
        one._tibillet_numbered()
        return self.env["tibillet.ticket.number"].search([("registration_id", "=", one.id)])

    def _made_tibillet_ticket_day(self, company):
        self._made_tibillet_ticket_number(company)
        days = self.env["tibillet.ticket.day"]
        day = fields.Date.today()
        known = days.search([("company_id", "=", company.id)])
        return known or days._make(company, day)

    def _made_tibillet_ticket_day_line(self, company):
        day = self._made_tibillet_ticket_day(company)
        return day.line_ids[:1] or self.env["tibillet.ticket.day.line"].create(
            {"day_id": day.id, "event_name": "Fest-noz"}
        )

    def _made_tibillet_show_declaration(self, company):
        return self.env["tibillet.show.declaration"].create({"company_id": company.id})

    def _made_tibillet_show_declaration_line(self, company):
        return self.env["tibillet.show.declaration.line"].create(
            {"declaration_id": self._made_tibillet_show_declaration(company).id, "show": "Bal"}
        )

    def _made_tibillet_ticket_deferral(self, company):
        journal = self.env["account.journal"].create(
            {
                "name": "Closing",
                "type": "general",
                "code": f"C{self.env['account.journal'].search_count([])}",
                "company_id": company.id,
            }
        )
        account = (
            self.env["account.account"]
            .with_company(company)
            .create(
                {
                    "name": "Deferred",
                    "code": f"4879{self.env['account.account'].search_count([])}",
                    "account_type": "liability_current",
                    "company_ids": [(6, 0, company.ids)],
                }
            )
        )
        return self.env["tibillet.ticket.deferral"].create(
            {"company_id": company.id, "journal_id": journal.id, "account_id": account.id}
        )

    def _made_tibillet_ticket_deferral_line(self, company):
        return self.env["tibillet.ticket.deferral.line"].create(
            {"deferral_id": self._made_tibillet_ticket_deferral(company).id}
        )
