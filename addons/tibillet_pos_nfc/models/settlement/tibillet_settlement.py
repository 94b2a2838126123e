"""A settlement waits for the tills that may still bring something of its days."""

from datetime import timedelta

from odoo import api, models


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    @api.model
    def _open_sessions(self, companies, until_day):
        """Add the till sessions of these companies that are open and began on those days: one
        that began later sells nothing of them."""
        names = super()._open_sessions(companies, until_day)
        sessions_sudo = self.env["pos.session"].sudo()  # of both places, names only
        for company_sudo in companies.sudo():
            place_sudo = self.env["tibillet.place"]._of_company(company_sudo)
            ends_at = place_sudo._day_start(until_day + timedelta(days=1))
            for session_sudo in sessions_sudo.search(
                [
                    ("company_id", "=", company_sudo.id),
                    ("state", "!=", "closed"),
                    "|",
                    ("start_at", "=", False),
                    ("start_at", "<", ends_at),
                ],
                order="id",
            ):
                names.append(f"{session_sudo.name} ({company_sudo.name})")
        return names
