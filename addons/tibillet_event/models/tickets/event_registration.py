import logging

from odoo import api, fields, models

from odoo.addons.tibillet_wallet.exceptions import SigningError

_logger = logging.getLogger(__name__)


class EventRegistration(models.Model):
    _inherit = "event.registration"

    tibillet_ticket_ids = fields.One2many(
        "tibillet.ticket", "registration_id", string="Signed tickets", readonly=True
    )
    tibillet_ticket_text = fields.Char(
        string="Ticket",
        compute="_compute_tibillet_ticket_text",
        compute_sudo=True,
        groups="event.group_event_registration_desk",
        help="What the QR of the ticket says; empty as long as the seat is not confirmed.",
    )

    @api.depends("state", "active", "tibillet_ticket_ids")
    def _compute_tibillet_ticket_text(self):
        shown = {one: (one.tibillet_pass_id or one) for one in self}
        good = self.browse().union(*shown.values())._origin.filtered(lambda one: one.id)
        live = self.env["tibillet.ticket"]._live(good)
        for one, ticket in shown.items():
            confirmed = ticket.state in ("open", "done") and ticket.active
            row = live.get(ticket._origin.id) if confirmed else None
            one.tibillet_ticket_text = row["text"] if row and row["kid_ok"] else False

    def _tibillet_tickets_ensure(self):
        """These registrations, each confirmed one with the ticket that says what it is now.

        For whatever shows, prints or mails a ticket. Without a usable key file there is none, and
        nothing else fails for it.
        """
        tickets = self.mapped(lambda one: one.tibillet_pass_id or one)
        confirmed_sudo = tickets.sudo().filtered(
            lambda one: one.state in ("open", "done") and one.active and not one.tibillet_hold_until
        )
        self.env.flush_all()
        try:
            self.env["tibillet.ticket"]._issue(confirmed_sudo)
        except SigningError as error:
            # The page about keys and /tibillet/health say so; the clock signs it later.
            _logger.info("tickets wait for the key file: %s", error)
        self.invalidate_recordset(["tibillet_ticket_text"], flush=False)
        return self
