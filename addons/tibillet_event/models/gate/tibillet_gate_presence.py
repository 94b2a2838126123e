from odoo import fields, models
from odoo.exceptions import AccessError


class TibilletGatePresence(models.Model):
    """How often a ticket entered by a list, and whether its holder is inside.

    One row per list and ticket: two gates that let in the same ticket at the same moment meet on
    it, and the database lets one of them through. Written by :class:`tibillet.gate.door`.
    """

    _name = "tibillet.gate.presence"
    _description = "Presence"
    _order = "last_at desc, id desc"
    _log_access = False

    list_id = fields.Many2one("tibillet.gate.list", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    subject = fields.Char(required=True, help="The ticket of this node, or of an allied venue.")
    registration_id = fields.Many2one(
        "event.registration", index="btree_not_null", ondelete="cascade"
    )
    entries = fields.Integer(readonly=True)
    inside = fields.Boolean(readonly=True)
    age_seen = fields.Boolean(readonly=True)
    last_at = fields.Datetime(string="Last entry", readonly=True)
    last_gate_id = fields.Many2one("tibillet.gate", string="By", ondelete="set null")
    changed_at = fields.Datetime(readonly=True, index=True)

    _once = models.Constraint("UNIQUE (list_id, subject)", "A ticket is counted once in a list.")

    def create(self, vals_list):
        raise self._by_the_gate()

    def write(self, vals):
        raise self._by_the_gate()

    def unlink(self):
        raise self._by_the_gate()

    def _by_the_gate(self):
        return AccessError(self.env._("Entries are counted by the gate; nobody writes them."))
