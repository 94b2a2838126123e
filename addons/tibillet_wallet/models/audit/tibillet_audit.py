"""Sweeps of the ledger: when, how long, what was seen, what was broken."""

import logging
import time
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import format_datetime

from ...fields import BigInteger
from .checks import QUERIES

_logger = logging.getLogger(__name__)

ACCOUNTANT = "tibillet_wallet.tibillet_wallet_group_accountant"
MANAGER = "tibillet_wallet.tibillet_wallet_group_manager"
CRON = "tibillet_wallet.ir_cron_audit"
#: The ledger's queries, then the books.
STEPS = len(QUERIES) + 1
SOUND_KEPT_DAYS = 365
ROWS_KEPT = 1000


class TibilletAudit(models.Model):
    """One sweep of all companies' ledger, by night or on demand.

    It names rows by their numbers and counts them: whoever reads it learns nothing of another
    company's wallets, and the lists that it opens keep to the reader's own companies.
    """

    _name = "tibillet.audit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Sweep of the ledger"
    _order = "id desc"

    started_at = fields.Datetime(string="Started", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, help="Empty: the nightly sweep."
    )
    state = fields.Selection(
        [
            ("asked", "Asked for"),
            ("running", "Under way"),
            ("sound", "Everything adds up"),
            ("broken", "Something is broken"),
            ("failed", "Not finished"),
        ],
        required=True,
        readonly=True,
        default="asked",
        index=True,
    )
    duration_s = fields.Float(string="Seconds", readonly=True, digits=(12, 1))
    operation_count = BigInteger(string="Operations", readonly=True, aggregator=None)
    steps_done = fields.Integer(readonly=True)
    progress = fields.Float(compute="_compute_progress")
    passage_count = fields.Integer(
        string="Guards opened",
        readonly=True,
        help="How often a migration passed the guards of the ledger since the sweep before.",
    )
    passages_seen = fields.Integer(readonly=True)
    finding_ids = fields.One2many("tibillet.audit.finding", "audit_id", readonly=True)
    finding_count = fields.Integer(string="Faults", compute="_compute_finding_count")

    @api.depends("state", "steps_done")
    def _compute_progress(self):
        for audit in self:
            audit.progress = 100.0 * audit.steps_done / STEPS

    @api.depends("finding_ids")
    def _compute_finding_count(self):
        for audit in self:
            audit.finding_count = len(audit.finding_ids)

    @api.depends("started_at", "create_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for audit in self:
            at = audit.started_at or audit.create_date
            audit.display_name = self.env._(
                "Sweep of %s", format_datetime(self.env, at, dt_format="short") if at else "…"
            )

    # -- actions -----------------------------------------------------------------------

    def action_run(self):
        """Ask for a sweep now (accountants); it runs behind the scenes.

        :raises AccessError: for anybody else
        """
        self._check_accountant()
        audits_sudo = self.sudo()  # rows that nobody may write by hand
        audit_sudo = audits_sudo.search([("state", "in", ("asked", "running"))], limit=1)
        if not audit_sudo:
            audit_sudo = audits_sudo.create({"user_id": self.env.uid})
        cron_sudo = self.env.ref(CRON).sudo()  # to wake it, no more
        cron_sudo._trigger()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": audit_sudo.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_refresh(self):
        """Show how far it is."""
        self._check_accountant()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_accountant(self):
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant asks for a sweep of the ledger."))

    # -- the sweep ---------------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Run what was asked for, or the nightly sweep, and tell when something new broke."""
        # The job runs in one place at a time: what is under way now was interrupted.
        self.search([("state", "=", "running")]).state = "failed"
        audits = self.search([("state", "=", "asked")]) or self.create({})
        audits.write({"state": "running", "started_at": fields.Datetime.now()})
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=STEPS)

        def step():
            for audit in audits:
                audit.steps_done += 1
            progress._commit_progress(1)

        started = time.monotonic()
        try:
            # A snapshot of its own, from which nothing is written: it waits for nobody and
            # nobody waits for it.
            with self.env.registry.cursor() as cr:
                seen = self.with_env(self.env(cr=cr))._sweep(step)
        # Whatever stops it, the row must say so: somebody waits for its answer.
        except Exception:
            _logger.exception("the sweep of the ledger did not finish")
            audits.state = "failed"
            progress._commit_progress(remaining=0)
            return
        before = self.search([("state", "in", ("sound", "broken"))], limit=1)
        for audit in audits:
            audit._take(seen, time.monotonic() - started, before)
        progress._commit_progress(remaining=0)  # the answer stands, whatever becomes of the mails
        audits[0]._tell(before)

    @api.model
    def _sweep(self, step=None):
        """What there is and what is broken, in the snapshot of this environment's cursor.

        :rtype: dict
        """
        ledger = self.env["tibillet.ledger"]
        self.env.cr.execute("SELECT count(*) FROM tibillet_operation")
        count = self.env.cr.fetchone()[0]
        broken = ledger._audit(step) | ledger._audit_books()
        if step:
            step()
        return {"operations": count, "broken": broken, "guards": self._passages()}

    @api.model
    def _passages(self):
        """How often the guards were passed, ever."""
        self.env.cr.execute("SELECT count(*) FROM tibillet_guard_passage")
        return self.env.cr.fetchone()[0]

    def _take(self, seen, seconds, before):
        """Write down what a sweep has seen."""
        self.ensure_one()
        self.write(
            {
                "state": "broken" if seen["broken"] else "sound",
                "duration_s": seconds,
                "operation_count": seen["operations"],
                "passages_seen": seen["guards"],
                "passage_count": seen["guards"] - (before.passages_seen if before else 0),
                "finding_ids": [
                    Command.create(
                        {"check": check, "row_count": len(ids), "row_ids": ids[:ROWS_KEPT]}
                    )
                    for check, ids in seen["broken"].items()
                ],
            }
        )

    def _faults(self):
        return {
            (finding.check, row_id) for finding in self.finding_ids for row_id in finding.row_ids
        }

    def _tell(self, before):
        """An activity for every manager, when something broke that was whole before."""
        self.ensure_one()
        if self._faults() <= before._faults():
            return
        for manager in self.env.ref(MANAGER).all_user_ids.filtered(lambda user: not user.share):
            audit = self.with_context(lang=manager.lang)
            audit.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=manager.id,
                summary=audit.env._("The wallet ledger does not add up"),
                note=audit._note(),
            )

    def _note(self):
        lines = Markup("").join(
            Markup("<li>%s</li>") % finding.sentence for finding in self.finding_ids
        )
        advice = self.env._(
            "Keep a copy of the database before anything else, and do not correct figures by hand. "
            "The runbook says what to do next."
        )
        return Markup("<ul>%s</ul><p>%s</p>") % (lines, advice)

    # -- upkeep ------------------------------------------------------------------------

    @api.model
    def _prune(self):
        """Forget sound sweeps of more than a year ago; what was broken stays."""
        since = fields.Datetime.now() - timedelta(days=SOUND_KEPT_DAYS)
        last = self.search([("state", "=", "sound")], limit=1)
        old_sudo = self.sudo().search([("state", "=", "sound"), ("create_date", "<", since)])
        (old_sudo - last.sudo()).unlink()
