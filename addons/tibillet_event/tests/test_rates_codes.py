from psycopg2 import IntegrityError

from odoo import fields, http
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .rates_common import DAY, RatesCase


@tagged("post_install", "-at_install")
class TestCodes(RatesCase):
    """Codes: what they take off, of which rates, when and how often."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.full = cls.rate("Full", 12)
        cls.reduced = cls.rate("Reduced", 8)

    @classmethod
    def code(cls, name="NOEL", **values):
        if values.get("kind", "percent") == "percent":
            values.setdefault("percent", 25)
        return cls.env["tibillet.code"].create({"name": name, **values})

    def two_rates(self):
        order = self.basket(self.full, 2)
        order._cart_add(product_id=self.product.id, quantity=1, event_ticket_id=self.reduced.id)
        return order

    def by(self, order):
        return {line.event_ticket_id.name: line.price_total for line in order.order_line}

    # -- what they take off ----------------------------------------------------------------------

    def test_a_percentage_as_a_discount_so_that_vat_follows(self):
        self.code()
        order = self.basket(self.full, 2)
        self.assertEqual(order._tibillet_add_code(" noel "), "")
        self.assertEqual((order.order_line.discount, order.amount_total), (25, 18))
        self.assertEqual(order.amount_tax, 3)
        self.assertEqual(order.order_line.price_unit, 12)

    def test_bug_a_code_is_for_its_own_rates_only(self):
        """Lespass 1.1: once accepted, the discount was applied to every paid rate of the order."""
        self.code(ticket_ids=[fields.Command.set(self.reduced.ids)], percent=50)
        order = self.two_rates()
        self.assertEqual(order._tibillet_add_code("NOEL"), "")
        self.assertEqual(self.by(order), {"Full": 24, "Reduced": 4})
        only_full = self.basket(self.full)
        self.assertEqual(only_full._tibillet_add_code("NOEL"), "The code “NOEL” is for Reduced.")
        self.assertEqual(only_full.amount_total, 12)

    def test_a_code_of_an_event_is_for_all_its_rates_and_no_other_event(self):
        other = self.concert.copy({"name": "Ball"})
        ball = self.rate("Ball entry", 10, event_id=other.id)
        self.code(event_ids=[fields.Command.set(self.concert.ids)], percent=50)
        order = self.two_rates()
        order._cart_add(product_id=self.product.id, quantity=1, event_ticket_id=ball.id)
        order._tibillet_add_code("NOEL")
        self.assertEqual(self.by(order), {"Full": 12, "Reduced": 4, "Ball entry": 10})

    def test_a_sum_off_is_exact_to_the_cent_whatever_the_lines(self):
        self.code(kind="fixed", amount=5)
        order = self.basket(self.full, 29)
        order._cart_add(product_id=self.product.id, quantity=7, event_ticket_id=self.reduced.id)
        before = order.amount_total
        order._tibillet_add_code("NOEL")
        self.assertEqual(order.amount_total, before - 5)
        order._cart_update_line_quantity(line_id=order.order_line[0].id, quantity=1)
        self.assertEqual(order.amount_total, 12 + 7 * 8 - 5)

    def test_a_sum_greater_than_the_basket_makes_it_free_and_no_less(self):
        self.code(kind="fixed", amount=500)
        order = self.two_rates()
        order._tibillet_add_code("NOEL")
        self.assertEqual(order.amount_total, 0)

    def test_a_code_reduces_a_chosen_price_too(self):
        """Reference 2.5: the code also reduces a free amount."""
        hat = self.rate("Hat", 5, tibillet_free_price=True)
        self.code()
        order = self.basket(hat, 2, tibillet_amount=20)
        order._tibillet_add_code("NOEL")
        self.assertEqual(order.amount_total, 30)
        order._recompute_prices()
        self.assertEqual((order.amount_total, order.order_line.price_unit), (30, 20))

    def test_bug_a_hundred_percent_is_a_free_order_and_a_basket_until_it_is_confirmed(self):
        """Lespass 1.1: 100 % was not special-cased; Odoo opens the places of a basket at 0."""
        self.code(percent=100)
        order = self.basket(self.full, 2)
        places = self.seated(self.full, "a@example.com", 2, sale_order_line_id=order.order_line.id)
        order._tibillet_add_code("NOEL")
        self.assertEqual(order.amount_total, 0)
        self.assertEqual(set(places.mapped("state")), {"draft"})
        order._check_cart_is_ready_to_be_paid()
        order.action_confirm()
        self.assertEqual(set(places.mapped("state")), {"open"})
        self.assertEqual(self.env["tibillet.code"].search([]).used_count, 1)

    def test_the_invoice_takes_the_same_off(self):
        self.code(kind="fixed", amount=5)
        order = self.basket(self.full, 29)
        order._tibillet_add_code("NOEL")
        line = order.order_line
        self.assertEqual(line._prepare_invoice_line()["discount"], line.discount)
        field = self.env["account.move.line"]._fields["discount"]
        self.assertFalse(field.get_digits(self.env))

    def test_a_discount_of_the_seller_stays_beside_a_code_and_after_it(self):
        code = self.code()
        order = self.basket(self.full)
        order.order_line.discount = 50
        order._tibillet_add_code("NOEL")
        self.assertEqual(order.amount_total, 4.5)
        order._tibillet_release_codes(code)
        self.assertEqual((order.order_line.discount, order.amount_total), (50, 6))

    # -- two codes -------------------------------------------------------------------------------

    def test_two_codes_when_both_say_so(self):
        self.code("A", percent=50, combinable=True)
        self.code("B", kind="fixed", amount=2, combinable=True)
        self.code("C", percent=10)
        self.code("D", percent=10, combinable=True)
        order = self.basket(self.full)
        for name in "AB":
            self.assertEqual(order._tibillet_add_code(name), "")
        self.assertEqual(order.amount_total, 4)
        self.assertIn("on your basket already", order._tibillet_add_code("a"))
        self.assertIn("do not go together", order._tibillet_add_code("C"))
        self.assertEqual(order._tibillet_add_code("D"), "At most 2 codes on one order.")
        self.assertEqual(order.amount_total, 4)

    # -- when ------------------------------------------------------------------------------------

    def test_what_stops_a_code_is_said(self):
        now = fields.Datetime.now()
        self.code("SOON", date_from=now + DAY)
        self.code("PAST", date_to=now - DAY)
        self.code("RICH", minimum=50)
        self.code("GONE", active=False)
        order = self.basket(self.full)
        for name, words in (
            ("SOON", "holds from"),
            ("PAST", "ended on"),
            ("RICH", "asks for a basket of"),
            ("GONE", "is not known here"),
            ("%", "is not known here"),
            ("", "is not known here"),
        ):
            with self.subTest(name):
                self.assertIn(words, order._tibillet_add_code(name))
        self.assertEqual(order.amount_total, 12)

    def test_under_its_minimum_again_the_code_comes_off_and_is_told(self):
        self.code(minimum=20)
        order = self.basket(self.full, 2)
        order._tibillet_add_code("NOEL")
        self.assertEqual(order.amount_total, 18)
        order._cart_update_line_quantity(line_id=order.order_line.id, quantity=1)
        self.assertEqual(order.amount_total, 12)
        self.assertIn("asks for a basket of", order.shop_warning)

    def test_a_code_that_ended_meanwhile_is_not_paid_with(self):
        code = self.code()
        order = self.basket(self.full)
        order._tibillet_add_code("NOEL")
        code.date_to = fields.Datetime.now() - DAY
        with self.assertRaisesRegex(ValidationError, "(?s)ended on.*Nothing was charged"):
            order._check_cart_is_ready_to_be_paid()
        order._recompute_cart()
        self.assertEqual(order.amount_total, 12)
        self.assertIn("ended on", order.shop_warning)
        order._check_cart_is_ready_to_be_paid()

    # -- how often -------------------------------------------------------------------------------

    def test_bug_the_usage_limit_counts(self):
        """Lespass 1.1: usage_count was never incremented, so the limit never bit."""
        code = self.code(limit_uses=1)
        first, second = self.basket(self.full), self.basket(self.full)
        self.assertEqual(first._tibillet_add_code("NOEL"), "")
        self.assertEqual((code.used_count, code.held_count), (0, 1))
        self.assertEqual(second._tibillet_add_code("NOEL"), "The code “NOEL” has been used up.")
        first.action_confirm()
        self.assertEqual((code.used_count, code.held_count), (1, 0))
        self.assertIn("used up", second._tibillet_add_code("NOEL"))
        with self.assertRaisesRegex(ValidationError, "archive it"):
            code.unlink()
        first._action_cancel()
        self.assertEqual(second._tibillet_add_code("NOEL"), "")

    def test_used_up_between_basket_and_payment_is_told_and_not_charged(self):
        self.code(limit_uses=1)
        slow, quick = self.basket(self.full), self.basket(self.full)
        slow._tibillet_add_code("NOEL")
        slow._tibillet_uses_sudo().held_until = fields.Datetime.now() - DAY
        self.assertEqual(quick._tibillet_add_code("NOEL"), "")
        quick.action_confirm()
        with self.assertRaisesRegex(ValidationError, "(?s)used up.*Nothing was charged"):
            slow._check_cart_is_ready_to_be_paid()
        slow._tibillet_refresh()
        self.assertEqual(slow.amount_total, 12)
        self.assertIn("used up", slow.shop_warning)
        slow._check_cart_is_ready_to_be_paid()

    def test_an_ended_hold_is_taken_again_while_there_is_room(self):
        code = self.code(limit_uses=1)
        order = self.basket(self.full)
        order._tibillet_add_code("NOEL")
        order._tibillet_uses_sudo().held_until = fields.Datetime.now() - DAY
        self.assertEqual(code.held_count, 0)
        order._check_cart_is_ready_to_be_paid()
        code.invalidate_recordset()
        self.assertEqual(code.held_count, 1)

    def test_a_late_payment_keeps_its_price_and_says_so_to_the_organiser(self):
        code = self.code(limit_uses=1)
        late, quick = self.basket(self.full), self.basket(self.full)
        late._tibillet_add_code("NOEL")
        late._tibillet_uses_sudo().held_until = fields.Datetime.now() - DAY
        quick._tibillet_add_code("NOEL")
        quick.action_confirm()
        late.action_confirm()
        self.assertEqual((late.amount_total, late._tibillet_uses_sudo().late), (9, True))
        self.assertEqual(code.used_count, 2)

    def test_a_limit_below_what_was_used_is_refused(self):
        code = self.code(limit_uses=5)
        for _time in range(2):
            order = self.basket(self.full)
            order._tibillet_add_code("NOEL")
            order.action_confirm()
        with self.assertRaisesRegex(ValidationError, "used 2 times already"):
            code.limit_uses = 1

    # -- the page and the basket -----------------------------------------------------------------

    def test_typed_with_the_rates_and_in_the_basket(self):
        self.authenticate(None, None)
        self.code(limit_uses=3)
        rates = {f"nb_register-{self.full.id}": "2"}
        self.assertIn("not known here", self.ask_rates({**rates, "tibillet_code": "NADA"}))
        answer = self.ask_rates({**rates, "tibillet_code": "noel"})
        self.assertIn('name="tibillet_code" value="noel"', answer)
        form = self.attendees(*[(self.full, "a@example.com")] * 2, tibillet_code="noel")
        self.confirm(form)
        order = self.last_order()
        self.assertEqual(order.amount_total, 18)
        page = self.url_open("/shop/cart").text
        self.assertIn("<strong>NOEL</strong>", page)
        token = http.Request.csrf_token(self)
        self.url_open("/shop/tibillet_code/remove", data={"code": "NOEL", "csrf_token": token})
        self.assertEqual(order.amount_total, 24)
        page = self.url_open("/shop/pricelist?promo=WRONG").text
        self.assertIn("The code “WRONG” is not known here.", page)
        self.url_open("/shop/pricelist?promo=noel")
        self.assertEqual(order.amount_total, 18)

    def test_the_payment_route_refuses_a_total_that_moved_and_the_page_says_the_new_one(self):
        self.authenticate(None, None)
        self.confirm(self.attendees((self.full, "a@example.com")))
        order = self.last_order()
        self.full.price = 15
        with self.assertLogs("odoo.http", "WARNING") as log, self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                f"/shop/payment/transaction/{order.id}",
                {"access_token": order._portal_ensure_token(), "amount": 12},
            )
        words = "(?s)now costs.*15.00.*no longer.*12.00.*Nothing was charged"
        self.assertRegex(log.output[0], words)
        with self.assertLogs("odoo.http", "WARNING") as log, self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                f"/my/orders/{order.id}/transaction", {"access_token": order._portal_ensure_token()}
            )
        self.assertRegex(log.output[0], words)
        self.assertFalse(order.transaction_ids)
        self.assertIn("now costs", self.url_open("/shop/cart").text)
        self.assertEqual(order.amount_total, 15)

    # -- bounds ----------------------------------------------------------------------------------

    def test_a_code_that_makes_no_sense_is_refused(self):
        self.code("TWICE")
        for values, words in (
            ({"percent": 0}, "at most 100"),
            ({"percent": 101}, "at most 100"),
            ({"kind": "fixed", "amount": 0}, "more than 0"),
            ({"limit_uses": -1}, "never below 0"),
            ({"minimum": -1}, "never below 0"),
            ({"name": " twice "}, "of that name already"),
            ({"name": "  "}, "has a name"),
        ):
            with self.subTest(values), mute_logger("odoo.sql_db"):
                with self.assertRaises(IntegrityError) as caught, self.env.cr.savepoint():
                    self.code(**values)
                constraint = caught.exception.diag.constraint_name
                table = self.env["tibillet.code"]._table_objects[constraint]
                self.assertIn(words, table.get_error_message(self.env["tibillet.code"]))
