import uuid

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_undo_rules import UndoCase


class DepositCase(UndoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.festival = cls.env["res.partner"].create({"name": "Festival voisin"})
        cls.cup, cls.their_cup = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "available_in_pos": True,
                    "type": "consu",
                    "list_price": 1.0,
                    "taxes_id": [Command.clear()],
                    "company_id": cls.company.id,
                    "tibillet_deposit": True,
                    "tibillet_deposit_owner_id": owner,
                }
                for name, owner in (("Cup", False), ("Festival cup", cls.festival.id))
            ]
        )

    def cups_line(self, count, cup=None):
        return {"product_id": (cup or self.cup).id, "amount_minor": count * 100}

    def beers_line(self, count):
        return {"product_id": self.beer.id, "amount_minor": count * 600}

    def order(self, payments, lines, **values):
        values = self.order_values(payments, lines, **values)
        for command, (product, qty, price) in zip(values["lines"], lines, strict=True):
            if product.tibillet_deposit:
                command[2]["price_subtotal"] = qty * price
        return self.sync(values)

    def give_back(self, count, cup=None, user=None, **values):
        """Cups alone, brought back on a card: the tap, then its order."""
        session = self.till_session
        if user:
            self.till_session = session.with_user(user)
        answer = self.tap(lines=[self.cups_line(-count, cup)], **values)
        self.till_session = session
        if not answer["ok"]:
            return answer
        lines = [(cup or self.cup, -count, 1.0)]
        return self.order([(self.method, -float(count), self.key)], lines)


