from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .cardpage_common import CardActs
from .common import OTHER_UID, UID
from .merchant_common import MerchantCase
from .test_gift_discount import GiftCase


@tagged("post_install", "-at_install")
class TestSinglePurpose(CardActs, GiftCase):
    """A single-purpose asset is turnover, with its tax, when it is sold; never again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drink, cls.meal = cls.env["tibillet.asset"].create(
            [
                {
                    "name": name,
                    "code": name.lower(),
                    "kind": "local",
                    "company_id": cls.company.id,
                    "vat_nature": "single",
                    "vat_tax_id": tax.id,
                    "spend_sequence": 5,
                }
                for name, tax in (("Drink", cls.beer.taxes_id), ("Meal", cls.food_tax))
            ]
        )
        cls.config.payment_method_ids |= cls.bank

    def liability(self, asset=None):
        """What the wallets' account of the asset owes."""
        return self.posted((asset or self.drink).liability_account_id)

    def figures(self, asset=None):
        asset = asset or self.drink
        [row] = [row for row in self.control()["assets"] if row["asset_id"] == asset.id]
        return row

    def assertIdentity(self, books, taxed, held, asset=None):
        """W + the tax declared at the sale = what is held, to the cent."""
        row = self.figures(asset)
        self.assertEqual(
            (row["books_minor"], row["taxed_minor"], row["held_now_minor"]), (books, taxed, held)
        )
        self.assertEqual((books + taxed, row["difference_minor"]), (held, 0))

    def sales(self, product=None):
        return self.posted((product or self.beer)._get_product_accounts()["income"])

    def finish(self, cash=0):
        self.close(cash)
        self.write_books()
        self.assertClearing(0)

    # -- sold ------------------------------------------------------------------------------

    def test_sold_with_its_tax(self):
        order = self.load_by("cash", 5000, asset=self.drink)
        self.assertEqual((order.amount_total, order.lines.price_subtotal), (50.0, 41.67))
        self.assertEqual(self.free(asset=self.drink), 5000)
        figures = self.env["tibillet.figures"]._compute_figures(self.till_session)
        self.assertEqual(
            figures["turnover"], {"gross": 5000, "net": 4167, "vat": 833, "given": 0, "orders": 1}
        )
        self.assertEqual((figures["moved"], figures["rounding"]), ([], 0))
        self.finish(50.0)
        self.assertEqual((self.sales(), self.posted(self.owed), self.liability()), (0, 8.33, 41.67))
        self.assertIdentity(4167, 833, 5000)
        control = self.env["tibillet.control"]._look(self.company)
        line = control.line_ids.filtered(lambda line: line.asset_id == self.drink)
        self.assertEqual(
            (line.books, line.taxed, line.ledger, line.difference, line.rest),
            (41.67, 8.33, 50.0, 0, 0),
        )

    def test_a_part_in_cash_and_a_part_by_bank_card_are_one_line(self):
        """2.50 and 2.50 have 2.08 each without tax; 5.00 has 4.17."""
        self.promise(500, self.drink)
        product = self.company._tibillet_topup_product_of(self.drink)
        self.sync(
            self.mixed_values(
                [(self.cash, 2.5, False), (self.bank, 2.5, False)],
                topups=[(self.key, 5.0)],
                topup_product=product,
            )
        )
        self.assertEqual(len(self.operations_of(self.key)), 2)
        self.finish(2.5)
        self.assertIdentity(417, 83, 500)

    def test_its_article_is_made_once_and_bears_its_tax_alone(self):
        product = self.company._tibillet_topup_product_of(self.drink)
        self.assertEqual(product, self.company._tibillet_topup_product_of(self.drink))
        self.assertNotEqual(product, self.company._tibillet_topup_product_of(self.meal))
        self.assertIn(product, self.config._get_special_products())
        with self.assertRaises(ValidationError):
            product.taxes_id = self.food_tax
        with self.assertRaises(ValidationError):
            product.company_id = False

    def test_a_line_without_its_tax_is_refused(self):
        self.promise(1000, self.drink)
        with self.assertRaises(UserError):
            self.sync(self.mixed_values([(self.cash, 10.0, False)], topups=[(self.key, 10.0)]))
        self.assertFalse(self.operations_of(self.key))

    # -- spent -----------------------------------------------------------------------------

    def test_spent_without_tax_and_without_turnover(self):
        self.load_by("cash", 5000, asset=self.drink)
        order = self.buy((self.beer, 1, 6.0))
        line = order.lines
        self.assertEqual(
            (line.tibillet_gift, line.tibillet_gift_net, line.tibillet_taxed_net), (6.0, 5.0, 5.0)
        )
        figures = self.env["tibillet.figures"]._compute_figures(self.till_session)
        self.assertEqual(
            figures["turnover"],
            {"gross": 5000, "net": 4167, "vat": 833, "given": 0, "taxed": 600, "orders": 2},
        )
        self.assertEqual(figures["rounding"], 0)
        self.finish(50.0)
        self.assertEqual((self.sales(), self.posted(self.owed)), (5.0, 8.33))
        self.assertEqual(self.liability(), 36.67)
        self.assertIdentity(3667, 733, 4400)

    def test_an_empty_card_owes_nothing_whatever_the_rounding(self):
        """Three times 2.50 are 7.50: 6.25 without tax, not three times 2.08."""
        self.load_by("cash", 750, asset=self.drink)
        for _time in range(3):
            self.buy((self.crisps, 1, 2.5))
        self.finish(7.5)
        self.assertEqual((self.sales(self.crisps), self.posted(self.owed)), (6.25, 1.25))
        self.assertIdentity(0, 0, 0)

    def test_two_rates_token_and_cash_on_one_order(self):
        self.load_by("cash", 400, asset=self.drink)
        self.load_by("cash", 300, asset=self.meal)
        self.give(100)
        before = self.free()
        with self.subTest("in any order"):
            order = self.buy((self.soup, 2, 4.0), (self.beer, 2, 6.0), cards=(UID,))
        self.assertEqual((self.free(asset=self.drink), self.free(asset=self.meal)), (0, 0))
        self.assertEqual(before - self.free(), 1200, "the rest is multi-purpose")
        soup, beer = order.lines
        self.assertEqual((soup.tibillet_taxed, soup.tibillet_taxed_net), (3.0, 2.73))
        self.assertEqual((beer.tibillet_taxed, beer.tibillet_taxed_net), (4.0, 3.33))
        gifts = [line.tibillet_gift - line.tibillet_taxed for line in order.lines]
        self.assertEqual(round(sum(gifts), 2), 1.0)
        self.assertEqual(self.told, [[0, 338], [1, 462]])
        self.finish(7.0)
        # soup at 10 %: 8.00 less 3.00 and 0.38; beer at 20 %: 12.00 less 4.00 and 0.62
        soup_tax, beer_tax = 0.73 - 0.27 - 0.03, 2.0 - 0.67 - 0.10
        self.assertEqual(self.posted(self.owed), round(0.67 + 0.27 + soup_tax + beer_tax, 2))
        self.assertEqual(self.sales(), round(7.27 - 0.35 + 10.0 - 0.52, 2))
        self.assertIdentity(0, 0, 0)
        self.assertIdentity(0, 0, 0, self.meal)

    def test_token_of_one_card_rest_from_another_and_in_cash(self):
        self.load_by("cash", 400, asset=self.drink)
        self.load_by("bank_card", 250, uid=OTHER_UID, asset=self.drink)
        # nothing else on the first card
        self.ledger._spend(
            self.card.wallet_id, self.company, [(None, 2000, None)], key="empty", origin="user:1"
        )
        order = self.buy((self.beer, 2, 6.0), cards=(UID, OTHER_UID))
        self.assertEqual(order.lines.tibillet_taxed, 6.5)
        self.assertEqual(order.lines.tibillet_taxed_net, round(3.33 + 2.08, 2))
        by_cash = order.payment_ids.filtered(lambda paid: paid.payment_method_id == self.cash)
        self.assertEqual(sum(by_cash.mapped("amount")), 5.5)
        self.close(9.5)
        self.write_books()
        self.assertTrue(self.control()["assets"])
        self.assertIdentity(0, 0, 0)
        self.assertEqual(self.posted(self.owed), round(0.67 + 0.42 + 0.92, 2))

    def test_it_buys_articles_of_its_rate_alone(self):
        self.load_by("cash", 1000, asset=self.meal)
        self.ledger._spend(
            self.card.wallet_id, self.company, [(None, 2000, None)], key="empty", origin="user:1"
        )
        answer = self.tap(lines=self.basket((self.beer, 1, 6.0)))
        self.assertEqual(answer["code"], "not_for_this")
        self.assertTrue(self.tap(lines=self.basket((self.soup, 1, 4.0)))["ok"])

    def test_it_pays_no_top_up(self):
        self.load_by("cash", 1000, asset=self.drink)
        product = self.company._tibillet_topup_product_of(self.drink)
        lines = [{"product_id": product.id, "amount_minor": 500}]
        self.assertEqual(self.tap(5.0, lines=lines)["code"], "not_for_this")

    # -- taken back --------------------------------------------------------------------------

    def undo(self, order, key="undo-key"):
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), key, order.uuid, "Wrong basket"
        )
        self.assertTrue(answer["ok"], answer)
        return order.tibillet_undo_ids

    def test_an_undone_sale_is_the_exact_opposite(self):
        self.load_by("cash", 500, asset=self.drink)
        order = self.buy((self.crisps, 1, 2.5))
        undone = self.undo(order)
        self.assertEqual(
            (undone.lines.tibillet_gift, undone.lines.tibillet_taxed_net),
            (-2.5, -order.lines.tibillet_taxed_net),
        )
        self.finish(5.0)
        self.assertEqual((self.sales(self.crisps), self.posted(self.owed)), (0, 0.83))
        self.assertIdentity(417, 83, 500)

    def test_half_of_a_sale_given_back(self):
        self.load_by("cash", 1000, asset=self.drink)
        order = self.buy((self.crisps, 2, 2.5))
        lines = [
            {
                "product_id": self.crisps.id,
                "amount_minor": -250,
                "refunded_line_id": order.lines.id,
            }
        ]
        answer = self.tap(lines=lines)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual((answer["gifts"], answer["taxed"]), ([[0, -250]], [[0, -250]]))
        values = self.order_values(
            [(self.method, -2.5, self.key)], [(self.crisps, -1, 2.5)], is_refund=True
        )
        values["lines"][0][2]["refunded_orderline_id"] = order.lines.id
        self.sync(values)
        self.assertEqual(self.free(asset=self.drink), 750)
        self.finish(10.0)
        self.assertIdentity(625, 125, 750)
        self.assertEqual((self.sales(self.crisps), self.posted(self.owed)), (2.08, 1.67))

    def test_an_undone_top_up_gives_the_tax_back(self):
        order = self.load_by("cash", 5000, asset=self.drink)
        self.undo(order)
        self.finish(0)
        self.assertEqual(self.posted(self.owed), 0)
        self.assertIdentity(0, 0, 0)

    def test_paid_back_in_cash_with_its_tax(self):
        self.load_by("cash", 2000, asset=self.drink)
        self.buy((self.crisps, 1, 2.5))
        answer = self.act(
            "refund", {"asset_id": self.drink.id, "price_minor": 1750, "means": "cash"}
        )
        self.assertTrue(answer["ok"], answer)
        back = self.env["pos.order"].search([], order="id desc", limit=1)
        self.assertEqual((back.amount_total, back.lines.price_subtotal), (-17.5, -14.58))
        self.finish(2.5)
        self.assertEqual((self.posted(self.owed), self.sales(self.crisps)), (0.41, 2.08))
        row = self.figures()
        self.assertEqual((row["held_now_minor"], row["difference_minor"]), (0, 0))

    def test_half_a_cent_of_tax(self):
        """4.89 has 0.815 of tax: Odoo's entry rounds it up, also where taxes are rounded by order,
        and the ledger's net is what is left."""
        for way in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = way
            self.load_by("cash", 489, asset=self.drink)
        self.finish(9.78)
        self.assertIdentity(814, 164, 978)

    def test_half_a_cent_of_tax_is_paid_back(self):
        self.load_by("cash", 978, asset=self.drink)
        self.company.tax_calculation_rounding_method = "round_globally"
        asked = {"asset_id": self.drink.id, "price_minor": 489, "means": "cash"}
        self.assertTrue(self.act("refund", asked)["ok"])
        back = self.env["pos.order"].search([], order="id desc", limit=1)
        self.assertEqual(back.amount_tax, -0.82, "as the entry and a sale of the same have it")
        self.finish(4.89)
        row = self.figures()
        self.assertEqual((row["held_now_minor"], row["difference_minor"]), (489, 0))

    def test_no_transfer_pays_it_back(self):
        self.load_by("cash", 2000, asset=self.drink)
        page = self.till_session.tibillet_card_ways(self.credential, UID)
        [row] = [row for row in page["assets"] if row["asset_id"] == self.drink.id]
        self.assertEqual((row["cash"], row["transfer"]), (2000, 0))
        answer = self.act(
            "refund",
            {
                "asset_id": self.drink.id,
                "price_minor": 1000,
                "means": "transfer",
                "holder_name": "A. Person",
                "iban": "FR7630006000011234567890189",
            },
        )
        self.assertEqual(answer["code"], "not_allowed")
        self.assertEqual(self.free(asset=self.drink), 2000)

    # -- invoices ----------------------------------------------------------------------------

    def test_an_invoice_declares_no_tax_twice(self):
        self.load_by("cash", 5000, asset=self.drink)
        customer = self.env["res.partner"].create({"name": "Customer"})
        order = self.buy((self.beer, 1, 6.0), to_invoice=True, partner_id=customer.id)
        invoice = order.account_move
        self.assertEqual((invoice.amount_total, invoice.amount_tax), (5.0, 0))
        self.assertEqual(invoice.amount_residual, 0)
        self.finish(50.0)
        self.assertIdentity(3667, 733, 4400)

    def test_an_invoice_after_the_closing(self):
        self.load_by("cash", 5000, asset=self.drink)
        order = self.buy((self.beer, 1, 6.0))
        self.close(50.0)
        order.partner_id = self.env["res.partner"].create({"name": "Customer"})
        order.with_user(self.env.user).action_pos_order_invoice()
        self.assertEqual((order.account_move.amount_total, order.account_move.amount_tax), (5, 0))
        self.assertEqual(order.account_move.amount_residual, 0)
        self.write_books()
        self.assertClearing(0)
        self.assertEqual((self.sales(), self.posted(self.owed)), (5.0, 8.33))

    # -- merged, expired ---------------------------------------------------------------------

    def test_a_claimed_card_takes_its_tax_along(self):
        self.load_by("cash", 750, asset=self.drink)
        person = self.env["tibillet.wallet"]._of_person(
            self.env["res.partner"].create({"name": "Holder"})
        )
        account = self.env["tibillet.account"]
        card = account._get(self.card.wallet_id, self.drink)
        self.ledger._post(
            [
                {
                    "key": "merge-single",
                    "origin": "user:1",
                    "code": "merge",
                    "transfers": [(card.id, account._get(person, self.drink).id, 750)],
                    "company_id": self.company.id,
                }
            ]
        )
        self.finish(7.5)
        self.assertIdentity(625, 125, 750)

    def test_what_expires_is_its_net(self):
        voucher = self.env["tibillet.asset"].create(
            {
                "name": "Bon",
                "code": "bon",
                "kind": "voucher",
                "company_id": self.company.id,
                "vat_nature": "single",
                "vat_tax_id": self.beer.taxes_id.id,
                "expiry_months": 1,
            }
        )
        self.load_by("cash", 1000, asset=voucher)
        account = self.env["tibillet.account"]
        self.ledger._post(
            [
                {
                    "key": "expire-single",
                    "origin": "user:1",
                    "code": "expire",
                    "transfers": [
                        (
                            account._get(self.card.wallet_id, voucher).id,
                            account._get(voucher.issuer_wallet_id, voucher).id,
                            1000,
                        )
                    ],
                    "company_id": self.company.id,
                }
            ]
        )
        self.finish(10.0)
        self.assertIdentity(0, 0, 0, voucher)
        income = self.env["tibillet.book.account"]._account(self.company, "forfeit_income")
        self.assertEqual((self.posted(income), self.posted(self.owed)), (8.33, 1.67))

    # -- what it may not ---------------------------------------------------------------------

    def test_the_ledger_loads_it_by_a_sale_only(self):
        for code in ("gift", "reward", "issue"):
            with self.subTest(code), self.assertRaises(LedgerError) as refused:
                self.ledger._post([self.issue_request(code)])
            self.assertEqual(refused.exception.code, "not_allowed")

    def issue_request(self, code):
        account = self.env["tibillet.account"]
        return {
            "key": f"{code}-single",
            "origin": "user:1",
            "code": code,
            "transfers": [
                (
                    account._get(self.drink.issuer_wallet_id, self.drink).id,
                    account._get(self.card.wallet_id, self.drink).id,
                    1000,
                )
            ],
            "company_id": self.company.id,
        }

    def test_by_hand_the_desk_says_where(self):
        self.load_by("cash", 1000, asset=self.drink)
        for model, values in (
            ("tibillet.act.issue", {"means": "cash"}),
            ("tibillet.act.refund", {"means": "cash"}),
            ("tibillet.act.correct", {"operation_id": self.operations_of(self.key).id}),
        ):
            act = (
                self.env[model]
                .sudo()
                .new(
                    {
                        "card_id": self.card.id,
                        "asset_id": self.drink.id,
                        "amount": 5,
                        "reason": "By hand",
                        "company_id": self.company.id,
                        **values,
                    }
                )
            )
            with self.subTest(model), self.assertRaises(LedgerError) as refused:
                act._check(act._wallet())
            self.assertIn("at a till", str(refused.exception))

    def test_no_other_company_takes_it(self):
        with self.assertRaises(ValidationError) as refused:
            self.env["tibillet.acceptance"].sudo().create(
                {"asset_id": self.drink.id, "company_id": self.other_company.id}
            )
        self.assertIn("Drink", str(refused.exception))

    def test_one_rate_included_in_the_price(self):
        on_top = self.food_tax.copy({"name": "On top", "price_include_override": "tax_excluded"})
        fixed = self.food_tax.copy({"name": "Fixed", "amount_type": "fixed"})
        values = {"name": "X", "code": "x", "kind": "local", "company_id": self.company.id}
        for tax in (on_top, fixed):
            with self.subTest(tax.name), self.assertRaises(ValidationError) as refused:
                self.env["tibillet.asset"].create(
                    [{**values, "vat_nature": "single", "vat_tax_id": tax.id}]
                )
            self.assertIn(tax.name, str(refused.exception))

    def test_the_rate_stays_while_cards_hold_it(self):
        tax = self.beer.taxes_id
        self.load_by("cash", 1000, asset=self.drink)
        with self.assertRaises(ValidationError):
            self.drink.vat_tax_id = self.food_tax
        with self.assertRaises(UserError) as refused:
            tax.amount = 10
        self.assertIn("Drink", str(refused.exception))
        tax.name = "Its name may change"
        # an article that is sold at another rate from now on is none of what it buys
        self.beer.taxes_id = [Command.set(self.food_tax.ids)]
        self.ledger._spend(
            self.card.wallet_id, self.company, [(None, 2000, None)], key="empty", origin="user:1"
        )
        self.assertEqual(self.tap()["code"], "not_for_this")
        self.buy((self.crisps, 4, 2.5))
        self.close(10.0)
        tax.amount = 10  # nobody holds any
        self.assertEqual(tax.amount, 10)

    def test_a_cup_does_not_come_back_as_tokens(self):
        self.token.refundable = False
        with self.assertRaises(LedgerError):
            self.ledger.sudo()._deposit_transfer(self.card.wallet_id, self.company, 100)

    def test_a_warning_when_all_that_it_buys_bears_one_rate(self):
        self.assertFalse(self.token.one_rate_text, "beer and soup")
        self.token.product_category_ids = [Command.set(self.food.ids)]
        self.assertIn("10 %", self.token.one_rate_text)
        health = self.env["tibillet.health"]
        self.assertNotIn("warning", health._part_vat_natures())
        self.assertIn("10 %", self.env["tibillet.control"]._look(self.company).warning)
        self.assertEqual(health._part_vat_natures()["companies_to_decide"], self.company.ids)
        self.assertIn("one rate", health._report()["parts"]["vat_natures"]["warning"])
        tables = self.env["product.product"].create(
            {
                "name": "Table",
                "available_in_pos": True,
                "list_price": 3.0,
                "categ_id": self.food.id,
                "taxes_id": [Command.set(self.beer.taxes_id.ids)],
                "company_id": self.company.id,
            }
        )
        self.token.invalidate_recordset(["one_rate_text"])
        self.assertFalse(self.token.one_rate_text, "the food is at two rates")
        tables.available_in_pos = False
        self.token.invalidate_recordset(["one_rate_text"])
        self.assertTrue(self.token.one_rate_text)
        self.drink.product_category_ids = [Command.set(self.food.ids)]
        self.assertFalse(self.drink.one_rate_text, "it says so itself")


@tagged("post_install", "-at_install")
class TestSinglePurposeAtAMerchant(MerchantCase):
    def test_a_merchant_takes_none_even_when_its_contract_names_it(self):
        drink = self.env["tibillet.asset"].create(
            {
                "name": "Drink",
                "code": "drink",
                "kind": "local",
                "company_id": self.company.id,
                "vat_nature": "single",
                "vat_tax_id": self.ten.id,
            }
        )
        self.merchant.asset_ids |= drink
        self.load(self.card, 1000, drink)
        purses = self.ledger._purses(self.card.wallet_id, self.company)
        self.assertTrue(all(purse.accepted for purse in purses))
        taken = self.ledger._purses_for(self.merchant, purses)
        self.assertEqual({purse.asset_id for purse in taken if purse.accepted}, set(self.token.ids))
