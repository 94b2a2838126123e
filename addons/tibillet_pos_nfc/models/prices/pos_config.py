from odoo import api, fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    tibillet_offer_limit = fields.Float(
        string="A cashier offers up to",
        digits=(16, 2),
        help="What each cashier may offer in a session, at the price of the goods. 0: only till "
        "managers offer.",
    )

    _tibillet_offer_limit_range = models.Constraint(
        "CHECK (tibillet_offer_limit IS NULL OR tibillet_offer_limit >= 0)",
        "What a cashier may offer is not below zero.",
    )

    def _tibillet_pricelists(self):
        """Also the lists that a right or a tag opens at these tills."""
        lists = super()._tibillet_pricelists()
        rights = self.env["tibillet.price.right"]
        for config in self:
            lists |= rights._at(config).pricelist_id
        return lists

    @api.model
    def _load_pos_data_read(self, records, config):
        """Tell the till in which time zone its hours are."""
        read = super()._load_pos_data_read(records, config)
        if read:
            read[0]["_tibillet_zone"] = str(
                self.env["tibillet.happy.hour"]._zone(config.company_id)
            )
        return read
