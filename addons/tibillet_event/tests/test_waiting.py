from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..exceptions import SeatsError
from .test_seats import SeatsCase


class WaitingCase(SeatsCase):
    """A full event of two seats, and people who would like to come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.room = cls.make_event("Full house", 2, [("Seat", 0)], date_tz="Europe/Paris")
        cls.seat = cls.room.event_ticket_ids
        cls.sold = cls.env["event.registration"].create(
            [
                {"event_id": cls.room.id, "event_ticket_id": cls.seat.id, "name": name}
                for name in ("Anna", "Bert")
            ]
        )

    def wait(self, who, seats=1, rate=None, event=None, slot=None, **values):
        typed = {"name": who, "email": f"{who.lower()}@demo.example", "seats": seats, **values}
        one, _twice = self.env["tibillet.waiting"]._join(event or self.room, typed, slot, rate)
        return one

    def hold_of(self, one):
        return self.env["tibillet.seat.hold"].search([("key", "=", f"waiting/{one.id}")])

    def sweep(self):
        """What the clock does, in this transaction."""
        self.env.cr.execute("SELECT tibillet_seat_release(NULL, 200)")
        self.env.invalidate_all()

    def cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_event.ir_cron_waiting").method_direct_trigger()
        self.env.invalidate_all()
        line = self.env["tibillet.waiting"].search([("event_id", "=", self.room.id)])
        return self.env["mail.mail"].search(
            [("model", "=", "tibillet.waiting"), ("res_id", "in", line.ids)]
        )


@tagged("post_install", "-at_install")
class TestWaiting(WaitingCase):
    def test_a_freed_seat_is_held_for_the_first_in_line(self):
        first, second = self.wait("Cleo"), self.wait("Dora")
        self.assertEqual([first.position, second.position], [1, 2])
        self.sold[0].action_cancel()
        self.assertEqual([first.state, second.state], ["offered", "waiting"])
        self.assertEqual(second.position, 1)
        self.assertEqual(self.hold_of(first).remaining, 1)
        self.assertEqual(self.used(self.room), 2)
        self.assertEqual(self.room.seats_available, 0)
        with self.assertRaises(SeatsError):
            self.register(1, self.seat)
        self.assertCounted()

    def test_who_chooses_again_does_not_lose_to_the_list(self):
        """What is given back and chosen again in one act is not offered in between."""
        self.sold.action_cancel()
        seats, wanted = self.seats(), lambda number: [(self.room.id, False, self.seat.id, number)]
        seats._hold("web:a", wanted(2), 15)
        first, second = self.wait("Cleo"), self.wait("Dora")
        seats._hold_instead("web:a", "web:b", wanted(1), 15)  # one of the two goes to the list
        self.env.invalidate_all()
        self.assertEqual([first.state, second.state], ["offered", "waiting"])
        held = self.env["tibillet.seat.hold"].search([("key", "=", "web:b")])
        self.assertEqual(held.remaining, 1)
        with self.assertRaises(SeatsError):
            seats._hold_instead("web:b", "web:c", wanted(2), 15)
        self.env.invalidate_all()
        self.assertEqual(held.remaining, 1, "refused: what was held is still held")
        self.assertEqual(second.state, "waiting")
        seats._hold_instead("web:b", "web:d", wanted(1), 15)
        self.env.invalidate_all()
        self.assertEqual((held.remaining, second.state), (0, "waiting"))
        self.assertEqual(self.used(self.room), 2)
        # what is given up for good still goes to who waits
        self.env.cr.execute("SELECT tibillet_seat_drop('web:d')")
        self.env.invalidate_all()
        self.assertEqual(second.state, "offered")
        self.assertCounted()

    def test_each_way_by_which_a_seat_goes_back(self):
        """Cancelled, archived, deleted, a hold dropped or run out, a draft nobody paid for."""
        ways = {
            "archived": lambda: self.sold[0].write({"active": False}),
            "deleted": self.sold[1].unlink,
            "more room": lambda: self.room.write({"seats_max": 5}),
        }
        for name, way in ways.items():
            with self.subTest(name):
                one = self.wait(f"W{len(name)}")
                way()
                self.env.flush_all()
                one.invalidate_recordset()
                self.assertEqual(one.state, "offered")
        self.assertCounted()

    def test_a_hold_that_runs_out_is_for_the_first_in_line_not_for_the_next_buyer(self):
        for draft in self.sold:
            draft.action_cancel()
        self.seats()._hold("web:x", [(self.room.id, False, self.seat.id, 1)], 15)
        self.register(1, self.seat, state="draft", tibillet_hold_until=self.seats()._deadline(15))
        first, second = self.wait("Cleo"), self.wait("Dora")
        self.clock("16 minutes")
        with self.assertRaises(SeatsError):
            self.seats()._hold("web:y", [(self.room.id, False, self.seat.id, 1)], 15)
        self.sweep()
        self.assertEqual([first.state, second.state], ["offered", "offered"])
        self.assertCounted()

    def test_an_offer_that_runs_out_goes_to_the_next_at_once(self):
        first, second, third = self.wait("Cleo"), self.wait("Dora"), self.wait("Emil")
        self.sold[0].action_cancel()
        self.clock("13 hours")
        self.sweep()
        self.assertEqual([one.state for one in (first, second, third)],
                         ["expired", "offered", "waiting"])  # fmt: skip
        again = self.wait("Cleo")
        self.assertEqual(again.position, 2)
        self.assertCounted()

    def test_who_wants_more_than_is_free_is_passed_over_until_it_is(self):
        group, one = self.wait("Group", 2), self.wait("Dora")
        self.sold[0].action_cancel()
        self.assertEqual([group.state, one.state], ["waiting", "offered"])
        one._leave()
        self.assertEqual(group.state, "waiting")
        self.sold[1].action_cancel()
        self.assertEqual(group.state, "offered")
        self.assertEqual(self.hold_of(group).quantity, 2)
        self.assertCounted()

    def test_who_wants_a_rate_waits_for_that_rate(self):
        event = self.make_event("Two rates", 0, [("Pit", 1), ("Balcony", 1)])
        pit, balcony = event.event_ticket_ids
        in_pit, on_balcony = self.register(1, pit), self.register(1, balcony)
        for_balcony = self.wait("Cleo", rate=balcony, event=event)
        for_any = self.wait("Dora", event=event)
        in_pit.action_cancel()
        self.assertEqual([for_balcony.state, for_any.state], ["waiting", "offered"])
        self.assertEqual(for_any.offered_ticket_id, pit)
        on_balcony.action_cancel()
        self.assertEqual(for_balcony.state, "offered")
        self.assertCounted()

    def test_who_only_changes_the_rate_keeps_the_seat(self):
        """One step: the seat between two rates is not given to who waits."""
        event = self.make_event("Two rates", 1, [("Pit", 0), ("Balcony", 0)])
        pit, balcony = event.event_ticket_ids
        mine = self.register(1, pit)
        one = self.wait("Cleo", event=event)
        mine.event_ticket_id = balcony
        self.assertTrue(mine.tibillet_seated)
        self.assertEqual(one.state, "waiting")
        self.assertCounted()

    def test_slots_have_their_own_line(self):
        day = fields.Date.today() + timedelta(days=10)
        event = self.make_event(
            "Slots",
            1,
            [("Seat", 0)],
            is_multi_slots=True,
            date_tz="UTC",
            date_begin=datetime.combine(day, datetime.min.time()),
            date_end=datetime.combine(day, datetime.max.time()).replace(microsecond=0),
            event_slot_ids=[
                Command.create({"date": day, "start_hour": hour, "end_hour": hour + 1})
                for hour in (10, 14)
            ],
        )
        morning, noon = event.event_slot_ids
        rate = event.event_ticket_ids
        early = self.register(1, rate, event_slot_id=morning.id)
        self.register(1, rate, event_slot_id=noon.id)
        for_noon, for_morning = (
            self.wait("Cleo", event=event, slot=noon),
            self.wait("Dora", event=event, slot=morning),
        )
        self.assertEqual([for_noon.position, for_morning.position], [1, 1])
        early.action_cancel()
        self.assertEqual([for_noon.state, for_morning.state], ["waiting", "offered"])
        with self.assertRaises(SeatsError):
            self.wait("Emil", event=event)
        self.assertCounted()

    def test_twice_is_once(self):
        one = self.wait("Cleo")
        again, twice = self.env["tibillet.waiting"]._join(
            self.room, {"name": "Cleo", "email": " CLEO@demo.example ", "seats": "3"}
        )
        self.assertTrue(twice)
        self.assertEqual(again, one)
        self.assertEqual(one.seats, 1)

    def test_what_cannot_be(self):
        for wrong in (
            {"seats": "0"},
            {"seats": "11"},
            {"seats": "two"},
            {"seats": "1e9"},
            {"seats": "٣"},
            {"email": "nowhere"},
            {"name": "  "},
        ):
            with self.subTest(wrong), self.assertRaises(SeatsError):
                self.wait("Cleo", **wrong)
        with self.assertRaises(SeatsError) as refusal:
            self.wait("Cleo", rate=self.full_rate)
        self.assertIn("not sold", str(refusal.exception))
        self.sold[0].action_cancel()
        with self.assertRaises(SeatsError) as refusal:
            self.wait("Cleo")
        self.assertEqual(refusal.exception.code, "free")
        self.assertTrue(self.wait("Group", 2))

    def test_how_long_an_offer_stands(self):
        """Twelve hours, an hour from the day on (the event's own day), never past the end."""
        self.room.company_id.tibillet_waiting_minutes = 60

        def lasts(begin, hours=4):
            now = self.seats()._now()
            self.room.write({"date_begin": begin, "date_end": begin + timedelta(hours=hours)})
            self.env.flush_all()
            self.env.cr.execute("SELECT tibillet_waiting_until(%s, NULL)", [self.room.id])
            until = self.env.cr.fetchone()[0]
            return until and round((until - now).total_seconds() / 60)

        # 23:30 in Paris on 31 January, still 22:30 by the server.
        target = datetime(2030, 1, 31, 22, 30)
        gap = target - fields.Datetime.now()
        self.clock(f"{int(gap.total_seconds())} seconds")
        self.assertEqual(lasts(datetime(2030, 2, 3, 19, 0)), 720)
        self.assertEqual(lasts(datetime(2030, 2, 1, 5, 0)), 390)  # no later than the beginning
        self.assertEqual(lasts(datetime(2030, 1, 31, 22, 45)), 60)  # tonight
        self.assertEqual(lasts(datetime(2030, 1, 31, 23, 15)), 60)  # after midnight there
        self.assertEqual(lasts(datetime(2030, 1, 31, 21, 0), hours=2), 30)  # its end
        self.assertFalse(lasts(datetime(2030, 1, 31, 18, 0)))
        self.room.company_id.tibillet_waiting_hours = 2
        self.assertEqual(lasts(datetime(2030, 2, 3, 19, 0)), 120)

    def test_mails_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        one = self.wait("Cleo", lang="fr_FR")
        mail = self.cron()
        self.assertEqual(mail.email_to, "cleo@demo.example")
        self.assertIn("Liste d’attente", mail.subject)
        self.assertIn(one._get_path(), mail.body_html)
        self.assertFalse(one.notice)
        mail.unlink()
        self.sold[0].action_cancel()
        self.assertIn("gardées pour vous", self.cron().body_html)
        self.cron().unlink()
        self.clock("13 hours")
        self.sweep()
        self.assertIn("temps de votre offre est écoulé", self.cron().body_html)

    def test_cancelled_moved_over(self):
        one, two = self.wait("Cleo"), self.wait("Dora")
        self.cron().unlink()
        self.room._tibillet_move(
            self.room.date_begin + timedelta(days=1), self.room.date_end + timedelta(days=1)
        )
        self.assertEqual([one.notice, two.notice], ["moved", "moved"])
        self.assertEqual(len(self.cron()), 2)
        self.cron().unlink()
        self.sold[0].action_cancel()
        self.room.write({"kanban_state": "cancel", "tibillet_cancel_reason": "The singer is ill."})
        self.assertEqual([one.state, two.state], ["left", "left"])
        self.assertEqual(self.hold_of(one).remaining, 0)
        mails = self.cron()
        self.assertEqual(len(mails), 2)
        self.assertIn("The singer is ill.", mails[0].body_html)
        self.assertCounted()

    def test_over(self):
        one = self.wait("Cleo")
        self.cron().unlink()
        now = fields.Datetime.now()
        self.room.write(
            {"date_begin": now - timedelta(hours=3), "date_end": now - timedelta(hours=1)}
        )
        self.sold[0].action_cancel()
        self.assertEqual(one.state, "waiting")
        self.assertIn("No place", self.cron().subject)
        self.assertEqual(one.state, "left")

    def test_by_hand(self):
        group, one = self.wait("Group", 2), self.wait("Dora")
        with self.assertRaises(UserError):
            one.action_offer()
        self.room.action_tibillet_waiting()
        one.action_leave()
        self.assertEqual([group.state, one.state], ["waiting", "left"])

    def test_the_count_costs_the_same_for_any_number(self):
        events = self.room
        for number in range(3):
            events |= self.make_event(f"E{number}", 1, [("Seat", 0)])
        self.wait("Cleo")
        self.env.flush_all()
        for some in (events[:1], events):
            self.env.invalidate_all()
            some.mapped("name")
            with self.assertQueryCount(1):
                counts = some.mapped("tibillet_waiting_count")
        self.assertEqual(counts, [1, 0, 0, 0])
        self.wait("Group", 3)
        self.assertEqual(events._tibillet_live_waiting(), {self.room.id: 4})

    def test_names_go_a_month_after(self):
        one = self.wait("Cleo")
        self.env["tibillet.waiting"]._gc_waiting()
        self.assertTrue(one.exists())
        now = fields.Datetime.now()
        self.room.write(
            {"date_begin": now - timedelta(days=32), "date_end": now - timedelta(days=31)}
        )
        self.room.active = False
        self.env["tibillet.waiting"]._gc_waiting()
        self.assertFalse(one.exists())
