"""Accounts, journal and top-up product of each company."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestBooksAccounts(BooksCase):
    def test_french_chart(self):
        clearing = self.bar.tibillet_clearing_account_id.with_company(self.bar)
        self.assertEqual(clearing.code, "478801")
        self.assertEqual(clearing.account_type, "liability_current")
        self.assertFalse(clearing.reconcile)
        liability = self.token.liability_account_id.with_company(self.bar)
        self.assertEqual(liability.code, "419701")
        self.assertEqual(liability.account_type, "liability_current")
        expected = {
            "due_from": ("467101", "asset_current", True),
            "due_to": ("468101", "liability_current", True),
            "claim": ("411801", "asset_receivable", True),
        }
        for role, wanted in expected.items():
            partner = self.coop.partner_id if role != "claim" else None
            account = self.role_account(self.bar, role, partner).with_company(self.bar)
            self.assertEqual((account.code, account.account_type, account.reconcile), wanted, role)
            self.assertEqual(self.role_account(self.bar, role, partner), account)
        taken = (
            self.env["account.account"]
            .with_company(self.bar)
            .search([("code", "in", ("419100", "419700"))])
        )
        self.assertEqual(len(taken), 2, "the chart's own accounts are still the chart's")
        self.assertFalse(taken & (clearing | liability))

    def test_generic_chart(self):
        clearing = self.coop.tibillet_clearing_account_id.with_company(self.coop)
        liability = self.euro.liability_account_id.with_company(self.coop)
        self.assertNotEqual(clearing.code, liability.code)
        for account in (clearing, liability):
            self.assertRegex(account.code, r"^\d{4,6}$")
            self.assertEqual(account.account_type, "liability_current")
        self.assertEqual(self.role_account(self.coop, "claim").account_type, "asset_receivable")

    def test_codes_that_are_taken_are_passed_over(self):
        self.env["account.account"].with_company(self.bar).create(
            [
                {"code": code, "name": "Mine", "account_type": "liability_current"}
                for code in ("419702", "419703")
            ]
        )
        asset = self.make_asset("autre", "local", self.bar)
        self.assertEqual(asset.liability_account_id.with_company(self.bar).code, "419704")

    def test_only_what_is_owed_has_an_account(self):
        self.assertTrue(self.token.liability_account_id)
        for asset in (self.gift, self.hours):
            self.assertFalse(asset.liability_account_id)

    def test_a_chart_loaded_later(self):
        company = self.env["res.company"].create(
            {"name": "Le Hangar", "country_id": self.env.ref("base.fr").id}
        )
        asset = self.make_asset("hangar", "local", company)
        self.assertFalse(company.tibillet_clearing_account_id | asset.liability_account_id)
        self.assertFalse(company._tibillet_ensure_accounts(), "no chart: nothing to do yet")
        self.env["account.chart.template"].try_loading("fr", company, install_demo=False)
        self.assertTrue(company.tibillet_clearing_account_id)
        self.assertTrue(company.tibillet_journal_id)
        self.assertTrue(asset.liability_account_id)
        self.assertFalse(company.tibillet_topup_product_id.taxes_id)

    def test_another_chart_before_the_first_entry(self):
        """Odoo deletes the accounts of the first chart: ours come back in the second."""
        self.role_account(self.bar, "due_from", self.coop.partner_id)
        product = self.bar.tibillet_topup_product_id
        # This chart sells in dollars: only who has no agreement in euros may take it.
        self.env["tibillet.acceptance"].search([]).write({"state": "ended"})
        self.env["account.chart.template"].try_loading("generic_coa", self.bar, install_demo=False)
        self.assertTrue(self.bar.tibillet_clearing_account_id.exists())
        self.assertTrue(self.bar.tibillet_journal_id.exists())
        self.assertTrue(self.token.liability_account_id.exists())
        self.assertEqual(self.bar.tibillet_topup_product_id, product)
        self.assertEqual(
            product.with_company(self.bar).property_account_income_id,
            self.bar.tibillet_clearing_account_id,
        )
        self.topup(1000)
        self.assertBalanced(self.write(self.bar))

    def test_nothing_is_made_twice(self):
        before = (
            self.bar.tibillet_clearing_account_id,
            self.bar.tibillet_journal_id,
            self.bar.tibillet_topup_product_id,
            self.token.liability_account_id,
        )
        count = self.env["account.account"].search_count([])
        self.assertEqual(self.bar._tibillet_ensure_accounts(), self.bar)
        self.env["res.company"]._tibillet_ensure_all_accounts()
        self.assertEqual(self.env["account.account"].search_count([]), count)
        self.assertEqual(
            (
                self.bar.tibillet_clearing_account_id,
                self.bar.tibillet_journal_id,
                self.bar.tibillet_topup_product_id,
                self.token.liability_account_id,
            ),
            before,
        )


@tagged("post_install", "-at_install")
class TestTopupProduct(BooksCase):
    def test_untaxed_on_clearing_and_of_its_company(self):
        """The trap: a product without company takes the other companies' taxes."""
        self.assertTrue(self.bar.account_sale_tax_id, "the chart has a default tax to catch")
        products = self.env["product.product"]
        for company in (self.bar, self.coop):
            product = company.tibillet_topup_product_id.with_company(company)
            self.assertEqual(product.company_id, company)
            self.assertFalse(product.sudo().taxes_id | product.sudo().supplier_taxes_id)
            self.assertEqual(
                product.property_account_income_id, company.tibillet_clearing_account_id
            )
            self.assertFalse(product.is_published)
            products |= product
        self.assertEqual(len(products), 2)

    def test_it_never_bears_a_tax(self):
        with self.assertRaises(ValidationError):
            self.bar.tibillet_topup_product_id.taxes_id = self.bar.account_sale_tax_id
        with self.assertRaises(ValidationError):
            self.bar.tibillet_topup_product_id.company_id = False

    def test_no_pricelist_changes_it(self):
        product = self.bar.tibillet_topup_product_id
        product.list_price = 50
        beer = self.env["product.product"].create({"name": "Beer", "list_price": 50})
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Happy hour",
                "company_id": self.bar.id,
                "currency_id": self.bar.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 10,
                            "applied_on": "3_global",
                        }
                    )
                ],
            }
        )
        prices = pricelist._get_products_price(product | beer, 1.0)
        self.assertEqual(prices, {product.id: 50, beer.id: 45})
