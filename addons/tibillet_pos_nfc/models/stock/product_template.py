"""What of a product concerns the stock of a bar: the keg it is served from, sold out at zero."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare


class KegPart(NamedTuple):
    """What one glass takes: the keg, and how much in the keg's own unit, not rounded."""

    keg: models.BaseModel
    quantity: float


class ProductTemplate(models.Model):
    _inherit = "product.template"

    tibillet_sold_out_auto = fields.Boolean(
        string="Sold out at zero",
        help="Every till that sells from the same stock shows the product as sold out once none "
        "is left, and in sale again once some arrives.",
    )
    tibillet_keg_id = fields.Many2one(
        "product.product",
        string="Served from",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('is_storable', '=', True), ('tracking', '=', 'none')]",
        help="The keg, cask or bottle that each glass is taken from.",
    )
    tibillet_keg_share = fields.Float(
        string="Volume of a glass",
        digits=(16, 4),
        help="What one glass takes from the keg.",
    )
    tibillet_keg_share_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit of the volume",
        default=lambda self: self.env.ref(
            "tibillet_pos_nfc.product_uom_centilitre", raise_if_not_found=False
        ),
    )
    tibillet_keg_size = fields.Float(
        string="A full keg holds",
        digits="Product Unit",
        help="In the unit of this product, for instance 30 L. 0: not tapped as a keg.",
    )

    _tibillet_keg_size_range = models.Constraint(
        "CHECK (tibillet_keg_size IS NULL OR tibillet_keg_size >= 0)",
        "A keg does not hold less than nothing.",
    )

    @api.constrains(
        "tibillet_keg_id",
        "tibillet_keg_share",
        "tibillet_keg_share_uom_id",
        "type",
        "is_storable",
        "tracking",
        "uom_id",
        "company_id",
    )
    def _check_tibillet_keg(self):
        """Of the glass, and of the keg that glasses are taken from."""
        served_sudo = self.sudo().search(  # of every company
            [("tibillet_keg_id.product_tmpl_id", "in", self.ids)]
        )
        for product in self.filtered("tibillet_keg_id") | served_sudo:
            product._tibillet_check_keg()

    def _tibillet_check_keg(self):
        keg_sudo = self.tibillet_keg_id.sudo()  # a keg of another company is told as such
        if keg_sudo.company_id and keg_sudo.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "“%(keg)s” belongs to one company only and “%(product)s” is not its own.",
                    keg=keg_sudo.name,
                    product=self.name,
                )
            )
        if (
            self.type != "consu"
            or self.is_storable
            or self.tibillet_keg_id in (self.product_variant_ids)
        ):
            raise ValidationError(
                self.env._(
                    "“%(product)s” is served from a keg: it is goods without a stock of its own.",
                    product=self.name,
                )
            )
        if not keg_sudo.is_storable or keg_sudo.tracking != "none":
            raise ValidationError(
                self.env._(
                    "“%(keg)s” is no keg: tick “Track Inventory”, by quantity, on it.",
                    keg=keg_sudo.name,
                )
            )
        unit, of_keg = self.tibillet_keg_share_uom_id, keg_sudo.uom_id
        if self.tibillet_keg_share <= 0 or not unit:
            raise ValidationError(
                self.env._("Write how much a glass of “%s” takes from its keg.", self.name)
            )
        if not unit._has_common_reference(of_keg):
            raise ValidationError(
                self.env._(
                    "“%(keg)s” is kept in %(of_keg)s and the glass is measured in %(unit)s. Keep "
                    "the keg in litres.",
                    keg=keg_sudo.name,
                    of_keg=of_keg.name,
                    unit=unit.name,
                )
            )
        exact = unit._compute_quantity(self.tibillet_keg_share, of_keg, round=False)
        if float_compare(exact, of_keg.round(exact), precision_digits=6):
            raise ValidationError(
                self.env._(
                    "A glass of “%(product)s” takes %(exact)g %(unit)s, finer than quantities are "
                    "kept. Keep the keg in centilitres, or raise the digits of “Product Unit”.",
                    product=self.name,
                    exact=exact,
                    unit=of_keg.name,
                )
            )

    def _tibillet_keg_part(self):
        """What a glass takes of which keg, or None; a kit of Odoo's own takes its components.

        :returns: a :class:`KegPart` or None
        """
        self.ensure_one()
        template_sudo = self.sudo()  # a cashier may not read every keg
        keg_sudo = template_sudo.tibillet_keg_id
        if not keg_sudo or template_sudo._tibillet_is_kit():
            return None
        quantity = template_sudo.tibillet_keg_share_uom_id._compute_quantity(
            template_sudo.tibillet_keg_share, keg_sudo.uom_id, round=False
        )
        return KegPart(keg_sudo, quantity)

    def _tibillet_is_kit(self):
        """Whether manufacturing is installed and explodes this product by itself."""
        return "is_kits" in self._fields and bool(self.is_kits)
