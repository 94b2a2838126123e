from odoo import models


class TibilletTransfer(models.Model):
    """Value moved from its debit account to its credit account. Never changes."""

    _name = "tibillet.transfer"
    _inherit = "tibillet.ledger.line"
    _description = "Transfer"
    _log_access = False
    _order = "id desc"
