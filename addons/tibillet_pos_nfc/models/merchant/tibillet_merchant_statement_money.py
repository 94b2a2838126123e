"""The money of a statement: commission invoiced, the rest paid, P at zero afterwards."""

from odoo import Command, fields, models
from odoo.exceptions import UserError


class TibilletMerchantStatement(models.Model):
    _inherit = "tibillet.merchant.statement"

    # -- commission --------------------------------------------------------------------------

    def _draft_invoice(self):
        """The commission as a draft invoice: both agree on its very amounts."""
        merchant = self.merchant_id
        turnover = self.content["turnover"]
        base_minor = turnover[merchant.commission_base]
        currency = self.currency_id
        price = currency.round(
            base_minor / 10**currency.decimal_places * merchant.commission_rate / 100
        )
        if currency.compare_amounts(price, 0) <= 0:
            return
        product = merchant._commission_product().with_company(self.company_id)
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id == self.company_id)
        if not taxes:
            raise UserError(
                self.env._(
                    "“%s” has no tax: a commission is invoiced with the organiser's VAT, or "
                    "with its tax of 0 %%.",
                    product.display_name,
                )
            )
        invoice = (
            self.env["account.move"]
            .with_company(self.company_id)
            .with_context(lang=self.partner_id.lang or self.env.lang)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "ref": self.reference,
                    "invoice_origin": self.reference,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "name": self._commission_text(),
                                "quantity": 1,
                                "price_unit": self._before_tax(taxes, price),
                                "tax_ids": [Command.set(taxes.ids)],
                            }
                        )
                    ],
                }
            )
        )
        self.invoice_id = invoice
        self.commission_minor = self.env["tibillet.till"]._to_minor(invoice.amount_total, currency)

    def _before_tax(self, taxes, price):
        """The price to type so that this much is charged before VAT, where prices include it."""
        if not any(tax.price_include for tax in taxes):
            return price
        found = taxes.with_context(force_price_include=False).compute_all(
            price, self.currency_id, handle_price_include=False
        )
        return found["total_included"]

    def _commission_text(self):
        merchant = self.merchant_id
        values = {
            "rate": f"{merchant.commission_rate:g}",
            "stand": merchant.name,
            "statement": self.reference,
        }
        if merchant.commission_base == "net":
            return self.env._(
                "Commission, %(rate)s %% of the sales of %(stand)s without VAT, statement "
                "%(statement)s",
                **values,
            )
        return self.env._(
            "Commission, %(rate)s %% of the sales of %(stand)s with VAT, statement %(statement)s",
            **values,
        )

    # -- payment -----------------------------------------------------------------------------

    def action_pay(self):
        """Note that the rest was paid: P is zero afterwards, in ledger and books.

        :raises UserError: with what stands in the way; nothing is written then
        """
        self.ensure_one()
        self._check_accountant()
        self._pay_out(fields.Date.context_today(self))
        return True

    def _pay_out(self, day, journal=None):
        """Write the payment down; who asks was checked by the act.

        :param journal: the bank journal that paid, when it is not the organiser's first
        """
        statement_sudo = self.sudo()  # its fields and both accounts are written by this act only
        statement_sudo._take_turn("agreed")
        journal_sudo = journal or statement_sudo._check_payable()
        if not statement_sudo.return_ids:  # what came back was at home already
            statement_sudo._bring_home()
        statement_sudo.paid_on = day
        statement_sudo.payment_move_id = statement_sudo._payment_move(journal_sudo)
        statement_sudo.state = "paid"
        self.env["tibillet.books"]._write_pending(statement_sudo.company_id, include_today=True)
        statement_sudo._reconcile()

    def _shares(self):
        """What of the sum owed is set off with the commission, and what the bank pays.

        :returns: ``(set_off_minor, paid_minor)``; the first below zero when the merchant owes
        """
        set_off_minor = min(self.commission_minor, self.due_minor)
        return set_off_minor, self.due_minor - set_off_minor

    def _check_payable(self):
        _set_off_minor, paid_minor = self._shares()
        bank = self.merchant_id.bank_id
        if paid_minor and not bank:
            raise UserError(
                self.env._(
                    "Note the account (IBAN) of %s first: there is no way to pay it.",
                    self.partner_id.name,
                )
            )
        journal = self.env["tibillet.settlement"]._bank_journal(self.company_id)
        if paid_minor and not journal:
            raise UserError(self.env._("%s has no bank journal to pay from.", self.company_id.name))
        return journal or self.company_id.tibillet_journal_id

    def _bring_home(self):
        """What stands in the merchant's wallet goes back to its issuer, who pays it."""
        settle, remit = [], []
        accounts = self.env["tibillet.account"]
        for part in self.content["wallet"]:
            theirs = accounts.browse(part["account"])
            asset = theirs.asset_id
            if part["amount"] > 0:
                home = accounts._get(asset.issuer_wallet_id, asset)
                settle.append((theirs.id, home.id, part["amount"]))
            elif part["amount"] < 0:  # more was given back than sold: the place makes it good
                wallets = self.env["tibillet.wallet"]
                place = accounts._get(wallets._of_place(self.company_id), asset)
                remit.append((place.id, theirs.id, -part["amount"]))
        requests = [
            {
                "key": f"{self.id}/{code}",
                "origin": f"merchant:{self.merchant_id.id}",
                "code": code,
                "transfers": transfers,
                "company_id": self.company_id.id,
                "memo": self.reference,
            }
            for code, transfers in (("settle", settle), ("remit", remit))
            if transfers
        ]
        for operation in self.env["tibillet.ledger"]._post(requests):
            self[f"{operation.code}_operation_id"] = operation

    def _payment_move(self, journal):
        """Everything owed out of clearing and of what is held; the invoice set off; the rest
        paid by the bank."""
        set_off_minor, paid_minor = self._shares()
        company = self.company_id
        bank, text = self._bank_account(journal), self.env._("Statement %s", self.reference)
        held = self.env["tibillet.book.account"]._account(company, "merchant", self.partner_id)
        if self.return_ids:  # the rest of it was written with the first payment
            rows = [(held, paid_minor), (bank, -paid_minor)]
            return self._post_rows(journal, self.paid_on, text, rows)
        receivable = self.partner_id.with_company(company).property_account_receivable_id
        if self.invoice_id:
            receivable = self._invoice_lines().account_id
        rows = [
            (company.tibillet_clearing_account_id, self.due_minor - self.held_minor),
            (held, self.held_minor),
            (receivable, -set_off_minor),
            (bank, -paid_minor),
        ]
        return self._post_rows(journal, self.paid_on, text, rows)

    def _bank_account(self, journal):
        """Where what leaves or reaches a bank stands until its statement says so."""
        waiting = journal.outbound_payment_method_line_ids.payment_account_id[:1]
        return waiting or journal.default_account_id

    def _post_rows(self, journal, day, text, rows):
        """An entry of ``[(account, minor units)]`` on the merchant, posted; none for nothing."""
        company, partner = self.company_id, self.partner_id.commercial_partner_id
        factor = 10**self.currency_id.decimal_places
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "journal_id": journal.id,
                    "date": day,
                    "ref": self.reference,
                    "line_ids": [
                        Command.create(
                            {
                                "name": text,
                                "partner_id": partner.id,
                                "account_id": account.id,
                                "balance": minor / factor,
                            }
                        )
                        for account, minor in rows
                        if minor
                    ],
                }
            )
        )
        if move.line_ids:
            move._post(soft=False)
            return move
        move.unlink()
        return move.browse()

    def _invoice_lines(self):
        return self.invoice_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def _reconcile(self):
        """Match what was owed with what was paid, so that each line leads to the other."""
        accounts = self.env["tibillet.book.account"]
        open_lines = self.env["account.move.line"].with_company(self.company_id)
        for account in (
            accounts._account(self.company_id, "due_to", self.partner_id),
            accounts._account(self.company_id, "merchant", self.partner_id),
        ):
            lines = open_lines.search(
                [
                    ("account_id", "=", account.id),
                    ("company_id", "=", self.company_id.id),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("balance", "!=", 0),
                ],
                order="date, id",
            )
            if account.reconcile and len({line.balance > 0 for line in lines}) == 2:
                lines.reconcile()
        receivable = self._invoice_lines()
        paid = self.payment_move_id.line_ids.filtered(
            lambda line: line.account_id == receivable.account_id and not line.reconciled
        )
        if paid and receivable and not receivable.reconciled:
            (paid | receivable).reconcile()

    def _credit_transfer(self):
        """What a bank's order (SEPA) needs of this payment, for an addon that writes one.

        :returns: a dict, or nothing when no money leaves
        """
        self.ensure_one()
        _set_off_minor, paid_minor = self._shares()
        if not paid_minor or self.state not in ("agreed", "paid"):
            return {}
        return {
            "creditor": self.partner_id.name,
            "iban": self.merchant_id.bank_id.sanitized_acc_number,
            "bic": self.merchant_id.bank_id.bank_bic or "",
            "amount_minor": paid_minor,
            "currency": self.currency_id.name,
            "reference": self.reference,
        }
