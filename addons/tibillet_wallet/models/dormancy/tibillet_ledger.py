from odoo import models


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    def _row(self, facts, position, request, digest):
        """A request may ask that what it takes from a pool be there (``payout``)."""
        operation, lines = super()._row(facts, position, request, digest)
        if request.get("payout"):
            operation["payout"] = True
        return operation, lines
