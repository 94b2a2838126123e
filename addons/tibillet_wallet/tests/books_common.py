"""Two venues with charts of accounts, and words to read their books with."""

from datetime import date, datetime

from .common import WalletCase

#: A winter noon of a past day: 12:00 UTC is 13:00 in Paris, far from any day's edge.
DAY = date(2026, 1, 15)
NOON = datetime(2026, 1, 15, 12, 0)


class BooksCase(WalletCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for company, chart in ((cls.bar, "fr"), (cls.coop, "generic_coa")):
            company.country_id = cls.env.ref("base.fr")
            cls.env["account.chart.template"].try_loading(chart, company, install_demo=False)
            company.currency_id = cls.env.ref("base.EUR")  # the generic chart would sell in dollars
            place = cls.env["tibillet.place"]._of_company(company)
            place.write({"tz": "Europe/Paris", "business_day_hour": 4})
        cls.books = cls.env["tibillet.books"]
        cls.env["tibillet.acceptance"].create(
            [
                {"asset_id": cls.euro.id, "company_id": cls.bar.id},
                {"asset_id": cls.token.id, "company_id": cls.coop.id},
                {"asset_id": cls.gift.id, "company_id": cls.coop.id},
            ]
        ).write(
            {
                "state": "active",
                "contract_date": "2026-01-01",
                "countersigned_by_id": cls.env.uid,
            }
        )

    def put(self, code, *transfers, at=NOON, company=None, **values):
        """Post an operation that took place at a venue at a moment."""
        return self.post(
            code, *transfers, occurred_at=at, company_id=(company or self.bar).id, **values
        )

    def topup(self, amount, asset=None, **values):
        asset = asset or self.token
        return self.put(
            "topup", (self.issuer(asset), self.account(self.wallet, asset), amount), **values
        )

    def sale(self, amount, asset=None, company=None, **values):
        asset, company = asset or self.token, company or self.bar
        return self.put(
            "sale",
            (self.account(self.wallet, asset), self.place(company, asset), amount),
            company=company,
            **values,
        )

    def write(self, company=None, today=False):
        return self.books._write_pending(company, include_today=today)

    def role_account(self, company, role, partner=None):
        return self.env["tibillet.book.account"]._account(company, role, partner)

    def lines(self, entries):
        """{(company, account): balance} of some entries."""
        result = {}
        for line in entries.move_id.line_ids:
            key = (line.company_id, line.account_id)
            result[key] = round(result.get(key, 0) + line.balance, 2)
        return {key: value for key, value in result.items() if value}

    def balance_of(self, account, company):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def assertBalanced(self, entries):
        for move in entries.move_id:
            self.assertEqual(move.state, "posted")
            self.assertEqual(move.journal_id, move.company_id.tibillet_journal_id)
            self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)

    def assertControl(self, company, clearing_minor):
        """Books and ledger agree; what is on clearing is explained."""
        control = self.books._control(company)
        self.assertTrue(control["ok"], control)
        self.assertEqual(control["clearing"]["balance_minor"], clearing_minor)
        self.assertEqual(control["clearing"]["unexplained_minor"], 0)
        for asset in control["assets"]:
            self.assertEqual(asset["books_minor"], asset["held_minor"], asset)
        return control
