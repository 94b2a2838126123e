"""One connection lent to all who ask for a cursor, and a clock that is moved by hand.

As in Odoo's own tests: what "commits" releases a savepoint, so that a cron may commit, a short
transaction of the ledger sees what the request before it wrote, and the whole is rolled back.
"""

import contextlib
import threading
from datetime import datetime
from unittest.mock import patch

from freezegun.api import freeze_time  # Odoo puts another one in its place


class Borrower:
    """What Odoo wants to know of whoever borrows its test cursors."""

    test_cursor_lock_timeout = 20
    canonical_tag = "seeded days"

    def assertCanOpenTestCursor(self):
        """Always: there is one thread and one test."""


class Clock:
    """Now, for Python and for the ledger's functions in the database (UTC, no microseconds)."""

    def __init__(self, cr, frozen):
        self.cr, self._frozen = cr, frozen

    @property
    def now(self):
        """The moment it is, UTC."""
        return datetime.now()

    def move_to(self, moment):
        """Time goes forward only; what was written until now stays written."""
        assert moment >= self.now, f"{moment} is before {self.now}"
        self._frozen.move_to(moment)
        self.set()

    def forward(self, delta):
        """Move on by a while."""
        self.move_to(self.now + delta)

    def set(self):
        """Tell the database what Python already knows."""
        self.cr.commit()
        self.cr._now = None
        self.cr.execute(
            "SELECT set_config('tibillet.clock_offset',"
            " (%s::timestamp - (clock_timestamp() AT TIME ZONE 'UTC'))::text, false)",
            [self.now],
        )
        self.cr.commit()


@contextlib.contextmanager
def lent(registry, start):
    """Give an environment's cursor and its clock; nothing of it is kept.

    :param datetime start: UTC
    """
    from odoo.modules import module
    from odoo.modules.registry import Registry
    from odoo.tests.test_cursor import TestCursor

    with contextlib.closing(registry.cursor()) as real, contextlib.ExitStack() as around:
        lock = threading.RLock()
        around.callback(registry.clear_all_caches)
        around.callback(real.rollback)
        for lending in (
            patch.object(module, "current_test", Borrower()),
            patch.object(registry, "cursor", lambda readonly=False: TestCursor(real, lock, False)),
            patch.object(Registry, "check_signaling", lambda self, cr=None: self),
            patch.object(Registry, "signal_changes", lambda self: None),
        ):
            around.enter_context(lending)
        frozen = around.enter_context(freeze_time(start, ignore=["psycopg2", "logging"]))
        clock = Clock(around.enter_context(contextlib.closing(registry.cursor())), frozen)
        clock.set()
        yield clock