@tagged("post_install", "-at_install")
class TestDepositRules(DepositCase):
    """Cups sold and brought back: with what, how many, at which rate."""

    def test_three_beers_three_cups_two_back(self):
        answer = self.tap(lines=[self.beers_line(3), self.cups_line(3), self.cups_line(-2)])
        self.assertEqual(answer["amount_minor"], 1900)
        lines = [(self.beer, 3, 6.0), (self.cup, 3, 1.0), (self.cup, -2, 1.0)]
        order = self.order([(self.method, 19.0, self.key)], lines)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.free(), 100)
        self.assertEqual(self.operation().code, "sale")

    def test_net_negative_comes_back_when_paid(self):
        answer = self.tap(lines=[self.beers_line(1), self.cups_line(-8)])
        self.assertEqual((answer["code"], answer["amount_minor"]), ("back", -200))
        self.assertEqual(self.free(), 2000)
        lines = [(self.beer, 1, 6.0), (self.cup, -8, 1.0)]
        order = self.order([(self.method, -2.0, self.key)], lines)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.free(), 2200)
        self.assertEqual(self.operation().code, "deposit_back")

    def test_arrives_twice(self):
        answer = self.tap(lines=[self.cups_line(-3)])
        self.assertTrue(answer["ok"], answer)
        again = self.tap(lines=[self.cups_line(-3)], key=self.key, seq=self.seq)
        self.assertTrue(again["ok"], again)
        values = self.order_values([(self.method, -3.0, self.key)], [(self.cup, -3, 1.0)])
        self.sync(values)
        self.sync(values)
        self.assertEqual(self.free(), 2300)
        other = self.tap(lines=[self.cups_line(-4)], key=self.key, seq=self.seq)
        self.assertEqual(other["code"], "key_conflict")

    def test_another_amount_than_promised(self):
        self.tap(lines=[self.cups_line(-3)])
        values = self.order_values([(self.method, -9.0, self.key)], [(self.cup, -9, 1.0)])
        with mute_logger("odoo.sql_db"), self.assertRaises(ValidationError):
            self.sync(values)

    # -- with what --------------------------------------------------------------------------

    def test_never_paid_with_a_gift(self):
        self.load(self.card, 5000, self.gift)
        self.assertTrue(self.tap(lines=[self.beers_line(1), self.cups_line(1)])["ok"])
        self.assertEqual((self.free(asset=self.gift), self.free()), (4400, 1900))

    def test_gift_alone_pays_no_cup(self):
        self.load(self.other_card, 5000, self.gift)
        lines = [self.beers_line(1), self.cups_line(1)]
        answer = self.tap(lines=lines, uid=self.other_card.uid)
        self.assertRefused(answer, "insufficient_funds", "never with a gift")
        self.assertEqual(answer["missing_minor"], 100)
        answer = self.tap(lines=lines, uid=self.other_card.uid, up_to=700)
        self.assertEqual((answer["amount_minor"], answer["missing_minor"]), (600, 100))

    def test_a_cup_back_pays_cups_before_beers(self):
        """What a cup brings back is money: it must not free gift money for a new cup."""
        self.load(self.card, 5000, self.gift)
        lines = [self.beers_line(1), self.cups_line(2), self.cups_line(-2)]
        self.assertEqual(self.tap(lines=lines)["amount_minor"], 600)
        self.assertEqual((self.free(asset=self.gift), self.free()), (4400, 2000))

    def test_whoever_brings_them(self):
        self.assertEqual(self.give_back(2, uid=self.other_card.uid).state, "paid")
        self.assertEqual(self.free(self.other_card), 200)

    def test_in_cash(self):
        order = self.order([(self.cash, -2.0, False)], [(self.cup, -2, 1.0)])
        self.assertEqual(order.state, "paid")

    def test_in_cash_by_the_same_rules(self):
        for lines in ([(self.cup, -1, 50.0)], [(self.cup, -11, 1.0)], [(self.cup, 1, 0.5)]):
            total = sum(qty * price for _cup, qty, price in lines)
            values = self.order_values([(self.cash, total, False)], lines)
            with self.subTest(lines=lines), self.assertRaises(UserError), self.env.cr.savepoint():
                self.sync(values)
        values = self.order_values([(self.cash, -11.0, False)], [(self.cup, -11, 1.0)])
        self.assertEqual(self.sync(values, user=self.till_manager).state, "paid")

    # -- how many, at which rate ------------------------------------------------------------

    def test_cap_per_tap(self):
        self.assertRefused(self.give_back(11), "not_allowed", "11 cups")
        self.assertEqual(self.give_back(10).state, "paid")
        self.assertEqual(self.give_back(11, user=self.till_manager).state, "paid")
        self.config.with_user(self.till_manager).tibillet_deposit_max = 2
        self.env.flush_all()
        self.assertRefused(self.give_back(3), "not_allowed", "3 cups")
        self.assertEqual(self.free(), 4100)

    def test_one_rate(self):
        line = {"product_id": self.cup.id, "amount_minor": -150}
        self.assertRefused(self.tap(lines=[line]), "invalid", "one rate")

    def test_a_discount_is_no_cup(self):
        lines = [self.cups_line(-1), {"product_id": self.beer.id, "amount_minor": -600}]
        self.assertFalse(self.tap(lines=lines)["ok"])

    def test_a_line_comes_back_once(self):
        sold = self.order([(self.cash, 2.0, False)], [(self.cup, 2, 1.0)])

        def refund():
            values = self.order_values([(self.cash, -2.0, False)], [(self.cup, -2, 1.0)])
            values["lines"][0][2]["refunded_orderline_id"] = sold.lines.id
            return self.sync(values)

        self.assertEqual(refund().state, "paid")
        with mute_logger("odoo.sql_db"), self.assertRaises(ValidationError):
            refund()

    # -- the article ------------------------------------------------------------------------

    def test_article(self):
        self.assertEqual(self.cup.property_account_income_id.account_type, "liability_current")
        self.assertEqual(self.cup.property_account_income_id.code[:4], "4196")
        self.assertNotEqual(
            self.cup.property_account_income_id, self.their_cup.property_account_income_id
        )
        for wrong in (
            {"taxes_id": [Command.set(self.beer.taxes_id.ids)]},
            {"company_id": False},
            {"list_price": 0},
            {"tibillet_alcohol": True},
        ):
            with self.assertRaises(ValidationError):
                self.cup.write(wrong)
                self.cup.product_tmpl_id._check_tibillet_deposit()

    def test_totals_and_alert(self):
        self.order([(self.cash, 3.0, False)], [(self.cup, 3, 1.0)])
        self.give_back(5)
        cups = self.cup.product_tmpl_id
        cups.invalidate_recordset()
        self.assertEqual((cups.tibillet_deposit_out, cups.tibillet_deposit_back), (3, 5))
        self.assertTrue(cups.tibillet_deposit_too_many)
        cups.tibillet_deposit_alert = 2
        cups.invalidate_recordset()
        self.assertFalse(cups.tibillet_deposit_too_many)

    def test_undone_with_its_cups(self):
        self.tap(lines=[self.beers_line(1), self.cups_line(1)])
        values = self.order_values(
            [(self.method, 7.0, self.key)],
            [(self.beer, 1, 6.0), (self.cup, 1, 1.0)],
            tibillet_device_id=self.device.id,
            tibillet_device_seq=self.next_seq(),
        )
        values["lines"][1][2]["price_subtotal"] = 1.0
        values["amount_tax"] = 1.0
        order = self.sync(values)
        self.assertUndone(self.undo(order, key=str(uuid.uuid4())), order)
        self.assertEqual(self.free(), 2000)
