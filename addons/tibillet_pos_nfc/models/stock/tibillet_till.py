import re
from datetime import timedelta
from math import inf

from odoo import api, fields, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _check_law(self, tap):
        """Refuse at the tap, too, what is sold out since before it came into the basket.

        :raises LedgerError: ``not_for_this`` with ``why`` = ``sold_out`` and ``template_ids``
        """
        super()._check_law(tap)
        out = [one for one in tap.goods_of(tap.basket_ids()) if one.sold_out_since]
        if not out:
            return
        now, ages = fields.Datetime.now(), tap.facts["ages"]
        late = [
            one.product_id
            for one in out
            if now - timedelta(seconds=ages.get(one.product_id, 0)) > one.sold_out_since
        ]
        if late and not tap.known:  # asked again, the first answer counts
            products_sudo = self.env["product.product"].sudo().browse(late)  # their names
            raise self._refusal(
                "not_for_this",
                "sold_out",
                self.env._(
                    "“%(product)s” is sold out. Nothing was taken: take it off, or put it back in "
                    "sale; the rest of the basket is kept.",
                    product=products_sudo[0].name,
                ),
                template_ids=products_sudo.product_tmpl_id.ids,
            )

    @api.model
    def _check_facts(self, facts):
        return super()._check_facts(facts) | {"ages": self._check_ages(facts)}

    @api.model
    def _check_ages(self, facts):
        """Since how many seconds each product is in the basket, as the till says."""
        ages = (facts or {}).get("ages") or {}
        known = isinstance(ages, dict) and all(
            re.fullmatch("[0-9]{1,10}", str(product_id))
            and isinstance(seconds, (int, float))
            and seconds > -inf  # neither is what is no number
            for product_id, seconds in ages.items()
        )
        if not known or len(ages) > 1000:
            raise LedgerError("invalid", self.env._("The till sent a basket that cannot be."))
        # never younger than nothing, never older than a month
        return {int(one): min(max(age, 0), 2_678_400) for one, age in ages.items()}
