from odoo import fields, models
from odoo.exceptions import AccessError


class TibilletOfferUse(models.Model):
    """That a holder has used an offer: what keeps it to once each. Written by SQL, erasable."""

    _name = "tibillet.offer.use"
    _description = "Use of an offer"
    _log_access = False
    _order = "id desc"

    offer_id = fields.Many2one("tibillet.offer", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="offer_id.company_id")
    wallet_id = fields.Many2one(
        "tibillet.wallet",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        groups="base.group_system",  # a wallet is called by its holder's name
    )
    used_at = fields.Datetime(required=True, readonly=True)

    _once = models.Constraint("unique(offer_id, wallet_id)", "An offer is used once by each.")

    def create(self, vals_list):
        raise AccessError(self.env._("The use of an offer is written by the till itself."))

    def write(self, vals):
        raise AccessError(self.env._("The use of an offer is written by the till itself."))
