"""Journal of what a till did: one row per act, numbered by the till itself."""

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

KINDS = [
    ("hold", "Hold"),
    ("void", "Void"),
    ("order", "Order"),
    ("card", "Card act"),
    ("undo", "Undo"),
    ("stock", "Stock"),
]
MAX_SEQ = 2**31 - 1


class TibilletDeviceAct(models.Model):
    _name = "tibillet.device.act"
    _description = "Act of a till"
    _order = "device_id, seq desc"
    _log_access = False

    device_id = fields.Many2one("tibillet.device", required=True, ondelete="restrict")
    company_id = fields.Many2one(related="device_id.company_id")
    seq = fields.Integer(required=True, string="Number")
    kind = fields.Selection(KINDS, required=True)
    key = fields.Char(required=True, index=True)
    received_at = fields.Datetime(required=True)

    _device_seq_uniq = models.Constraint(
        "unique(device_id, seq)", "A till numbers each of its acts once."
    )
    _seq_positive = models.Constraint("CHECK(seq > 0)", "Acts are numbered from 1.")

    def create(self, vals_list):
        raise AccessError(self.env._("Acts of a till are written by the till itself."))

    def write(self, vals):
        raise AccessError(self.env._("Acts of a till never change."))

    def unlink(self):
        raise AccessError(self.env._("Acts of a till never change."))

    def _record(self, device, seq, kind, key):
        """Write an act once; the same act sent again is recognised.

        No counter row is updated, so that an order that syncs behind never makes the next
        customer's tap wait: gaps are read from the journal itself.

        :returns: True when the act is new
        :raises LedgerError: ``invalid`` for a number that cannot be, ``key_conflict`` when
            the number already belongs to another act
        """
        self._check_seq(seq)
        [(written,)] = self.env.execute_query(
            SQL(
                "SELECT tibillet_device_act_record(%s, %s, %s, %s)",
                device.id,
                seq,
                kind,
                key,
            )
        )
        self._check_written(written)
        return written == "new"

    def _check_seq(self, seq):
        if isinstance(seq, bool) or not isinstance(seq, int) or not 0 < seq <= MAX_SEQ:
            raise LedgerError("invalid", self.env._("The till sent an act without number."))

    def _check_written(self, written):
        """:param written: ``new``, ``same`` or ``other``, as ``tibillet_device_act_record``"""
        if written == "other":
            raise LedgerError(
                "key_conflict",
                self.env._("This till numbered two acts alike. Ask a manager to pair it again."),
            )

    def _is_voided(self, device, key):
        """Whether the till gave this key up, perhaps before its hold arrived."""
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT 1 FROM tibillet_device_act
                        WHERE device_id = %s AND key = %s AND kind = 'void' LIMIT 1""",
                    device.id,
                    key,
                )
            )
        )
