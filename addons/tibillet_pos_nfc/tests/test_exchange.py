"""Sold for time: in no books, or at the usual price with its tax, by the accountant's switch."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_books import BooksCase
from .test_prices_asset import AssetPriceCase

DAY = 24 * 60


class ExchangeCase(AssetPriceCase, BooksCase):
    """A workshop at 20 % and a meal at 10 %, both sold for minutes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bar_tax = cls.beer.taxes_id
        food_tax = bar_tax.copy({"name": "Food 10 %", "amount": 10})
        cls.owed = cls.env["account.account"].create(
            {"name": "VAT due", "code": "445799", "account_type": "liability_current"}
        )
        parts = (bar_tax | food_tax).invoice_repartition_line_ids
        parts |= (bar_tax | food_tax).refund_repartition_line_ids
        parts.filtered(lambda line: line.repartition_type == "tax").account_id = cls.owed
        cls.workshop.write({"taxes_id": [Command.set(bar_tax.ids)], "tibillet_usual_price": 12})
        cls.meal_values = {
            "name": "Meal",
            "type": "service",
            "available_in_pos": True,
            "list_price": 0,
            "taxes_id": [Command.set(food_tax.ids)],
            "company_id": cls.company.id,
            "tibillet_price_asset_id": cls.time.id,
            "tibillet_price_minor": 15,
            "tibillet_usual_price": 5.5,
        }
        cls.meal = cls.env["product.product"].create(cls.meal_values)
        cls.income = cls.workshop._get_product_accounts()["income"]
        cls.exchanges = cls.env["tibillet.exchange"]

    def switch(self, is_on, days=1):
        """The accountant decides, and the night goes by."""
        self.exchanges.with_user(self.accountant)._switch(self.company, self.time, is_on)
        self.wait(DAY * days)

    def swap(self, *lines):
        """Goods for minutes: a tap, then the order."""
        told = [
            {
                "product_id": product.id,
                "amount_minor": product.tibillet_price_minor * qty,
                "asset_id": self.time.id,
                "qty": qty,
            }
            for product, qty in lines
        ]
        answer = self.tap(lines=told)
        self.assertTrue(answer["ok"], answer)
        values = self.order_values(
            [],
            [(product, qty, 0.0) for product, qty in lines],
            tibillet_asset_key=self.key,
            tibillet_device_id=self.device.id,
            tibillet_device_seq=self.next_seq(),
        )
        for command in values["lines"]:
            command[2]["tibillet_declared_price"] = 99  # a till says nothing about it
        order = self.sync(values)
        self.assertEqual((order.state, order.amount_total), ("paid", 0.0))
        return order

    def undo(self, order):
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), f"undo-{order.id}", order.uuid, "Not held"
        )
        self.assertTrue(answer["ok"], answer)

    def balance(self, account):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def assertDeclared(self, revenue, vat, counterpart):
        """Trial balance: these three, nothing on clearing, everything balanced, control 0.00."""
        self.write_books()
        roles = self.env["tibillet.book.account"].search(
            [("company_id", "=", self.company.id), ("role", "=", "exchange")]
        )
        found = (
            -self.balance(self.income),
            -self.balance(self.owed),
            self.balance(roles.account_id) if roles else 0,
        )
        self.assertEqual(found, (revenue, vat, counterpart))
        self.assertClearing(0)
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )
        for move, some in lines.grouped("move_id").items():
            self.assertEqual(round(sum(some.mapped("balance")), 2), 0, move.name)
        self.assertEqual(self.env["tibillet.control"]._look(self.company).rest, 0)

    def by_rate(self):
        today = fields.Date.today()
        days = self.env["tibillet.daily.totals"]._days(
            self.company, today - timedelta(days=9), today + timedelta(days=9)
        )
        sums = {}
        for rate in (rate for day in days for rate in day["rates"]):
            base, vat = sums.get(rate["rate"], (0, 0))
            sums[rate["rate"]] = (base + rate["base_minor"], vat + rate["vat_minor"])
        return sums


