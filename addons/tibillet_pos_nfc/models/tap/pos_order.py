from odoo import fields, models
from odoo.exceptions import UserError

from ...exceptions import TillClosedError


class PosOrder(models.Model):
    _inherit = "pos.order"

    tibillet_device_date = fields.Datetime(
        string="By the till's own clock",
        readonly=True,
        copy=False,
        help="When the clock of the till was more than two minutes off, the order bears the "
        "server's time and this is what the till's clock said.",
    )

    def _get_valid_session(self, order):
        """A sale that took place is never refused: it waits on its till for a session."""
        try:
            return super()._get_valid_session(order)
        except UserError as error:
            raise TillClosedError(
                self.env._(
                    "The session of this till was closed. The sale is kept on the till and goes "
                    "by itself once it is open again."
                )
            ) from error
