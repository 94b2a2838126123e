from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """What the law and the ledger ask of an article: alcohol, and a price that is no money."""

    _inherit = "product.template"

    tibillet_alcohol = fields.Boolean(
        string="Alcohol",
        help="Never sold on credit, never paid in time.",
    )
    tibillet_price_asset_id = fields.Many2one(
        "tibillet.asset",
        string="Priced in",
        domain="[('kind', 'in', ('time', 'points'))]",
        index="btree_not_null",
        ondelete="restrict",
        help="Paid in this asset alone, never in money: a workshop for 45 minutes, a shirt for "
        "30 points. Empty: priced in money.",
    )
    tibillet_price_minor = fields.Integer(
        string="Price",
        help="In the smallest unit of the asset: minutes, points.",
    )

    _tibillet_price_positive = models.Constraint(
        "CHECK (tibillet_price_asset_id IS NULL OR tibillet_price_minor > 0)",
        "An article that is paid in an asset has a price in it.",
    )

    @api.constrains("tibillet_price_asset_id", "tibillet_alcohol", "list_price")
    def _check_tibillet_price(self):
        for product in self.filtered("tibillet_price_asset_id"):
            asset_sudo = product.tibillet_price_asset_id.sudo()  # of any issuer
            if asset_sudo.kind not in ("time", "points"):
                raise ValidationError(
                    self.env._(
                        "“%(asset)s” is money: an article has a price in money or in time or "
                        "points, never in both.",
                        asset=asset_sudo.name,
                    )
                )
            if product.tibillet_alcohol and asset_sudo.kind == "time":
                raise ValidationError(
                    self.env._("“%s” is alcohol: it is never paid in time.", product.display_name)
                )
            if product.list_price:
                raise ValidationError(
                    self.env._(
                        "“%s” is paid in an asset alone: set its price in money to zero.",
                        product.display_name,
                    )
                )
