from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import SeatsError
from .common import EventCommon


class SeatsCase(EventCommon):
    """An event of ten seats with two rates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls.make_event("Fest-noz", 10)
        cls.full_rate, cls.reduced = cls.event.event_ticket_ids

    @classmethod
    def make_event(cls, name, seats, rates=(("Full", 0), ("Reduced", 4)), **values):
        begin = fields.Datetime.now() + timedelta(days=10)
        return cls.env["event.event"].create(
            {
                "name": name,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=4),
                "seats_limited": bool(seats),
                "seats_max": seats,
                "event_ticket_ids": [
                    Command.create({"name": rate, "seats_max": most}) for rate, most in rates
                ],
                **values,
            }
        )

    def seats(self):
        return self.env["tibillet.seats"]

    def register(self, number=1, rate=None, **values):
        rate = rate or self.full_rate
        return self.env["event.registration"].create(
            [
                {
                    "event_id": rate.event_id.id,
                    "event_ticket_id": rate.id,
                    "name": "Anna",
                    "state": "open",
                    **values,
                }
                for _n in range(number)
            ]
        )

    def used(self, record):
        column = {
            "event.event": "event_id",
            "event.slot": "slot_id",
            "event.event.ticket": "ticket_id",
            "tibillet.quota": "quota_id",
        }[record._name]
        return self.seats()._used(column, record.ids).get(record.id, 0)

    def clock(self, offset):
        """Move the database's clock."""
        self.env.cr.execute("SELECT set_config('tibillet.clock_offset', %s, true)", [offset])
        self.env.invalidate_all()

    def assertCounted(self):
        """Every counter says what the registrations and holds sum up to."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT c.id, c.used, s.taken FROM event_event e, tibillet_seat_taken(e.id) s"
            " JOIN tibillet_seat_counter c ON c.id = s.counter_id WHERE c.used <> s.taken"
        )
        self.assertEqual(self.env.cr.fetchall(), [])


@tagged("post_install", "-at_install")
class TestSeats(SeatsCase):
    def test_the_last_seat_is_sold_and_no_more(self):
        self.register(10)
        self.assertEqual(self.event.seats_available, 0)
        with self.assertRaisesRegex(SeatsError, "sold out") as refused:
            self.register()
        self.assertEqual((refused.exception.code, refused.exception.left), ("sold_out", 0))
        self.assertEqual(self.event.seats_taken, 10)
        self.assertCounted()

    def test_all_or_nothing(self):
        self.register(8)
        with self.assertRaisesRegex(SeatsError, "only 2 left|sold out") as refused:
            self.register(3)
        self.assertEqual(refused.exception.code, "sold_out")
        self.assertEqual(self.used(self.event), 8)

    def test_a_rate_has_seats_of_its_own(self):
        self.register(4, self.reduced)
        with self.assertRaisesRegex(SeatsError, "Reduced"):
            self.register(1, self.reduced)
        self.register(6)
        self.assertEqual(self.used(self.event), 10)

    def test_drafts_hold_their_seat_and_are_not_taken(self):
        self.register(3, state="draft")
        self.event.invalidate_recordset()
        self.assertEqual(self.event.seats_taken, 0, "Odoo's reminders go by it")
        self.assertEqual(self.event.tibillet_seats_held, 3)
        self.assertEqual(self.event.seats_available, 7)

    def test_cancelled_archived_and_deleted_ones_give_back(self):
        registrations = self.register(3)
        registrations[0].action_cancel()
        registrations[1].active = False
        registrations[2].unlink()
        self.assertEqual(self.used(self.event), 0)
        registrations[0].action_confirm()
        registrations[1].active = True
        self.assertEqual(self.used(self.event), 2)
        self.assertCounted()

    def test_a_cancelled_one_comes_back_only_if_there_is_room(self):
        [registration] = self.register()
        registration.action_cancel()
        self.register(10)
        with self.assertRaises(SeatsError):
            registration.action_confirm()
        self.assertEqual(registration.state, "cancel")

    def test_moving_to_another_rate_or_event(self):
        [registration] = self.register()
        registration.event_ticket_id = self.reduced
        self.assertEqual((self.used(self.full_rate), self.used(self.reduced)), (0, 1))
        other = self.make_event("Bal", 1, [("One", 0)])
        registration.write({"event_id": other.id, "event_ticket_id": other.event_ticket_ids.id})
        self.assertEqual((self.used(self.event), self.used(other)), (0, 1))
        with self.assertRaises(SeatsError):
            self.register(1, other.event_ticket_ids)
        self.assertCounted()

    def test_written_round_odoo(self):
        """The guard is in the database: raw SQL passes it too."""
        self.register(10)
        with self.assertRaisesRegex(Exception, "no seat left"), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "INSERT INTO event_registration (event_id, state, active)"
                    " VALUES (%s, 'open', true)",
                    [self.event.id],
                )

    def test_import(self):
        self.register(9)
        answer = self.env["event.registration"].load(
            ["name", "event_id/.id", "event_ticket_id/.id", "state"],
            [
                [f"Guest {n}", str(self.event.id), str(self.full_rate.id), "Registered"]
                for n in range(2)
            ],
        )
        self.assertFalse(answer["ids"])
        self.assertIn("Fest-noz", answer["messages"][0]["message"])
        self.assertEqual(self.used(self.event), 9)

    def test_unlimited(self):
        event = self.make_event("Open air", 0, [("Free", 0)])
        self.register(30, event.event_ticket_ids)
        self.assertEqual(event._get_seats_availability([(False, event.event_ticket_ids)]), [None])

    def test_without_rates(self):
        event = self.make_event("Meeting", 1, [])
        self.env["event.registration"].create({"event_id": event.id, "name": "Anna"})
        with self.assertRaises(SeatsError):
            self.env["event.registration"].create({"event_id": event.id, "name": "Ben"})

    def test_the_counters_are_written_by_nobody(self):
        counter = self.env["tibillet.seat.counter"].search([("event_id", "=", self.event.id)])[:1]
        hold = self.env["tibillet.seat.hold"]
        for act in (
            lambda: counter.write({"used": 0}),
            counter.unlink,
            lambda: counter.create({"event_id": self.event.id}),
            lambda: hold.create({"event_id": self.event.id}),
        ):
            with self.assertRaises(AccessError):
                act()


@tagged("post_install", "-at_install")
class TestCapacity(SeatsCase):
    @contextmanager
    def assertLowered(self):
        """Refused by the table, in words that say what to do."""
        with self.assertRaises(CheckViolation) as refused, mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                yield
                self.env.flush_all()
        sentence = self.env["tibillet.seat.counter"]._sql_error_to_message(refused.exception)
        self.assertIn("cancel or move registrations first", sentence)
        self.env.invalidate_all()

    def test_lowered_below_what_is_sold(self):
        self.register(8)
        with self.assertLowered():
            self.event.seats_max = 7
        self.event.seats_max = 8
        with self.assertRaises(SeatsError):
            self.register()
        self.event.seats_max = 9
        self.register()

    def test_rate_lowered_below_what_is_sold(self):
        self.register(3, self.reduced)
        with self.assertLowered():
            self.reduced.seats_max = 2

    def test_a_limit_comes_late(self):
        event = self.make_event("Open air", 0, [("Free", 0)])
        self.register(5, event.event_ticket_ids)
        event.write({"seats_limited": True, "seats_max": 6})
        self.register(1, event.event_ticket_ids)
        with self.assertRaises(SeatsError):
            self.register(1, event.event_ticket_ids)

    def test_quota_shared_by_rates(self):
        event = self.make_event("Concert", 100, [("Member", 0), ("Student", 0), ("Full", 0)])
        member, student, full = event.event_ticket_ids
        self.register(2, member)
        quota = self.env["tibillet.quota"].create(
            {"name": "Reduced", "event_id": event.id, "seats_max": 3}
        )
        (member | student).tibillet_quota_id = quota
        self.assertEqual(self.used(quota), 2, "what was sold before counts")
        self.register(1, student)
        with self.assertRaisesRegex(SeatsError, "Reduced: sold out"):
            self.register(1, student)
        self.assertTrue(member.is_sold_out)
        self.assertEqual(event._get_seats_availability([(False, member), (False, full)]), [0, 97])
        self.register(1, full)
        with self.assertLowered():
            full.tibillet_quota_id = quota
        self.assertCounted()

    def test_quota_of_another_event(self):
        quota = self.env["tibillet.quota"].create(
            {"name": "Elsewhere", "event_id": self.make_event("B", 5).id, "seats_max": 3}
        )
        with self.assertRaises(ValidationError):
            self.full_rate.tibillet_quota_id = quota

    def test_slots(self):
        event = self.make_event("Visit", 2, [("Adult", 0), ("Child", 1)], is_multi_slots=True)
        event.date_end = event.date_begin + timedelta(days=2)
        day = event.date_begin.date() + timedelta(days=1)
        slots = self.env["event.slot"].create(
            [
                {"event_id": event.id, "date": day, "start_hour": hour, "end_hour": hour + 1}
                for hour in (10, 14)
            ]
        )
        adult, child = event.event_ticket_ids
        morning, afternoon = slots
        self.register(1, child, event_slot_id=morning.id)
        with self.assertRaises(SeatsError):
            self.register(1, child, event_slot_id=morning.id)
        self.register(1, adult, event_slot_id=morning.id)
        with self.assertRaises(SeatsError):
            self.register(1, adult, event_slot_id=morning.id)
        self.register(1, child, event_slot_id=afternoon.id)
        self.assertEqual(
            event._get_seats_availability(
                [(morning, adult), (afternoon, adult), (afternoon, child)]
            ),
            [0, 1, 0],
        )
        self.assertEqual(morning.seats_available, 0)
        self.assertTrue(morning.is_sold_out)
        self.assertCounted()

    def test_what_was_oversold_before_us(self):
        self.env.cr.execute("ALTER TABLE event_registration DISABLE TRIGGER tibillet_seat_guard")
        self.register(12)
        self.env.cr.execute("ALTER TABLE event_registration ENABLE TRIGGER tibillet_seat_guard")
        from ..hooks import count_what_was_sold

        self.env.flush_all()
        count_what_was_sold(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(self.used(self.event), 12)
        with self.assertRaises(SeatsError):
            self.register()
        registrations = self.event.registration_ids
        registrations[:2].action_cancel()
        with self.assertRaises(SeatsError):
            self.register()
        self.event.seats_max = 11
        self.register()

    def test_events_list_asks_as_often_for_ten_as_for_a_hundred(self):
        def cost(events):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            events.mapped("seats_available")
            events.event_ticket_ids.mapped("seats_available")
            return self.env.cr.sql_log_count - before

        few = self.env["event.event"].union(*(self.make_event(f"F{n}", 5) for n in range(5)))
        many = self.env["event.event"].union(*(self.make_event(f"M{n}", 5) for n in range(40)))
        self.assertEqual(cost(few), cost(many))


@tagged("post_install", "-at_install")
class TestHolds(SeatsCase):
    def setUp(self):
        super().setUp()
        mode = self.enter_registry_test_mode()
        mode.__enter__()
        self.addCleanup(mode.__exit__, None, None, None)

    def hold(self, key, number, rate=None, minutes=15):
        rate = rate or self.full_rate
        return self.seats()._hold(key, [(rate.event_id.id, False, rate.id, number)], minutes)

    def test_held_seats_wait_for_who_holds_them(self):
        [hold] = self.hold("a", 10)
        with self.assertRaises(SeatsError):
            self.register()
        registrations = self.register(10, tibillet_seat_hold_id=hold)
        self.assertEqual(len(registrations), 10)
        with self.assertRaises(SeatsError):
            self.register(1, tibillet_seat_hold_id=hold)
        self.assertCounted()

    def test_one_key_one_effect(self):
        first = self.hold("a", 6)
        self.assertEqual(self.hold("a", 6), first)
        self.assertEqual(self.used(self.event), 6)
        with self.assertRaises(SeatsError) as refused:
            self.hold("a", 3)
        self.assertEqual(refused.exception.code, "key_conflict")

    def test_more_than_there_is(self):
        self.register(7)
        with self.assertRaisesRegex(SeatsError, "only 3 left") as refused:
            self.hold("a", 4)
        self.assertEqual(refused.exception.left, 3)
        self.assertEqual(self.used(self.event), 7)

    def test_expired_seats_are_sold_by_the_next_buyer(self):
        self.hold("a", 10, minutes=15)
        self.clock("15 minutes 1 second")
        self.hold("b", 10)
        with self.assertRaises(SeatsError) as refused:
            self.hold("a", 10)
        self.assertEqual(refused.exception.code, "hold_expired")
        self.assertCounted()

    def test_a_registration_that_comes_after_the_time(self):
        [hold] = self.hold("a", 10)
        self.clock("16 minutes")
        self.hold("b", 5)
        self.register(5, tibillet_seat_hold_id=hold)
        with self.assertRaises(SeatsError):
            self.register(1, tibillet_seat_hold_id=hold)

    def test_dropped(self):
        self.hold("a", 4)
        self.assertEqual(self.seats()._drop("a"), 4)
        self.assertEqual(self.seats()._drop("a"), 0)
        self.assertEqual(self.used(self.event), 0)

    def test_renewed(self):
        self.hold("a", 4)
        self.seats()._renew("a", 30)
        self.clock("20 minutes")
        self.seats()._cron_release()
        self.assertEqual(self.used(self.event), 4)
        self.clock("31 minutes")
        with self.assertRaises(SeatsError):
            self.seats()._renew("a", 30)
        self.seats()._cron_release()
        self.assertEqual(self.used(self.event), 0)

    def test_a_draft_whose_time_is_over_gives_back_and_finds_room_again(self):
        draft = self.register(1, state="draft", tibillet_hold_until=self.seats()._deadline(15))
        self.assertTrue(draft.tibillet_seated)
        self.clock("16 minutes")
        self.seats()._cron_release()
        draft.invalidate_recordset()
        self.assertFalse(draft.tibillet_seated)
        self.assertEqual(self.used(self.event), 0)
        draft.action_confirm()
        self.assertTrue(draft.tibillet_seated)
        self.assertFalse(draft.tibillet_hold_until, "a firm seat has no end")

    def test_who_registers_without_a_hold_is_not_refused_for_one_that_is_over(self):
        self.hold("a", 10)
        self.clock("16 minutes")
        self.register(10)
        self.assertCounted()

    def test_grace_of_a_payment_under_way(self):
        now = self.seats()._now()
        draft = self.register(
            1,
            state="draft",
            tibillet_hold_until=now + timedelta(minutes=15),
        )
        draft.tibillet_release_at = now + timedelta(minutes=20)
        self.clock("16 minutes")
        self.seats()._cron_release()
        self.assertEqual(self.used(self.event), 1)
        self.clock("21 minutes")
        self.seats()._cron_release()
        self.assertEqual(self.used(self.event), 0)

    def test_bad_requests(self):
        rate = self.full_rate
        for key, wanted in (
            ("", [(self.event.id, False, rate.id, 1)]),
            ("with space", [(self.event.id, False, rate.id, 1)]),
            ("x" * 65, [(self.event.id, False, rate.id, 1)]),
            ("a", []),
            ("a", [(self.event.id, False, rate.id, 0)]),
            ("a", [(self.event.id, False, rate.id, -1)]),
            ("a", [(self.event.id, False, rate.id, 501)]),
        ):
            with self.subTest(key=key, wanted=wanted), self.assertRaises(SeatsError) as refused:
                self.seats()._hold(key, wanted, 15)
            self.assertEqual(refused.exception.code, "invalid")

    def test_several_events_at_once(self):
        other = self.make_event("Bal", 1, [("One", 0)])
        wanted = [
            (self.event.id, False, self.full_rate.id, 2),
            (other.id, False, other.event_ticket_ids.id, 2),
        ]
        with self.assertRaises(SeatsError):
            self.seats()._hold("a", wanted, 15)
        self.assertEqual(self.used(self.event), 0)


@tagged("post_install", "-at_install")
class TestSeatsSecurity(SeatsCase):
    def test_roles(self):
        quota = self.env["tibillet.quota"].create(
            {"name": "Q", "event_id": self.event.id, "seats_max": 3}
        )
        for user, may_write in ((self.user_gate, False), (self.user_user, True)):
            with self.subTest(user=user.login):
                mine = quota.with_user(user)
                self.assertEqual(mine.name, "Q")
                if may_write:
                    mine.seats_max = 4
                else:
                    with self.assertRaises(AccessError):
                        mine.seats_max = 4
        with self.assertRaises(AccessError):
            quota.with_user(self.user_employee).read(["name"])
        for model in ("tibillet.seat.counter", "tibillet.seat.hold"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.user_gate).search([])
            self.env[model].with_user(self.user_user).search([])

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        event = self.make_event("Theirs", 5, company_id=other.id)
        quota = self.env["tibillet.quota"].create(
            {"name": "Q", "event_id": event.id, "seats_max": 3}
        )
        for record in (
            quota,
            self.env["tibillet.seat.counter"].search([("event_id", "=", event.id)]),
        ):
            self.assertFalse(record.with_user(self.user_user).search([("event_id", "=", event.id)]))
