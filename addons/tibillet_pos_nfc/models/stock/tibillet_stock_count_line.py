"""A product of a count: how much, by whom, beside what should have been there."""

from odoo import api, fields, models
from odoo.exceptions import AccessError


class TibilletStockCountLine(models.Model):
    _name = "tibillet.stock.count.line"
    _description = "Counted product"
    _order = "count_id desc, product_id"
    _rec_name = "product_id"

    count_id = fields.Many2one(
        "tibillet.stock.count", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="count_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    counted = fields.Float(digits="Product Unit")
    expected = fields.Float(
        digits="Product Unit", help="By the books, at the moment when it was counted."
    )
    difference = fields.Float(
        digits="Product Unit", compute="_compute_difference", store=True, help="Counted − expected."
    )
    value = fields.Monetary(string="At cost", compute="_compute_value")
    person = fields.Char(string="Counted by", required=True)
    user_id = fields.Many2one("res.users", string="Signed in as", ondelete="set null")
    counted_at = fields.Datetime(required=True)
    version = fields.Integer(
        required=True, aggregator=None, help="How often it was written, so that nobody overwrites."
    )

    _product_uniq = models.Constraint(
        "unique(count_id, product_id)", "Each product is counted once in a count."
    )

    @api.depends("counted", "expected")
    def _compute_difference(self):
        for line in self:
            line.difference = line.product_id.uom_id.round(line.counted - line.expected)

    @api.depends("difference")
    def _compute_value(self):
        for line in self:
            cost = line.product_id.with_company(line.company_id).standard_price
            line.value = line.currency_id.round(line.difference * cost)

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("A count is made and applied on its own page."))
        return super().write(vals)

    def _difference(self, costs):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "name": self.product_id.display_name,
            "unit": self.uom_id.name,
            "counted": self.counted,
            "expected": self.expected,
            "difference": self.difference,
            "value": self.value if costs else False,
            "person": self.person,
        }
