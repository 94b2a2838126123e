"""What a line paid in time is worth: its usual price, where its seller declares it."""

from odoo import api, fields, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    tibillet_declared_price = fields.Float(
        string="Declared price",
        digits="Product Price",
        readonly=True,
        copy=False,
        help="Usual price of one, at which a sale paid in time is turnover with its tax. 0: it "
        "stands in no books.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tibillet_undeclared(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tibillet_undeclared(vals))

    @api.model
    def _tibillet_undeclared(self, vals):
        """What is declared is the server's word, whatever a till sends."""
        return {name: vals[name] for name in vals if name != "tibillet_declared_price"}

    def _tibillet_declare(self, price):
        """The only door to this field."""
        # pylint: disable=missing-return,super-method-mismatch
        self.ensure_one()
        super().write({"tibillet_declared_price": price})

    def _tibillet_declared_base_lines(self):
        """These sales at their usual price, as Odoo's tax engine takes them; what was taken back
        bears the taxes of a refund."""
        return [
            line._prepare_base_line_for_taxes_computation()
            | {
                "price_unit": line.tibillet_declared_price,
                "quantity": line.qty,
                "discount": 0,
                "is_refund": line.qty < 0,
            }
            for line in self.filtered("tibillet_declared_price")
        ]
