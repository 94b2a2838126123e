from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CODES_LOOK_AT = {
    "discount",
    "event_ticket_id",
    "price_unit",
    "product_uom_qty",
    "tibillet_amount",
    "tibillet_code_discount",
}


class SaleOrderLine(models.Model):
    """The price that a buyer chose stays with the line, whatever recomputes prices."""

    _inherit = "sale.order.line"

    tibillet_free_price = fields.Boolean(related="event_ticket_id.tibillet_free_price")
    tibillet_amount = fields.Float(
        string="Chosen price",
        compute="_compute_tibillet_amount",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits="Product Price",
        help="What the buyer chose to pay for one place of a free price.",
    )
    tibillet_option_id = fields.Many2one(
        "tibillet.rate.option", string="Option", index="btree_not_null", ondelete="restrict"
    )
    # A sum off an order is a percentage of its lines: two decimals would lose cents of it.
    discount = fields.Float(digits=False, min_display_digits="Discount")
    tibillet_code_discount = fields.Float(
        string="Off by codes (%)", digits=False, min_display_digits="Discount", copy=False
    )

    @api.depends("event_ticket_id")
    def _compute_tibillet_amount(self):
        for line in self:
            rate = line.event_ticket_id
            if not rate.tibillet_free_price:
                line.tibillet_amount = 0
            elif not line.tibillet_amount:
                line.tibillet_amount = rate.price

    @api.depends("tibillet_amount", "tibillet_option_id")
    def _compute_price_unit(self):
        return super()._compute_price_unit()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._tibillet_apply_codes()
        return lines

    def write(self, vals):
        """A sum off is shared over all lines: when one moves, the others' shares do too."""
        by_codes = "tibillet_code_discount" in vals
        if "discount" in vals and not by_codes:
            vals = {**vals, "tibillet_code_discount": 0}
        result = super().write(vals)
        if not by_codes and CODES_LOOK_AT & vals.keys():
            self.order_id._tibillet_apply_codes()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders.exists()._tibillet_apply_codes()
        return result

    @api.constrains("tibillet_amount", "event_ticket_id")
    def _check_tibillet_amount(self):
        for line in self.filtered("tibillet_free_price"):
            if sentence := line._tibillet_wrong_amount():
                raise ValidationError(sentence)

    def _tibillet_wrong_amount(self):
        self.ensure_one()
        if not self.tibillet_free_price:
            return ""
        amount = Decimal(str(round(self.tibillet_amount, 2)))
        return self.event_ticket_id._tibillet_wrong_amount(amount)

    def _get_display_price(self):
        """The chosen price; no pricelist takes anything off what somebody chose to give."""
        rate, option = self.event_ticket_id, self.tibillet_option_id
        if option:
            return self._convert_to_sol_currency(option.price, option.currency_id)
        if not rate.tibillet_free_price:
            return super()._get_display_price()
        company = rate.company_id or self.env.company
        return self._convert_to_sol_currency(self.tibillet_amount, company.currency_id)

    def _compute_discount(self):
        """The discount without codes: codes are put on again by the order, over all its lines."""
        for line in self.filtered("tibillet_code_discount"):
            line.discount = line._tibillet_own_discount()
            line.tibillet_code_discount = 0
        result = super()._compute_discount()
        fixed = self.filtered(lambda line: line.tibillet_free_price or line.tibillet_option_id)
        fixed.discount = 0.0
        return result

    def _tibillet_own_discount(self):
        """The line's discount with what codes take off left out, in percent."""
        self.ensure_one()
        if not self.tibillet_code_discount:
            return self.discount
        if self.tibillet_code_discount >= 100:
            return 0.0
        own = 100 * (1 - (100 - self.discount) / (100 - self.tibillet_code_discount))
        return round(own, 6)

    def _get_sale_order_line_multiline_description_sale(self):
        option = self.tibillet_option_id
        if option:
            return f"{option.name}\n{option.event_id.display_name}"
        return super()._get_sale_order_line_multiline_description_sale()

    @api.depends("tibillet_option_id.name")
    def _compute_name(self):
        return super()._compute_name()

    @api.depends("tibillet_option_id.name")
    def _compute_name_short(self):
        result = super()._compute_name_short()
        for line in self.filtered("tibillet_option_id"):
            line.name_short = line.tibillet_option_id.name
        return result

    def _tibillet_chosen(self):
        """How many of an option the places of its line have chosen."""
        self.ensure_one()
        option, places = self.tibillet_option_id, self.linked_line_id.sudo().registration_ids
        if option.per == "order":
            return 1 if self.linked_line_id else 0
        return sum(one.state != "cancel" and option in one.tibillet_option_ids for one in places)

    def _tibillet_label(self):
        self.ensure_one()
        return (self.event_ticket_id or self.tibillet_option_id).name

    def _tibillet_price_now(self):
        """What one place costs now, as ``price_unit`` would be; nothing is written."""
        self.ensure_one()
        line = self.with_company(self.company_id)
        return line.product_id._get_tax_included_unit_price_from_price(
            line._get_display_price(),
            product_taxes=line.product_id.taxes_id._filter_taxes_by_company(line.company_id),
            fiscal_position=line.order_id.fiscal_position_id,
        )
