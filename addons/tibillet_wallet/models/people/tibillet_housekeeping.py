from odoo import api, models


class TibilletHousekeeping(models.AbstractModel):
    _inherit = "tibillet.housekeeping"

    @api.model
    def _tasks(self):
        return [*super()._tasks(), self.env["tibillet.wallet.access"]._clean]
