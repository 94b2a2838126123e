import re
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import HttpCase, tagged

from ..controllers import seats
from .test_seats import SeatsCase


class SeatsHttpCase(HttpCase, SeatsCase):
    """A published event of two seats at 12 €, on the website of the company, and a visitor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].get_current_website()
        cls.company = cls.website.company_id
        cls.product = cls.env["product.product"].create(
            {
                "name": "Ticket",
                "type": "service",
                "service_tracking": "event",
                "list_price": 12,
                "company_id": cls.company.id,
                "taxes_id": False,
            }
        )
        cls.concert = cls.make_event(
            "Concert",
            2,
            [],
            company_id=cls.company.id,
            website_id=cls.website.id,
            is_published=True,
            event_ticket_ids=[
                Command.create({"name": "Seat", "product_id": cls.product.id, "price": 12}),
                Command.create({"name": "Guest", "price": 0}),
            ],
        )
        cls.paid, cls.free = cls.concert.event_ticket_ids

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def choose(self, *numbers):
        """Answers the pop-up that asks for names, as HTML."""
        rates = zip((self.paid, self.free), (*numbers, 0), strict=False)
        form = {f"nb_register-{rate.id}": str(number) for rate, number in rates}
        answer = self.make_jsonrpc_request(
            f"/event/{self.concert.id}/registration/new", {**form, "csrf_token": "x"}
        )
        return str(answer)

    def confirm(self, *numbers):
        form, index = {"csrf_token": self.csrf_token()}, 0
        questions = self.concert.general_question_ids | self.concert.specific_question_ids
        for rate, number in zip((self.paid, self.free), (*numbers, 0), strict=False):
            for _n in range(number):
                index += 1
                form[f"{index}-event_ticket_id"] = rate.id
                for question in questions.filtered(
                    lambda one: one.question_type in ("name", "email")
                ):
                    value = "Anna" if question.question_type == "name" else "anna@demo.example"
                    form[f"{index}-{question.question_type}-{question.id}"] = value
        return self.url_open(
            f"/event/{self.concert.id}/registration/confirm", data=form, allow_redirects=False
        )

    def csrf_token(self):
        page = self.url_open(f"/event/{self.concert.id}/register").text
        return re.search(r'csrf_token: "([^"]+)"', page)[1]

    def basket(self):
        return self.concert.registration_ids.sale_order_id


@tagged("post_install", "-at_install")
class TestSeatsWebsite(SeatsHttpCase):
    def test_chosen_seats_are_held_and_found_again(self):
        page = self.choose(2)
        self.assertIn("held for you", page)
        self.assertIn('data-seconds="900"', page)
        self.assertEqual(self.used(self.concert), 2)
        answer = self.confirm(2)
        self.assertIn("/shop/", answer.headers["Location"])
        self.assertEqual(self.used(self.concert), 2)
        registrations = self.concert.registration_ids
        self.assertEqual(registrations.mapped("state"), ["draft"] * 2)
        self.assertTrue(all(registrations.mapped("tibillet_hold_until")))
        self.assertEqual(self.concert.seats_taken, 0)
        self.assertCounted()

    def test_another_visitor_is_told_and_nothing_is_lost(self):
        self.choose(2)
        self.authenticate(None, None)
        page = self.choose(1)
        self.assertIn("Concert", page)
        self.assertIn("sold out", page)
        answer = self.confirm(1)
        self.assertIn("insufficient_seats", answer.headers["Location"])
        self.assertFalse(self.basket())

    def test_chosen_again(self):
        """Back and forth, or a second tab: the last choice counts, the one before is free."""
        self.choose(2)
        self.choose(1)
        self.assertEqual(self.used(self.concert), 1)
        self.confirm(2)
        self.assertEqual(self.used(self.concert), 2)
        self.assertCounted()

    def test_refused_a_second_choice_keeps_the_first(self):
        self.choose(1)
        self.register(1, self.concert.event_ticket_ids[0])
        self.assertIn("left", self.choose(2))
        self.assertEqual(self.used(self.concert), 2)
        answer = self.confirm(1)
        self.assertIn("/shop/", answer.headers["Location"])
        self.assertCounted()

    def test_names_sent_after_the_time(self):
        self.choose(2)
        self.env.cr.execute("UPDATE tibillet_seat_hold SET hold_until = hold_until - interval '1h'")
        self.env.invalidate_all()
        answer = self.confirm(2)
        self.assertIn("/shop/", answer.headers["Location"])
        self.assertEqual(self.used(self.concert), 2)
        self.assertCounted()

    def test_free_registrations_go_through_the_door(self):
        """They skip Odoo's order, and Lespass counted them late."""
        answer = self.confirm(0, 2)
        self.assertIn("registration/success", answer.headers["Location"])
        self.assertEqual(self.concert.registration_ids.mapped("state"), ["open"] * 2)
        answer = self.confirm(0, 1)
        self.assertIn("insufficient_seats", answer.headers["Location"])
        self.assertEqual(len(self.concert.registration_ids), 2)

    def test_the_form_answered_twice(self):
        self.choose(0, 1)
        self.confirm(0, 1)
        self.confirm(0, 1)
        self.confirm(0, 1)
        self.assertEqual(len(self.concert.registration_ids), 2)

    def test_lowering_the_basket_gives_back(self):
        self.choose(2)
        self.confirm(2)
        line = self.basket().order_line
        self.basket()._cart_update_line_quantity(line.id, 1)
        self.assertEqual(self.used(self.concert), 1)
        self.assertCounted()

    def test_countdown_on_the_pages_of_the_basket(self):
        self.choose(1)
        self.confirm(1)
        page = self.url_open("/shop/cart").text
        self.assertRegex(page, r'data-seconds="8\d\d"|data-seconds="900"')

    def test_a_robot_holds_a_house_only_so_often(self):
        with patch.object(seats, "CHOICES", ("event-seats", 1, 600)):
            self.choose(1)
            self.assertIn("too often", self.choose(1))

    def test_moved_or_ended_while_someone_buys(self):
        self.choose(1)
        self.concert.write(
            {
                "date_begin": self.concert.date_begin - timedelta(days=30),
                "date_end": self.concert.date_end - timedelta(days=30),
            }
        )
        answer = self.choose(1)
        self.assertNotIn("held for you", answer)


