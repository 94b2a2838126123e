"""One rule of a list of prices, as the check of happy hours sees it."""

from odoo import api, fields, models
from odoo.fields import Domain

from .product_pricelist import NO_DIFFERENCE

FROM_EVER = fields.Datetime.to_datetime("1900-01-01")
FOR_EVER = fields.Datetime.to_datetime("9999-01-01")


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    @api.constrains(
        "applied_on",
        "base",
        "base_pricelist_id",
        "categ_id",
        "compute_price",
        "date_end",
        "date_start",
        "fixed_price",
        "percent_price",
        "price_discount",
        "price_markup",
        "price_min_margin",
        "price_surcharge",
        "pricelist_id",
        "product_id",
        "product_tmpl_id",
    )
    def _check_tibillet_happy_hour(self):
        self.pricelist_id._tibillet_check_happy_hours()
        self.pricelist_id._tibillet_check_no_surcharge()

    def unlink(self):
        """The soft drink's rule does not go before that of the alcohol."""
        pricelists = self.pricelist_id
        result = super().unlink()
        pricelists.exists()._tibillet_check_happy_hours()
        pricelists.exists()._tibillet_check_no_surcharge()
        return result

    def _tibillet_is_limited(self):
        return bool(self.date_start or self.date_end)

    def _tibillet_covers(self, other):
        """Whether this rule runs at least as long as the other, for one article sold alone."""
        return (
            (self.date_start or FROM_EVER) <= (other.date_start or FROM_EVER)
            and (self.date_end or FOR_EVER) >= (other.date_end or FOR_EVER)
            and self.min_quantity <= max(1, other.min_quantity)
        )

    def _tibillet_lowered(self, alcohol):
        """The article that this rule lowers most and by how much (0 to 1), or None.

        :param alcohol: look at alcohol; else at drinks of group 1
        """
        self.ensure_one()
        kind = (
            Domain("tibillet_alcohol", "=", True)
            if alcohol
            else Domain("tibillet_alcohol_group", "=", "1")
        )
        lowered = [
            (template_sudo, self._tibillet_ratio(template_sudo))
            for template_sudo in self._tibillet_templates(kind)
            if template_sudo.list_price > 0
        ]
        lowered = [pair for pair in lowered if pair[1] > NO_DIFFERENCE]
        return max(lowered, key=lambda pair: pair[1], default=None)

    def _tibillet_templates(self, kind):
        """Articles of this kind that the rule speaks of."""
        templates_sudo = self.env["product.template"].sudo()  # of every company
        if self.applied_on == "0_product_variant":
            return self.product_id.product_tmpl_id.sudo().filtered_domain(kind)
        if self.applied_on == "1_product":
            return self.product_tmpl_id.sudo().filtered_domain(kind)
        domain = kind & Domain("sale_ok", "=", True)
        if self.applied_on == "2_product_category":
            domain &= Domain("categ_id", "child_of", self.categ_id.id)
        if self.company_id:
            domain &= Domain("company_id", "in", (False, self.company_id.id))
        return templates_sudo.search(domain)

    def _tibillet_ratio(self, template):
        at = self.date_start or self.date_end or fields.Datetime.now()
        price = self._compute_price(template, 1.0, template.uom_id, at)
        return 1 - price / template.list_price
