"""Passes: a seat in each event, or none; refused, cancelled and shared out as a whole."""

import secrets

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..exceptions import SeatsError
from ..models.passes.pass_share import shares
from .test_seats import SeatsCase


class PassesCase(SeatsCase):
    """Three evenings of 5, 3 and any number of seats; a full pass and a day pass."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.friday = cls.make_event("Friday", 5, [("Seat", 0)])
        cls.saturday = cls.make_event("Saturday", 3, [("Seat", 0)])
        cls.sunday = cls.make_event("Sunday", 0, [("Seat", 0)])
        cls.days = cls.friday | cls.saturday | cls.sunday
        for event, price in zip(cls.days, (20, 30, 10), strict=True):
            event.event_ticket_ids.price = price
        cls.festival = cls.make_event("Passes", 0, [("Full pass", 0), ("Day pass", 0)])
        cls.full, cls.day = cls.festival.event_ticket_ids
        cls.full.tibillet_pass_event_ids = cls.days
        cls.day.tibillet_pass_event_ids = cls.saturday

    def counts(self):
        return tuple(self.used(event) for event in self.days)

    def sell(self, number=1, rate=None, **values):
        return self.register(number, rate or self.full, **values)


@tagged("post_install", "-at_install")
class TestPasses(PassesCase):
    def test_a_pass_takes_a_seat_in_each_event(self):
        one = self.sell(email="anna@demo.example", phone="+33612345678")
        self.assertEqual(self.counts(), (1, 1, 1))
        seats = one.tibillet_pass_seat_ids
        self.assertEqual(seats.event_id, self.days)
        self.assertEqual(set(seats.mapped("state")), {"open"})
        self.assertEqual(set(seats.mapped("email")), {"anna@demo.example"})
        self.assertEqual(self.friday.seats_taken, 1)
        self.assertCounted()

    def test_refused_as_a_whole(self):
        self.register(3, self.saturday.event_ticket_ids)
        with self.assertRaisesRegex(SeatsError, "Saturday"):
            self.sell()
        self.assertEqual(self.counts(), (0, 3, 0))
        self.assertEqual(self.used(self.festival), 0)
        self.assertFalse(self.festival.registration_ids)

    def test_several_passes_or_none(self):
        with self.assertRaises(SeatsError):
            self.sell(4)
        self.assertEqual(self.counts(), (0, 0, 0))
        self.sell(3)
        self.assertEqual(self.counts(), (3, 3, 3))

    def test_there_is_what_the_fullest_event_has_left(self):
        left = lambda: self.festival._get_seats_availability([(False, self.full)])  # noqa: E731
        self.assertEqual(left(), [3])
        self.register(2, self.saturday.event_ticket_ids)
        self.assertEqual(left(), [1])
        self.full.seats_max = 2
        self.assertEqual(self.full.seats_available, 1)
        self.assertFalse(self.full.is_sold_out)
        self.register(1, self.saturday.event_ticket_ids)
        self.env.invalidate_all()
        self.assertEqual(left(), [0])
        self.assertTrue(self.full.is_sold_out and self.day.is_sold_out)
        self.assertFalse(self.full.sale_available)
        self.assertFalse(self.friday.event_ticket_ids.is_sold_out)

    def test_a_pass_of_its_own_number(self):
        self.full.seats_max = 1
        self.sell()
        with self.assertRaisesRegex(SeatsError, "Full pass"):
            self.sell()
        self.assertEqual(self.counts(), (1, 1, 1))

    def test_cancelled_as_a_whole_and_back_as_a_whole(self):
        one = self.sell()
        one.action_cancel()
        self.assertEqual(self.counts(), (0, 0, 0))
        self.assertEqual(set(one.tibillet_pass_seat_ids.mapped("state")), {"cancel"})
        self.register(3, self.saturday.event_ticket_ids)
        with self.assertRaises(SeatsError):
            one.action_confirm()
        self.assertEqual((one.state, self.counts()), ("cancel", (0, 3, 0)))
        self.saturday.registration_ids.filtered(lambda r: r.state == "open")[0].action_cancel()
        one.action_confirm()
        self.assertEqual(self.counts(), (1, 3, 1))
        self.assertCounted()

    def test_a_part_is_given_up_and_stays_so(self):
        one = self.sell()
        seat = one.tibillet_pass_seat_ids.filtered(lambda s: s.event_id == self.friday)
        seat.action_cancel()
        self.assertEqual((one.state, self.counts()), ("open", (0, 1, 1)))
        one.action_cancel()
        one.action_confirm()
        self.assertEqual((seat.state, self.counts()), ("cancel", (0, 1, 1)))

    def test_a_seat_does_not_come_back_without_its_pass(self):
        one = self.sell()
        one.action_cancel()
        with self.assertRaisesRegex(ValidationError, "the pass of this seat is cancelled"):
            one.tibillet_pass_seat_ids[0].action_confirm()

    def test_scanned_in_one_event_does_not_stop_the_others(self):
        now = fields.Datetime.now()
        self.days.date_begin = now
        one = self.sell()
        scan = lambda event: one.register_attendee(one.barcode, event.id)["status"]  # noqa: E731
        self.assertEqual(scan(self.friday), "confirmed_registration")
        self.assertEqual(scan(self.friday), "already_registered")
        self.assertEqual(scan(self.saturday), "confirmed_registration")
        self.assertEqual(one.state, "open")
        one.action_cancel()
        states = {s.event_id: s.state for s in one.tibillet_pass_seat_ids}
        self.assertEqual(
            states, {self.friday: "done", self.saturday: "done", self.sunday: "cancel"}
        )

    def test_archived_renamed_and_deleted_with_the_pass(self):
        one = self.sell()
        one.name = "Ben"
        self.assertEqual(set(one.tibillet_pass_seat_ids.mapped("name")), {"Ben"})
        one.active = False
        self.assertEqual(self.counts(), (0, 0, 0))
        one.active = True
        self.assertEqual(self.counts(), (1, 1, 1))
        one.unlink()
        self.assertEqual(self.counts(), (0, 0, 0))
        self.assertCounted()

    def test_a_hold_of_a_pass_holds_all(self):
        key = secrets.token_hex(8)
        wanted = [(self.festival.id, False, self.full.id, 2)]
        [hold] = self.seats()._hold(key, wanted, 15)
        self.assertEqual(self.counts(), (2, 2, 2))
        self.assertEqual(self.seats()._hold(key, wanted, 15), [hold])
        self.sell(2, tibillet_seat_hold_id=hold)
        self.assertEqual(self.counts(), (2, 2, 2))
        with self.assertRaisesRegex(SeatsError, "Saturday"):
            self.seats()._hold(secrets.token_hex(8), wanted, 15)
        self.assertEqual(self.counts(), (2, 2, 2))
        self.assertCounted()

    def test_what_runs_out_goes_back_everywhere(self):
        self.sell(state="draft", tibillet_hold_until=self.seats()._deadline(15))
        self.assertEqual(self.counts(), (1, 1, 1))
        self.env.flush_all()
        self.clock("20 minutes")
        self.env.cr.execute("SELECT tibillet_seat_release(NULL, 500)")
        self.assertEqual(self.counts(), (0, 0, 0))
        self.assertCounted()

    def test_events_over_or_cancelled_are_left_out(self):
        self.friday.write({"date_begin": "2020-01-01 20:00:00", "date_end": "2020-01-01 23:00:00"})
        one = self.sell()
        self.assertEqual(one.tibillet_pass_seat_ids.event_id, self.saturday | self.sunday)
        self.saturday.write({"kanban_state": "cancel", "tibillet_cancel_reason": "Storm"})
        self.assertIn("over or cancelled", self.day._tibillet_closed(self.env["res.partner"]))
        self.assertFalse(self.full._tibillet_closed(self.env["res.partner"]))

    def test_what_cannot_be_a_pass(self):
        slots = self.make_event("Slots", 5, [("Seat", 0)], is_multi_slots=True)
        for event, says in (
            (self.festival, "other events than its own"),
            (slots, "does not choose one"),
            (self.make_event("Other", 1, [("P", 0)]), None),
        ):
            if says is None:
                event.event_ticket_ids.tibillet_pass_event_ids = self.sunday
                says = "opens no pass"
            with self.assertRaisesRegex(ValidationError, says), self.env.cr.savepoint():
                self.day.tibillet_pass_event_ids = event

    def test_a_sold_pass_keeps_its_events(self):
        self.sell()
        for change in (Command.unlink(self.friday.id), Command.link(self.event.id)):
            with self.assertRaisesRegex(UserError, "sold already"), self.env.cr.savepoint():
                self.full.tibillet_pass_event_ids = [change]
        self.friday.write({"kanban_state": "cancel", "tibillet_cancel_reason": "Storm"})
        self.full.tibillet_pass_event_ids = [Command.unlink(self.friday.id)]
        self.assertEqual(self.full.tibillet_pass_event_ids, self.saturday | self.sunday)

    # -- the price ---------------------------------------------------------------------------

    def test_shares_add_up_to_the_cent(self):
        one = self.sell()
        share = one._tibillet_pass_share(50.0)
        by_event = {seat.event_id: part for seat, part in share.items()}
        self.assertEqual(by_event, {self.friday: 16.67, self.saturday: 25.0, self.sunday: 8.33})
        one.tibillet_pass_seat_ids[0].action_cancel()
        self.saturday.event_ticket_ids.price = 90
        self.assertEqual(one._tibillet_pass_share(50.0), share)
        self.assertEqual(self.register(1)._tibillet_pass_share(50.0), {})

    def test_shares_of_any_amount(self):
        currency = self.env.company.currency_id
        for cents in (0, 1, 2, 99, 100, 1001, 4999, 123457):
            for weights in ([1], [0, 0, 0], [1, 1, 1], [2000, 3000, 0], [1, 999999, 7]):
                parts = shares(cents / 100, weights, currency)
                self.assertEqual(round(100 * sum(parts)), cents)
                self.assertTrue(all(part >= 0 for part in parts))

    def test_shares_of_what_was_asked(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.env["res.partner"].create({"name": "A"}).id}
        )
        self.full.price = 33.34
        self.full.product_id.taxes_id = False
        line = self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.full.product_id.id,
                "event_id": self.festival.id,
                "event_ticket_id": self.full.id,
                "product_uom_qty": 3,
                "discount": 10,
            }
        )
        order.action_confirm()
        passes = line.registration_ids
        self.assertEqual(len(passes), 3)
        self.assertEqual(self.counts(), (3, 3, 3))
        asked = [sum(one._tibillet_pass_share().values()) for one in passes]
        self.assertEqual(round(sum(asked), 2), round(line.price_total, 2))

    def test_one_confirmation_for_a_pass(self):
        self.env["event.registration"].search([]).event_id.event_mail_ids.unlink()
        scheduler = self.env["event.mail"].create(
            {
                "event_id": self.friday.id,
                "interval_type": "after_sub",
                "interval_unit": "now",
                "template_ref": f"mail.template,{self.env.ref('event.event_subscription').id}",
            }
        )
        self.sell(email="anna@demo.example")
        self.register(1, self.friday.event_ticket_ids, email="ben@demo.example")
        scheduler.execute()
        mails = self.env["mail.mail"].search([("model", "=", "event.registration")])
        told = self.env["event.registration"].browse(mails.mapped("res_id"))
        self.assertEqual(
            told.filtered(lambda r: r.event_id == self.friday).mapped("email"),
            ["ben@demo.example"],
        )
