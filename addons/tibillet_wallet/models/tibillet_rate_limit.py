import hashlib
import hmac
import ipaddress
import math
from typing import NamedTuple

import psycopg2

from odoo import api, models
from odoo.http import request
from odoo.tools import SQL

from .. import keyfile
from ..exceptions import LedgerError
from ..keyfile import KeyFileError

KEPT_S = 3600


class RateAnswer(NamedTuple):
    """Whether the act may go on, and else after how many whole seconds."""

    allowed: bool
    retry_after_s: int


class TibilletRateLimit(models.AbstractModel):
    """How often one caller may do one thing: a sliding window that all workers share.

    Each act that is allowed adds a row to the unlogged table ``tibillet_rate_hit``; a caller
    is over the limit when that many rows lie within the window. Rows are only ever added and,
    when old, deleted: nothing is updated, so no two requests wait for or fail each other. The
    price: requests of the same caller that run at the very same moment do not see one another,
    so the limit may be passed by as many as run at once (the number of workers, at most).

    The caller stands in the table as a keyed hash, never as an address, and for an hour at most
    (longer windows are refused).
    """

    _name = "tibillet.rate.limit"
    _description = "Rate limit"

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                CREATE UNLOGGED TABLE IF NOT EXISTS tibillet_rate_hit (
                    caller bytea NOT NULL,
                    at timestamptz NOT NULL DEFAULT clock_timestamp()
                );
                CREATE INDEX IF NOT EXISTS tibillet_rate_hit_caller_at_idx
                    ON tibillet_rate_hit (caller, at);
                """
            )
        )

    @api.model
    def _hit(self, bucket, subject, limit, period_s, cr=None):
        """Count one act of ``subject`` in ``bucket`` and say whether it may go on.

        :param bucket: name of what is limited, such as ``wellknown``
        :param subject: who acts: an address, a device… anything with a text form
        :param limit: acts allowed in any ``period_s`` seconds (at most an hour)
        :param cr: a cursor whose transaction shall carry the row; by default a short one of
            its own, so that the act counts even when the request is rolled back
        :return: :class:`RateAnswer`
        """
        if not 0 < period_s <= KEPT_S:
            raise ValueError("a window lasts between 1 second and 1 hour")
        caller = self._caller(bucket, subject)
        query = SQL(
            "SELECT allowed, wait_s FROM tibillet_rate_hit(%s, %s, %s)",
            psycopg2.Binary(caller),
            limit,
            period_s,
        )
        if cr is not None:
            cr.execute(query)
            row = cr.fetchone()
        else:
            with self.env.registry.cursor() as own_cr:
                own_cr.execute(query)
                row = own_cr.fetchone()
        allowed, wait_s = row
        return RateAnswer(allowed, 0 if allowed else max(1, math.ceil(wait_s)))

    @api.model
    def _hit_request(self, bucket, limit, period_s=60):
        """:meth:`_hit` for whoever sent the current HTTP request."""
        return self._hit(bucket, self._address(request.httprequest.remote_addr), limit, period_s)

    @api.model
    def _check(self, bucket, subject, limit, period_s, cr=None):
        """:meth:`_hit`, raising instead of answering.

        :raise LedgerError: ``rate_limited``
        """
        answer = self._hit(bucket, subject, limit, period_s, cr=cr)
        if not answer.allowed:
            raise LedgerError(
                "rate_limited",
                self.env._(
                    "Too many tries in a short time. Try again in %(seconds)s s.",
                    seconds=answer.retry_after_s,
                ),
            )

    @api.model
    def _address(self, remote_addr):
        """What stands for a network address: an IPv6 caller owns a /64, so that is counted."""
        try:
            address = ipaddress.ip_address(remote_addr or "")
        except ValueError:
            return "unknown"
        if address.version == 6:
            if address.ipv4_mapped:
                return str(address.ipv4_mapped)
            return str(ipaddress.ip_network((address, 64), strict=False))
        return str(address)

    @api.model
    def _caller(self, bucket, subject):
        message = f"{bucket}\n{subject}".encode()
        return hmac.digest(self._secret(), message, hashlib.sha256)[:16]

    @api.model
    def _secret(self):
        """From the key file, which no copy of the database carries; else the database's own."""
        try:
            return keyfile.load().derive("rate-limit")
        except KeyFileError:
            parameter_sudo = self.env["ir.config_parameter"].sudo()
            return (parameter_sudo.get_param("database.secret") or self.env.cr.dbname).encode()

    @api.model
    def _clean(self):
        """Forget what is older than the longest window; the housekeeping cron calls it."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM tibillet_rate_hit WHERE at < clock_timestamp() "
                "- make_interval(secs => %s)",
                KEPT_S,
            )
        )
        return self.env.cr.rowcount
