"""The bar and the co-operative after an evening at each other's place."""

from datetime import date

from .books_common import DAY, BooksCase

DUE = date(2026, 1, 29)
ACCOUNTING = "account.group_account_user"


class SettlementCase(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["tibillet.acceptance"].search([("asset_id", "=", cls.euro.id)]).write(
            {"may_load": True, "may_refund": True}
        )
        cls.settlements = cls.env["tibillet.settlement"]

    def evening(self, refund=700, token=1_500):
        """The co-operative owes 40 taken + 7 paid back - 20 loaded = 27; the bar owes 15."""
        mine = self.account(self.wallet, self.euro)
        self.topup(10_000, self.euro, company=self.coop)
        self.topup(2_000, self.euro, company=self.bar)
        self.sale(4_000, self.euro, company=self.bar)
        if refund:
            self.put("refund", (mine, self.issuer(self.euro), refund), company=self.bar)
        if token:
            self.topup(5_000)
            self.sale(token, company=self.coop)

    def propose(self, user=None, day=DAY, due=DUE):
        """By the form, as an accountant of the bar does."""
        user = user or self.accountant_bar
        other = self.coop if user.company_id == self.bar else self.bar
        return (
            self.env["tibillet.settlement.propose"]
            .with_user(user)
            .create({"other": str(other.id), "until_day": day, "due_date": due})
        )

    def settlement(self, **values):
        action = self.propose(**values).action_propose()
        return self.settlements.browse(action["res_id"])

    def agreed(self, **values):
        settlement = self.settlement(**values)
        for user in (self.accountant_bar, self.accountant_coop):
            settlement.with_user(user).action_agree()
        return settlement

    def pay(self, settlement, amount=None, user=None, day="2026-01-20"):
        values = {"settlement_id": settlement.id, "date": day}
        if amount is not None:
            values["amount"] = amount
        form = (
            self.env["tibillet.settlement.pay"]
            .with_user(user or self.accountant_coop)
            .create(values)
        )
        form.action_pay()
        return settlement.payment_ids[-1:]

    def owed(self):
        """What is left in the ledger, per (asset, place)."""
        self.env.invalidate_all()
        return {
            (debt.asset_id, debt.place_company_id): debt.amount_minor
            for debt in self.env["tibillet.debt"].search([("amount_minor", "!=", 0)])
        }

    def open_lines(self, company):
        """Open journal items of a company's accounts with other places."""
        rows = self.env["tibillet.book.account"].search(
            [("company_id", "=", company.id), ("role", "in", ("due_to", "due_from"))]
        )
        return self.env["account.move.line"].search(
            [
                ("account_id", "in", rows.account_id.ids),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )

    def assertSettled(self):
        """Nobody owes anybody, in the ledger and in both books, and nothing is open on P."""
        self.assertEqual(self.owed(), {})
        for company in (self.bar, self.coop):
            control = self.books._control(company)
            self.assertTrue(control["ok"], control)
            self.assertFalse([pair for pair in control["pairs"] if pair["balance_minor"]])
            self.assertFalse(self.open_lines(company))
        self.assertEqual(self.ledger._audit(), {})
        self.assertEqual(self.ledger._audit_books(), {})