@tagged("post_install", "-at_install")
class TestExchangeBooks(ExchangeCase):
    def test_off_there_is_no_entry(self):
        order = self.swap((self.workshop, 1), (self.meal, 2))
        self.assertEqual(order.lines.mapped("tibillet_declared_price"), [0, 0])
        self.close()
        lines = self.till_session.sudo().move_id.line_ids
        self.assertFalse(lines.filtered("balance"))
        self.assertDeclared(0, 0, 0)
        self.assertFalse(any(map(any, self.by_rate().values())))

    def test_on_two_rates(self):
        """12.00 at 20 % and 2 x 5.50 at 10 %: 10 + 10 of revenue, 2 + 1 of VAT, 23 swapped."""
        self.switch(True)
        self.swap((self.workshop, 1), (self.meal, 2))
        self.close()
        self.assertDeclared(20, 3, 23)
        self.assertEqual(self.by_rate(), {20.0: (1000, 200), 10.0: (1000, 100)})
        account = self.env["tibillet.book.account"]._account(self.company, "exchange")
        self.assertEqual((account.code, account.account_type), ("658801", "expense"))
        # money beside it, in the same session, is not touched by it
        self.pair(self.open_session())
        self.sell()
        self.swap((self.meal, 1))
        self.close()
        self.assertDeclared(30, 4.5, 28.5)

    def test_from_the_next_business_day(self):
        self.switch(True, days=0)
        self.assertFalse(self.swap((self.meal, 1)).lines.tibillet_declared_price)
        self.wait(DAY)
        self.switch(False, days=0)
        self.assertEqual(self.swap((self.meal, 1)).lines.tibillet_declared_price, 5.5)
        self.wait(DAY)
        self.assertFalse(self.swap((self.meal, 1)).lines.tibillet_declared_price)
        self.close()
        self.assertDeclared(5, 0.5, 5.5)

    def test_undone_before_the_closing(self):
        self.switch(True)
        self.undo(self.swap((self.workshop, 1)))
        self.close()
        self.assertDeclared(0, 0, 0)
        self.assertEqual(self.free(asset=self.time), 120)

    def test_undone_later_when_it_is_off(self):
        """What was declared is taken back as it was, at the price of then."""
        self.switch(True)
        order = self.swap((self.workshop, 1))
        self.close()
        self.assertDeclared(10, 2, 12)
        self.switch(False)
        self.workshop.tibillet_usual_price = 20
        self.pair(self.open_session())
        self.undo(order)
        self.close()
        self.assertDeclared(0, 0, 0)
        back = self.till_session.sudo().move_id.line_ids.filtered("tax_line_id")
        self.assertEqual((back.balance, back.tax_base_amount), (2, 10))
        self.assertEqual(back.tax_repartition_line_id.document_type, "refund")
        self.assertFalse(any(map(any, self.by_rate().values())))

    def test_without_vat(self):
        """Who pays none has the revenue all the same, once its accountant wants it."""
        self.workshop.taxes_id = False
        self.switch(True)
        self.swap((self.workshop, 1))
        self.close()
        self.assertDeclared(12, 0, 12)

    def test_another_company_decides_for_itself(self):
        other = self.other_company
        asset = self.time.copy({"name": "Elsewhere", "code": "other", "company_id": other.id})
        self.env["tibillet.acceptance"].create(
            {"asset_id": self.time.id, "company_id": other.id, "contract_date": "2026-01-01"}
        )._sign({"acceptor", "issuer"})
        there = new_test_user(
            self.env,
            login="other_accountant",
            groups="tibillet_wallet.tibillet_wallet_group_accountant",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.exchanges.with_user(there)._switch(other, self.time, True)
        self.assertTrue(self.exchanges._is_on(other, self.time))
        self.assertFalse(self.exchanges._is_on(self.company, self.time))
        self.wait(DAY)
        self.assertFalse(self.swap((self.meal, 1)).lines.tibillet_declared_price)
        with self.assertRaisesRegex(AccessError, "of this company"):
            self.exchanges.with_user(there)._switch(self.company, self.time, True)
        with self.assertRaisesRegex(UserError, "sells nothing"):
            self.exchanges.with_user(self.accountant)._switch(self.company, asset, True)


@tagged("post_install", "-at_install")
class TestExchangeSwitch(ExchangeCase):
    def test_only_an_accountant(self):
        manager = "tibillet_wallet.tibillet_wallet_group_user"
        desk = new_test_user(self.env, login="time_desk", groups=manager)
        for user in (self.cashier, self.till_manager, self.stranger, desk):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.exchanges.with_user(user)._switch(self.company, self.time, True)
        self.assertFalse(self.exchanges.search([]))

    def test_by_the_buttons(self):
        asset = self.time.with_user(self.accountant).with_company(self.company)
        self.assertIn("stands in no books", asset.exchange_text)
        asset.action_exchange_on()
        self.assertTrue(asset.exchange_on)
        self.assertIn("usual price", asset.exchange_text)
        asset.action_exchange_off()
        self.assertFalse(asset.exchange_on)
        turns = self.exchanges.search([("asset_id", "=", self.time.id)])
        self.assertEqual(turns.mapped("user_id"), self.accountant)
        self.assertEqual(len(turns), 2)

    def test_nothing_but_time(self):
        points = self.time.copy({"name": "Points", "code": "pts", "kind": "points"})
        for asset in (points, self.token):
            with self.subTest(asset.kind), self.assertRaisesRegex(UserError, "sells nothing"):
                self.exchanges.with_user(self.accountant)._switch(self.company, asset, True)

    def test_never_without_a_usual_price(self):
        self.meal.tibillet_usual_price = 0
        with self.assertRaisesRegex(UserError, "first on: Meal"):
            self.switch(True)
        self.meal.tibillet_usual_price = 5.5
        self.switch(True)
        with self.assertRaisesRegex(ValidationError, "usual price of “Meal”"):
            self.meal.tibillet_usual_price = 0
        with self.assertRaisesRegex(ValidationError, "usual price of “Nap”"):
            self.env["product.product"].create(
                self.meal_values | {"name": "Nap", "tibillet_usual_price": 0}
            )
        self.switch(False)
        self.meal.tibillet_usual_price = 0
