from odoo import fields, models
from odoo.exceptions import AccessError

from .tibillet_gate_words import CODES


class TibilletGateScan(models.Model):
    """What a gate decided about a ticket, for ever: once per phone and nonce."""

    _name = "tibillet.gate.scan"
    _description = "Scan"
    _order = "id desc"
    _log_access = False

    device_id = fields.Many2one(
        "tibillet.gate.device", required=True, index=True, ondelete="restrict"
    )
    list_id = fields.Many2one("tibillet.gate.list", required=True, ondelete="restrict")
    gate_id = fields.Many2one("tibillet.gate", ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="restrict")
    nonce = fields.Char(required=True)
    asked = fields.Char(required=True, help="Digest of what was shown and asked.")
    registration_id = fields.Many2one(
        "event.registration", index="btree_not_null", ondelete="set null"
    )
    subject = fields.Char()
    direction = fields.Selection([("in", "In"), ("out", "Out")], required=True)
    code = fields.Selection(CODES, string="Decided", required=True)
    ok = fields.Boolean(string="Let through")
    entries = fields.Integer(string="Entries after")
    age_seen = fields.Boolean()
    offline = fields.Boolean(string="Without network")
    late = fields.Boolean(string="Sent by a revoked phone")
    conflict = fields.Boolean(
        string="Conflict", help="Let through without network, against what the server knows."
    )
    conflict_code = fields.Selection(CODES, string="The server would have said")
    settled_at = fields.Datetime(string="Looked at on", readonly=True)
    scanned_at = fields.Datetime(required=True)
    received_at = fields.Datetime(required=True)

    _nonce_once = models.Constraint("UNIQUE (device_id, nonce)", "A phone's scan is recorded once.")
    _list_at = models.Index("(list_id, scanned_at)")
    _conflicts = models.Index("(list_id) WHERE conflict")

    def create(self, vals_list):
        raise self._by_the_gate()

    def write(self, vals):
        raise self._by_the_gate()

    def unlink(self):
        raise self._by_the_gate()

    def _by_the_gate(self):
        return AccessError(self.env._("Scans are recorded by the gate; nobody writes them."))

    def action_settle(self):
        """Somebody looked at these conflicts; they stay in the history."""
        self.check_access("read")
        if not self.env.user.has_group("tibillet_event.tibillet_event_group_user"):
            raise AccessError(self.env._("Conflicts are settled by who prepares events."))
        self.env.cr.execute(
            "UPDATE tibillet_gate_scan SET settled_at = tibillet_now()"
            " WHERE id = ANY(%s) AND conflict AND settled_at IS NULL",
            [self.ids],
        )
        self.invalidate_recordset(["settled_at"], flush=False)
        return True
