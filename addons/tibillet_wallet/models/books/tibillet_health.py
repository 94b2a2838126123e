"""The books' part of the health page."""

from odoo import api, models


class TibilletHealth(models.AbstractModel):
    _inherit = "tibillet.health"

    @api.model
    def _parts(self):
        return {**super()._parts(), "clearing": self._part_clearing}

    @api.model
    def _part_clearing(self):
        """Age of what waits on clearing, and what nothing explains: a matter for the
        accountant, never a reason to call the server down."""
        return self.env["tibillet.books"]._health()
