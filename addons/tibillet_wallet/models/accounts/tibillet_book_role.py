"""Every role of the wallet's books with its account, of every company: a view, no table."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..books.res_company import ACCOUNT_ROLES
from .rules import FIELD_ROLES, PAIR_ROLES

#: Roles numbered in the key of those that have no account yet.
MOST_ROLES = 64


class TibilletBookRole(models.Model):
    """One line per company, role and other side or asset. What has no account yet is listed
    without one: it is made on first need, or chosen before."""

    _name = "tibillet.book.role"
    _description = "Account of the wallet's books"
    _auto = False
    _order = "company_id, position, id"

    company_id = fields.Many2one("res.company", readonly=True)
    role = fields.Selection(selection="_select_roles", readonly=True)
    position = fields.Integer(readonly=True)
    asset_id = fields.Many2one("tibillet.asset", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Venue or Issuer", readonly=True)
    account_id = fields.Many2one("account.account", string="Account", readonly=True)
    journal_id = fields.Many2one("account.journal", string="Journal", readonly=True)
    role_label = fields.Char(string="For", compute="_compute_texts")
    account_label = fields.Char(string="Numbered Account", compute="_compute_texts")
    purpose = fields.Char(compute="_compute_texts")
    fault = fields.Char(string="To be put right", compute="_compute_texts")
    told = fields.Char(string="What it is for or wants", compute="_compute_told")
    currency_id = fields.Many2one(related="company_id.currency_id")
    balance = fields.Monetary(compute="_compute_balance", help="Debit positive, posted.")

    @property
    def _table_query(self):
        self.env.flush_all()
        roles = [code for code, _label in self._select_roles()]
        loose = [role for role in roles if self._is_made_on_need(role)]
        return SQL(
            """
            SELECT c.id * 8 AS id, c.id AS company_id, 'clearing' AS role, 0 AS position,
                   NULL::int AS asset_id, NULL::int AS partner_id,
                   c.tibillet_clearing_account_id AS account_id, NULL::int AS journal_id
              FROM res_company c WHERE c.tibillet_clearing_account_id IS NOT NULL
             UNION ALL
            SELECT s.id * 8 + 1, s.company_id, 'liability', 1, s.id, NULL,
                   s.liability_account_id, NULL
              FROM tibillet_asset s WHERE s.liability_account_id IS NOT NULL
             UNION ALL
            SELECT b.id * 8 + 2, b.company_id, b.role,
                   array_position(%(roles)s::text[], b.role::text), NULL, b.partner_id,
                   b.account_id, NULL
              FROM tibillet_book_account b
             UNION ALL
            SELECT (c.id * %(most)s + array_position(%(roles)s::text[], r.role)) * 8 + 3, c.id,
                   r.role, array_position(%(roles)s::text[], r.role), NULL, NULL, NULL, NULL
              FROM res_company c CROSS JOIN unnest(%(loose)s::text[]) r(role)
             WHERE c.tibillet_clearing_account_id IS NOT NULL AND %(wanted)s
               AND NOT EXISTS (SELECT FROM tibillet_book_account b
                                WHERE b.company_id = c.id AND b.role = r.role)
             UNION ALL
            SELECT c.id * 8 + 4, c.id, 'journal', 1000, NULL, NULL, NULL, c.tibillet_journal_id
              FROM res_company c WHERE c.tibillet_journal_id IS NOT NULL
            """,
            roles=roles,
            loose=loose,
            most=MOST_ROLES,
            wanted=self._wanted_sql(),
        )

    @api.model
    def _select_roles(self):
        named = self.env["tibillet.book.account"]._fields["role"]
        return [
            ("clearing", self.env._("Clearing")),
            ("liability", self.env._("Wallets")),
            *named._description_selection(self.env),
            ("journal", self.env._("Journal of the entries")),
        ]

    @api.model
    def _is_made_on_need(self, role):
        """Whether a role without account is listed, for who wants to choose it before."""
        return role in ACCOUNT_ROLES and role not in (*FIELD_ROLES, *PAIR_ROLES)

    @api.model
    def _wanted_sql(self):
        """Which of the roles ``r`` without account a company ``c`` is shown."""
        return SQL(
            "(c.tibillet_association OR NOT r.role = ANY(%s))",
            ["membership_income", "volunteer_use", "volunteer_gift"],
        )

    @api.depends(
        "role",
        "asset_id.name",
        "partner_id.name",
        "account_id.active",
        "account_id.account_type",
        "account_id.reconcile",
    )
    @api.depends_context("lang")
    def _compute_texts(self):
        labels = dict(self._select_roles())
        accounts = self.env["tibillet.book.account"]
        for row in self:
            row_sudo = row.sudo()  # names of the accounts, for who may see the row
            account_sudo, journal_sudo = row_sudo.account_id, row_sudo.journal_id
            of = row_sudo.asset_id.name or row_sudo.partner_id.name
            row.role_label = (
                self.env._("%(role)s: %(whose)s", role=labels[row.role], whose=of)
                if of
                else labels[row.role]
            )
            row.purpose = accounts._purpose(row.role)
            row.fault = (
                account_sudo._tibillet_fault(row.role, row_sudo.company_id) if account_sudo else ""
            )
            if journal_sudo:
                row.account_label = f"{journal_sudo.code} {journal_sudo.name}"
            else:
                row.account_label = (
                    account_sudo._tibillet_names(row_sudo.company_id)
                    if account_sudo
                    else self.env._("made when first needed")
                )

    @api.depends("fault", "purpose")
    def _compute_told(self):
        for row in self:
            row.told = row.fault or row.purpose

    @api.depends("account_id", "company_id")
    def _compute_balance(self):
        balances = {
            (account_id, company_id): balance
            for account_id, company_id, balance in self.env.execute_query(
                SQL(
                    """SELECT account_id, company_id, sum(balance)
                         FROM account_move_line
                        WHERE account_id = ANY(%s) AND company_id = ANY(%s)
                          AND parent_state = 'posted' GROUP BY 1, 2""",
                    self.account_id.ids,
                    self.company_id.ids,
                )
            )
        }
        for row in self:
            row.balance = balances.get((row.account_id.id, row.company_id.id), 0)

    @api.depends("role_label")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.role_label

    def action_choose(self):
        """Open the form that gives this role another account (accountants)."""
        self.ensure_one()
        self.check_access("read")
        form = self.env["tibillet.book.choose"]._open(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.role_label,
            "res_model": form._name,
            "res_id": form.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_view_items(self):
        """The journal items of this account."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.account_label,
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
            ],
        }
