from odoo import fields, models


class TibilletTransfer(models.Model):
    """Value moved from its debit account to its credit account. Never changes."""

    _name = "tibillet.transfer"
    _inherit = "tibillet.ledger.line"
    _description = "Transfer"
    _log_access = False
    _order = "id desc"

    # The sum of a venue's account goes on from where its roll-up ended: the index leads there,
    # and past the million transfers before.
    debit_account_id = fields.Many2one(index=False)
    credit_account_id = fields.Many2one(index=False)

    _debit_in_order = models.Index("(debit_account_id, id)")
    _credit_in_order = models.Index("(credit_account_id, id)")
