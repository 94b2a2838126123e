import hashlib
import hmac
import re
import secrets

from odoo import api, fields, models
from odoo.tools import SQL

NAME_MAX = 40
SEEN_EVERY_S = 20


class TibilletGateDevice(models.Model):
    """A volunteer's phone at a gate. Its secret is shown once, to the phone; here is its digest."""

    _name = "tibillet.gate.device"
    _description = "Gate phone"
    _order = "id desc"

    name = fields.Char(string="Volunteer", required=True)
    pairing_id = fields.Many2one(
        "tibillet.gate.pairing", required=True, readonly=True, index=True, ondelete="restrict"
    )
    list_id = fields.Many2one(related="pairing_id.list_id", store=True, index=True)
    gate_id = fields.Many2one(related="pairing_id.gate_id", store=True, index=True)
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    may_search = fields.Boolean(related="pairing_id.may_search")
    until = fields.Datetime(related="pairing_id.until", store=True)
    secret_digest = fields.Char(
        required=True, readonly=True, copy=False, groups="base.group_system"
    )
    revoked_at = fields.Datetime(string="Revoked on", readonly=True, copy=False)
    seen_at = fields.Datetime(string="Last contact", readonly=True)
    battery = fields.Integer(string="Battery (%)", readonly=True, default=-1)
    waiting = fields.Integer(string="Not sent yet", readonly=True)
    clock_off_s = fields.Integer(string="Clock off by (s)", readonly=True)

    @api.model
    def _pair(self, pairing_sudo, name):
        """Make the phone of a volunteer.

        :return: (device in sudo, its secret, which is nowhere else)
        """
        secret = secrets.token_urlsafe(32)
        device_sudo = self.sudo().create(  # who has the link may have a phone
            {
                "name": clean_name(name),
                "pairing_id": pairing_sudo.id,
                "secret_digest": digest_of(secret),
                "seen_at": fields.Datetime.now(),
            }
        )
        return device_sudo, secret

    @api.model
    def _by_header(self, header):
        """The phone that this header authenticates, in sudo, revoked or not; or none."""
        found = re.fullmatch(r"TiBillet-Gate ([0-9]{1,9})\.([A-Za-z0-9_-]{20,64})", header or "")
        nobody = self.sudo().browse()
        if not found:
            return nobody
        device_sudo = nobody.browse(int(found[1])).exists()  # its secret is the right to it
        if device_sudo and hmac.compare_digest(
            device_sudo.secret_digest.encode(), digest_of(found[2]).encode()
        ):
            return device_sudo
        return nobody

    def _refused(self):
        """Whether this phone decides nothing any more: revoked, over, or its list is put away."""
        self.ensure_one()
        return bool(
            self.revoked_at
            or self.pairing_id.revoked_at
            or self.until <= fields.Datetime.now()
            or not self.list_id.active
        )

    def _seen(self, waiting=None, battery=None, clock_off_s=None):
        """Note the contact, without a conflict between two of one phone."""
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                "UPDATE tibillet_gate_device SET seen_at = tibillet_now(),"
                " waiting = COALESCE(%s, waiting), battery = COALESCE(%s, battery),"
                " clock_off_s = COALESCE(%s, clock_off_s) WHERE id = ("
                "SELECT id FROM tibillet_gate_device WHERE id = %s FOR UPDATE SKIP LOCKED)",
                waiting,
                battery,
                clock_off_s,
                self.id,
            )
        )
        self.invalidate_recordset(["seen_at", "waiting", "battery", "clock_off_s"], flush=False)

    def action_revoke(self):
        """This phone opens nothing from now on; what it still sends is taken in, marked."""
        self.check_access("write")
        devices_sudo = self.sudo()  # the mark that nobody writes by hand
        devices_sudo.filtered(lambda one: not one.revoked_at).revoked_at = fields.Datetime.now()
        return True


def one_line(text, most):
    """What was typed as one line that the database takes: no NUL, no half characters."""
    if not isinstance(text, str):
        return ""
    line = " ".join(text.split())
    return "".join(letter for letter in line if letter.isprintable())[:most].strip()


def clean_name(name):
    """A volunteer's name as it is shown: one line, at most 40 characters; may be empty."""
    return one_line(name, NAME_MAX)


def digest_of(secret):
    return hashlib.sha256(secret.encode()).hexdigest()
