"""A buyer cancels a whole order: what its page said comes back is what comes back, once."""

import re

from odoo import Command
from odoo.tests import tagged

from .test_refunds_page import TicketPageCase


@tagged("post_install", "-at_install")
class TestRefundsOrderPage(TicketPageCase):
    def order_page(self, ticket):
        self.env.flush_all()
        return self.url_open(f"{ticket._tibillet_page_url()}/order")

    def shown(self, ticket):
        """What the page's form would send."""
        page = self.order_page(ticket).text
        return dict(re.findall(r'name="(back|which)" value="([^"]*)"', page))

    def cancel_order(self, ticket, **form):
        return self.post(ticket, "order/cancel", **(form or self.shown(ticket)))

    def text(self, answer):
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text).replace("\xa0", " ").split())

    def test_all_at_once(self):
        self.begins_in(5)
        fee = {"product_id": self.fee.id, "price_unit": 2}
        order = self.order(3, more=[fee])
        ticket = self.tickets(order)[0]
        self.assertIn(f"{ticket._tibillet_page_url()}/order", self.page(ticket).text)
        page = self.text(self.order_page(ticket))
        self.assertIn("3 × Concert · Full", page)
        for words in ("Price $ 32.00", "Is kept $ 15.00", "fee, kept $ 2.00", "now $ 15.00"):
            self.assertIn(words, page.replace("€", "$").replace("$", "$ ").replace("$  ", "$ "))
        self.assertEqual(set(self.tickets(order).mapped("state")), {"open"}, "looked at only")
        answer = self.cancel_order(ticket)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("these tickets are not valid any more", answer.text)
        self.assertEqual(set(self.tickets(order).mapped("state")), {"cancel"})
        self.assertEqual(order.tibillet_refund_ids.amount, 15)
        self.assertEqual(len(order.tibillet_refund_ids.line_ids.registration_id), 3)
        self.send()
        self.assertEqual(self.gone_back(order), 15)
        self.assertEqual(self.concert.seats_available, 100)

    def test_pressed_twice_is_once(self):
        order = self.order(2)
        ticket = self.tickets(order)[0]
        form = self.shown(ticket)
        for _twice in range(2):
            answer = self.cancel_order(ticket, **form)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("these tickets are not valid any more", answer.text)
        self.assertEqual(len(order.tibillet_refund_ids), 1)
        self.assertEqual(order.tibillet_refund_ids.amount, 20)

    def test_with_one_cancelled_before_the_parts_add_up(self):
        self.begins_in(5)
        order = self.order(3, price=3.33)
        first, second = self.tickets(order)[:2]
        shown = re.search(r'name="back" value="(\d+)"', self.page(first).text)
        self.post(first, "cancel", back=shown[1])
        self.cancel_order(second)
        self.assertEqual(set(self.tickets(order).mapped("state")), {"cancel"})
        refunds = order.tibillet_refund_ids
        self.assertEqual(sorted(refunds.mapped("amount")), [1.67, 3.34])
        prices = refunds.line_ids.mapped("price")
        self.assertEqual(round(sum(prices), 2), order.amount_total)

    def test_what_cannot_be_and_why(self):
        """Scanned, given to a friend, too late: each with its sentence; the rest is cancelled."""
        soon = self.concert.copy()
        soon.write(
            {
                "name": "Tonight",
                "date_begin": self.concert.date_begin,
                "date_end": self.concert.date_end,
            }
        )
        rate = soon.event_ticket_ids.filtered("price")
        line = {"product_id": self.product.id, "event_id": soon.id, "event_ticket_id": rate.id}
        order = self.order(4, more=[line])
        late = self.tickets(order).filtered(lambda one: one.event_id == soon)
        late.action_confirm()
        scanned, given, one, two = self.tickets(order) - late
        scanned.action_set_done()
        given = given._tibillet_give("Bo", "bo@example.com")
        soon.tibillet_refund_rule_ids = [
            Command.clear(),
            Command.create({"days_before": 60, "method": "percent", "percent": 100}),
        ]
        page = self.text(self.order_page(one))
        self.assertIn("2 × Concert · Full", page)
        self.assertIn("was scanned at the entrance: it is not paid back. 1 × Concert", page)
        self.assertIn("Given to somebody else: only they can cancel it. 1 × Concert", page)
        self.assertIn("nothing would come back. 1 × Tonight", page)
        self.cancel_order(one)
        self.assertEqual(
            (scanned | given | one | two | late).mapped("state"),
            ["done", "open", "cancel", "cancel", "open"],
        )
        self.assertEqual(order.tibillet_refund_ids.amount, 20)
        self.assertNotIn("Nothing is left to cancel.", page)
        self.assertIn("Nothing is left to cancel.", self.order_page(one).text)

    def test_something_changed_meanwhile(self):
        order = self.order(3)
        ticket = self.tickets(order)[0]
        form = self.shown(ticket)
        self.tickets(order)[2].action_set_done()
        for wrong in (form, {**form, "back": "x"}, {"back": "2000", "which": ""}, {"back": "-1"}):
            answer = self.cancel_order(ticket, **wrong)
            self.assertIn("has changed meanwhile", answer.text)
        self.assertEqual(self.tickets(order).mapped("state"), ["open", "open", "done"])
        self.assertFalse(order.tibillet_refund_ids)

    def test_only_who_bought(self):
        """Somebody named on a ticket, or given one, decides on that one alone."""
        order = self.order(3)
        mine, named, given = self.tickets(order)
        named.email = "named@example.com"
        given = given._tibillet_give("Bo", "bo@example.com")
        for other in (named, given):
            self.assertNotIn("/order", self.page(other).text)
            self.assertEqual(self.order_page(other).status_code, 404)
            answer = self.cancel_order(other, **self.shown(mine))
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(set((mine | named | given).mapped("state")), {"open"})
        self.assertEqual(
            self.url_open(f"/my/ticket/{mine.id}/{named._tibillet_token()}/order").status_code, 404
        )

    def test_one_ticket_has_no_such_page(self):
        ticket = self.tickets(self.order(1))
        self.assertNotIn("/order", self.page(ticket).text)
        self.assertEqual(self.order_page(ticket).status_code, 404)

    def test_free_places_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.website.language_ids |= self.env["res.lang"]._lang_get("fr_FR")
        order = self.order(2, price=0, paid=False)
        order.action_confirm()
        self.assertEqual(set(self.tickets(order).mapped("state")), {"open"})
        ticket = self.tickets(order)[0]
        page = self.url_open(f"/fr{ticket._tibillet_page_url()}/order").text
        self.assertIn("Annuler toute la commande", page)
        self.cancel_order(ticket)
        self.assertEqual(set(self.tickets(order).mapped("state")), {"cancel"})

    def test_a_large_order_asks_as_often_as_a_small_one(self):
        def cost(places):
            order = self.order(places)
            self.env.flush_all()
            self.env.invalidate_all()
            order._tibillet_visitor_choice()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order._tibillet_visitor_choice()
            return self.env.cr.sql_log_count - before

        self.assertEqual(cost(3), cost(30))
