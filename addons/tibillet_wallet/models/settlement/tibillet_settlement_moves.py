"""The books of a settlement, in both companies: bank against clearing, then P reconciled."""

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Command


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    def _write_books(self):
        """Write the ledger's entries of both companies up to now, and match what was owed with
        what was settled, so that each line of P leads to the other."""
        pair = self.first_company_id | self.second_company_id
        self.env["tibillet.books"]._write_pending(pair, include_today=True)
        for company, other in ((pair[0], pair[1]), (pair[1], pair[0])):
            self._reconcile(company, other)
        acceptances = self.env["tibillet.acceptance"].search(
            [("asset_id", "in", self.line_ids.asset_id.ids), ("company_id", "in", pair.ids)]
        )
        if acceptances:
            acceptances._keep_besides()

    @api.model
    def _reconcile(self, company, other):
        """Match the open lines of the accounts with another company, the oldest first. What
        somebody matched by hand stays as it is."""
        books_sudo = self.env(user=SUPERUSER_ID, su=True)
        rows_sudo = books_sudo["tibillet.book.account"].search(
            [
                ("company_id", "=", company.id),
                ("role", "in", ("due_from", "due_to")),
                ("partner_id", "=", other.partner_id.id),
            ]
        )
        for account_sudo in rows_sudo.account_id:
            lines_sudo = (
                books_sudo["account.move.line"]
                .with_company(company)
                .search(
                    [
                        ("account_id", "=", account_sudo.id),
                        ("company_id", "=", company.id),
                        ("parent_state", "=", "posted"),
                        ("reconciled", "=", False),
                        ("balance", "!=", 0),
                    ],
                    order="date, id",
                )
            )
            signs = {line.balance > 0 for line in lines_sudo}
            if account_sudo.reconcile and len(signs) == 2:
                lines_sudo.reconcile()

    @api.model
    def _bank_journal(self, company):
        """The bank journal that a company settles by, when nobody chooses another."""
        journals_sudo = self.env["account.journal"].sudo()  # also the other side's
        return journals_sudo.search(
            [("company_id", "=", company.id), ("type", "=", "bank")], order="sequence, id", limit=1
        )

    @api.model
    def _bank_of(self, company):
        """The account that a company is paid on: of its bank journal, else of its contact."""
        contact_sudo = company.sudo().partner_id  # printed for who pays
        return self._bank_journal(company).bank_account_id or contact_sudo.bank_ids[:1]


class TibilletSettlementPayment(models.Model):
    _inherit = "tibillet.settlement.payment"

    def _book(self, journals):
        """Money that left the debtor and reached the creditor, each against clearing.

        :param journals: {company: bank journal}
        """
        self.ensure_one()
        settlement = self.settlement_id
        for side in ("first", "second"):
            company = settlement[f"{side}_company_id"]
            other = settlement[f"{'second' if side == 'first' else 'first'}_company_id"]
            # What came back goes the other way.
            leaves = (company == settlement.debtor_company_id) != bool(self.returns_id)
            self[f"{side}_move_id"] = self._move(company, other, journals[company], leaves)

    def _move(self, company, other, journal, leaves):
        """One entry in a company's bank journal; the partner is the other place."""
        methods = (
            journal.outbound_payment_method_line_ids
            if leaves
            else journal.inbound_payment_method_line_ids
        )
        bank = methods.payment_account_id[:1] or journal.default_account_id
        clearing = company.tibillet_clearing_account_id
        env = self.env(user=SUPERUSER_ID, su=True)["account.move"].with_company(company).env
        reference = self.settlement_id.reference
        label = (
            env._("Settlement %s came back", reference)
            if self.returns_id
            else env._("Settlement %s", reference)
        )
        move = env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": journal.id,
                "date": self.date,
                "ref": reference,
                "line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "partner_id": other.partner_id.id,
                            "account_id": account.id,
                            "debit": abs(self.amount) if debit else 0,
                            "credit": 0 if debit else abs(self.amount),
                        }
                    )
                    for account, debit in ((clearing, leaves), (bank, not leaves))
                ],
            }
        )
        move._post(soft=False)
        return move
