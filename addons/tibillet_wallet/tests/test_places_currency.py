import psycopg2

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .books_common import DAY, NOON, BooksCase

CURRENCIES = (
    # code, decimals, a price in minor units, as people see it
    ("CHF", 2, 450, "4.50\N{NO-BREAK SPACE}CHF"),
    ("JPY", 0, 700, "700\N{NO-BREAK SPACE}¥"),
    ("TND", 3, 4_500, "4.500\N{NO-BREAK SPACE}DT"),
)


@tagged("post_install", "-at_install")
class TestCurrency(BooksCase):
    """A venue in another currency issues, sells and refunds in it, and takes no other."""

    def venue(self, code):
        currency = self.env.ref(f"base.{code}")
        currency.active = True
        company = self.env["res.company"].create(
            {
                "name": f"Venue {code}",
                "currency_id": currency.id,
                "tibillet_stored_limit_minor": 0,
                "tibillet_spent_limit_minor": 0,
                "tibillet_tap_limit_minor": 0,
            }
        )
        return company

    def test_issue_hold_capture_refund_and_books(self):
        for code, decimals, price, shown in CURRENCIES:
            with self.subTest(code):
                company = self.venue(code)
                self.load_chart(company)
                asset = self.make_asset(f"token-{code.lower()}", "local", company)
                self.assertEqual(
                    (asset.scale, asset.unit_label),
                    (decimals, shown.split("\N{NO-BREAK SPACE}")[1]),
                )
                self.assertEqual(asset._format(price), shown)
                self.assertEqual(asset.load_cap_minor, max(25_000, 250 * 10**decimals))
                self.put(
                    "topup",
                    (self.issuer(asset), self.account(self.wallet, asset), 3 * price),
                    company=company,
                )
                hold = self.spend(
                    price, company=company, hold_until=self.in_minutes(5), occurred_at=NOON
                )
                self.assertEqual(self.balance(asset), 2 * price)
                self.ledger._capture(hold)
                self.put(
                    "refund",
                    (self.account(self.wallet, asset), self.issuer(asset), price),
                    company=company,
                )
                entries = self.write(company)
                self.assertEqual(entries.mapped("day"), [DAY])
                unit = 10**decimals
                self.assertEqual(
                    self.balance_of(asset.liability_account_id, company), -price / unit
                )
                self.assertBalanced(entries)
                self.assertEqual(entries.move_id.currency_id, company.currency_id)
                refusal = self.assertRefused(
                    "insufficient_funds", self.spend, 2 * price, company=company
                )
                self.assertEqual(refusal.missing_minor, price)
                self.assertIn(company.currency_id.format(price / unit), str(refusal))
                self.assertEqual(self.ledger._audit(), {})

    def load_chart(self, company):
        """A chart, in the company's own currency: the generic one would sell in dollars."""
        currency = company.currency_id
        company.country_id = self.env.ref("base.fr")
        self.env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        company.currency_id = currency

    def test_a_card_that_holds_another_currency_only(self):
        company = self.venue("CHF")
        self.topup(1_000)
        refusal = self.assertRefused("asset_not_accepted", self.spend, 450, company=company)
        self.assertIn("Nothing was taken", str(refusal))
        francs = self.make_asset("francs", "local", company)
        self.put(
            "topup", (self.issuer(francs), self.account(self.wallet, francs), 400), company=company
        )
        refusal = self.assertRefused("insufficient_funds", self.spend, 450, company=company)
        self.assertEqual(refusal.missing_minor, 50, "euros complete nothing there")
        self.assertEqual(self.spend(400, company=company).transfer_ids.asset_id, francs)

    def test_no_acceptance_between_currencies(self):
        company = self.venue("CHF")
        with self.assertRaisesRegex(
            ValidationError, "“Jeton” counts in EUR and Venue CHF sells in CHF"
        ):
            self.env["tibillet.acceptance"].create(
                {"asset_id": self.token.id, "company_id": company.id}
            )
        acceptance = self.env["tibillet.acceptance"].create(
            {"asset_id": self.make_asset("autre", "local", self.bar).id, "company_id": self.coop.id}
        )
        with self.assertRaisesRegex(ValidationError, "sells in CHF"):
            acceptance.company_id = company
            self.env.flush_all()
        with (
            self.assertRaises(psycopg2.errors.RestrictViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE tibillet_acceptance SET company_id = %s WHERE id = %s",
                [company.id, acceptance.id],
            )
        hours = self.env["tibillet.acceptance"].create(
            {"asset_id": self.hours.id, "company_id": company.id}
        )
        self.assertTrue(hours, "time counts in no currency")

    def test_a_company_whose_money_circulates_keeps_its_currency(self):
        company = self.venue("CHF")
        unused = self.make_asset("inutile", "local", company)
        company.currency_id = self.env.ref("base.JPY")
        self.env.flush_all()
        self.assertEqual((unused.currency_id.name, unused.scale), ("JPY", 0))
        self.assertEqual(unused.unit_value_minor, 1)
        self.load(100, unused)
        with self.assertRaisesRegex(ValidationError, "“Inutile” binds Venue CHF to JPY"):
            company.currency_id = self.env.ref("base.CHF")
        with self.assertRaisesRegex(ValidationError, "keeps its currency"):
            self.bar.currency_id = self.env.ref("base.CHF")  # it takes the co-operative's euro
        with (
            self.assertRaises(psycopg2.errors.RestrictViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE res_company SET currency_id = %s WHERE id = %s",
                [self.env.ref("base.CHF").id, company.id],
            )

    def test_an_asset_in_another_currency_than_its_issuer(self):
        with self.assertRaisesRegex(ValidationError, "must count in the currency of its issuer"):
            self.make_asset("dollars", "local", self.bar, currency_id=self.env.ref("base.USD").id)
        with self.assertRaisesRegex(ValidationError, "must count in the currency of its issuer"):
            self.token.scale = 3
