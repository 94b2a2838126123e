import logging

from odoo import api, models
from odoo.tools import SQL

AT_ONCE = 500

_logger = logging.getLogger(__name__)


class TibilletTicketIssue(models.AbstractModel):
    """Gives numbers to places that are confirmed and have none.

    In a short transaction after the one that confirms: a gapless number is one row that
    everybody waits for, and a payment must not wait. Whoever shows or prints a ticket asks for
    its number first (``event.registration._tibillet_numbered``); the clock gives what is left.
    """

    _name = "tibillet.ticket.issue"
    _description = "Giving ticket numbers"

    @api.model
    def _issue(self, ids):
        """Give these registrations their numbers, each once.

        :param ids: ids of registrations, whatever their state
        """
        if ids:
            self.env["tibillet.ledger"]._short(
                lambda env: env["tibillet.ticket.issue"]._issue_here(sorted(set(ids)))
            )

    @api.model
    def _issue_here(self, ids):
        """As :meth:`_issue`, within this transaction; number of tickets given."""
        self.env.cr.execute(
            SQL(
                "SELECT id FROM event_registration WHERE id = ANY(%s) AND %s"
                " ORDER BY id FOR NO KEY UPDATE",
                ids,
                self._due(),
            )
        )
        due_sudo = self.env["event.registration"].sudo()  # a number is given whoever confirms
        due_sudo = due_sudo.browse(one for [one] in self.env.cr.fetchall())
        by_series = {}
        for event_sudo, people_sudo in due_sudo.grouped("event_id").items():
            series_sudo = event_sudo._tibillet_series()
            by_series[series_sudo] = by_series.get(series_sudo, due_sudo.browse()) | people_sudo
        for series_sudo in sorted(by_series, key=lambda one: one.id):
            self._insert(series_sudo, by_series[series_sudo].sorted("id"))
        due_sudo.invalidate_recordset(["tibillet_number"], flush=False)
        return len(due_sudo)

    @api.model
    def _due(self):
        """Which registrations are to have a number and have none.

        The seats that a pass brings have none: the pass is the ticket. Events long over keep
        what they had: a ticket of before this addon is not given again.
        """
        return SQL(
            "COALESCE(active, true) AND state IN ('open', 'done') AND tibillet_number IS NULL"
            " AND tibillet_pass_id IS NULL"
            " AND event_id IN (SELECT id FROM event_event"
            " WHERE date_end > tibillet_now() - interval '30 days')"
        )

    @api.model
    def _insert(self, series, registrations):
        prices, paid_in = registrations._tibillet_price_paid(), registrations._tibillet_paid_in()
        for one in registrations:
            price_minor, vat_minor, currency = prices[one]
            # as the organiser names it, whoever's act gives the number
            event = one.event_id.with_context(lang=series.company_id.partner_id.lang)
            rate = one.event_ticket_id.with_env(event.env)
            self.env.cr.execute(
                SQL(
                    "INSERT INTO tibillet_ticket_number (series_id, registration_id, event_id,"
                    " event_name, begin_at, category, currency_id, price_minor, vat_minor, channel,"
                    " paid_in) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    series.id,
                    one.id,
                    event.id,
                    event.name,
                    one.event_slot_id.start_datetime or event.date_begin,
                    rate.name or "",
                    currency.id,
                    price_minor,
                    vat_minor,
                    one.tibillet_channel or "desk",
                    paid_in.get(one),
                )
            )

    @api.model
    def _issue_committed(self, data):
        """After a transaction that confirmed; what fails here is left to the clock."""
        try:
            self._issue(list(data.pop("tibillet_numbers", ())))
        except Exception:
            _logger.exception("Tickets have no number yet; the clock gives it")

    @api.model
    def _cron_issue(self):
        """What was confirmed and not numbered at once; for the clock."""
        progress = self.env["ir.cron"]
        while True:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM event_registration WHERE %s ORDER BY id LIMIT %s",
                    self._due(),
                    AT_ONCE,
                )
            )
            ids = [one for [one] in self.env.cr.fetchall()]
            self._issue(ids)
            if len(ids) < AT_ONCE or not progress._commit_progress(len(ids)):
                return
