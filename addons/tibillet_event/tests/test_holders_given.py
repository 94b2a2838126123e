"""A ticket that was given on: its seat, number, price, refund, options, pass, waiting list."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_passes import PassesCase
from .test_refunds_page import TicketPageCase
from .test_waiting import WaitingCase


@tagged("post_install", "-at_install")
class TestGivenOn(TicketPageCase):
    def setUp(self):
        super().setUp()
        self.order_made = self.order(3, price=3.335)  # 10.01: cents that do not divide
        self.ticket, self.second, self.third = self.tickets(self.order_made)
        self.ticket.write({"name": "Anna", "email": "anna@example.com"})
        self.tickets(self.order_made)._tibillet_numbered()

    def give(self, ticket, who="Bo"):
        after = ticket._tibillet_give(who, f"{who.lower()}@example.com")
        after._tibillet_numbered()
        self.env.flush_all()
        return after

    def numbers(self, registration):
        return self.env["tibillet.ticket.number"].search(
            [("registration_id", "=", registration.id)]
        )

    def test_same_seat_order_options_and_channel(self):
        option = self.env["tibillet.rate.option"].create(
            {"event_id": self.concert.id, "name": "Meal", "product_id": self.meal.id, "price": 5}
        )
        self.ticket.tibillet_option_ids = option
        self.ticket.tibillet_channel = "web"
        used, taken = self.used(), self.concert.seats_taken
        after = self.give(self.ticket)
        self.assertEqual(self.used(), used)
        self.assertEqual(self.concert.seats_taken, taken)
        for name in ("event_id", "event_ticket_id", "partner_id", "sale_order_id", "sale_status"):
            self.assertEqual(after[name], self.ticket[name], name)
        self.assertEqual(after.tibillet_option_ids, option)
        self.assertEqual(after.tibillet_channel, "web")
        line = self.order_made.order_line[0]
        self.assertEqual(line.registration_ids.sorted("id"), self.second | self.third | after)
        self.assertEqual(self.ticket.sale_order_id, self.order_made, "history stays")

    def used(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT used FROM tibillet_seat_counter WHERE event_id = %s AND slot_id IS NULL"
            " AND ticket_id IS NULL AND quota_id IS NULL",
            [self.concert.id],
        )
        return self.env.cr.fetchone()[0]

    def test_a_new_number_and_the_former_stays_cancelled(self):
        former = self.numbers(self.ticket)
        after = self.give(self.ticket)
        self.assertTrue(former.cancelled_at)
        self.assertFalse(self.ticket.tibillet_number)
        new = self.numbers(after)
        self.assertEqual(new.number, self.numbers(self.third).number + 1)
        self.assertEqual(
            (new.price_minor, new.vat_minor, new.channel),
            (former.price_minor, former.vat_minor, former.channel),
        )

    def test_prices_add_up_however_often_it_changes_hands(self):
        self.cancel(self.second)
        after = self.give(self.give(self.give(self.third), "Cy"), "Di")
        live = self.env["tibillet.ticket.number"].search(
            [("event_id", "=", self.concert.id), ("cancelled_at", "=", False)]
        )
        gone = self.numbers(self.second)
        whole = round(self.order_made.amount_total * 100)
        self.assertEqual(sum(live.mapped("price_minor")) + gone.price_minor, whole)
        self.assertEqual(after.tibillet_first_id, self.third)

    def test_a_line_with_more_places_registers_what_is_missing(self):
        """Odoo counts the registrations of a line: one that was given on is no place more."""
        self.give(self.ticket)
        line = self.order_made.order_line[0]
        line.product_uom_qty = 4
        line._init_registrations()
        self.assertEqual(len(line.registration_ids), 4)

    def test_partial_refunds_still_add_up(self):
        after = self.give(self.ticket)
        with self.assertRaisesRegex(UserError, "was given on"):
            self.cancel(self.ticket, "full", "staff")
        for one in (after, self.second, self.third):
            self.cancel(one, "full", "staff")
        self.assertEqual(
            round(sum(self.order_made.tibillet_refund_ids.mapped("amount")), 2),
            round(self.order_made.amount_total, 2),
        )
        self.assertEqual(self.order_made.tibillet_refund_ids.partner_id, self.buyer)

    def test_nobody_brings_the_former_one_back(self):
        self.give(self.ticket)
        for act in ("action_confirm", "action_set_done", "action_set_draft"):
            with self.assertRaisesRegex(UserError, "was given on"):
                getattr(self.ticket, act)()
        self.order_made._compute_amounts()
        self.assertEqual(self.ticket.state, "cancel")

    def test_its_signed_ticket_says_replaced(self):
        tickets = self.env["tibillet.ticket"]
        former = self.ticket._tibillet_tickets_ensure().tibillet_ticket_text
        self.assertTrue(former)
        after = self.give(self.ticket)
        self.assertEqual(tickets._read_text(former).code, "replaced")
        new = after._tibillet_tickets_ensure().tibillet_ticket_text
        self.assertEqual(tickets._read_text(new).code, "")
        self.assertNotEqual(former, new)

    def test_the_new_holder_has_one_mail(self):
        after = self.give(self.ticket)
        mails = self.env["mail.mail"].search([("model", "=", after._name)])
        self.assertEqual(len(mails.filtered(lambda one: one.res_id == after.id)), 2)
        self.assertEqual(set(after.mail_registration_ids.mapped("mail_sent")) - {True}, set())

    def test_nobody_says_by_themselves_whose_seat_they_have(self):
        user = self.env["res.users"].create(
            {
                "name": "Gala",
                "login": "gala",
                "group_ids": [Command.link(self.env.ref("event.group_event_user").id)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        mine = self.env["event.registration"].with_user(user)
        made = mine.create(
            {"event_id": self.concert.id, "name": "X", "tibillet_former_id": self.ticket.id}
        )
        made.write({"tibillet_first_id": self.ticket.id})
        self.assertFalse(made.sudo().tibillet_former_id or made.sudo().tibillet_first_id)

    def test_whoever_counts_per_person_counts_it_once(self):
        self.concert.tibillet_limit_per_person = 2
        self.give(self.ticket)
        self.give(self.second, "Bo")
        held = self.concert._tibillet_held_by(self.env["res.partner"], {"bo@example.com"})
        self.assertEqual(sum(held.values()), 2)
        with self.assertRaisesRegex(UserError, "it would be 3"):
            self.give(self.third, "Bo")

    def test_the_live_view_counts_it_once(self):
        before = self.concert.tibillet_live(self.concert.ids)["events"][0]
        self.give(self.ticket)
        after = self.concert.tibillet_live(self.concert.ids)["events"][0]
        for name in ("sold", "held", "money", "channels"):
            self.assertEqual(after[name], before[name], name)


@tagged("post_install", "-at_install")
class TestGivenOnFullHouse(WaitingCase):
    def test_nobody_gets_the_seat_in_between(self):
        waiting = self.wait("Cleo")
        after = self.sold[0]._tibillet_give("Dora", "dora@demo.example")
        self.env.invalidate_all()
        self.assertTrue(after.tibillet_seated)
        self.assertEqual(self.used(self.room), 2)
        self.assertEqual(waiting.state, "waiting")
        after.action_cancel()
        self.assertEqual(waiting.state, "offered", "what goes back later is served again")

    def test_a_house_fuller_than_it_may_be(self):
        self.env.flush_all()
        self.env.cr.execute(  # as an upgrade leaves a house that was oversold before
            "UPDATE tibillet_seat_counter SET capacity = 1, overdrawn = 1 WHERE event_id = %s"
            " AND slot_id IS NULL AND ticket_id IS NULL AND quota_id IS NULL",
            [self.room.id],
        )
        self.env.invalidate_all()
        after = self.sold[0]._tibillet_give("Dora", "dora@demo.example")
        self.assertTrue(after.tibillet_seated)
        self.assertEqual(self.used(self.room), 2)


@tagged("post_install", "-at_install")
class TestGivenOnPass(PassesCase):
    def test_a_pass_goes_with_its_seats(self):
        one = self.sell(email="anna@demo.example")
        self.friday.tibillet_refund_rule_ids = False
        lost = one.tibillet_pass_seat_ids.filtered(lambda seat: seat.event_id == self.sunday)
        lost.action_cancel()
        shares = sorted(one._tibillet_pass_share(60).values())
        counts = self.counts()
        after = one._tibillet_give("Bo", "bo@demo.example")
        self.env.invalidate_all()
        self.assertEqual(self.counts(), counts)
        self.assertEqual(after.tibillet_pass_seat_ids.event_id, self.days)
        live = after.tibillet_pass_seat_ids.filtered(lambda seat: seat.state == "open")
        self.assertEqual(live.event_id, self.friday | self.saturday)
        self.assertEqual(set(live.mapped("name")), {"Bo"})
        self.assertEqual(sorted(after._tibillet_pass_share(60).values()), shares)
        former = live.tibillet_former_id
        self.assertEqual(set(former.mapped("state")), {"cancel"})
        self.assertEqual(former.tibillet_replaced_by_id, live)
        self.assertCounted()

    def test_a_pass_in_a_full_house_keeps_every_seat(self):
        one = self.sell()
        self.register(2, self.saturday.event_ticket_ids)
        after = one._tibillet_give("Bo", "bo@demo.example")
        self.assertEqual(self.counts(), (1, 3, 1))
        self.assertEqual(set(after.tibillet_pass_seat_ids.mapped("tibillet_seated")), {True})

    def test_a_used_pass_stays(self):
        one = self.sell()
        one.tibillet_pass_seat_ids[0].action_set_done()
        with self.assertRaisesRegex(UserError, "was used"):
            one._tibillet_give("Bo", "bo@demo.example")
