from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    tibillet_deposit_owner_id = fields.Many2one(
        "res.partner",
        string="Owner of the cups",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Another than this place, as it was when the cup was sold or brought back.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Whose cups they are is what the article says that day, whatever the till sends."""
        products = self.env["product.product"].browse(vals.get("product_id") for vals in vals_list)
        for vals, product in zip(vals_list, products, strict=True):
            owner = (
                product.product_tmpl_id._tibillet_foreign_owner()
                if product.tibillet_deposit
                else self.env["res.partner"]
            )
            vals["tibillet_deposit_owner_id"] = owner.id
        return super().create(vals_list)

    def write(self, vals):
        vals = {name: vals[name] for name in vals if name != "tibillet_deposit_owner_id"}
        return super().write(vals)

    @api.constrains("refunded_orderline_id", "qty")
    def _check_tibillet_deposit_once(self):
        """A cup that one line sold is given back for that line once."""
        cups = self.refunded_orderline_id.filtered("product_id.tibillet_deposit")
        if cups:
            # Written again as it is: two tills that give one cup back collide here, and the
            # second, begun again, sees the first.
            self.env.execute_query(
                SQL(
                    "UPDATE pos_order_line SET qty = qty WHERE id = ANY(%s) RETURNING id",
                    cups.ids,
                )
            )
        for line in cups:
            back = sum(line.refund_orderline_ids.mapped("qty"))
            if back < -max(line.qty, 0):
                raise ValidationError(
                    self.env._(
                        "“%s” of this sale was given back before: a deposit comes back once.",
                        line.product_id.display_name,
                    )
                )
