from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import LedgerError, OutboxRefused
from ..models.tibillet_outbox import FIRST_WAIT_S, LONGEST_WAIT_S, Handler, TibilletOutbox
from .base import BaseCase


@tagged("post_install", "-at_install")
class TestOutbox(BaseCase):
    """What one transaction can show; kills and two workers are in ``tests/outbox``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outbox = cls.env["tibillet.outbox"]
        handlers = {
            "note": Handler("res.partner", "_tibillet_test_note", timeout_s=7, max_attempts=3),
            "orphan": Handler("res.partner", "_tibillet_test_note"),
        }
        cls.startClassPatcher(
            patch.object(TibilletOutbox, "_handlers", lambda self: dict(handlers))
        )
        cls.handlers = handlers

    def setUp(self):
        super().setUp()
        self.calls = []
        self.fails_with = None
        case = self

        def note(self, key, payload, timeout_s):
            case.calls.append((key, payload, timeout_s, self.env.company, self.env.su))
            self.env["res.partner"].create({"name": f"outbox {key}"})
            if case.fails_with:
                raise case.fails_with

        partner = type(self.env["res.partner"])
        patcher = patch.object(partner, "_tibillet_test_note", note, create=True)
        self.startPatcher(patcher)

    def send(self):
        """Run the cron as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_wallet.ir_cron_outbox").method_direct_trigger()
        self.env.invalidate_all()

    def effects(self, key):
        return self.env["res.partner"].search_count([("name", "=", f"outbox {key}")])

    def test_done_once(self):
        row = self.outbox._enqueue("note", "k1", {"a": [1, "é"]}, company=self.company_b)
        self.assertEqual(row.state, "pending")
        self.send()
        self.assertEqual(self.calls, [("k1", {"a": [1, "é"]}, 7, self.company_b, True)])
        self.assertEqual((row.state, row.attempts, bool(row.done_at)), ("done", 1, True))
        self.send()
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(self.effects("k1"), 1)

    def test_same_key_is_one_row(self):
        row = self.outbox._enqueue("note", "k2", {"a": 1, "b": 2})
        self.assertEqual(self.outbox._enqueue("note", "k2", {"b": 2, "a": 1}), row)
        for kind, payload in (("note", {"a": 2}), ("orphan", {"a": 1, "b": 2})):
            with self.assertRaises(LedgerError) as refusal:
                self.outbox._enqueue(kind, "k2", payload)
            self.assertEqual(refusal.exception.code, "key_conflict")
        for key in ("", "a b", "a\n", "x" * 129):
            with self.assertRaises(ValueError):
                self.outbox._enqueue("note", key, {})
        with self.assertRaises(ValueError):
            self.outbox._enqueue("unheard", "k3", {})

    def test_wakes_the_cron(self):
        cron = self.env.ref("tibillet_wallet.ir_cron_outbox")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        now = fields.Datetime.now()
        later = now + timedelta(hours=2)
        with freeze_time(now):
            self.outbox._enqueue("note", "k4", {})
            self.outbox._enqueue("note", "k5", {}, at=later)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(sorted(triggers.mapped("call_at")), [now, later])
        self.send()
        self.assertEqual([call[0] for call in self.calls], ["k4"])

    def test_failure_is_undone_kept_and_tried_later(self):
        self.fails_with = ConnectionError("the other side is silent")
        row = self.outbox._enqueue("note", "k6", {})
        good = self.outbox._enqueue("orphan", "k7", {})
        start = fields.Datetime.now()
        with freeze_time(start) as clock:
            self.send()
            self.assertEqual((row.state, row.attempts), ("pending", 1))
            self.assertEqual(row.last_error, "ConnectionError: the other side is silent")
            self.assertEqual(self.effects("k6"), 0, "the handler's writes were kept")
            self.assertGreaterEqual(row.next_try_at, start + timedelta(seconds=FIRST_WAIT_S / 2))
            self.assertEqual(good.attempts, 1, "one failure held up another row")
            self.send()
            self.assertEqual(row.attempts, 1, "tried again before its time")
            self.fails_with = None
            clock.tick(row.next_try_at - start + timedelta(seconds=1))
            self.send()
        self.assertEqual((row.state, row.attempts, row.last_error), ("done", 2, False))
        self.assertEqual(self.effects("k6"), 1)

    def test_given_up_after_its_tries_and_tried_again_by_hand(self):
        self.fails_with = TimeoutError("7 s")
        row = self.outbox._enqueue("note", "k8", {})
        with freeze_time(fields.Datetime.now()) as clock:
            for attempt in (1, 2, 3):
                self.assertEqual(row.state, "pending")
                self.send()
                self.assertEqual(row.attempts, attempt)
                clock.tick(timedelta(hours=1))
            self.assertEqual(row.state, "dead")
            self.send()
            self.assertEqual(row.attempts, 3)
            self.assertEqual(self.env["tibillet.health"]._part_outbox()["dead"], 1)
            row.with_user(self.manager_a).action_retry()
            self.assertEqual(row.state, "pending")
            self.send()
            self.assertEqual(
                (row.state, row.attempts), ("pending", 4), "it has all its tries again"
            )
            self.fails_with = None
            clock.tick(timedelta(hours=1))
            self.send()
        self.assertEqual(row.state, "done")

    def test_refused_for_good_is_given_up_at_once(self):
        self.fails_with = OutboxRefused("410 gone")
        row = self.outbox._enqueue("note", "k9", {})
        self.send()
        self.assertEqual((row.state, row.attempts), ("dead", 1))

    def test_without_its_addon_a_row_waits(self):
        row = self.outbox._enqueue("orphan", "k10", {})
        with patch.dict(self.handlers), freeze_time(fields.Datetime.now()) as clock:
            self.handlers.pop("orphan")
            for __ in range(20):
                self.send()
                clock.tick(timedelta(hours=7))
            self.assertEqual((row.state, row.attempts), ("pending", 20))
            self.assertIn("addon", row.last_error)
        with freeze_time(fields.Datetime.now() + timedelta(days=20)):
            self.send()
        self.assertEqual(row.state, "done")

    def test_waits_double_up_to_six_hours(self):
        for attempts in range(1, 40):
            longest = min(FIRST_WAIT_S * 2 ** (attempts - 1), LONGEST_WAIT_S)
            waits = [self.outbox._wait_s(attempts) for __ in range(50)]
            self.assertTrue(all(longest / 2 <= wait <= longest for wait in waits))
            self.assertGreater(len(set(waits)), 40)

    def test_health_sees_a_stuck_outbox(self):
        self.outbox._enqueue("note", "k11", {})
        self.assertTrue(self.env["tibillet.health"]._part_outbox()["ok"])
        with freeze_time(fields.Datetime.now() + timedelta(minutes=31)):
            part = self.env["tibillet.health"]._part_outbox()
        self.assertFalse(part["ok"])
        self.assertGreaterEqual(part["oldest_s"], 31 * 60)

    def test_old_done_rows_go(self):
        self.outbox._enqueue("note", "k12", {})
        self.fails_with = None
        self.send()
        self.fails_with = OutboxRefused("no")
        dead = self.outbox._enqueue("note", "k13", {})
        self.send()
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            self.outbox._clean()
        self.env.invalidate_all()
        self.assertFalse(self.outbox.search([("key", "=", "k12")]))
        self.assertTrue(dead.exists())

    def test_who_may(self):
        row = self.outbox._enqueue("note", "k14", {"secret": 1}, company=self.company_a)
        manager_row = row.with_user(self.manager_a)
        self.assertEqual(manager_row.read(["key"])[0]["key"], "k14")
        with self.assertRaises(AccessError):
            manager_row.read(["payload"])
        for act in (
            lambda: manager_row.write({"state": "done"}),
            manager_row.unlink,
            lambda: manager_row.create({"key": "x", "kind": "note"}),
        ):
            with self.assertRaises(AccessError):
                act()
        for user in (self.desk, self.accountant, self.manager_b, self.staff, self.portal):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    row.with_user(user).read(["key"])
                with self.assertRaises(AccessError):
                    row.with_user(user).action_retry()
