"""Happy hour: who lowers alcohol for a time lowers a soft drink alike (L. 3323-1, France)."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# Prices are rounded to the cent: a hundredth of the price is no difference between two ratios.
NO_DIFFERENCE = 0.01


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    @api.model
    def _load_pos_data_domain(self, data, config):
        """The till knows the prices that a card opens."""
        return Domain(super()._load_pos_data_domain(data, config)) | Domain(
            "id",
            "in",
            config.sudo()._tibillet_pricelists().ids,  # a cashier sets no tills
        )

    def _tibillet_check_no_surcharge(self):
        configs_sudo = self.env["pos.config"].sudo()  # of every company that uses the list
        lists = Domain("tibillet_card_pricelist_id", "in", self.ids) | Domain(
            "tibillet_member_pricelist_id", "in", self.ids
        )
        configs_sudo = configs_sudo.search(lists | Domain("pricelist_id", "in", self.ids))
        self.env["tibillet.prices"]._check_no_surcharge(configs_sudo)

    @api.model
    def _tibillet_check_happy_hours_of(self, templates):
        """Check the lists with a time window again, after articles changed their group."""
        if not templates:
            return
        items_sudo = self.env["product.pricelist.item"].sudo()  # of every company
        windows = Domain("date_start", "!=", False) | Domain("date_end", "!=", False)
        items_sudo.search(windows).pricelist_id._tibillet_check_happy_hours()

    def _tibillet_check_happy_hours(self):
        """Refuse a list that lowers alcohol for a time and no soft drink alike."""
        for pricelist_sudo in self.sudo():  # the constraint sees articles of every company
            for item_sudo in pricelist_sudo.item_ids:
                if not item_sudo._tibillet_is_limited():
                    continue
                lowered = item_sudo._tibillet_lowered(alcohol=True)
                if not lowered:
                    continue
                product_sudo, ratio = lowered
                others_sudo = pricelist_sudo.item_ids.filtered(
                    lambda other, item=item_sudo: other._tibillet_covers(item)
                )
                if not any(
                    soft and soft[1] >= ratio - NO_DIFFERENCE
                    for soft in (other._tibillet_lowered(alcohol=False) for other in others_sudo)
                ):
                    raise ValidationError(
                        self.env._(
                            "“%(list)s” lowers “%(product)s” by %(percent)s %% for a time: a happy "
                            "hour offers a drink without alcohol as well. Add a rule that lowers "
                            "a drink of group 1 by %(percent)s %% at the same hours, then save.",
                            list=pricelist_sudo.name,
                            product=product_sudo.name,
                            percent=round(ratio * 100),
                        )
                    )
