"""Cursors of short transactions, kept open from one to the next.

Odoo's pool makes a connection forget everything when it hands it out, the plans of the ledger's
functions included: a sale would pay for planning them twice what it costs to run. A process
therefore keeps one idle cursor per database, taken from Odoo's own pool (which counts it, and
closes it with the others).
"""

import atexit
import os
import threading
import time
from contextlib import contextmanager, suppress

import psycopg2

from odoo.modules import module
from odoo.sql_db import Cursor

IDLE_SECONDS = 60

_lock = threading.Lock()
_kept = {}  # (process, database) -> (cursor, since when it is idle)


class ConnectionLost(Exception):
    """A kept connection had died while it was idle: nothing was done, take another one."""


@contextmanager
def short_cursor(registry):
    """A cursor for one transaction; committed at the end, rolled back on an exception.

    :raises ConnectionLost: the connection died unnoticed; nothing was written, try again
    """
    cr, reused = _take(registry)
    done = False
    try:
        try:
            yield cr
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            if reused and cr.closed:
                raise ConnectionLost from error
            raise
        cr.commit()  # a transaction of its own  # pylint: disable=invalid-commit
        done = True
    finally:
        _give_back(cr, done)


def _take(registry):
    if module.current_test:  # Odoo's tests lend the one cursor that they roll back
        return registry.cursor(), False
    with _lock:
        cr, since = _kept.pop((os.getpid(), registry.db_name), (None, 0))
    if cr and not cr.closed and time.monotonic() - since < IDLE_SECONDS:
        return cr, True
    _close(cr)
    return registry.cursor(), False


def _give_back(cr, done):
    """Keep it for the next one, unless another is kept already or it may be in any trouble."""
    cr.transaction = None  # its environments and caches end here
    if done and type(cr) is Cursor:
        with _lock:
            kept, _since = _kept.setdefault((os.getpid(), cr.dbname), (cr, time.monotonic()))
        if kept is cr:
            return
    _close(cr)


def _close(cr):
    if cr:
        with suppress(psycopg2.Error):
            cr.close()


@atexit.register
def _close_kept():
    for (process, _database), (cr, _since) in _kept.items():
        if process == os.getpid():
            _close(cr)
