"""What cannot be sold as it stands in a basket: refused before any money is set aside."""

from odoo import api, models
from odoo.tools import float_compare

FULL_DISCOUNT = 100


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _check_goods(self, tap):
        """Refuse goods that are gone, prices below nothing and prices that changed meanwhile.

        :raises LedgerError: ``not_for_this`` with ``why`` in ``goods_gone``,
            ``price_below_nothing``, ``price_changed`` (with ``prices``)
        """
        for line in tap.lines:
            if not line["product_id"]:
                continue
            one = tap.goods.get(line["product_id"])
            self._check_sold_here(tap.company, line, one)
            self._check_not_below_nothing(line, one)
        if not tap.how["kept"]:
            self._check_prices(tap)

    @api.model
    def _product_name(self, product_id):
        product_sudo = self.env["product.product"].sudo().browse(product_id)  # archived ones too
        return product_sudo.exists().display_name or ""

    @api.model
    def _check_sold_here(self, company, line, one):
        elsewhere = one and one.company_id not in (None, company.id)
        if line["amount_minor"] < 0 or (one and one.sold and not elsewhere):
            return
        name = self._product_name(line["product_id"])
        if elsewhere:
            message = self.env._(
                "“%(product)s” belongs to another place. Nothing was taken: take it off, the "
                "rest of the basket is kept.",
                product=name,
            )
        else:
            message = self.env._(
                "“%(product)s” is no longer sold. Nothing was taken: take it off, the rest of "
                "the basket is kept.",
                product=name,
            )
        raise self._refusal("not_for_this", "goods_gone", message, product_ids=[line["product_id"]])

    @api.model
    def _check_not_below_nothing(self, line, one):
        """Goods are given back by their number, never sold for less than nothing.

        A discount on the whole basket is a service of its own and may be negative.
        """
        too_much = line["discount"] is not None and line["discount"] > FULL_DISCOUNT
        below = (
            line["amount_minor"] < 0
            and line["qty"] is not None
            and line["qty"] > 0
            and one
            and one.type != "service"
        )
        if too_much or below:
            raise self._refusal(
                "not_for_this",
                "price_below_nothing",
                self.env._(
                    "The discount on “%(product)s” is more than its price. Nothing was taken: "
                    "correct the line, the rest of the basket is kept.",
                    product=self._product_name(line["product_id"]),
                ),
            )

    @api.model
    def _check_prices(self, tap):
        """A price that changed since the till was loaded is told before anyone pays it."""
        changed = []
        for line in tap.lines:
            one, seen = tap.goods.get(line["product_id"]), line["seen_price"]
            if one and seen is not None:
                if float_compare(seen, one.list_price or 0, precision_digits=4):
                    changed.append(one)
        if not changed:
            return
        raise self._refusal(
            "not_for_this",
            "price_changed",
            self.env._(
                "“%(product)s” costs %(price)s now. The basket was begun at the former price and "
                "nothing was taken: choose which price is paid.",
                product=self._product_name(changed[0].product_id),
                price=tap.company.currency_id.format(changed[0].list_price or 0),
            ),
            template_ids=sorted({one.template_id for one in changed}),
        )