@tagged("post_install", "-at_install")
class TestSeatsPayment(SeatsHttpCase):
    def setUp(self):
        super().setUp()
        mode = self.enter_registry_test_mode() if not self.registry_test_mode else None
        if mode:
            mode.__enter__()
            self.addCleanup(mode.__exit__, None, None, None)
        self.partner = self.env["res.partner"].create(
            {"name": "Anna", "email": "anna@demo.example", "lang": "en_US"}
        )
        self.provider = self.env["payment.provider"].search(
            [("code", "=", "demo"), ("company_id", "=", self.company.id)], limit=1
        )
        self.provider.state = "test"

    def minute(self):
        """What the clock does each minute."""
        self.env["payment.transaction"]._tibillet_cron_call_off()
        self.seats()._cron_release()

    def order(self, number=2):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "website_id": self.website.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": number,
                            "event_id": self.concert.id,
                            "event_ticket_id": self.paid.id,
                        }
                    )
                ],
            }
        )
        self.env["event.registration"].create(
            [
                {"sale_order_line_id": order.order_line.id, "sale_order_id": order.id}
                for _n in range(number)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return order

    def transaction(self, order, state="draft"):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids[:1].id
                or self.env["payment.method"].search([("code", "=", "demo")], limit=1).id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": self.partner.id,
                "reference": f"{order.name}-{self.id()[-20:]}",
                "sale_order_ids": [Command.set(order.ids)],
                "state": state,
            }
        )

    def test_a_basket_of_the_website_waits(self):
        order = self.order()
        self.assertTrue(order.tibillet_hold_until)
        self.assertEqual(self.used(self.concert), 2)

    def test_paid_in_time(self):
        order = self.order()
        order._tibillet_begin_payment()
        transaction = self.transaction(order)
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.tibillet_registration_ids.mapped("state"), ["open"] * 2)
        self.env.flush_all()
        self.env.invalidate_all()  # the database clears it
        self.assertFalse(any(order.tibillet_registration_ids.mapped("tibillet_hold_until")))
        self.assertCounted()

    def test_the_buyer_of_the_last_two_may_pay(self):
        """Odoo's own check would ask for two more."""
        order = self.order()
        order._check_cart_is_ready_to_be_paid()
        order._tibillet_begin_payment()
        [registration, *_more] = order.tibillet_registration_ids
        self.assertEqual(
            registration.tibillet_release_at - registration.tibillet_hold_until,
            timedelta(minutes=5),
        )

    def test_payment_called_off_then_the_grace_then_free(self):
        order = self.order()
        order._tibillet_begin_payment()
        transaction = self.transaction(order)
        self.env.flush_all()
        self.clock("16 minutes")
        self.minute()
        self.assertEqual(transaction.state, "cancel")
        self.assertEqual(self.used(self.concert), 2, "the grace")
        self.clock("21 minutes")
        self.minute()
        self.assertEqual(self.used(self.concert), 0)

    def test_late_and_still_room(self):
        order = self.order()
        order._tibillet_begin_payment()
        transaction = self.transaction(order)
        self.env.flush_all()
        self.clock("21 minutes")
        self.minute()
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.used(self.concert), 2)
        self.assertFalse(transaction.tibillet_too_late)

    def test_late_and_no_room_is_paid_back_and_told(self):
        self.partner.lang = "fr_FR"
        order = self.order()
        order._tibillet_begin_payment()
        transaction = self.transaction(order)
        self.env.flush_all()
        self.clock("21 minutes")
        self.minute()
        self.register(2, self.free)
        transaction._set_done()
        transaction._post_process()
        self.assertTrue(transaction.tibillet_too_late)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.concert.seats_taken, 2)
        mail = self.env["mail.mail"].search([("res_id", "=", order.id)], limit=1)
        self.assertIn("paiement", mail.subject)
        row = self.env["tibillet.outbox"].search([("kind", "=", "seats_back")])
        self.assertEqual(len(row), 1)
        for _twice in range(2):
            transaction._tibillet_pay_back(row.key, row.payload, 5)
        back = transaction.child_transaction_ids
        self.assertEqual(len(back), 1)
        self.assertEqual(back.amount, -24)
        transaction._check_amount_and_confirm_order()
        self.assertEqual(order.state, "cancel")

    def test_a_provider_that_pays_nothing_back(self):
        order = self.order()
        transaction = self.transaction(order)
        transaction._tibillet_came_too_late()
        self.provider.code = "none"
        transaction._tibillet_pay_back("k", {"transaction": transaction.id}, 5)
        self.assertIn(transaction.reference, order.activity_ids.summary)

    def test_nobody_pays_for_seats_that_are_gone(self):
        order = self.order()
        self.clock("16 minutes")
        self.minute()
        self.register(1, self.free)
        with self.assertRaisesRegex(Exception, "others have taken seats"):
            order._check_cart_is_ready_to_be_paid()

    def test_time_over_and_nobody_came(self):
        order = self.order()
        self.clock("16 minutes")
        self.minute()
        order._check_cart_is_ready_to_be_paid()
        self.assertEqual(self.used(self.concert), 2)
        self.assertGreater(order.tibillet_hold_until, self.seats()._now())

    def test_an_announced_transfer_is_not_called_off(self):
        order = self.order()
        transaction = self.transaction(order, "pending")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_provider SET code = 'custom' WHERE id = %s", [self.provider.id]
        )
        self.clock("16 minutes")
        self.minute()
        self.assertEqual(transaction.state, "pending")
