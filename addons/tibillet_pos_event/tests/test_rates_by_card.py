"""Places that a card pays: two hours of the time currency, or euros that are on a card."""

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.tibillet_pos_nfc.tests.common import OTHER_UID, TourCase
from odoo.addons.tibillet_pos_nfc.tests.test_exchange import ExchangeCase
from odoo.addons.tibillet_pos_nfc.tests.test_prices_asset import AssetPriceCase

from .common import SeatsCase


class ByCardCase(AssetPriceCase):
    """A concert of two seats: 10.00, forty-five minutes, or 9.00 with the card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SeatsCase.make_concert.__func__(cls)
        cls.event.seats_max = 3
        plain = {"event_id": cls.event.id, "product_id": cls.rate.product_id.id}
        rates = cls.env["event.event.ticket"]
        cls.rate.product_id.taxes_id = [Command.set(cls.beer.taxes_id.ids)]
        cls.helped = rates.create(
            {
                **plain,
                "name": "Helped",
                "price": 0,
                "tibillet_price_asset_id": cls.time.id,
                "tibillet_price_minor": 45,
                "tibillet_usual_price": 12,
            }
        )
        cls.by_card = rates.create(
            {**plain, "name": "Card", "price": 9, "tibillet_card_only": True}
        )

    # -- the till's own steps --------------------------------------------------------------------

    def put_aside(self, rate, line="a", quantity=1, **more):
        return self.till_session.tibillet_seats_hold(line, rate.id, False, quantity, **more)

    def left(self):
        return self.env["tibillet.seats"]._left(self.event, [(False, self.rate.id)])[0]

    def places(self, rate, number=1, price=None, payments=(), product=None, more=(), **values):
        """Values of an order of places of a rate, its seats put aside before."""
        price = rate.price if price is None else price
        product = product or rate.product_id
        sent = self.order_values(list(payments), [(product, number, price), *more], **values)
        line = sent["lines"][0][2]
        line["event_ticket_id"] = rate.id
        line["event_registration_ids"] = [
            Command.create({"event_id": self.event.id, "event_ticket_id": rate.id, "name": "Anna"})
            for _place in range(number)
        ]
        answer = self.put_aside(rate, line["uuid"], number)
        self.assertTrue(answer["ok"], answer)
        return sent

    def tapped(self, number=1):
        """A tap that pays places in minutes; the order that follows it."""
        answer = self.tap(
            lines=[
                {
                    "product_id": self.helped.product_id.id,
                    "amount_minor": 45 * number,
                    "asset_id": self.time.id,
                    "qty": number,
                }
            ]
        )
        self.assertTrue(answer["ok"], answer)
        sent = self.places(
            self.helped,
            number,
            tibillet_asset_key=self.key,
            tibillet_device_id=self.device.id,
            tibillet_device_seq=self.next_seq(),
        )
        return self.sync(sent)

    def minutes(self):
        return self.free(asset=self.time)

    def give_back(self, order, key="undo"):
        return self.till_session.tibillet_undo(
            self.credential, self.next_seq(), f"{key}-1", order.uuid, ""
        )

    def numbers(self, order):
        made = order.lines.event_registration_ids
        self.env.flush_all()  # numbers are given by a transaction of their own
        made._tibillet_numbered()
        return self.env["tibillet.ticket.number"].search(
            [("registration_id", "in", made.ids)], order="number"
        )


@tagged("post_install", "-at_install")
class TestRatesByCardTill(ByCardCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    # -- in minutes ------------------------------------------------------------------------------

    def test_two_places_for_minutes(self):
        order = self.tapped(2)
        self.assertEqual((order.state, order.amount_total), ("paid", 0.0))
        self.assertFalse(order.payment_ids)
        self.assertEqual(self.minutes(), 30)
        places = order.lines.event_registration_ids
        self.assertEqual(places.mapped("state"), ["open", "open"])
        self.assertEqual(places.mapped("tibillet_channel"), ["till", "till"])
        self.assertEqual(self.left(), 1)
        rows = self.numbers(order)
        self.assertEqual(rows.mapped("price_minor"), [0, 0])
        self.assertEqual(rows.mapped("paid_in"), ["45\xa0min"] * 2)

    def test_printed_as_it_was_paid(self):
        [ticket] = self.till_session.tibillet_tickets(self.tapped().uuid)["tickets"]
        self.assertEqual((ticket["price"], ticket["free"], ticket["vat"]), ("45\xa0min", False, ""))

    def test_the_days_statement_calls_it_paid(self):
        order = self.tapped()
        self.numbers(order)
        days = self.env["tibillet.ticket.day"]
        now = fields.Datetime.now()
        [row] = days._rows(
            self.company, fields.Datetime.subtract(now, days=1), fields.Datetime.add(now, days=1)
        )
        self.assertEqual((row["paid"], row["free"], row["receipts_minor"]), (1, 0, 0))
        self.assertEqual((row["category"], row["paid_in"]), ("Helped", "45\xa0min"))
        made = days._make(self.company, fields.Date.today())
        self.assertEqual(made.line_ids.mapped("paid_in"), ["45\xa0min"])
        self.assertIn("45\xa0min", made._file("csv").decode("utf-8-sig"))

    def test_no_card_paid_it(self):
        for payments, price in (([], 0.0), ([(self.cash, 5.0, None)], 5.0)):
            with self.subTest(price), self.assertRaises(UserError) as refused:
                self.sync(self.places(self.helped, price=price, payments=payments))
            self.assertIn("no card paid it", str(refused.exception))

    def test_another_article_does_not_buy_its_place(self):
        """A till that sends the plain article at nothing has no place for it."""
        with self.assertRaisesRegex(UserError, "no card paid it"):
            self.sync(self.places(self.helped, price=0.0, product=self.rate.product_id))

    def test_not_enough_minutes(self):
        answer = self.tap(
            uid=OTHER_UID,
            lines=[
                {
                    "product_id": self.helped.product_id.id,
                    "amount_minor": 45,
                    "asset_id": self.time.id,
                    "qty": 1,
                }
            ],
        )
        self.assertEqual((answer["code"], answer["missing_minor"]), ("insufficient_funds", 45))

    def test_undone_gives_minutes_seats_and_numbers_back(self):
        order = self.tapped(2)
        rows = self.numbers(order)
        answer = self.give_back(order)
        self.assertTrue(answer["ok"], answer)
        self.assertIn("90 min is back", answer["message"])
        self.assertEqual(self.minutes(), 120)
        places = order.lines.event_registration_ids
        self.assertEqual(places.mapped("state"), ["cancel", "cancel"])
        self.assertEqual(self.left(), 3)
        rows.invalidate_recordset()
        self.assertTrue(all(rows.mapped("cancelled_at")))
        self.assertFalse(self.give_back(order, "again")["ok"])
        self.assertEqual((self.minutes(), self.left()), (120, 3))

    def test_a_scanned_one_is_not_undone(self):
        order = self.tapped()
        order.lines.event_registration_ids.action_set_done()
        answer = self.give_back(order)
        self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"))
        self.assertIn("scanned already", answer["message"])
        self.assertEqual((self.minutes(), self.left()), (75, 2))

    def test_a_refund_in_money(self):
        line = self.tapped().lines
        back = self.order_values([], [(self.helped.product_id, -1, 0.0)])
        back["lines"][0][2].update(
            {"refunded_orderline_id": line.id, "event_ticket_id": self.helped.id}
        )
        with self.assertRaisesRegex(UserError, "“Undo the sale” gives it back"):
            self.sync(back, user=self.till_manager)

    # -- with the card only ----------------------------------------------------------------------

    def paid_by_card(self, more=(), cash=0.0):
        goods = [
            {"product_id": self.by_card.product_id.id, "amount_minor": 900, "qty": 1},
            *(
                {"product_id": product.id, "amount_minor": round(qty * price * 100), "qty": qty}
                for product, qty, price in more
            ),
        ]
        total = 9.0 + sum(qty * price for _product, qty, price in more)
        limit = {"up_to": round((total - cash) * 100)} if cash else {}
        answer = self.tap(lines=goods, **limit)
        self.assertTrue(answer["ok"], answer)
        payments = [(self.method, total - cash, self.key)]
        payments += [(self.cash, cash, None)] if cash else []
        return self.places(self.by_card, payments=payments, more=more)

    def test_euros_of_a_card(self):
        order = self.sync(self.paid_by_card())
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.free(), 1100)
        row = self.numbers(order)
        self.assertEqual((row.price_minor, row.vat_minor, row.paid_in), (900, 150, False))

    def test_cash_pays_the_beer_beside_it(self):
        order = self.sync(self.paid_by_card(more=[(self.beer, 1, 6.0)], cash=6.0))
        self.assertEqual(order.state, "paid")

    def test_cash_does_not_pay_it(self):
        for method in (self.cash, self.bank):
            with self.subTest(method.name), self.assertRaises(UserError) as refused:
                self.sync(self.places(self.by_card, payments=[(method, 9.0, None)]))
            self.assertIn("Sell another rate to who has none", str(refused.exception))
        sent = self.paid_by_card(more=[(self.beer, 1, 6.0)], cash=7.0)
        with self.assertRaisesRegex(UserError, "for those who pay with the card"):
            self.sync(sent)

    # -- the door of the seats -------------------------------------------------------------------

    def test_a_till_that_knows_another_price(self):
        seen = {"product_id": self.helped.product_id.id, "card_only": False}
        self.assertTrue(self.put_aside(self.helped, seen=seen)["ok"])
        self.helped.tibillet_price_minor = 60
        answer = self.put_aside(self.helped, "b", seen=seen)
        self.assertIn("another price now", answer["message"])
        for wrong in (seen["product_id"], "x", [], {}, {"product_id": "1"}):
            with self.subTest(wrong=wrong):
                self.assertFalse(self.put_aside(self.helped, "b", seen=wrong)["ok"])
        self.assertEqual(self.left(), 2)

    def test_only_a_cashier(self):
        stranger = new_test_user(self.env, "stranger-by-card", "base.group_user")
        with self.assertRaises(AccessError):
            self.till_session.with_user(stranger).tibillet_seats_hold("a", self.helped.id, False, 1)

    def test_what_the_till_loads(self):
        rates = (self.helped | self.by_card).with_user(self.cashier)
        read = {row["id"]: row for row in rates._load_pos_data_read(rates, self.config)}
        self.assertTrue(read[self.by_card.id]["tibillet_card_only"])
        self.assertTrue(self.helped.product_id.available_in_pos)
        template = self.helped.product_id.product_tmpl_id.with_user(self.cashier)
        [told] = template._load_pos_data_read(template, self.config)
        self.assertEqual(told["_tibillet_price"]["price_minor"], 45)

    def test_the_article_of_an_event_with_its_vat_is_known_to_tills(self):
        self.event.write(
            {
                "tibillet_vat_id": self.beer.taxes_id.id,
                "tibillet_vat_reason": "other",
                "tibillet_vat_note": "Decided",
            }
        )
        articles = self.event.event_ticket_ids.product_id
        self.assertEqual(articles.mapped("available_in_pos"), [True, True])


@tagged("post_install", "-at_install")
class TestRatesByCardBooks(ByCardCase, ExchangeCase):
    """The day's entry and the control, with places that a card paid."""

    def test_in_no_books(self):
        self.tapped(2)
        self.close()
        self.assertFalse(self.till_session.sudo().move_id.line_ids.filtered("balance"))
        self.assertDeclared(0, 0, 0)

    def test_where_time_is_declared_the_price_is_the_usual_one(self):
        """2 x 12.00 at 20 %: on the tickets what the books say, 20 + 4."""
        self.switch(True)
        rows = self.numbers(self.tapped(2))
        self.assertEqual(rows.mapped("price_minor"), [1200, 1200])
        self.assertEqual(rows.mapped("vat_minor"), [200, 200])
        self.assertEqual(rows.mapped("paid_in"), ["45\xa0min"] * 2)
        order = rows.registration_id.pos_order_id
        ticket = self.till_session.tibillet_tickets(order.uuid)["tickets"][0]
        self.assertIn("45\xa0min (", ticket["price"])
        self.assertIn("12.00", ticket["price"])
        self.close()
        self.assertDeclared(20, 4, 24)

    def test_undone_where_it_is_declared(self):
        self.switch(True)
        self.give_back(self.tapped(2))
        self.close()
        self.assertDeclared(0, 0, 0)
        self.assertEqual((self.minutes(), self.left()), (120, 3))

    def test_euros_of_a_card(self):
        """9.00 with 1.50 of VAT, from the card: clearing is even, and nothing is left over."""
        answer = self.tap(
            lines=[{"product_id": self.by_card.product_id.id, "amount_minor": 900, "qty": 1}]
        )
        self.assertTrue(answer["ok"], answer)
        self.sync(self.places(self.by_card, payments=[(self.method, 9.0, self.key)]))
        self.close()
        self.assertDeclared(7.5, 1.5, 0)


@tagged("post_install", "-at_install")
class TestRatesByCardTours(TourCase, ByCardCase):
    """The same in a browser, with the reader that exists on the screen only."""

    def paid(self):
        self.env.invalidate_all()
        return self.till_session.order_ids.filtered(lambda order: order.state == "paid")

    def test_two_places_for_minutes(self):
        self.run_till("tibillet_rates_minutes")
        order = self.paid()
        self.assertEqual(order.lines.event_ticket_id, self.helped)
        self.assertEqual(order.lines.event_registration_ids.mapped("state"), ["open", "open"])
        self.assertEqual((self.free(asset=self.time), self.free()), (30, 2000))
        self.assertEqual(self.left(), 1)

    def test_with_the_card_only(self):
        self.run_till("tibillet_rates_card_only")
        order = self.paid()
        self.assertEqual(order.lines.event_ticket_id, self.by_card)
        self.assertEqual(order.lines.event_registration_ids.state, "open")
        self.assertEqual(self.free(), 1100)
