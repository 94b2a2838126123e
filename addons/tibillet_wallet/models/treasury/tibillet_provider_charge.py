"""What a payment provider or a bank took: fees, and top-ups that a bank card's holder contested."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...fields import BigInteger
from ..control.tibillet_control import ACCOUNTANT

KINDS = [("chargeback", "Chargeback"), ("fee", "Fee")]


class TibilletProviderCharge(models.Model):
    """One line of the provider: noted once by its reference, never changed.

    A contested top-up is money that left the bank again. What is still on the card goes home
    with it; what was spent is a claim on the holder. Won, all of it comes back.
    """

    _name = "tibillet.provider.charge"
    _description = "Charge of a payment provider"
    _order = "date desc, id desc"
    _rec_name = "provider_ref"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection(
        [("noted", "Noted"), ("won", "Won: it came back")],
        required=True,
        readonly=True,
        default="noted",
    )
    provider_ref = fields.Char(string="Provider's reference", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    journal_id = fields.Many2one(
        "account.journal", string="Bank", required=True, readonly=True, ondelete="restrict"
    )
    bank_name = fields.Char(string="Left from", related="journal_id.name")
    operation_id = fields.Many2one(
        "tibillet.operation",
        string="Top-up",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    taken_operation_id = fields.Many2one(
        "tibillet.operation", string="From the card", readonly=True, ondelete="restrict"
    )
    claim_operation_id = fields.Many2one(
        "tibillet.operation", string="Owed by the holder", readonly=True, ondelete="restrict"
    )
    amount_minor = BigInteger(required=True, readonly=True, default=0, aggregator=None)
    taken_minor = BigInteger(required=True, readonly=True, default=0, aggregator=None)
    claim_minor = BigInteger(required=True, readonly=True, default=0, aggregator=None)
    fee_minor = BigInteger(required=True, readonly=True, default=0, aggregator=None)
    vat_minor = BigInteger(required=True, readonly=True, default=0, aggregator=None)
    amount = fields.Monetary(string="Contested", compute="_compute_amounts")
    taken = fields.Monetary(string="Taken from the card", compute="_compute_amounts")
    claim = fields.Monetary(string="Claim on the holder", compute="_compute_amounts")
    fee = fields.Monetary(string="Fee before VAT", compute="_compute_amounts")
    left = fields.Monetary(string="Left the bank", compute="_compute_amounts")
    move_id = fields.Many2one("account.move", readonly=True, ondelete="restrict")
    won_move_id = fields.Many2one("account.move", readonly=True, ondelete="restrict")
    won_on = fields.Date(readonly=True)
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="Noted by", readonly=True)
    form_key = fields.Char(required=True, readonly=True)

    _ref_uniq = models.UniqueIndex(
        "(company_id, provider_ref)", "This reference of the provider is noted already."
    )
    _amounts = models.Constraint(
        "CHECK (amount_minor = taken_minor + claim_minor AND taken_minor >= 0"
        " AND claim_minor >= 0 AND fee_minor >= 0 AND vat_minor >= 0"
        " AND amount_minor + fee_minor > 0)",
        "What was contested is taken from the card or owed by its holder.",
    )

    @api.depends("amount_minor", "taken_minor", "claim_minor", "fee_minor", "vat_minor")
    def _compute_amounts(self):
        for charge in self:
            unit = 10**charge.currency_id.decimal_places
            for name in ("amount", "taken", "claim", "fee"):
                charge[name] = charge[f"{name}_minor"] / unit
            charge.left = (charge.amount_minor + charge.fee_minor + charge.vat_minor) / unit

    # -- taxes and banks of a form ---------------------------------------------------------

    @api.model
    def _select_taxes(self):
        """What a provider's invoice may bear: the purchase taxes, reverse charges among them."""
        taxes_sudo = self.env["account.tax"].sudo()  # names: who notes a fee need not be in Odoo's
        return [
            (str(tax.id), tax.name)
            for tax in taxes_sudo.search(
                [
                    ("type_tax_use", "=", "purchase"),
                    ("amount_type", "=", "percent"),
                    ("company_id", "parent_of", self.env.companies.ids),
                ]
            )
        ]

    @api.model
    def _tax(self, company, chosen):
        """The chosen tax in sudo, none for none.

        :raises UserError: for another company's
        """
        tax_sudo = self.env["account.tax"].sudo().browse(int(chosen or 0) or [])  # its rate
        if tax_sudo and tax_sudo.company_id not in company.sudo().parent_ids:
            raise UserError(self.env._("This tax is another company's: choose one of yours."))
        return tax_sudo

    @api.model
    def _bank(self, company, chosen):
        """The chosen bank journal in sudo.

        :raises UserError: without one, or for another company's
        """
        journal_sudo = self.env["account.journal"].sudo().browse(int(chosen or 0) or [])  # named
        if journal_sudo.type != "bank" or journal_sudo.company_id != company:
            raise UserError(self.env._("Choose the bank that the provider took it from."))
        return journal_sudo

    @api.model
    def _vat_minor(self, company, tax_sudo, fee_minor):
        """What a tax adds to a fee; nothing for a reverse charge, whose two halves cancel."""
        if not tax_sudo or not fee_minor:
            return 0
        currency = company.currency_id
        unit = 10**currency.decimal_places
        found = tax_sudo.compute_all(
            fee_minor / unit, currency=currency, handle_price_include=False
        )
        return round(found["total_included"] * unit) - fee_minor

    @api.model
    def _known(self, company, provider_ref):
        """The charge that this reference stands for already, in sudo."""
        charges_sudo = self.sudo()  # of the company, whoever asks
        return charges_sudo.search(
            [("company_id", "=", company.id), ("provider_ref", "=", provider_ref)]
        )

    # -- the books -------------------------------------------------------------------------

    def _book(self, tax_sudo):
        """Dr clearing (contested), Dr fee and its tax — Cr bank, in the bank's journal."""
        self.ensure_one()
        unit = 10**self.currency_id.decimal_places
        label = self.env._("Chargeback %s", self.provider_ref)
        fee_label = self.env._("Provider's fee %s", self.provider_ref)
        lines = []
        if self.amount_minor:
            clearing = self.company_id.tibillet_clearing_account_id
            lines.append((clearing, self.amount_minor, label, tax_sudo.browse()))
        if self.fee_minor:
            account = self.env["tibillet.book.account"]._account(self.company_id, "provider_fee")
            lines.append((account, self.fee_minor, fee_label, tax_sudo))
        left_minor = self.amount_minor + self.fee_minor + self.vat_minor
        bank = self._bank_account("outbound")
        lines.append((bank, -left_minor, label if self.amount_minor else fee_label, tax_sudo[:0]))
        self.move_id = self._post_move(self.date, lines, unit)

    def _bank_account(self, way):
        methods = self.journal_id[f"{way}_payment_method_line_ids"]
        return methods.payment_account_id[:1] or self.journal_id.default_account_id

    def _post_move(self, date, lines, unit):
        """:param lines: [(account, minor units, label, taxes)]"""
        company, journal = self.company_id, self.journal_id
        env = self.env(user=SUPERUSER_ID, su=True)["account.move"].with_company(company).env
        move = env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": journal.id,
                "date": env["tibillet.books"]._first_open_day(company, date, journal),
                "ref": self.provider_ref,
                "line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "account_id": account.id,
                            "balance": minor / unit,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                    for account, minor, label, taxes in lines
                ],
            }
        )
        move._post(soft=False)
        return move.with_env(self.env)

    # -- won ---------------------------------------------------------------------------------

    def action_won(self):
        """The bank gave it back: the claim goes, the card has its value again.

        :raises AccessError: for anyone but an accountant
        :raises UserError: for a fee, or when the holder's claim is no longer whole
        """
        self.ensure_one()
        self.check_access("read")
        ledger = self.env["tibillet.ledger"]
        ledger._authorize("chargeback", "backend", company=self.company_id)
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You do not work for this place. Nothing was moved."))
        charge_sudo = self.sudo()  # written by this act alone
        charge_sudo._win()

    def _win(self):
        if self.kind != "chargeback":
            raise UserError(
                self.env._("Only a chargeback is won; a fee that comes back is a credit note.")
            )
        if self.state == "won":
            return
        self.env["tibillet.ledger"]._post(
            [
                self._reversal(operation)
                for operation in (self.claim_operation_id, self.taken_operation_id)
                if operation
            ]
        )
        self.write({"state": "won", "won_on": fields.Date.context_today(self)})
        unit = 10**self.currency_id.decimal_places
        label = self.env._("Chargeback %s, won", self.provider_ref)
        taxes = self.env["account.tax"]
        clearing = self.company_id.tibillet_clearing_account_id
        self.won_move_id = self._post_move(
            self.won_on,
            [
                (self._bank_account("inbound"), self.amount_minor, label, taxes),
                (clearing, -self.amount_minor, label, taxes),
            ],
            unit,
        )

    def _reversal(self, operation):
        """The correction that takes an operation of this chargeback back, all of it.

        :raises UserError: when a part was recovered or given up meanwhile
        """
        wallets = self.env["tibillet.wallet"]
        _code, _state, moved, after = self.env["tibillet.ledger"]._named_facts(
            [{"names_id": operation.id}]
        )[operation.id]
        rest = self.env["tibillet.ledger"]._reversible(moved, after)
        whole = sum(amount for *_way, amount in moved)
        if sum(rest.values()) != whole:
            raise UserError(
                self.env._(
                    "Of what the holder owed, a part was recovered or given up meanwhile, so it "
                    "cannot simply be put back. Book the money on wallet clearing, and give the "
                    "holder what was recovered by a correction of the top-up."
                )
            )
        account = self.env["tibillet.account"]._get
        return {
            "key": f"{self.id}/won/{operation.code}",
            "origin": f"provider-charge:{self.company_id.id}",
            "code": "correct",
            "names_id": operation.id,
            "transfers": [
                (
                    account(wallets.browse(credit), self.env["tibillet.asset"].browse(asset)).id,
                    account(wallets.browse(debit), self.env["tibillet.asset"].browse(asset)).id,
                    left,
                )
                for (asset, debit, credit), left in rest.items()
            ],
            "company_id": self.company_id.id,
            "card_id": operation.card_id.id or None,
            "wallet_id": operation.wallet_id._surviving().id,
            "memo": self.env._("Chargeback %s, won", self.provider_ref),
        }

    def action_open_moves(self):
        """The entries in the books, for who may read them in Odoo."""
        self.ensure_one()
        self.check_access("read")
        self.env["account.move"].check_access("read")
        charge_sudo = self.sudo()  # which entries
        return {
            "type": "ir.actions.act_window",
            "name": self.provider_ref,
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", (charge_sudo.move_id | charge_sudo.won_move_id).ids)],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("What a provider took stays in the list."))

    @api.model
    def _check_accountant(self):
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant notes what a provider took."))
