"""Tickets cancelled and paid back: what comes back, the way it came, once."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.refunds.shares import nth_part, spread
from .refunds_common import RefundsCase


@tagged("post_install", "-at_install")
class TestRefundsShares(RefundsCase):
    def test_parts_add_up_to_the_cent(self):
        self.assertEqual(spread(1000, [1, 1, 1]), [334, 333, 333])
        self.assertEqual(spread(100, [2, 1]), [67, 33])
        self.assertEqual(spread(0, [1, 1]), [0, 0])
        self.assertEqual(sum(nth_part(1000, 3, at) for at in range(3)), 1000)
        self.assertEqual(nth_part(1000, 3, 3), 0)

    def test_an_odd_cent_is_neither_lost_nor_paid_twice(self):
        order = self.order(3, price=10 / 3)
        self.assertEqual(order.amount_total, 10)
        back = [self.cancel(one).amount for one in self.tickets(order)]
        self.assertEqual(back, [3.34, 3.33, 3.33])
        self.send()
        self.assertAlmostEqual(self.gone_back(order), 10, 2)


@tagged("post_install", "-at_install")
class TestRefunds(RefundsCase):
    def test_one_ticket(self):
        order = self.order(2)
        first, second = self.tickets(order)
        taken = self.concert.seats_taken
        refund = self.cancel(first)
        self.assertEqual((refund.amount, refund.state), (10, "waiting"))
        self.assertEqual((first.state, second.state, order.state), ("cancel", "open", "sale"))
        self.env.invalidate_all()
        self.assertEqual(self.concert.seats_taken, taken - 1)
        self.send()
        self.assertEqual((self.gone_back(order), refund.part_ids.state), (10, "sent"))

    def test_lespass_bug_the_refund_deadline_only_changed_the_message(self):
        """There it pays back in all cases; here the rule of the day decides."""
        for days, back in ((8, 10), (7, 10), (6, 5), (1, 7)):
            self.begins_in(days)
            self.assertEqual(self.cancel(self.tickets(self.order(1))).amount, back, days)
        self.begins_in(0.5)
        ticket = self.tickets(self.order(1))
        self.assertIn("can no longer be cancelled", ticket._tibillet_visitor_cannot())
        self.assertEqual(self.cancel(ticket, why="staff").amount, 0)

    def test_lespass_bug_429_the_rest_after_a_single_ticket(self):
        """There the full amount was asked of the provider again, and refused."""
        order = self.order(3)
        tickets = self.tickets(order)
        self.cancel(tickets[0])
        self.send()
        self.assertEqual(self.cancel(tickets[1:]).amount, 20)
        self.send()
        self.assertEqual(self.gone_back(order), 30)
        self.assertFalse(order.transaction_ids._tibillet_left_minor())

    def test_lespass_bug_a_single_ticket_credited_the_whole_line(self):
        """There a ticket that was not paid by card took its whole line back."""
        order = self.order(3, paid=False)
        order.action_confirm()
        self.tickets(order).action_confirm()
        self.invoiced(order)
        refund = self.cancel(self.tickets(order)[0])
        self.assertEqual((refund.amount, refund.part_ids.state), (10, "by_hand"))
        self.assertEqual(refund.credit_note_id.amount_total, 10)

    def test_lespass_bug_the_provider_is_asked_inside_the_transaction(self):
        """There an error after it left money paid back and a booking valid."""
        order = self.order(1)
        path = "odoo.addons.payment_demo.models.payment_transaction.PaymentTransaction"
        with patch(f"{path}._send_refund_request") as asked:
            refund = self.cancel(self.tickets(order))
            self.assertFalse(asked.called)
        self.assertEqual(refund.part_ids.back_transaction_id.state, "draft")
        self.send()
        self.send()
        self.assertEqual(self.gone_back(order), 10)

    def test_twice_is_once(self):
        order = self.order(2)
        first = self.tickets(order)[0]
        self.assertEqual(self.cancel(first), self.cancel(first))
        with self.assertRaisesRegex(UserError, "cancelled already"):
            self.cancel(self.tickets(order))
        self.send()
        self.send()
        self.assertEqual(self.gone_back(order), 10)

    def test_cancelled_by_hand_can_still_be_paid_back(self):
        """Odoo's own button cancels and pays nothing: staff pay back afterwards, once."""
        order = self.order(2)
        first, second = self.tickets(order)
        first.action_cancel()
        self.assertIn("cancelled already", first._tibillet_visitor_cannot())
        self.assertEqual(order._tibillet_cancellable(), second)
        refund = self.cancel(first)
        self.assertEqual(refund.amount, 10)
        self.assertEqual(self.cancel(first), refund)
        self.cancel(second)
        self.send()
        self.assertEqual(self.gone_back(order), 20)

    def test_a_scanned_ticket_never(self):
        order = self.order(2)
        first, second = self.tickets(order)
        first.action_set_done()
        with self.assertRaisesRegex(UserError, "scanned"):
            self.cancel(first)
        with self.assertRaisesRegex(UserError, "scanned"):
            self.cancel(first + second)
        self.assertEqual(second.state, "open")
        self.assertEqual(self.cancel(second).amount, 10)

    def test_a_ticket_paid_back_lets_nobody_in(self):
        ticket = self.tickets(self.order(1))
        self.cancel(ticket)
        answer = ticket.register_attendee(ticket.barcode, self.concert.id)
        self.assertEqual(answer["status"], "canceled_registration")
        for act in (ticket.action_confirm, ticket.action_set_done):
            with self.assertRaisesRegex(UserError, "not valid any more"):
                act()

    def test_a_basket_and_no_ticket_at_all(self):
        order = self.order(1, paid=False)
        with self.assertRaisesRegex(UserError, "not paid yet"):
            self.cancel(self.tickets(order))
        with self.assertRaisesRegex(UserError, "one ticket at least"):
            self.cancel(self.env["event.registration"])

    def test_tickets_of_two_orders(self):
        with self.assertRaisesRegex(UserError, "one order at a time"):
            self.cancel(self.tickets(self.order(1)) + self.tickets(self.order(1)))

    def test_a_free_ticket(self):
        ticket = self.env["event.registration"].create(
            {"event_id": self.concert.id, "event_ticket_id": self.free.id, "name": "Bo"}
        )
        self.assertFalse(ticket._tibillet_visitor_cannot())
        refund = self.cancel(ticket)
        self.assertEqual((refund.amount, ticket.state, refund.state), (0, "cancel", False))

    def test_sold_at_the_till(self):
        ticket = self.env["event.registration"].create(
            {"event_id": self.concert.id, "event_ticket_id": self.rate.id, "name": "Bo"}
        )
        ticket.sale_status = "sold"
        with self.assertRaisesRegex(UserError, "paid back there"):
            self.cancel(ticket)

    # -- options, codes, fees ----------------------------------------------------------------------

    def with_extras(self):
        option = self.env["tibillet.rate.option"].create(
            {
                "name": "Meal",
                "event_id": self.concert.id,
                "product_id": self.meal.id,
                "price": 4,
            }
        )
        order = self.order(2, paid=False)
        line = order.order_line
        self.tickets(order)[0].tibillet_option_ids = option
        values = {"order_id": order.id, "product_uom_qty": 1}
        self.env["sale.order.line"].create(
            [
                {
                    **values,
                    "product_id": self.meal.id,
                    "linked_line_id": line.id,
                    "tibillet_option_id": option.id,
                },
                {**values, "product_id": self.fee.id, "price_unit": 1},
            ]
        )
        transaction = self.transaction(order)
        transaction._set_done()
        transaction._post_process()
        return order

    def test_options_go_with_their_ticket_and_fees_are_kept(self):
        order = self.with_extras()
        self.assertEqual(order.amount_total, 25)
        first, second = self.tickets(order)
        self.assertEqual(self.cancel(first).amount, 14)
        self.assertEqual(self.cancel(second).amount, 10)

    def test_the_organiser_pays_fees_back_too(self):
        order = self.with_extras()
        first, second = self.tickets(order)
        self.assertEqual(self.cancel(first, "full", "event").amount, 14.5)
        self.assertEqual(self.cancel(second, "full", "event").amount, 10.5)

    def test_what_a_code_took_off_does_not_come_back(self):
        order = self.order(2, discount=25)
        self.assertEqual(self.cancel(self.tickets(order)).amount, 15)

    def test_a_discount_on_the_whole_order(self):
        off = self.service("Off")
        order = self.order(2, more=[{"product_id": off.id, "price_unit": -5, "product_uom_qty": 1}])
        first, second = self.tickets(order)
        self.assertEqual(self.cancel(first).amount, 7.5)
        self.assertEqual(self.cancel(second).amount, 7.5)

    # -- passes ---------------------------------------------------------------------------------

    def with_a_pass(self):
        """An order of one pass at 10 that opens two events, at 6 and 2 by themselves."""
        events = self.env["event.event"]
        for price in (6, 2):
            event = self.concert.copy({"name": f"Evening {price}"})
            event.event_ticket_ids.filtered("price").price = price
            events |= event
        self.rate.tibillet_pass_event_ids = events
        order = self.order(1)
        holder = self.tickets(order).filtered(lambda one: not one.tibillet_pass_id)
        return order, holder, holder.tibillet_pass_seat_ids.sorted("id")

    def test_a_pass_goes_with_its_seats(self):
        order, holder, seats = self.with_a_pass()
        self.assertEqual(self.cancel(holder + seats).amount, 10)
        self.assertEqual(seats.mapped("state"), ["cancel", "cancel"])
        self.send()
        self.assertEqual(self.gone_back(order), 10)

    def test_of_a_pass_what_was_not_held(self):
        _order, holder, seats = self.with_a_pass()
        seats[0].action_set_done()
        self.assertEqual(self.cancel(holder, "full", "staff").amount, 2.5)
        self.assertEqual(seats.mapped("state"), ["done", "cancel"])

    def test_one_event_of_a_pass_is_cancelled(self):
        order, holder, seats = self.with_a_pass()
        self.assertIn("cancel the pass", seats[0]._tibillet_visitor_cannot())
        self.assertEqual(self.cancel(seats[0], "full", "event").amount, 7.5)
        self.assertEqual(holder.state, "open")
        self.assertEqual(self.cancel(holder, "full", "staff").amount, 2.5)
        self.send()
        self.assertEqual(self.gone_back(order), 10)

    # -- ways back ---------------------------------------------------------------------------------

    def test_never_more_than_was_paid(self):
        """An accountant paid a part back on the payment itself."""
        order = self.order(2)
        order.transaction_ids._refund(15)
        self.assertEqual(self.cancel(self.tickets(order), "full", "staff").amount, 5)

    def test_two_payments_each_by_its_own(self):
        order = self.order(3, paid=False)
        small, large = self.transaction(order, 12), self.transaction(order, 18)
        for one in (small, large):
            one._set_done()
        large._post_process()
        self.cancel(self.tickets(order)[:2])
        self.send()
        self.assertEqual(-small.child_transaction_ids.amount, 12)
        self.assertEqual(-large.child_transaction_ids.amount, 8)

    def test_a_provider_that_pays_nothing_back(self):
        order = self.order(1)
        with patch.object(type(order.transaction_ids), "_tibillet_pays_back", return_value=False):
            refund = self.cancel(self.tickets(order))
        self.assertEqual(refund.state, "by_hand")
        self.assertIn(order.name, order.activity_ids.summary)
        manager = new_test_user(
            self.env, "boss", groups="tibillet_event.tibillet_event_group_manager"
        )
        refund.part_ids.with_user(manager).action_paid()
        self.assertEqual(refund.state, "paid")
        with self.assertRaisesRegex(UserError, "Nothing of this"):
            refund.part_ids.with_user(manager).action_paid()

    def test_a_provider_that_refuses_is_told_to_somebody(self):
        order = self.order(1)
        refund = self.cancel(self.tickets(order))
        path = "odoo.addons.payment_demo.models.payment_transaction.PaymentTransaction"
        with patch(f"{path}._send_refund_request", side_effect=ValidationError("no")):
            self.send()
        self.assertEqual(refund.state, "by_hand")
        self.assertEqual(len(order.activity_ids), 1)
        self.assertFalse(self.gone_back(order))

    def test_a_method_without_refunds(self):
        order = self.order(1)
        order.transaction_ids.payment_method_id.support_refund = "none"
        self.assertEqual(self.cancel(self.tickets(order)).state, "by_hand")

    def test_a_provider_that_pays_back_in_full_only(self):
        order = self.order(2)
        order.transaction_ids.payment_method_id.support_refund = "full_only"
        self.assertEqual(self.cancel(self.tickets(order)[0]).state, "by_hand")
        whole = self.order(1)
        self.assertEqual(self.cancel(self.tickets(whole)).state, "waiting")

    # -- credit notes ------------------------------------------------------------------------------

    def invoiced(self, order, paid=True):
        invoice = order._create_invoices()
        invoice.action_post()
        if paid:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({})._create_payments()
        return invoice

    def test_a_credit_note_of_what_was_invoiced(self):
        order = self.order(2)
        self.invoiced(order, paid=False)
        refund = self.cancel(self.tickets(order)[0])
        note = refund.credit_note_id
        self.assertEqual((note.move_type, note.state), ("out_refund", "posted"))
        self.assertEqual(note.amount_total, 10)
        self.send()
        back = refund.part_ids.back_transaction_id
        self.assertEqual(back.invoice_ids, note)
        back._post_process()
        self.assertFalse(note.amount_residual)

    def test_a_credit_note_comes_with_a_late_invoice(self):
        order = self.order(2)
        refund = self.cancel(self.tickets(order)[0])
        self.assertFalse(refund.credit_note_id)
        self.invoiced(order, paid=False)
        self.assertEqual(refund.credit_note_id.amount_total, 10)

    def test_a_credit_note_with_tax_on_top(self):
        tax = self.env["account.tax"].create(
            {
                "name": "20 % on top",
                "amount": 20,
                "price_include_override": "tax_excluded",
                "company_id": self.company.id,
                "country_id": self.company.account_fiscal_country_id.id,
            }
        )
        self.product.taxes_id = tax
        order = self.order(3, price=3.33)
        self.invoiced(order, paid=False)
        total = 0
        for ticket in self.tickets(order):
            refund = self.cancel(ticket)
            self.assertEqual(refund.credit_note_id.amount_total, refund.amount)
            total += refund.amount
        self.assertAlmostEqual(total, order.amount_total, 2)

    # -- told --------------------------------------------------------------------------------------

    def test_told_in_the_buyers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.buyer.lang = "fr_FR"
        order = self.order(2)
        self.tickets(order)[1].email = "friend@example.com"
        self.cancel(self.tickets(order))
        mails = self.env["mail.mail"].search([], order="id desc", limit=4)
        told = mails.filtered(lambda mail: self.buyer in mail.recipient_ids)[:1]
        self.assertIn("Billets annulés", told.subject)
        self.assertIn("20,00", told.body_html)
        self.assertTrue(mails.filtered(lambda mail: mail.email_to == "friend@example.com"))

    # -- rules ----------------------------------------------------------------------------------

    def test_rules_of_the_kind_hold_without_own_ones(self):
        kind = self.env["event.type"].create(
            {
                "name": "Ball",
                "tibillet_refund_rule_ids": [Command.create({"days_before": 0, "percent": 30})],
            }
        )
        self.concert.tibillet_refund_rule_ids.unlink()
        self.concert.event_type_id = kind
        self.assertEqual(self.cancel(self.tickets(self.order(1))).amount, 3)

    def test_a_rule_of_nothing_stops_a_longer_one(self):
        self.concert.tibillet_refund_rule_ids.unlink()
        self.concert.tibillet_refund_rule_ids = [
            Command.create({"days_before": 20, "method": "none"}),
            Command.create({"days_before": 5, "method": "percent", "percent": 80}),
        ]
        self.begins_in(25)
        self.assertEqual(self.cancel(self.tickets(self.order(1))).amount, 0)
        self.begins_in(10)
        self.assertEqual(self.cancel(self.tickets(self.order(1))).amount, 8)

    def test_rules_that_cannot_be(self):
        for values in ({"percent": 101}, {"fee": -1}, {"days_before": -1}):
            with self.assertRaisesRegex(ValidationError, "between 0 and"):
                self.concert.tibillet_refund_rule_ids[0].write(values)

    def test_rules_in_words(self):
        said = [rule._said() for rule in self.concert.tibillet_refund_rule_ids]
        self.assertEqual(said[0], "Until 7 days before: the whole price comes back.")
        self.assertEqual(said[1], "Until 2 days before: 50 % of the price comes back.")
        self.assertIn("Until one day before: the price comes back less", said[2])

    # -- staff ----------------------------------------------------------------------------------

    def staff(self, role):
        group = f"tibillet_event.tibillet_event_group_{role}"
        return new_test_user(self.env, f"refund_{role}", groups=group, company_id=self.company.id)

    def ask(self, record, user, how="rule"):
        action = record.with_user(user).action_tibillet_refund()
        form = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        form.how = how
        return form

    def test_staff_see_the_amount_and_cancel(self):
        order = self.order(2)
        first, second = self.tickets(order)
        form = self.ask(first, self.staff("user"))
        self.assertEqual(form.amount, 10)
        form.action_refund()
        self.assertEqual((first.state, second.state), ("cancel", "open"))
        with self.assertRaisesRegex(UserError, "cancelled already"):
            self.ask(first, self.staff("manager"))

    def test_beyond_the_rules_a_manager(self):
        self.begins_in(0.5)
        ticket = self.tickets(self.order(1))
        form = self.ask(ticket, self.staff("user"), "full")
        with self.assertRaises(AccessError):
            form.action_refund()
        self.ask(ticket, self.staff("manager"), "full").action_refund()
        self.assertEqual(ticket.tibillet_refund_line_ids.amount, 10)

    def test_from_the_order_without_the_scanned_ones(self):
        order = self.order(3)
        self.tickets(order)[0].action_set_done()
        form = self.env["tibillet.ticket.refund.ask"].browse(
            order.action_tibillet_refund()["res_id"]
        )
        self.assertEqual(form.amount, 20)
        form.action_refund()
        self.assertEqual(self.tickets(order).mapped("state"), ["done", "cancel", "cancel"])
        with self.assertRaisesRegex(UserError, "No ticket is left"):
            order.action_tibillet_refund()

    def test_the_gate_cancels_nothing(self):
        ticket = self.tickets(self.order(1))
        with self.assertRaises(AccessError):
            self.ask(ticket, self.staff("gate"))
