"""Story 14 at the gate: each ticket that was sold, changed or given back, and what is said."""

import datetime

from odoo.tests import tagged

from .gate_night import GateNight
from .test_story_14 import ConcertCase


@tagged("post_install", "-at_install")
class TestStory14Gate(GateNight, ConcertCase):
    def setUp(self):
        super().setUp()
        self.web = self.on_the_web(self.full, 4)
        order = self.at_the_door([self.places(self.full, 3), self.line(self.beer, 3, 6.0)])
        self.door = order.lines.event_registration_ids
        self.door_line = order.lines.filtered("event_ticket_id")
        guests = self.env["tibillet.guest.list"].create(
            {
                "event_id": self.concert.id,
                "ticket_id": self.invited.id,
                "partner_id": self.env["res.partner"].create({"name": "The band"}).id,
                "quota": 2,
            }
        )
        self.guest = guests._invite("Guest", "guest@example.com")
        self.open_gates()

    def test_whatever_it_was_sold_by_it_enters_once(self):
        sold = self.live()
        self.assertEqual(len(sold), 4 + 3 + 1)
        for number, one in enumerate(sold, 1):
            text = self.text(one)
            first, again = self.scan(text), self.scan(text)
            self.assertEqual((first["code"], again["code"]), ("entry", "already_used"))
            self.assertEqual((first["name"], first["rate"]), (one.name, one.event_ticket_id.name))
            self.assertEqual(again["used_gate"], "North")
            self.assertEqual(self.people_in(), (number, number))

    def test_cancelled(self):
        one = self.web[0]
        text = self.text(one)
        one.action_cancel()
        self.refused(text, "cancelled")

    def test_paid_back_on_the_web(self):
        one = self.web[0]
        text = self.text(one)
        self.env["tibillet.ticket.refund"]._cancel_tickets(one, "full", "staff")
        self.refused(text, "refunded")
        self.assertEqual(self.code(self.text(self.web[1])), "entry")  # its order's others enter

    def test_paid_back_at_the_till(self):
        texts = {one: self.text(one) for one in self.door}
        back = {
            **self.line(self.place, -1, 15.0),
            "refunded_orderline_id": self.door_line.id,
            "event_ticket_id": self.full.id,
        }
        self.at_the_door([back])
        [gone] = self.door.filtered(lambda one: one.state == "cancel")
        self.refused(texts.pop(gone), "refunded")
        self.assertEqual({self.code(text) for text in texts.values()}, {"entry"})

    def test_given_on(self):
        one = self.web[0]
        former = self.text(one)
        after = one._tibillet_give("Bo", "bo@example.com")
        self.refused(former, "replaced")
        said = self.scan(self.text(after))
        self.assertEqual((said["code"], said["name"]), ("entry", "Bo"))
        self.assertEqual(self.people_in(), (1, 1))
        self.refused(former, "replaced", inside=1)  # also after the new holder is in

    def test_of_the_wrong_day(self):
        """A second evening: its ticket tonight, and tonight's ticket at its list."""
        day = datetime.timedelta(days=1)
        second = self.concert.copy(
            {
                "name": "Concert, second evening",
                "date_begin": self.concert.date_begin + day,
                "date_end": self.concert.date_end + day,
            }
        )
        other = self.env["event.registration"].create(
            {"event_id": second.id, "event_ticket_id": second.event_ticket_ids[0].id, "name": "Io"}
        )
        self.assertEqual(self.code(self.text(other)), "wrong_event")
        theirs = self.env["tibillet.gate.list"].create(
            {
                "name": "Second evening",
                "company_id": self.company.id,
                "event_ids": [(6, 0, (second | self.concert).ids)],
                "gate_ids": [(0, 0, {"name": "Door"})],
            }
        )
        there = self.pair_phone(theirs.gate_ids, "Nolwenn")
        for one in (other, self.web[0]):
            self.assertEqual(self.code(self.text(one), there), "too_early")
        begin = self.concert.date_begin - 10 * day
        self.concert.write({"date_begin": begin, "date_end": begin + day / 8})
        self.assertEqual(self.code(self.text(self.web[0]), there), "too_late")
        self.assertEqual(self.people_in(), (0, 0))
        self.assertEqual(theirs._counts(), {})

    def test_not_paid(self):
        one = self.web[0]
        text = self.text(one)
        one.sudo().state = "draft"
        self.refused(text, "unpaid")

    def test_a_copy_at_the_gate_without_network(self):
        """Two gates let the same ticket in: one person more than tickets, and somebody looks."""
        text = self.text(self.web[0])
        self.assertEqual(self.code(text), "entry")
        [taken] = self.hand_in([text])
        self.assertEqual((taken["code"], taken["conflict"]), ("entry", True))
        self.list.invalidate_recordset()
        self.assertEqual((self.list.entered, self.list.conflicts), (2, 1))
        self.assertEqual(self.scans()[-1].conflict_code, "already_used")

    def refused(self, text, code, inside=0):
        """The same word with the server, from the phone's own list, and nobody is in."""
        self.assertEqual(self.code(text), code)
        self.assertEqual(self.boxes(self.far_phone)(text)["k"], code)
        self.assertEqual(self.people_in(), (inside, inside))
