import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
TRIES = 3


class TibilletTicketRefundJob(models.Model):
    """Everybody of a cancelled event is paid back: order by order, each in its own transaction.

    It keeps no list: what is left is what is not cancelled yet. Killed, it goes on where it was.
    """

    _name = "tibillet.ticket.refund.job"
    _description = "Paying back a cancelled event"
    _order = "id desc"

    event_id = fields.Many2one(
        "event.event", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)
    state = fields.Selection(
        [("running", "Under way"), ("done", "Done"), ("left", "Some are left")],
        required=True,
        default="running",
        readonly=True,
    )
    last_said = fields.Char(string="Why some are left", readonly=True)
    total = fields.Integer(string="Tickets", compute="_compute_progress")
    done = fields.Integer(string="Cancelled", compute="_compute_progress")
    scanned = fields.Integer(
        string="Scanned", compute="_compute_progress", help="Let in before: not paid back."
    )
    percent = fields.Float(string="Progress", compute="_compute_progress")
    currency_id = fields.Many2one(related="event_id.company_id.currency_id")
    amount = fields.Monetary(string="Paid back", compute="_compute_progress")

    _one = models.UniqueIndex("(event_id)", "This event is being paid back already.")

    @api.depends("event_id", "state")
    def _compute_progress(self):
        lines_sudo = self.env["tibillet.ticket.refund.line"].sudo()  # sums of one's own event
        events = self.event_id
        rows = lines_sudo._read_group(
            [("event_id", "in", events.ids)],
            ["event_id"],
            ["registration_id:count_distinct", "amount:sum"],
        )
        back = {event.id: (count, amount) for event, count, amount in rows}
        left = self._left_by_event(events)
        tickets = (
            self.env["event.registration"]
            .sudo()
            ._read_group(
                [("event_id", "in", events.ids), ("state", "=", "done")], ["event_id"], ["__count"]
            )
        )
        scanned = {event.id: count for event, count in tickets}
        for job in self:
            done, amount = back.get(job.event_id.id, (0, 0))
            job.done, job.amount = done, amount
            job.scanned = scanned.get(job.event_id.id, 0)
            job.total = done + left.get(job.event_id.id, 0)
            job.percent = 100 * done / job.total if job.total else 100

    def _left_by_event(self, events):
        rows = (
            self.env["event.registration"]
            .sudo()
            ._read_group(self._left_domain(events), ["event_id"], ["__count"])
        )
        return {event.id: count for event, count in rows}

    @api.model
    def _left_domain(self, events):
        """Tickets that count: confirmed, or of an order that is."""
        return [
            ("event_id", "in", events.ids),
            "|",
            ("state", "=", "open"),
            "&",
            ("state", "=", "draft"),
            ("sale_order_id.state", "=", "sale"),
        ]

    def _wake(self):
        """Have these jobs go on."""
        self.write({"state": "running", "last_said": False})
        if self:
            # sudo: the scheduler's own work is waked, nothing is read
            self.env.ref("tibillet_event.ir_cron_refund_all").sudo()._trigger()

    @api.model
    def _cron_run(self):
        """Pay back what is left of the jobs under way, one order in one transaction."""
        jobs = self.search([("state", "=", "running")], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=sum(self._left_by_event(jobs.event_id).values()))
        for job in jobs:
            refused = set()
            while tickets := job._next(refused):
                said = job._one_order(tickets)
                if said:
                    refused |= set(tickets.ids)
                    job.last_said = said
                if not cron._commit_progress(len(tickets)):
                    return
            job.state = "left" if refused else "done"
            cron._commit_progress()

    def _next(self, refused):
        """The next tickets of one order, or of nobody's order one ticket."""
        self.ensure_one()
        domain = [*self._left_domain(self.event_id), ("id", "not in", list(refused))]
        first = self.env["event.registration"].search(domain, limit=1, order="id")
        if not first.sale_order_id:
            return first
        return first.search([*domain, ("sale_order_id", "=", first.sale_order_id.id)], order="id")

    def _one_order(self, tickets):
        """Pay one order's tickets back; answers why not, or an empty text."""
        refunds = self.env["tibillet.ticket.refund"]
        for attempt in range(TRIES):
            try:
                with self.env.cr.savepoint():
                    refunds._cancel_tickets(tickets, "full", "event")
                return ""
            except UserError as error:
                return str(error)
            except psycopg2.errors.SerializationFailure:
                # Somebody was there at the same moment: a new transaction sees what they did.
                self.env.cr.rollback()
                self.env.invalidate_all()
                _logger.info("Refund of an order runs again (%s)", attempt + 1)
            except psycopg2.Error as error:
                _logger.warning("An order was not paid back yet: %s", type(error).__name__)
                return self.env._("The database was busy: try again.")
        return self.env._("The database was busy: try again.")

    def action_again(self):
        """Go on with who was left out.

        :raises AccessError: for who prepares no events
        """
        self.event_id.check_access("write")
        job_sudo = self.sudo()  # written by acts alone
        job_sudo._wake()
