from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ProductTemplate(models.Model):
    """What the law asks of an article that is sold at a till."""

    _inherit = "product.template"

    tibillet_alcohol_group = fields.Selection(
        [
            ("1", "1: without alcohol"),
            ("2", "2: fermented (counted with 3)"),
            ("3", "3: beer, wine, cider, up to 18°"),
            ("4", "4: rum and spirits of distilled fruit"),
            ("5", "5: other alcohol"),
        ],
        string="Group of drinks",
        help="The groups of French licences. A happy hour needs a drink of group 1 lowered alike.",
    )
    tibillet_minimum_age = fields.Integer(
        string="Sold from the age of",
        help="Years. The till waits until the cashier has seen a proof of age, unless the card's "
        "holder is known to be old enough. Alcohol is sold from 18 on, whatever stands here.",
    )
    tibillet_right_code = fields.Char(
        string="Only with the right",
        help="Code of a right that the buyer must have, for instance of a membership. Empty: "
        "sold to all.",
    )
    tibillet_flat_rate = fields.Boolean(
        string="As much as one wants",
        help="One price for an unlimited quantity (“drinks included”). Never for alcohol.",
    )

    tibillet_free_price = fields.Boolean(
        string="Free price",
        help="The till asks what the customer wishes to pay.",
    )
    tibillet_price_minimum = fields.Float(
        string="At least",
        help="The lowest free price, as it stands on the price tag. 0: from nothing on.",
    )

    _tibillet_price_minimum_range = models.Constraint(
        "CHECK (tibillet_price_minimum IS NULL OR tibillet_price_minimum >= 0)",
        "The lowest free price is not below zero.",
    )
    _tibillet_minimum_age_range = models.Constraint(
        "CHECK (tibillet_minimum_age IS NULL OR tibillet_minimum_age BETWEEN 0 AND 99)",
        "The age from which an article is sold is between 0 and 99.",
    )

    @api.onchange("tibillet_alcohol_group")
    def _onchange_tibillet_alcohol_group(self):
        if self.tibillet_alcohol_group:
            self.tibillet_alcohol = self.tibillet_alcohol_group != "1"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tibillet_with_alcohol(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tibillet_with_alcohol(vals))

    @api.model
    def _tibillet_with_alcohol(self, vals):
        """A group of drinks says by itself whether it is alcohol."""
        group = vals.get("tibillet_alcohol_group")
        if group and "tibillet_alcohol" not in vals:
            return {**vals, "tibillet_alcohol": group != "1"}
        return vals

    @api.constrains("tibillet_alcohol_group", "tibillet_alcohol")
    def _check_tibillet_alcohol_group(self):
        for product in self.filtered("tibillet_alcohol_group"):
            if product.tibillet_alcohol == (product.tibillet_alcohol_group == "1"):
                raise ValidationError(
                    self.env._(
                        "“%(product)s”: group 1 is without alcohol, groups 2 to 5 are alcohol. "
                        "Change the group or the tick.",
                        product=product.display_name,
                    )
                )

    @api.constrains("tibillet_flat_rate", "tibillet_alcohol", "combo_ids")
    def _check_tibillet_flat_rate(self):
        self._tibillet_refuse_flat_rate()

    def _tibillet_refuse_flat_rate(self):
        """No alcohol at a flat rate, itself or by a choice (L. 3322-9 of the health code)."""
        # a product of another company may be among the choices
        for product_sudo in self.sudo().filtered("tibillet_flat_rate"):
            parts_sudo = product_sudo.combo_ids.combo_item_ids.product_id.product_tmpl_id
            alcohol_sudo = (product_sudo | parts_sudo).filtered("tibillet_alcohol")[:1]
            if alcohol_sudo:
                raise ValidationError(
                    self.env._(
                        "“%(product)s” offers as much as one wants, and “%(alcohol)s” is alcohol: "
                        "it is never sold at a flat rate. Take it out, or sell by the glass.",
                        product=product_sudo.name,
                        alcohol=alcohol_sudo.name,
                    )
                )

    @api.constrains("tibillet_alcohol", "tibillet_alcohol_group")
    def _check_tibillet_alcohol_elsewhere(self):
        """What becomes alcohol now may stand in a flat rate or in a happy hour already."""
        changed = self.filtered("tibillet_alcohol")
        items_sudo = self.env["product.combo.item"].sudo()  # of every company
        items_sudo = items_sudo.search([("product_id.product_tmpl_id", "in", changed.ids)])
        items_sudo.combo_id._tibillet_refuse_flat_rate()
        self.env["product.pricelist"]._tibillet_check_happy_hours_of(self)

    @api.constrains("list_price")
    def _check_tibillet_no_surcharge(self):
        """A price that goes down may fall below a fixed one of the card's list."""
        configs_sudo = self.env["pos.config"].sudo()  # who writes a price may set no tills
        configs_sudo = configs_sudo.search(
            Domain("tibillet_card_pricelist_id", "!=", False)
            | Domain("tibillet_member_pricelist_id", "!=", False)
        )
        for config_sudo in configs_sudo:
            sold = self.product_variant_ids.filtered(
                lambda product, company=config_sudo.company_id: (
                    product.available_in_pos and product.company_id in (company.browse(), company)
                )
            )
            if sold:
                self.env["tibillet.prices"]._check_no_surcharge(config_sudo, sold)

    @api.model
    def _load_pos_data_fields(self, config_id):
        return [
            *super()._load_pos_data_fields(config_id),
            "tibillet_alcohol",
            "tibillet_alcohol_group",
            "tibillet_minimum_age",
            "tibillet_right_code",
            "tibillet_free_price",
            "tibillet_price_minimum",
        ]
