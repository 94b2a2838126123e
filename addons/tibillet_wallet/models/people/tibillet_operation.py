from odoo import models


class TibilletOperation(models.Model):
    _inherit = "tibillet.operation"

    def _goods(self):
        """What was bought by these operations, where it is known: {operation id: [line, …]}.

        A seam: the ledger knows no goods; addons that sell (the till, the web shop) extend it.
        """
        return {}
