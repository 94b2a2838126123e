from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockCount(StockCase):
    """The stock is counted by several people, blind, and adjusted once by a manager."""

    def counts(self, user=None):
        counts = self.env["tibillet.stock.count"].with_user(user or self.cashier)
        return counts.with_company(self.company)

    def page(self, user=None):
        answer = self.counts(user).tibillet_stock_count(self.config.id)
        self.assertTrue(answer["ok"], answer)
        return answer

    def row(self, product, user=None):
        return next(r for r in self.page(user)["rows"] if r["product_id"] == product.id)

    def count(self, product, quantity, version=0, how=None, user=None):
        count = self.counts(user).browse(self.page(user)["count_id"])
        return count.tibillet_stock_counted(product.id, quantity, version, how)

    def differences(self, user=None):
        count = self.counts(user).browse(self.page(user)["count_id"])
        answer = count.tibillet_stock_differences()
        return {
            line["product_id"]: (line["counted"], line["expected"], line["difference"])
            for line in answer["lines"]
        }

    def apply(self, reason="Closing", user=None):
        user = user or self.till_manager
        return self.counts(user).browse(self.page(user)["count_id"]).tibillet_stock_apply(reason)

    def test_counted_and_adjusted(self):
        self.count(self.bottle, 18)
        self.count(self.keg, 1.5 * 30)
        self.assertEqual(
            self.differences(), {self.bottle.id: (18, 20, -2), self.keg.id: (45, 60, -15)}
        )
        answer = self.apply("Closing of Friday")
        self.assertIn("2 of 2", answer["message"])
        self.assertEqual((self.stock_of(self.bottle), self.stock_of(self.keg)), (18, 45))
        move = self.env["stock.move"].search(
            [("product_id", "=", self.bottle.id), ("is_inventory", "=", True)]
        )
        self.assertEqual((move.inventory_name, move.quantity), ("Closing of Friday", 2))
        count = self.env["tibillet.stock.count"].search([])
        self.assertEqual((count.state, count.ended_by), ("applied", self.till_manager.name))
        self.assertEqual(count.value, -3 - 30)
        self.assertEqual(self.page()["rows"][0]["is_counted"], False)  # the next one begins

    def test_blind(self):
        self.assertNotIn("expected", self.row(self.bottle))
        self.assertFalse({"difference", "expected"} & set(self.count(self.bottle, 5)["row"]))

    def test_gone_on_with_on_another_phone(self):
        self.count(self.bottle, 18)
        row = self.row(self.bottle, user=self.till_manager)
        self.assertEqual((row["counted"], row["person"]), (18, self.cashier.name))
        self.assertEqual(len(self.env["tibillet.stock.count"].search([])), 1)

    def test_two_count_the_same(self):
        self.count(self.bottle, 12)
        answer = self.count(self.bottle, 8, user=self.till_manager)
        self.assertEqual((answer["ok"], answer["code"]), (False, "counted_meanwhile"))
        self.assertIn(self.cashier.name, answer["message"])
        self.assertEqual(self.row(self.bottle)["counted"], 12)
        version = answer["row"]["version"]
        added = self.count(self.bottle, 8, version, "add", user=self.till_manager)
        self.assertEqual(added["row"]["counted"], 20)
        replaced = self.count(self.bottle, 19, added["row"]["version"])
        self.assertEqual(replaced["row"]["counted"], 19)
        self.assertEqual(self.differences()[self.bottle.id], (19, 20, -1))

    def test_sold_between_the_count_and_its_application(self):
        self.count(self.bottle, 18)
        self.sell_for_cash(self.bottle, 5)
        self.assertEqual(self.differences()[self.bottle.id], (18, 20, -2))
        self.apply()
        self.assertEqual(self.stock_of(self.bottle), 13)

    def test_before_the_closing_of_a_till_that_moves_its_stock_there(self):
        self.till_session.sudo().update_stock_at_closing = True
        self.sell_for_cash(self.bottle, 5)
        self.sell_for_cash(self.half, 4)
        self.count(self.bottle, 15)
        self.count(self.keg, 58)
        self.assertEqual(
            self.differences(), {self.bottle.id: (15, 15, 0), self.keg.id: (58, 59, -1)}
        )
        self.apply()
        self.closing_session.post_closing_cash_details(32)
        self.assertTrue(self.closing_session.close_session_from_ui()["successful"])
        self.assertEqual((self.stock_of(self.bottle), self.stock_of(self.keg)), (15, 58))

    def test_what_waits_is_taken_off_once_and_where_it_was_sold(self):
        elsewhere = self.other_stock()
        self.sell_for_cash(self.bottle, 5)  # moved at once
        self.till_session.sudo().update_stock_at_closing = True
        self.sell_for_cash(self.bottle, 2)
        self.count(self.bottle, 13)
        self.assertEqual(self.differences()[self.bottle.id], (13, 13, 0))
        page = self.counts().tibillet_stock_count(elsewhere.id)
        there = self.counts().browse(page["count_id"])
        there.tibillet_stock_counted(self.bottle.id, 4)
        [line] = there.tibillet_stock_differences()["lines"]
        self.assertEqual((line["expected"], line["difference"]), (0, 4))

    def test_what_is_counted(self):
        """Goods of this place with a stock, but those with numbers of their own."""
        shared, theirs, numbered = self.env["product.product"].create(
            [
                {"name": "Of every place", "company_id": False},
                {"name": "Theirs", "company_id": self.other_company.id},
                {"name": "Numbered", "company_id": self.company.id, "tracking": "serial"},
            ]
        )
        (shared | theirs | numbered).write({"is_storable": True, "available_in_pos": True})
        rows = {row["product_id"] for row in self.page()["rows"]}
        self.assertEqual({shared.id, self.bottle.id, self.keg.id} - rows, set())
        self.assertFalse(rows & {theirs.id, numbered.id, self.half.id})

    def test_applied_once(self):
        self.count(self.bottle, 18)
        count = self.counts(self.till_manager).browse(self.page()["count_id"])
        count.tibillet_stock_apply("Closing")
        for act in (
            lambda: count.tibillet_stock_apply("Closing"),
            lambda: count.tibillet_stock_counted(self.bottle.id, 3),
            count.tibillet_stock_drop,
        ):
            with self.assertRaisesRegex(UserError, "over"):
                act()
        self.assertEqual(self.stock_of(self.bottle), 18)

    def test_goods_that_the_books_do_not_know(self):
        self.count(self.beer, 6)
        self.assertEqual(self.differences()[self.beer.id], (6, 0, 6))
        self.apply()
        self.assertEqual(self.stock_of(self.beer), 6)

    def test_dropped(self):
        self.count(self.bottle, 1)
        self.counts(self.till_manager).browse(self.page()["count_id"]).tibillet_stock_drop()
        self.assertEqual(self.stock_of(self.bottle), 20)
        self.assertFalse(self.row(self.bottle)["is_counted"])

    def test_who(self):
        self.count(self.bottle, 18)
        count = self.counts().browse(self.page()["count_id"])
        for act in (lambda: count.tibillet_stock_apply("x"), count.tibillet_stock_drop):
            with self.assertRaisesRegex(AccessError, "manager"):
                act()
        self.assertIs(count.tibillet_stock_differences()["value"], False)
        managers = self.counts(self.till_manager).browse(count.id)
        self.assertEqual(managers.tibillet_stock_differences()["value"], -3)
        self.assertIs(count.tibillet_stock_differences()["lines"][0]["value"], False)
        self.assertEqual(managers.tibillet_stock_differences()["lines"][0]["value"], -3)
        for method, arguments in (
            ("tibillet_stock_counted", (self.bottle.id, 1)),
            ("tibillet_stock_differences", ()),
        ):
            with self.assertRaises(AccessError):
                getattr(count.with_user(self.stranger), method)(*arguments)
        with self.assertRaises(AccessError):
            self.counts(self.stranger).tibillet_stock_count()
        with self.assertRaises(AccessError):
            managers.started_by = "x"
        count.sudo().company_id = self.other_company
        with self.assertRaisesRegex(AccessError, "another place"):
            count.tibillet_stock_differences()

    def test_refused(self):
        for wrong in (-1, float("nan"), float("inf"), "3", None, True, 10**7):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(UserError, "counted"):
                self.count(self.bottle, wrong)
        for product in (self.half, self.env["product.product"]):
            with self.assertRaisesRegex(UserError, "not counted here"):
                self.count(product, 1)
        with self.assertRaisesRegex(UserError, "Nothing is counted"):
            self.apply()
        self.count(self.bottle, 0)
        for wrong in ("", "  ", None, 3):
            with self.assertRaisesRegex(UserError, "why"):
                self.apply(wrong)
        self.assertEqual(self.stock_of(self.bottle), 20)
        self.apply()
        self.assertEqual(self.stock_of(self.bottle), 0)
        self.assertTrue(self.env["tibillet.sold.out"].search([("ended_at", "=", False)]))
