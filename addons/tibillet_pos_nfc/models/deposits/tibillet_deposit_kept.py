"""Cups that will not come back: their deposits are income from a stated day on, with tax."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.tibillet_wallet.fields import BigInteger


class TibilletDepositKept(models.Model):
    """So many cups of one kind, given up by the accountant.

    What was owed for them (K, no tax) becomes a sale of packaging, tax included: PCG 7086, the
    tax of the day (practice-france, 18 and 27). Nothing is edited afterwards: it is taken back by
    an entry that reverses it.
    """

    _name = "tibillet.deposit.kept"
    _description = "Deposits kept"
    _order = "day desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        string="Cup",
        required=True,
        check_company=True,
        domain="[('tibillet_deposit', '=', True), ('company_id', '=', company_id)]",
        ondelete="restrict",
    )
    day = fields.Date(required=True, default=fields.Date.context_today)
    count = fields.Integer(string="Will not come back", required=True)
    outside = fields.Integer(string="Still out", compute="_compute_outside")
    rate_minor = BigInteger(
        string="Rate (minor units)", compute="_compute_rate_minor", store=True, aggregator=None
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, help="What was owed for them, tax included."
    )
    account_id = fields.Many2one(
        "account.account",
        string="Income account",
        required=True,
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        default=lambda self: self._default_account(),
        ondelete="restrict",
        help="As the last time; at first the account of the chart for packaging not returned "
        "(7086 or 7088 in France).",
    )
    tax_id = fields.Many2one(
        "account.tax",
        string="Tax",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('amount_type', '=', 'percent')]",
        default=lambda self: self._default_tax(),
        ondelete="restrict",
        help="It is part of the deposit: what is kept is tax included.",
    )
    reason = fields.Char(required=True)
    state = fields.Selection(
        [("draft", "To be kept"), ("kept", "Kept"), ("undone", "Taken back")],
        required=True,
        readonly=True,
        default="draft",
    )
    move_id = fields.Many2one("account.move", string="Entry", readonly=True, ondelete="restrict")
    undo_move_id = fields.Many2one(
        "account.move", string="Entry taken back", readonly=True, ondelete="restrict"
    )

    _count_positive = models.Constraint("CHECK (count > 0)", "At least one cup is kept.")

    # -- defaults --------------------------------------------------------------------------

    @api.model
    def _last(self):
        return self.search([("company_id", "=", self.env.company.id)], order="id desc", limit=1)

    @api.model
    def _default_account(self):
        """As the last time; else what the chart has for it; else an account of ours."""
        company = self.env.company
        if last := self._last():
            return last.account_id
        accounts_sudo = self.env["account.account"].sudo().with_company(company)  # the chart
        for code in ("7086", "7088"):
            if not company.root_id.chart_template:
                break
            found_sudo = accounts_sudo.search(
                [
                    ("code", "=like", f"{code}%"),
                    ("company_ids", "in", company.root_id.ids),
                    ("account_type", "in", ("income", "income_other")),
                ],
                order="code",
                limit=1,
            )
            if found_sudo:
                return found_sudo.sudo(False)
        return False

    @api.model
    def _default_tax(self):
        if last := self._last():
            return last.tax_id
        return self.env.company.sudo().account_sale_tax_id.sudo(False)  # the company's own

    # -- figures ---------------------------------------------------------------------------

    @api.depends("product_id", "count", "day")
    def _compute_name(self):
        for kept in self:
            kept.name = f"{kept.product_id.display_name or ''} × {kept.count}"

    @api.depends("product_id")
    def _compute_outside(self):
        for kept in self:
            kept.outside = kept.product_id.product_tmpl_id.tibillet_deposit_outside

    @api.depends("product_id")
    def _compute_rate_minor(self):
        to_minor = self.env["tibillet.till"]._to_minor
        for kept in self.filtered(lambda one: one.state == "draft"):
            kept.rate_minor = to_minor(kept.product_id.list_price or 0, kept.currency_id)

    @api.depends("rate_minor", "count")
    def _compute_amount(self):
        for kept in self:
            kept.amount = kept.rate_minor * kept.count / 10**kept.currency_id.decimal_places

    # -- guards ----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in ("state", "move_id", "undo_move_id"):
                vals.pop(name, None)
        return super().create(vals_list)

    def write(self, vals):
        self._check_draft()
        for name in ("state", "move_id", "undo_move_id"):
            vals.pop(name, None)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self._check_draft()

    def _check_draft(self):
        if any(kept.state != "draft" for kept in self):
            raise UserError(
                self.env._("These deposits are in the books: take them back, then write them anew.")
            )

    def _pass_to(self, state, **moves):
        # The only door to the state: what is in the books never changes otherwise.
        # pylint: disable=missing-return,super-method-mismatch
        super().write({"state": state, **moves})

    # -- acts ------------------------------------------------------------------------------

    def action_keep(self):
        """Book it: nobody is owed these deposits any more.

        :raises UserError: with what is wrong, nothing written
        """
        self.check_access("write")
        for kept in self:
            kept._check_keep()
            kept._pass_to("kept", move_id=kept._create_move().id)

    def action_take_back(self):
        """Reverse it, on the first open day: the cups are owed again."""
        self.check_access("write")
        for kept in self:
            if kept.state != "kept":
                raise UserError(self.env._("“%s” is not in the books.", kept.name))
            company, books = kept.company_id, self.env["tibillet.books"]
            move_sudo = kept.move_id.sudo()  # written by the accountant of the wallets
            today = max(fields.Date.context_today(self), move_sudo.date)
            date = books._first_open_day(company, today, move_sudo.journal_id)
            back_sudo = move_sudo._reverse_moves(
                [{"date": date, "ref": self.env._("Taken back: %s", move_sudo.ref)}]
            )
            back_sudo._post(soft=False)
            kept._pass_to("undone", undo_move_id=back_sudo.id)

    def _check_keep(self):
        company, product = self.company_id, self.product_id
        self._check_draft()
        if not product.tibillet_deposit or product.product_tmpl_id._tibillet_foreign_owner():
            raise UserError(
                self.env._(
                    "“%s” is no deposit of this place's own: its owner keeps what is not brought "
                    "back.",
                    product.display_name,
                )
            )
        if self.day > fields.Date.context_today(self):
            raise UserError(self.env._("Deposits are kept from today on, or since a day before."))
        outside = product.product_tmpl_id.tibillet_deposit_outside
        if self.count > outside:
            raise UserError(
                self.env._(
                    "%(out)s of “%(cup)s” are still out: no more than that are kept.",
                    out=max(0, outside),
                    cup=product.display_name,
                )
            )
        if not company.root_id.chart_template:
            raise UserError(
                self.env._("%s has no chart of accounts yet: load one first.", company.name)
            )
        company._tibillet_ensure_accounts()
        locks = company._get_violated_lock_dates(self.day, True, company.sudo().tibillet_journal_id)
        if locks:
            raise UserError(
                self.env._(
                    "The books are closed up to %s: choose a later day.",
                    fields.Date.to_string(locks[-1][0]),
                )
            )
        owed_minor = -self.env["tibillet.books"]._balance_minor(
            self._owed_account(), company.currency_id.decimal_places, company
        )
        if self.rate_minor * self.count > owed_minor:
            raise UserError(
                self.env._(
                    "The books owe %(owed)s for cups, less than these deposits: close the till "
                    "that sold them first.",
                    owed=self.env["tibillet.ledger"]._money(company, max(0, owed_minor)),
                )
            )

    def _owed_account(self):
        return self.env["tibillet.book.account"]._account(self.company_id, "deposit")

    def _create_move(self):
        """What was owed, against income and its tax."""
        company_sudo = self.company_id.sudo()  # an accountant of the wallets has no other rights
        label = self.env._(
            "Cups not brought back: %(cup)s × %(count)s",
            cup=self.product_id.display_name,
            count=self.count,
        )
        common = {"name": label, "currency_id": company_sudo.currency_id.id}
        lines = [
            {
                **common,
                "account_id": self._owed_account().id,
                "amount_currency": self.amount,
                "balance": self.amount,
            },
            *({**common, **line} for line in self._income_lines(company_sudo)),
        ]
        moves_sudo = self.env["account.move"].sudo().with_company(company_sudo)
        move_sudo = moves_sudo.with_context(skip_invoice_sync=True).create(
            {
                "move_type": "entry",
                "company_id": company_sudo.id,
                "journal_id": company_sudo.tibillet_journal_id.id,
                "date": self.day,
                "ref": f"{label} ({self.reason})",
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        move_sudo._post(soft=False)
        return move_sudo

    def _income_lines(self, company_sudo):
        """Net and tax of the deposit, by Odoo's own tax engine: the tax is included."""
        taxes_sudo = self.env["account.tax"].sudo()
        account_sudo = self.account_id.sudo()
        base_line = taxes_sudo._prepare_base_line_for_taxes_computation(
            {},
            currency_id=company_sudo.currency_id,
            tax_ids=self.tax_id.sudo(),
            price_unit=self.amount,
            quantity=1.0,
            account_id=account_sudo,
            special_mode="total_included",
            sign=-1,
        )
        taxes_sudo._add_tax_details_in_base_lines([base_line], company_sudo)
        taxes_sudo._round_base_lines_tax_details([base_line], company_sudo)
        taxes_sudo._add_accounting_data_in_base_lines_tax_details(
            [base_line], company_sudo, include_caba_tags=True
        )
        found = taxes_sudo._prepare_tax_lines([base_line], company_sudo)
        known = self.env["account.move.line"]._fields
        lines = [
            {
                "account_id": account_sudo.id,
                "tax_ids": [Command.set(self.tax_id.ids)],
                "tax_tag_ids": values["tax_tag_ids"],
                "amount_currency": values["amount_currency"],
                "balance": values["balance"],
            }
            for _base_line, values in found["base_lines_to_update"]
        ]
        for tax_line in found["tax_lines_to_add"]:
            values = {name: value for name, value in tax_line.items() if name in known}
            values["tax_base_amount"] = abs(values["tax_base_amount"])
            lines.append({**values, "account_id": values.get("account_id") or account_sudo.id})
        return lines
