from odoo import api, fields, models
from odoo.tools import SQL


class ProductTemplate(models.Model):
    _inherit = "product.template"

    tibillet_deposit_alert = fields.Integer(
        string="Alert beyond",
        help="Cups found in stock before the event: more cups back than sold and these is an "
        "alert.",
    )
    tibillet_deposit_out = fields.Integer(string="Cups sold", compute="_compute_tibillet_deposit")
    tibillet_deposit_back = fields.Integer(string="Cups back", compute="_compute_tibillet_deposit")
    tibillet_deposit_outside = fields.Integer(
        string="Still out", compute="_compute_tibillet_deposit"
    )
    tibillet_deposit_too_many = fields.Boolean(
        string="More back than out", compute="_compute_tibillet_deposit"
    )

    def _compute_tibillet_deposit(self):
        """Cups sold and brought back at the tills, all of them in one query."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT product_tmpl_id, sum(qty_out), sum(qty_back)
                     FROM (%s) m WHERE product_tmpl_id = ANY(%s) GROUP BY product_tmpl_id""",
                self.env["tibillet.deposit.move"]._table_query,
                self.ids,
            )
        )
        counts = {template_id: (round(out), round(back)) for template_id, out, back in rows}
        kept_sudo = self.env["tibillet.deposit.kept"].sudo()  # the accountant's, counted
        kept = {
            product.product_tmpl_id.id: count
            for product, count in kept_sudo._read_group(
                [("state", "=", "kept"), ("product_id.product_tmpl_id", "in", self.ids)],
                ["product_id"],
                ["count:sum"],
            )
        }
        for product in self:
            out, back = counts.get(product.id, (0, 0))
            product.tibillet_deposit_out = out
            product.tibillet_deposit_back = back
            product.tibillet_deposit_outside = out - back - kept.get(product.id, 0)
            product.tibillet_deposit_too_many = back > out + product.tibillet_deposit_alert

    @api.model
    def _load_pos_data_fields(self, config_id):
        return [*super()._load_pos_data_fields(config_id), "tibillet_deposit"]

    def action_tibillet_deposit_moves(self):
        """The cups of this article, by day, till and owner."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_pos_nfc.tibillet_deposit_move_action"
        )
        return {**action, "domain": [("product_tmpl_id", "in", self.ids)]}
