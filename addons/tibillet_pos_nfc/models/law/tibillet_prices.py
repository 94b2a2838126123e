"""Prices of card holders and of members: a discount, never a surcharge.

A price is what the customer really pays (decree of 27 March 1987); an instrument of payment may
lower it and never raise it (monetary code, L. 112-12).
"""

from odoo import api, models
from odoo.exceptions import ValidationError


class TibilletPrices(models.AbstractModel):
    _name = "tibillet.prices"
    _description = "Prices of card holders and members"

    @api.model
    def _lists_for(self, config, partners, with_card):
        """The lists of prices that these people are entitled to at this till; may be empty.

        The till takes the one that costs least. A member's own stands for the card's.

        :param partners: holders of the cards and customer of the order
        :param with_card: whether a card pays
        """
        config_sudo = config.sudo()  # a cashier reads no rule of the till
        members_sudo = config_sudo.tibillet_member_pricelist_id
        if members_sudo and any(
            config_sudo.tibillet_members_right in partner_sudo._tibillet_rights(config.company_id)
            for partner_sudo in partners.sudo()
        ):
            return members_sudo
        return config_sudo.tibillet_card_pricelist_id if with_card else members_sudo.browse()

    @api.model
    def _refusal(self, order, partners):
        """Why an order may not be at the prices it is at, as a sentence; or nothing."""
        config_sudo = order.config_id.sudo()  # a cashier reads no rule of the till
        pricelist = order.pricelist_id
        reserved = config_sudo._tibillet_pricelists() - config_sudo._tibillet_regular_pricelist()
        if pricelist not in reserved:
            return ""
        with_card = bool(order.payment_ids._tibillet_wallet_lines())
        if pricelist == config_sudo.tibillet_card_pricelist_id and with_card:
            return ""
        if pricelist in self._lists_for(config_sudo, partners, with_card):
            return ""
        return self.env._(
            "The prices of “%(list)s” are for card holders and members. Tap their card, or take "
            "the usual prices.",
            list=pricelist.name,
        )

    @api.model
    def _check_no_surcharge(self, configs, products=None):
        """Refuse a list that makes anything dearer than what everybody pays.

        :param products: ``product.product``; everything that these tills sell when left out
        """
        for config_sudo in configs.sudo():  # a price may be written by who sets no tills
            lists_sudo = config_sudo._tibillet_pricelists()
            if not lists_sudo:
                continue
            sold_sudo = products.sudo() if products else config_sudo._tibillet_sold_products()
            currency = config_sudo.currency_id
            usual = config_sudo._tibillet_regular_pricelist()._get_products_price(
                sold_sudo, 1.0, currency=currency
            )
            for list_sudo in lists_sudo:
                prices = list_sudo._get_products_price(sold_sudo, 1.0, currency=currency)
                for product_sudo in sold_sudo:
                    price, usual_price = prices[product_sudo.id], usual[product_sudo.id]
                    if usual_price >= 0 and currency.compare_amounts(price, 0) < 0:
                        raise ValidationError(
                            self.env._(
                                "“%(list)s” sells “%(product)s” for less than nothing, %(price)s: "
                                "it takes off more than the usual %(usual)s. Take less off.",
                                list=list_sudo.name,
                                product=product_sudo.name,
                                price=currency.format(price),
                                usual=currency.format(usual_price),
                            )
                        )
                    if currency.compare_amounts(price, usual_price) <= 0:
                        continue
                    raise ValidationError(
                        self.env._(
                            "“%(list)s” sells “%(product)s” at %(price)s, and everybody pays "
                            "%(usual)s: a card or a membership lowers a price and never raises "
                            "it. Lower the price in the list first.",
                            list=list_sudo.name,
                            product=product_sudo.name,
                            price=currency.format(price),
                            usual=currency.format(usual_price),
                        )
                    )
