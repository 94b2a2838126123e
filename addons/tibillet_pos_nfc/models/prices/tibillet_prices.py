from odoo import api, models


class TibilletPrices(models.AbstractModel):
    _inherit = "tibillet.prices"

    @api.model
    def _lists_for(self, config, partners, with_card):
        """Also what the rights and tags of these people open, and a person's own list."""
        lists_sudo = super()._lists_for(config, partners, with_card)
        if not partners:
            return lists_sudo
        rules_sudo = self.env["tibillet.price.right"]._at(config)
        lists_sudo |= rules_sudo._opened_by(config.company_id, partners)
        config_sudo = config.sudo()  # a cashier reads no rule of the till
        if config_sudo.use_pricelist:
            owned_sudo = partners.sudo().with_company(config.company_id)
            own_sudo = owned_sudo.specific_property_product_pricelist
            lists_sudo |= own_sudo & config_sudo.available_pricelist_ids
        return lists_sudo
