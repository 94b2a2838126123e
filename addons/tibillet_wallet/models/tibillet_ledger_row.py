from odoo import api, models


class TibilletLedgerRow(models.AbstractModel):
    """A row that only the ledger's own SQL writes: the ORM reads it, no more."""

    _name = "tibillet.ledger.row"
    _description = "Row of the ledger"

    @api.model_create_multi
    def create(self, vals_list):
        raise self.env["tibillet.ledger"]._walked_round()

    def write(self, vals):
        raise self.env["tibillet.ledger"]._walked_round()

    def unlink(self):
        raise self.env["tibillet.ledger"]._walked_round()
