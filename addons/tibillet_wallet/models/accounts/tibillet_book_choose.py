from odoo import api, fields, models

from ..books.res_company import ACCOUNT_ROLES
from .rules import is_carried, is_matched, is_reserved, types_of


class TibilletBookChoose(models.TransientModel):
    """Give a role of the wallet's books another account."""

    _name = "tibillet.book.choose"
    _description = "Choose an account of the wallet's books"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    role = fields.Char(required=True, readonly=True)
    asset_id = fields.Many2one("tibillet.asset", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    old_account_id = fields.Many2one("account.account", readonly=True)
    role_label = fields.Char(compute="_compute_texts")
    purpose = fields.Char(compute="_compute_texts")
    old_label = fields.Char(string="Now", compute="_compute_texts")
    effect = fields.Char(string="What happens", compute="_compute_effect")
    refusal = fields.Char(compute="_compute_effect")
    candidate_ids = fields.Many2many("account.account", compute="_compute_candidate_ids")
    account_id = fields.Many2one("account.account", string="Account from then on")
    journal = fields.Selection(selection="_select_journals", string="Journal from then on")
    date = fields.Date(
        string="Day of the change",
        default=fields.Date.context_today,
        help="Day of the entry that moves it.",
    )
    reason = fields.Char(help="For who reads the list of changes later.")
    needs_date = fields.Boolean(compute="_compute_effect")

    @api.model
    def _open(self, row):
        """The form for one line of the list."""
        return self.create(
            {
                "company_id": row.company_id.id,
                "role": row.role,
                "asset_id": row.asset_id.id,
                "partner_id": row.partner_id.id,
                "old_account_id": row.account_id.id,
            }
        )

    @api.depends("role")
    def _compute_texts(self):
        for form in self:
            row_sudo = form._row_sudo()  # its names; who may open the form is checked by rules
            form.role_label = row_sudo.role_label
            form.purpose = row_sudo.purpose
            form.old_label = row_sudo.account_label

    def _row_sudo(self):
        rows_sudo = self.env["tibillet.book.role"].sudo()
        return rows_sudo.search(
            [
                ("company_id", "=", self.company_id.id),
                ("role", "=", self.role),
                ("asset_id", "=", self.asset_id.id),
                ("partner_id", "=", self.partner_id.id),
            ],
            limit=1,
        )

    @api.depends("role", "company_id")
    def _compute_candidate_ids(self):
        """Accounts of the company that could play the role: those with the right type, without
        another role, and not the chart's own."""
        for form in self:
            if form.role not in ACCOUNT_ROLES:
                form.candidate_ids = False
                continue
            root_sudo = form.company_id.sudo().root_id
            accounts_sudo = self.env["account.account"].sudo().with_company(root_sudo)
            found_sudo = accounts_sudo.search(
                [
                    ("company_ids", "in", root_sudo.id),
                    ("account_type", "in", types_of(form.role)),
                    *([("reconcile", "=", True)] if is_matched(form.role) else []),
                ]
            )
            found_sudo -= found_sudo._tibillet_roles_sudo().account_id
            form.candidate_ids = found_sudo.filtered(
                lambda account, root=root_sudo: not is_reserved(root.chart_template, account.code)
            ).ids

    @api.model
    def _select_journals(self):
        """Journals of the user's companies: who keeps these books need not be in accounting."""
        journals_sudo = self.env["account.journal"].sudo()  # names only
        return [
            (str(journal.id), f"{journal.code} {journal.name} ({journal.company_id.name})")
            for journal in journals_sudo.search(
                [("type", "=", "general"), ("company_id", "in", self.env.user.company_ids.ids)]
            )
        ]

    @api.depends("account_id", "date")
    def _compute_effect(self):
        changes = self.env["tibillet.book.change"]
        for form in self:
            form.needs_date = False
            form.effect = False
            form.refusal = False
            if form.role not in ACCOUNT_ROLES or not form.account_id:
                continue
            form.refusal = changes._refusal(form.company_id, form.role, form.account_id)
            if form.refusal:
                continue
            used = changes._is_used(form.company_id, form.old_account_id)
            if not used:
                form.effect = self.env._("Nothing was ever written on the account of now.")
            elif is_carried(form.role):
                form.needs_date = True
                form.effect = self.env._(
                    "An entry moves the whole balance to the new account on that day; later "
                    "entries go there. What is written stays."
                )
            else:
                form.effect = self.env._("Later entries go there. What is written stays.")

    def action_change(self):
        """Do it.

        :raises AccessError: for anybody but an accountant of the company
        :raises UserError: with what stands in the way; nothing is changed then
        """
        self.ensure_one()
        self.check_access("write")
        changes = self.env["tibillet.book.change"]
        if self.role == "journal":
            journal = self.env["account.journal"].browse(int(self.journal or 0))
            changes._change_journal(self.company_id, journal, self.reason)
        else:
            changes._change(
                self.company_id,
                self.role,
                self.account_id,
                asset=self.asset_id,
                partner=self.partner_id,
                date=self.date,
                reason=self.reason,
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
