from odoo import api, fields, models
from odoo.exceptions import UserError

OURS = {"tibillet_operation_key", "tibillet_device_id"}


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    tibillet_device_id = fields.Many2one(
        "tibillet.device",
        string="Paired till",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="The till whose key the line bears: another one may take the payment.",
    )

    _tibillet_key_uniq = models.UniqueIndex(
        "(tibillet_device_id, tibillet_operation_key)"
        " WHERE tibillet_device_id IS NOT NULL AND tibillet_operation_key IS NOT NULL",
        "This top-up or refund is on an order already.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "tibillet_operation_key",
            "tibillet_device_id",
        ]

    def write(self, vals):
        """What a line was paid for stays on it: its key would pay another order too."""
        for name in OURS & vals.keys():
            field = self._fields[name]
            for line in self.filtered(lambda line, name=name: line[name]):
                new = field.convert_to_record(field.convert_to_cache(vals[name], line), line)
                if new != line[name] and line.order_id.state in ("paid", "done"):
                    raise UserError(
                        self.env._(
                            "%s: the line of a paid order keeps its number.",
                            line._tibillet_label(),
                        )
                    )
        return super().write(vals)

    @property
    def _tibillet_moves_money(self):
        """Whether the line sells or takes back money of a card, no article."""
        company_sudo = self.company_id.sudo()  # a cashier reads few of its fields
        taxed_ids = self.env["product.template"]._tibillet_taxed_topup_ids()
        return (
            self.product_id == company_sudo.tibillet_topup_product_id.sudo(False)
            or self.product_id.id in taxed_ids
        )

    def _tibillet_label(self):
        """The line as its cashier sees it."""
        self.ensure_one()
        return " ".join(filter(None, [self.full_product_name, self.customer_note])) or (
            self.product_id.display_name
        )
