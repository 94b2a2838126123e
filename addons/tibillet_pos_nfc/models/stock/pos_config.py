from odoo import api, fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    tibillet_stock_by = fields.Selection(
        [("cashier", "Every cashier"), ("manager", "Managers")],
        string="Sold out and losses are touched by",
        default="cashier",
        required=True,
    )

    def _tibillet_stock_location(self):
        """Where this till takes its goods from: tills of one place that share it sell out alike."""
        self.ensure_one()
        config_sudo = self.sudo()  # cashiers are no stock users
        return config_sudo.picking_type_id.default_location_src_id

    @api.model
    def _load_pos_data_read(self, records, config):
        """What is sold out comes with each load of the page."""
        read = super()._load_pos_data_read(records, config)
        if read and config.tibillet_wallet:
            read[0]["_tibillet_sold_out"] = self.env["tibillet.sold.out"]._rows(
                config._tibillet_stock_location()
            )
        return read
