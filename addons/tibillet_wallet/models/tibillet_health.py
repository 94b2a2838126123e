import datetime
import hashlib
import hmac
import logging
import secrets
import shutil

from odoo import api, fields, models
from odoo.tools import SQL, config

from .. import version
from ..keyfile import operator_setting

_logger = logging.getLogger(__name__)

TOKEN_PARAMETER = "tibillet.health_token_hash"
LATE_CRON_MINUTES = 30
STUCK_OUTBOX_MINUTES = 30
LEAST_FREE_BYTES = 1_000_000_000
WARN_FREE_BYTES = 5_000_000_000


class TibilletHealth(models.AbstractModel):
    """Is this server well? Each addon answers for what it owns, by extending :meth:`_parts`."""

    _name = "tibillet.health"
    _description = "Health"

    @api.model
    def _parts(self):
        """The parts, by name: methods without argument that answer a dictionary of plain JSON.

        ``ok`` false makes the whole 503; ``warning`` is a sentence for who runs the server and
        leaves it at 200; the rest is figures. Never personal data, never a card number.
        """
        return {
            "database": self._part_database,
            "crons": self._part_crons,
            "outbox": self._part_outbox,
            "disk": self._part_disk,
            "signing": self._part_signing,
        }

    @api.model
    def _report(self):
        """All parts, each in a savepoint: one that fails says so and hides no other."""
        parts = {}
        for name, part in self._parts().items():
            try:
                with self.env.cr.savepoint():
                    parts[name] = {"ok": True, **(part() if callable(part) else part)}
            # A part is any addon's code, and a monitor must hear of what breaks it.
            except Exception as error:
                _logger.exception("health part %r failed", name)
                parts[name] = {"ok": False, "error": type(error).__name__}
        return {
            "status": "pass" if all(part["ok"] for part in parts.values()) else "fail",
            "release": version.release(),
            "commit": version.commit(),
            "parts": parts,
        }

    # -- token ---------------------------------------------------------------------------

    @api.model
    def _new_token(self):
        """A new token, in clear for this once: only its hash is kept."""
        token = secrets.token_urlsafe(32)
        # sudo: who may ask for a token was checked by the settings' button.
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        parameter_sudo.set_param(TOKEN_PARAMETER, hashlib.sha256(token.encode()).hexdigest())
        return token

    @api.model
    def _token_ok(self, token):
        """Whether ``token`` is the operator's (``TIBILLET_HEALTH_TOKEN``) or the settings' one.

        No token set: none is right.
        """
        given = hashlib.sha256((token or "").encode()).hexdigest()
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        known = [parameter_sudo.get_param(TOKEN_PARAMETER) or ""]
        if from_operator := operator_setting("health_token"):
            known.append(hashlib.sha256(from_operator.encode()).hexdigest())
        return any(hmac.compare_digest(given, one) for one in known if one)

    # -- parts ---------------------------------------------------------------------------

    @api.model
    def _part_database(self):
        [(size, server, in_recovery)] = self.env.execute_query(
            SQL(
                "SELECT pg_database_size(current_database()), "
                "current_setting('server_version'), pg_is_in_recovery()"
            )
        )
        return {"ok": not in_recovery, "server": server, "size_bytes": size}

    @api.model
    def _part_crons(self):
        late_since = fields.Datetime.now() - datetime.timedelta(minutes=LATE_CRON_MINUTES)
        cron_sudo = self.env["ir.cron"].sudo()
        late = cron_sudo.search([("nextcall", "<", late_since)], order="nextcall")
        answer = {"ok": not late, "late": late.mapped("cron_name")}
        off = cron_sudo.with_context(active_test=False).search(
            [("active", "=", False), ("cron_name", "=like", "TiBillet:%")]
        )
        if off:
            answer |= {"off": off.mapped("cron_name"), "warning": "A cron of TiBillet is off."}
        return answer

    @api.model
    def _part_outbox(self):
        now = fields.Datetime.now()
        [(waiting, oldest, due, dead)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE state = 'pending'),
                       min(create_date) FILTER (WHERE state = 'pending'),
                       min(next_try_at) FILTER (WHERE state = 'pending'),
                       count(*) FILTER (WHERE state = 'dead')
                  FROM tibillet_outbox
                 WHERE state IN ('pending', 'dead')
                """
            )
        )
        overdue_s = max(0, int((now - due).total_seconds())) if due else 0
        answer = {
            "ok": overdue_s < STUCK_OUTBOX_MINUTES * 60,
            "waiting": waiting,
            "oldest_s": max(0, int((now - oldest).total_seconds())) if oldest else 0,
            "overdue_s": overdue_s,
            "dead": dead,
        }
        if dead:
            answer["warning"] = "Messages were given up: see TiBillet, Configuration, Outbox."
        return answer

    @api.model
    def _part_disk(self):
        usage = shutil.disk_usage(config["data_dir"])
        answer = {"ok": usage.free > LEAST_FREE_BYTES, "free_bytes": usage.free}
        if usage.free < WARN_FREE_BYTES:
            answer["warning"] = "Less than 5 GB are free where Odoo keeps its files."
        return answer

    @api.model
    def _part_signing(self):
        """Not well when there are keys that cannot sign any more; a server that never had a
        key file works, signs nothing, and says so."""
        problem = self.env["tibillet.signer"]._key_file_problem()
        keys = self.env["tibillet.key"]._protection()
        answer = {"ok": not keys["lost"], "possible": not problem, "keys": keys}
        if problem:
            signer = self.env["tibillet.signer"].with_context(lang="en_US")
            answer |= {"problem": problem, "warning": signer._key_file_sentence(problem)}
        elif keys["older"]:
            answer["warning"] = "Keys are still under an older line of the key file."
        return answer
