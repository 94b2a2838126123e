"""What cannot be sold as it stands in a basket: refused before any money is set aside."""

from odoo import api, models
from odoo.tools import float_compare

FULL_DISCOUNT = 100


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _check_goods(self, company, lines, how):
        """Refuse goods that are gone, prices below nothing and prices that changed meanwhile.

        :raises LedgerError: ``not_for_this`` with ``why`` in ``goods_gone``,
            ``price_below_nothing``, ``price_changed`` (with ``prices``)
        """
        known = self._goods({line["product_id"] for line in lines if line["product_id"]})
        for line in lines:
            if not line["product_id"]:
                continue
            row = known.get(line["product_id"])
            self._check_sold_here(company, line, row)
            self._check_not_below_nothing(line, row)
        if not how["kept"]:
            self._check_prices(company, lines, known)

    @api.model
    def _goods(self, product_ids):
        """Of each product what a sale looks at, in one query: a customer waits."""
        if not product_ids:
            return {}
        self.env.cr.execute(
            "SELECT p.id, p.active AND t.active, t.company_id, t.type, t.list_price, t.id"
            " FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id"
            " WHERE p.id = ANY(%s)",
            [list(product_ids)],
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    @api.model
    def _product_name(self, product_id):
        product_sudo = self.env["product.product"].sudo().browse(product_id)  # archived ones too
        return product_sudo.exists().display_name or ""

    @api.model
    def _check_sold_here(self, company, line, row):
        if line["amount_minor"] < 0 or (row and row[0] and row[1] in (None, company.id)):
            return
        name = self._product_name(line["product_id"])
        if row and row[1] not in (None, company.id):
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
    def _check_not_below_nothing(self, line, row):
        """Goods are given back by their number, never sold for less than nothing.

        A discount on the whole basket is a service of its own and may be negative.
        """
        too_much = line["discount"] is not None and line["discount"] > FULL_DISCOUNT
        below = (
            line["amount_minor"] < 0
            and line["qty"] is not None
            and line["qty"] > 0
            and row
            and row[2] != "service"
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
    def _check_prices(self, company, lines, known):
        """A price that changed since the till was loaded is told before anyone pays it."""
        changed = {}
        for line in lines:
            row = known.get(line["product_id"])
            seen = line["seen_price"]
            if row and seen is not None and float_compare(seen, row[3] or 0, precision_digits=4):
                changed[line["product_id"]] = (row[4], row[3] or 0)
        if not changed:
            return
        product_id, (_template, price) = next(iter(changed.items()))
        raise self._refusal(
            "not_for_this",
            "price_changed",
            self.env._(
                "“%(product)s” costs %(price)s now. The basket was begun at the former price and "
                "nothing was taken: choose which price is paid.",
                product=self._product_name(product_id),
                price=company.currency_id.format(price),
            ),
            template_ids=sorted({template for template, _price in changed.values()}),
        )
