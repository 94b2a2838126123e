from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import EventCommon


@tagged("post_install", "-at_install")
class TestRoles(EventCommon):
    """What each step of the ladder may do with Odoo's own events."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.concert = cls.env["event.event"].create(
            {
                "name": "Concert",
                "date_begin": "2026-11-28 20:00:00",
                "date_end": "2026-11-28 23:00:00",
                "registration_ids": [Command.create({"name": "A visitor", "state": "open"})],
            }
        )
        cls.registration = cls.concert.registration_ids

    def test_the_gate_checks_in_but_does_not_touch_the_event(self):
        registration = self.registration.with_user(self.user_gate)
        registration.action_set_done()
        self.assertEqual(registration.state, "done")
        with self.assertRaises(AccessError):
            self.concert.with_user(self.user_gate).write({"name": "Another"})
        with self.assertRaises(AccessError):
            registration.unlink()

    def test_the_programme_prepares_events_but_not_their_models(self):
        events = self.env["event.event"].with_user(self.user_user)
        event = events.create(
            {
                "name": "Ball",
                "date_begin": "2026-12-05 20:00:00",
                "date_end": "2026-12-05 23:00:00",
            }
        )
        self.assertEqual(event.name, "Ball")
        with self.assertRaises(AccessError):
            self.env["event.type"].with_user(self.user_user).create({"name": "Ball"})

    def test_the_manager_sets_up_models_of_events(self):
        kind = self.env["event.type"].with_user(self.user_manager).create({"name": "Ball"})
        self.assertTrue(kind)

    def test_an_employee_checks_nobody_in(self):
        with self.assertRaises(AccessError):
            self.registration.with_user(self.user_employee).action_set_done()
