"""Articles priced in an asset: 45 minutes, paid by one tap, never mixed with euros."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TillCase, TourCase


class AssetPriceCase(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.time = cls.env["tibillet.asset"].create(
            {
                "name": "Temps",
                "code": "temps",
                "kind": "time",
                "unit_label": "min",
                "scale": 0,
                "company_id": cls.company.id,
            }
        )
        cls.workshop = cls.env["product.product"].create(
            {
                "name": "Workshop",
                "type": "service",
                "available_in_pos": True,
                "list_price": 0,
                "taxes_id": [Command.clear()],
                "company_id": cls.company.id,
                "tibillet_price_asset_id": cls.time.id,
                "tibillet_price_minor": 45,
            }
        )
        accounts = cls.env["tibillet.account"]
        cls.ledger._post(
            [
                {
                    "key": "hours-of-help",
                    "origin": "test",
                    "code": "issue",
                    "transfers": [
                        (
                            accounts._get(cls.time.issuer_wallet_id, cls.time).id,
                            accounts._get(cls.card.wallet_id, cls.time).id,
                            120,
                        )
                    ],
                    "company_id": cls.company.id,
                }
            ]
        )


@tagged("post_install", "-at_install")
class TestAssetPrices(AssetPriceCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def line(self, minor=45, qty=1, product=None, asset=None):
        return {
            "product_id": (product or self.workshop).id,
            "amount_minor": minor,
            "asset_id": (asset or self.time).id,
            "qty": qty,
        }

    def order(self, key, lines=None, payments=(), **values):
        values = self.order_values(
            list(payments), lines or [(self.workshop, 1, 0.0)], tibillet_asset_key=key, **values
        )
        values["tibillet_device_id"] = self.device.id
        return self.sync(values)

    def minutes(self):
        return self.free(asset=self.time)

    def test_paid_by_a_tap(self):
        answer = self.tap(lines=[self.line()])
        self.assertEqual((answer["code"], answer["amount_minor"]), ("held", 45), answer)
        self.assertEqual(answer["split"][0]["unit"], "min")
        self.assertEqual(self.minutes(), 75)
        order = self.order(self.key)
        self.assertEqual((order.state, order.amount_total), ("paid", 0.0))
        self.assertFalse(order.payment_ids)
        self.assertEqual(self.operation().state, "posted")
        self.assertEqual((self.minutes(), self.free()), (75, 2000))
        self.assertFalse(order.tibillet_law_note)

    def test_not_enough(self):
        answer = self.tap(lines=[self.line(135, 3)])
        self.assertEqual((answer["code"], answer["missing_minor"]), ("insufficient_funds", 15))
        self.assertEqual(self.minutes(), 120)

    def test_never_mixed_at_the_tap(self):
        answer = self.tap(
            lines=[self.line(), {"product_id": self.beer.id, "amount_minor": 600, "qty": 1}]
        )
        self.assertEqual((answer["code"], answer["why"]), ("not_for_this", "never_mixed"), answer)
        self.assertEqual((self.minutes(), self.free()), (120, 2000))

    def test_a_price_of_the_till(self):
        answer = self.tap(lines=[self.line(5)])
        self.assertEqual((answer["code"], answer["why"]), ("not_for_this", "asset_price_changed"))
        self.assertIn("45 min", answer["message"])
        self.assertEqual(self.minutes(), 120)

    def test_in_euros(self):
        answer = self.tap(lines=[{"product_id": self.workshop.id, "amount_minor": 45}])
        self.assertFalse(answer["ok"])
        self.assertEqual((self.minutes(), self.free()), (120, 2000))

    def test_nobody_paid(self):
        with self.assertRaisesRegex(UserError, "no card paid it"):
            self.order(False)

    def test_in_cash(self):
        lines = [(self.workshop, 1, 5.0)]
        with self.assertRaisesRegex(UserError, "no card paid it"):
            self.order(False, lines, [(self.cash, 5.0, None)])

    def test_a_tap_that_paid_something_else(self):
        self.tap()
        with self.assertRaisesRegex(UserError, "no card paid it"):
            self.order(self.key)

    def test_never_mixed_on_an_order(self):
        self.tap(lines=[self.line()])
        lines = [(self.workshop, 1, 0.0), (self.beer, 1, 6.0)]
        with self.assertRaisesRegex(UserError, "is paid alone"):
            self.order(self.key, lines, [(self.cash, 6.0, None)])

    def test_two_units_are_paid_apart(self):
        points = self.time.copy({"name": "Points", "code": "pts", "kind": "points"})
        other = self.env["product.product"].create(
            {
                "name": "Quiz",
                "type": "service",
                "available_in_pos": True,
                "list_price": 0,
                "taxes_id": [Command.clear()],
                "company_id": self.company.id,
                "tibillet_price_asset_id": points.id,
                "tibillet_price_minor": 5,
            }
        )
        self.tap(lines=[self.line()])
        with self.assertRaisesRegex(UserError, "is paid alone"):
            self.order(self.key, [(self.workshop, 1, 0.0), (other, 1, 0.0)])

    def test_bad_input(self):
        for name in ("happy_id", "line_id"):
            for wrong in ("1", 1.5, [1], True):
                with self.subTest(name, wrong=wrong):
                    answer = self.tap(lines=[self.line() | {name: wrong}])
                    self.assertEqual((answer["ok"], answer["code"]), (False, "invalid"))
        self.assertEqual(self.minutes(), 120)

    def test_one_tap_one_order(self):
        self.tap(lines=[self.line()])
        self.order(self.key)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.order(self.key)

    def test_more_handed_over_than_paid_is_noted(self):
        self.tap(lines=[self.line()])
        order = self.order(self.key, [(self.workshop, 2, 0.0)])
        self.assertIn("paid 45.0 of 90.0", order.tibillet_law_note)

    def test_late(self):
        self.tap(lines=[self.line()])
        self.wait(30)
        self.assertEqual(self.order(self.key).state, "paid")
        self.assertEqual(self.minutes(), 75)

    def test_a_refund_on_odoos_screen(self):
        self.tap(lines=[self.line()])
        line = self.order(self.key).lines
        values = self.order_values([], [(self.workshop, -1, 0.0)])
        values["lines"][0][2]["refunded_orderline_id"] = line.id
        with self.assertRaisesRegex(UserError, "“Undo the sale” gives it back"):
            self.sync(values)
        self.assertEqual(self.minutes(), 75)

    def test_undone(self):
        self.tap(lines=[self.line()])
        seq = self.next_seq()
        order = self.order(self.key, tibillet_device_seq=seq)
        answer = self.till_session.tibillet_undo(
            self.credential, self.next_seq(), "undo-1", order.uuid, ""
        )
        self.assertTrue(answer["ok"], answer)
        self.assertIn("45 min is back", answer["message"])
        self.assertEqual(self.minutes(), 120)
        again = self.till_session.tibillet_undo(
            self.credential, self.next_seq(), "undo-2", order.uuid, ""
        )
        self.assertFalse(again["ok"])
        self.assertEqual(self.minutes(), 120)

    def test_late_and_undone(self):
        """The hold was over, the order took it anew: what was taken comes back, once."""
        self.tap(lines=[self.line()])
        self.wait(30)
        order = self.order(self.key, tibillet_device_seq=self.next_seq())
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), "undo-1", order.uuid, "Late"
        )
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.minutes(), 120)

    def test_undone_after_the_card_got_a_name(self):
        self.tap(lines=[self.line()])
        order = self.order(self.key, tibillet_device_seq=self.next_seq())
        anonymous = self.card.wallet_id
        self.card.sudo()._give_to(self.env["res.partner"].create({"name": "Ada"}), self.company)
        answer = self.till_session.tibillet_undo(
            self.credential, self.next_seq(), "undo-1", order.uuid, ""
        )
        self.assertTrue(answer["ok"], answer)
        self.env.invalidate_all()
        self.assertNotEqual(self.card.wallet_id, anonymous)
        self.assertEqual(self.minutes(), 120)
        left = self.env["tibillet.account"].search([("wallet_id", "=", anonymous.id)])
        self.assertEqual(set(left.mapped("balance_minor")), {0})

    def test_what_the_till_loads(self):
        [read] = self.workshop.product_tmpl_id.with_user(self.cashier)._load_pos_data_read(
            self.workshop.product_tmpl_id.with_user(self.cashier), self.config
        )
        price = read["_tibillet_price"]
        self.assertEqual((price["price_minor"], price["unit"]), (45, "min"))


@tagged("post_install", "-at_install")
class TestAssetPriceTour(TourCase, AssetPriceCase):
    def test_forty_five_minutes(self):
        self.run_till("tibillet_asset_price")
        self.env.invalidate_all()
        order = self.till_session.order_ids.filtered(lambda order: order.state == "paid")
        self.assertEqual(order.lines.product_id, self.workshop)
        self.assertEqual(order.lines.qty, 2)
        self.assertEqual((self.free(asset=self.time), self.free()), (30, 2000))
        self.assertFalse(order.tibillet_law_note)
