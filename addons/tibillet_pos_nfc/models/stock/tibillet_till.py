from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _check_law(self, device, key, card, lines, facts):
        """Refuse at the tap, too, what is sold out since before it came into the basket.

        :raises LedgerError: ``not_for_this`` with ``why`` = ``sold_out`` and ``template_ids``
        """
        super()._check_law(device, key, card, lines, facts)
        sold = {line["product_id"] for line in lines if line["amount_minor"] > 0}
        sold |= set(self._check_facts(facts)["product_ids"])
        out = self.env["tibillet.sold.out"]._among(
            device.config_id._tibillet_stock_location(), sold - {None}
        )
        if not out:
            return
        ages = self._check_ages(facts)
        now = fields.Datetime.now()
        late = [
            product_id
            for product_id, since in out.items()
            if now - timedelta(seconds=ages.get(product_id, 0)) > since
        ]
        if late and not self._operation(device, key):  # asked again, the first answer counts
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
    def _check_ages(self, facts):
        """Since how many seconds each product is in the basket, as the till says."""
        ages = (facts or {}).get("ages") or {}
        known = isinstance(ages, dict) and all(
            str(product_id).isdigit() and isinstance(seconds, (int, float))
            for product_id, seconds in ages.items()
        )
        if not known or len(ages) > 1000:
            raise LedgerError("invalid", self.env._("The till sent a basket that cannot be."))
        # never younger than nothing, never older than a month
        return {int(one): min(max(age, 0), 2_678_400) for one, age in ages.items()}
