"""Do books and ledger agree this morning? A page per company and morning, with the reasons."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

ACCOUNTANT = "tibillet_wallet.tibillet_wallet_group_accountant"
#: After the day's beginning (04:00) the entries are written; two hours later this is looked at.
HOURS_AFTER = 2
KEPT_DAYS = 400

_logger = logging.getLogger(__name__)


class TibilletControl(models.Model):
    """One look at the books of one company: written by the look itself, never by hand."""

    _name = "tibillet.control"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Control of the books"
    _order = "checked_at desc, id desc"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(string="Business day", required=True, readonly=True)
    checked_at = fields.Datetime(string="Looked at", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, help="Empty: the look of every morning."
    )
    state = fields.Selection(
        [
            ("sound", "0.00"),
            ("explained", "0.00, with reasons"),
            ("late", "A reason is too old"),
            ("broken", "Something is not explained"),
        ],
        required=True,
        readonly=True,
    )
    rest = fields.Monetary(
        string="Not explained",
        readonly=True,
        help="Sum of all differences that nothing explains, whatever their sign. 0.00 is right.",
    )
    line_ids = fields.One2many("tibillet.control.line", "control_id", readonly=True)
    reason_ids = fields.One2many("tibillet.control.reason", "control_id", readonly=True)

    @api.depends("company_id", "day")
    def _compute_display_name(self):
        for control in self:
            control.display_name = f"{control.company_id.name}, {control.day}"

    # -- looking ---------------------------------------------------------------------------

    def action_look(self):
        """Look now, at the companies of these pages or at one's own, and show the last page.

        :raises AccessError: for anybody but an accountant
        """
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant looks at the books."))
        self.check_access("read")
        control = self._look((self.company_id & self.env.companies or self.env.company)[:1])
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": control.id,
            "view_mode": "form",
            "target": "current",
        }

    @api.model
    def _look(self, company):
        """Compare, write it down, and tell the accountants what is not as it should be."""
        # A page is read by the company's people, whoever or whatever looked.
        company_sudo = company.sudo()  # the language of its contact
        company = company.with_context(lang=company_sudo.partner_id.lang or self.env.lang)
        books = company.env["tibillet.books"]
        self._write_up_to_now(company)
        place = self.env["tibillet.place"]._of_company(company)
        now = self.env.cr.now()
        rows = books._control_rows(company)
        reasons = books._control_reasons(company)
        too_old = place._day_start(place._business_day(now) - timedelta(days=1))
        # nobody writes a page by hand
        controls_sudo = self.with_env(company.env).sudo()
        control_sudo = controls_sudo.create(
            {
                "company_id": company.id,
                "day": place._business_day(now),
                "checked_at": now,
                "user_id": False if self.env.su else self.env.uid,
                "state": self._state_of(rows, reasons, too_old),
                "rest": sum(abs(row.rest_minor) / 10**row.currency.decimal_places for row in rows),
            }
        )
        control_sudo.line_ids.create(
            [control_sudo.line_ids._values(control_sudo, row) for row in rows]
        )
        control_sudo.reason_ids.create(
            [control_sudo.reason_ids._values(control_sudo, one, too_old) for one in reasons]
        )
        control_sudo._tell()
        return control_sudo.with_env(self.env)

    @api.model
    def _write_up_to_now(self, company):
        """Write what is due before books and ledger are compared; a seam."""
        return company.env["tibillet.books"]._write_pending(company)

    @api.model
    def _state_of(self, rows, reasons, too_old):
        if any(row.rest_minor for row in rows):
            return "broken"
        if any(reason.since < too_old for reason in reasons):
            return "late"
        differs = any(row.books_minor + row.taxed_minor != row.ledger_minor for row in rows)
        return "explained" if differs or reasons else "sound"

    def _tell(self):
        """One activity per accountant of the company while something is wrong; the activities
        of earlier looks are done with."""
        earlier = self.search([("company_id", "=", self.company_id.id), ("id", "!=", self.id)])
        earlier.activity_unlink(["mail.mail_activity_data_todo"])
        if self.state not in self._alarms():
            return
        for user in self.env.ref(ACCOUNTANT).all_user_ids:
            if not user.active or self.company_id not in user.company_ids:
                continue
            told = self.with_context(lang=user.lang)
            told.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=told._alarms()[self.state],
                user_id=user.id,
            )

    @api.model
    def _alarms(self):
        """What accountants are told, by state; nothing of a state that is not here."""
        return {
            "late": self.env._("Something waits on clearing for more than a day"),
            "broken": self.env._("Books and cards differ, and nothing explains it"),
        }

    @api.model
    def _cron_look(self):
        """Once a business day for each company whose books have a clearing account, two hours
        after the day began there."""
        companies = self.env["res.company"].search([("tibillet_clearing_account_id", "!=", False)])
        for company in companies:
            if self._is_due(company, self.env.cr.now()):
                self._look(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _is_due(self, company, now):
        """Whether this business day's look of a company has still to be had."""
        place = self.env["tibillet.place"]._of_company(company)
        day = place._business_day(now)
        if now < place._day_start(day) + timedelta(hours=HOURS_AFTER):
            return False
        known = [("company_id", "=", company.id), ("day", "=", day)]
        return not self.search_count(known, limit=1)

    @api.autovacuum
    def _gc_old(self):
        until = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("checked_at", "<", until)], limit=1000).unlink()
