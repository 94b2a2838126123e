"""Tickets sold before a closing for events after it: income of the next period (account 487)."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date


class TibilletTicketDeferral(models.TransientModel):
    """Proposes the entry of a closing and its reversal on the next day, as drafts.

    What is deferred is what the books hold: posted sales without VAT, credit notes taken off.
    The accountant posts both, or deletes them; VAT stays where it was declared.
    """

    _name = "tibillet.ticket.deferral"
    _description = "Tickets of events after the closing"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(string="Closing", required=True, default=lambda self: self._last_month())
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
        default=lambda self: self._default_journal(),
    )
    account_id = fields.Many2one(
        "account.account",
        string="Deferred income",
        required=True,
        domain="[('account_type', '=', 'liability_current'), ('company_ids', 'in', company_id)]",
        default=lambda self: self._default_account(),
    )
    line_ids = fields.One2many(
        "tibillet.ticket.deferral.line", "deferral_id", compute="_compute_line_ids"
    )
    total = fields.Monetary(string="To defer", compute="_compute_line_ids")

    @api.model
    def _last_month(self):
        return fields.Date.context_today(self).replace(day=1) - timedelta(days=1)

    @api.model
    def _default_journal(self):
        return self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.env.company.id)], limit=1
        )

    @api.model
    def _default_account(self):
        """487 of the French and Belgian neighbours; elsewhere the accountant chooses."""
        return self.env["account.account"].search(
            [
                ("code", "=like", "487%"),
                ("account_type", "=", "liability_current"),
                ("company_ids", "in", self.env.company.ids),
            ],
            order="code",
            limit=1,
        )

    # -- what is deferred ------------------------------------------------------------------------

    def _after(self):
        """The instant after which an event is of the next period, as naive UTC."""
        place_sudo = self.env["tibillet.place"].sudo()._of_company(self.company_id)
        zone = pytz.timezone(place_sudo.tz or "Europe/Paris")
        end = zone.localize(datetime.combine(self.day + timedelta(days=1), time()))
        return end.astimezone(pytz.utc).replace(tzinfo=None)

    def _rows(self):
        """Income booked until the closing for events after it.

        :return: list of (event id, account id, amount without VAT); a seam: a till adds its own
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id, l.account_id, sum(-l.balance)
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                  JOIN LATERAL (
                       SELECT s.event_id, s.event_slot_id FROM sale_order_line_invoice_rel x
                         JOIN sale_order_line s ON s.id = x.order_line_id
                        WHERE x.invoice_line_id = l.id AND s.event_id IS NOT NULL
                        ORDER BY s.id LIMIT 1) s ON true
                  JOIN event_event e ON e.id = s.event_id
                  LEFT JOIN event_slot o ON o.id = s.event_slot_id
                 WHERE l.display_type = 'product' AND m.state = 'posted'
                   AND m.company_id = %(company)s AND m.date <= %(day)s
                   AND COALESCE(o.start_datetime, e.date_begin) >= %(after)s
                 GROUP BY e.id, l.account_id HAVING sum(l.balance) <> 0
                 ORDER BY e.id, l.account_id
                """,
                company=self.company_id.id,
                day=self.day,
                after=self._after(),
            )
        )
        return [tuple(row) for row in rows]

    def _events(self, rows):
        """Event id → event, in sudo: an accountant reads what was sold, not the programme."""
        events_sudo = self.env["event.event"].sudo().browse({event for event, *_sum in rows})
        return {event.id: event for event in events_sudo}

    @api.depends("company_id", "day")
    def _compute_line_ids(self):
        for one in self:
            rows = one._rows() if one.day else []
            names = self._events(rows)
            one.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "show": names[event].name,
                        "begin": names[event].date_begin,
                        "account_id": account,
                        "amount": amount,
                    }
                )
                for event, account, amount in rows
            ]
            one.total = sum(amount for _event, _account, amount in rows)

    # -- the entries -----------------------------------------------------------------------------

    def action_propose(self):
        """Two drafts: the closing's entry, and its reversal on the next day.

        :raises UserError: when nothing is to defer, or this closing has its entry already
        """
        self.ensure_one()
        known = self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("tibillet_deferral_day", "=", self.day),
                ("state", "!=", "cancel"),
            ]
        )
        if known:
            raise UserError(
                self.env._(
                    "The closing of %(day)s has its entry already: %(name)s. Delete or cancel it"
                    " first.",
                    day=format_date(self.env, self.day),
                    name=", ".join(known.mapped("display_name")),
                )
            )
        rows = self._rows()
        if not rows:
            raise UserError(self.env._("No ticket of a later event was booked until %s.", self.day))
        label = self.env._("Tickets of events after %s", format_date(self.env, self.day))
        names = self._events(rows)
        lines = [
            (account, f"{label}: {names[event].name}", amount) for event, account, amount in rows
        ]
        moves = self.env["account.move"].create(
            [
                self._move(self.day, label, lines, 1),
                self._move(self.day + timedelta(days=1), label, lines, -1),
            ]
        )
        moves[0].tibillet_deferral_day = self.day
        return {
            "type": "ir.actions.act_window",
            "name": label,
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
        }

    def _move(self, day, label, lines, sign):
        """An entry from income to deferred income, or back with ``sign`` -1."""
        items = []
        for account, name, amount in lines:
            for account_id, balance in ((account, amount), (self.account_id.id, -amount)):
                items.append(
                    fields.Command.create(
                        {
                            "account_id": account_id,
                            "name": name,
                            "balance": sign * balance,
                            "tax_ids": [fields.Command.clear()],
                        }
                    )
                )
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": day,
            "ref": label,
            "line_ids": items,
        }


class TibilletTicketDeferralLine(models.TransientModel):
    """What one event's tickets brought on one account."""

    _name = "tibillet.ticket.deferral.line"
    _description = "Income of a later event"

    deferral_id = fields.Many2one("tibillet.ticket.deferral", ondelete="cascade")
    currency_id = fields.Many2one(related="deferral_id.currency_id")
    show = fields.Char(string="Event")
    begin = fields.Datetime(string="Begins")
    account_id = fields.Many2one("account.account", string="Income")
    amount = fields.Monetary(string="Without VAT")
