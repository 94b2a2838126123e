from odoo import api, models
from odoo.tools import SQL

AT_ONCE = 500


class TibilletTicketIssue(models.AbstractModel):
    """With its number, a ticket gets its signature."""

    _inherit = "tibillet.ticket.issue"

    @api.model
    def _issue_here(self, ids):
        given = super()._issue_here(ids)
        self._sign_due(ids)
        return given

    @api.model
    def _cron_issue(self):
        """Numbers first; then the tickets that no key could sign when they were confirmed."""
        super()._cron_issue()
        last = 0
        while ids := self._unsigned(last):
            if self.env["tibillet.signer"]._key_file_problem():
                return
            last = ids[-1]
            self.env["tibillet.ledger"]._short(
                lambda env, ids=ids: env["tibillet.ticket.issue"]._sign_due(ids)
            )
            if not self.env["ir.cron"]._commit_progress(len(ids)):
                return

    @api.model
    def _unsigned(self, after):
        """Ids of confirmed registrations, of events to come, that no good ticket shows."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT r.id FROM event_registration r JOIN event_event e ON e.id = r.event_id"
                " WHERE r.id > %s AND r.state IN ('open', 'done') AND COALESCE(r.active, true)"
                " AND r.tibillet_pass_id IS NULL AND e.date_end > tibillet_now()"
                " AND NOT EXISTS (SELECT FROM tibillet_ticket t JOIN tibillet_key k"
                " ON k.kid = t.kid AND k.revoked_at IS NULL"
                " WHERE t.registration_id = r.id AND t.voided_at IS NULL)"
                " ORDER BY r.id LIMIT %s",
                after,
                AT_ONCE,
            )
        )
        return [one for [one] in self.env.cr.fetchall()]

    @api.model
    def _sign_due(self, ids):
        registrations_sudo = self.env["event.registration"].sudo()  # whoever confirmed
        registrations_sudo.browse(ids).exists()._tibillet_tickets_ensure()
