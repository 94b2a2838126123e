from odoo import models


class TibilletHoldLine(models.Model):
    """What a pending operation keeps aside; becomes transfers once, at capture."""

    _name = "tibillet.hold.line"
    _inherit = "tibillet.ledger.line"
    _description = "Hold line"
    _log_access = False
    _order = "id"
