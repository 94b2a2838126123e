import secrets
import threading
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ..exceptions import LedgerError
from .base import use_key_file


@tagged("post_install", "-at_install")
class TestRateLimit(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        use_key_file(cls)
        cls.limit = cls.env["tibillet.rate.limit"]

    def setUp(self):
        super().setUp()
        self.who = secrets.token_hex(8)

    def hit(self, limit=3, period_s=60, who=None, bucket="test"):
        return self.limit._hit(bucket, who or self.who, limit, period_s, cr=self.env.cr)

    def age(self, seconds):
        """Make what this caller did look older."""
        self.env.cr.execute(
            "UPDATE tibillet_rate_hit SET at = at - make_interval(secs => %s)", [seconds]
        )

    def test_so_many_and_no_more(self):
        self.assertEqual([self.hit().allowed for __ in range(5)], [True] * 3 + [False] * 2)
        refused = self.hit()
        self.assertTrue(55 <= refused.retry_after_s <= 60, refused)
        self.assertTrue(self.hit(who="somebody else").allowed)
        self.assertTrue(self.hit(bucket="something else").allowed)

    def test_window_slides(self):
        self.hit()
        self.age(40)
        self.hit()
        self.hit()
        self.assertFalse(self.hit().allowed)
        self.age(21)  # the first is 61 s old now, the two others 21 s
        self.assertTrue(self.hit().allowed)
        self.assertFalse(self.hit().allowed)

    def test_refused_tries_do_not_prolong(self):
        for __ in range(3):
            self.hit()
        for __ in range(10):
            self.assertFalse(self.hit().allowed)
        self.env.cr.execute(
            "SELECT count(*) FROM tibillet_rate_hit WHERE caller = %s",
            [self.limit._caller("test", self.who)],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 3)
        self.age(61)
        self.assertTrue(self.hit().allowed)

    def test_check_raises(self):
        for __ in range(2):
            self.limit._check("test", self.who, 2, 60, cr=self.env.cr)
        with self.assertRaises(LedgerError) as refusal:
            self.limit._check("test", self.who, 2, 60, cr=self.env.cr)
        self.assertEqual(refusal.exception.code, "rate_limited")

    def test_no_address_is_kept(self):
        self.hit(who="203.0.113.7")
        self.env.cr.execute("SELECT caller FROM tibillet_rate_hit")
        for (caller,) in self.env.cr.fetchall():
            self.assertEqual(len(bytes(caller)), 16)
            self.assertNotIn(b"203", bytes(caller))
        with patch.dict("os.environ", {"TIBILLET_KEY_FILE": ""}):
            without_file = self.limit._caller("test", self.who)
        self.assertNotEqual(without_file, self.limit._caller("test", self.who))

    def test_addresses(self):
        for given, counted in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
            (None, "unknown"),
            ("nonsense", "unknown"),
        ]:
            self.assertEqual(self.limit._address(given), counted)

    def test_window_is_bounded(self):
        for period_s in (0, -1, 3601):
            with self.assertRaises(ValueError):
                self.hit(period_s=period_s)

    def test_cleaned(self):
        self.hit()
        self.age(3601)
        self.hit()
        self.assertGreaterEqual(self.limit._clean(), 1)
        self.env.cr.execute(
            "SELECT count(*) FROM tibillet_rate_hit WHERE caller = %s",
            [self.limit._caller("test", self.who)],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 1)

    def test_one_statement(self):
        self.hit()
        with self.assertQueryCount(1):
            self.hit()

    def test_workers_share_it_and_never_conflict(self):
        """Eight connections at once: no error, and the limit passed by fewer than run at once."""
        answers, errors = [], []
        limit, who = self.limit, self.who

        def worker():
            try:
                for __ in range(25):
                    with self.registry._db.cursor() as cr:
                        answers.append(limit._hit("test", who, 40, 60, cr=cr).allowed)
            # Raised in a thread, it would be lost: the test looks at the list.
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=worker) for __ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.addCleanup(self._forget, limit._caller("test", who))
        self.assertEqual(errors, [])
        self.assertEqual(len(answers), 200)
        self.assertTrue(40 <= sum(answers) < 48, sum(answers))

    def _forget(self, caller):
        with self.registry._db.cursor() as cr:
            cr.execute("DELETE FROM tibillet_rate_hit WHERE caller = %s", [caller])
