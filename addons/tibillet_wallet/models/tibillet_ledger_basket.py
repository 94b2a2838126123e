from dataclasses import dataclass
from typing import NamedTuple

from odoo import api, models

from ..ledger_rules import MAX_AMOUNT_MINOR


@dataclass
class BasketLine:
    """One line of a basket, with what restrictions look at."""

    position: int
    product_id: int | None
    amount_minor: int
    asset_id: int | None
    category_ids: frozenset
    alcohol: bool
    deposit: bool = False
    money_minor: int = 0  # what money that somebody loaded pays of it: what earns points


class ProductFacts(NamedTuple):
    """What the ledger looks at, of one product."""

    category_ids: frozenset
    alcohol: bool
    price_asset_id: int | None
    deposit: bool = False


NO_PRODUCT = ProductFacts(frozenset(), False, None)


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    def _basket(self, lines):
        """Lines with whole positive amounts; negative ones lower the currency lines.

        A deposit brought back lowers the deposits first, and a discount the goods: so a gift
        never turns into a deposit, which is given back in money.
        """
        basket = []
        back_minor = {True: 0, False: 0}
        products = self._product_facts([product.id for product, *_rest in lines if product])
        for position, (product, amount_minor, asset) in enumerate(lines):
            if type(amount_minor) is not int or abs(amount_minor) > MAX_AMOUNT_MINOR:
                raise self._refusal("invalid", self.env._("A price is a whole number of cents."))
            if amount_minor < 0 and asset:
                raise self._refusal(
                    "invalid", self.env._("Only prices in money can be given back at the till.")
                )
            facts = products.get(product.id if product else None, NO_PRODUCT)
            self._check_price(product, facts, asset, amount_minor)
            if amount_minor < 0:
                back_minor[facts.deposit] -= amount_minor
            elif amount_minor:
                basket.append(
                    BasketLine(
                        position,
                        product.id if product else None,
                        amount_minor,
                        asset.id if asset else None,
                        facts.category_ids,
                        facts.alcohol,
                        facts.deposit,
                    )
                )
        for alike in (True, False):
            for line in basket:
                for deposit, rest_minor in back_minor.items():
                    if not line.asset_id and (line.deposit == deposit) == alike:
                        lowered = min(rest_minor, line.amount_minor)
                        line.amount_minor -= lowered
                        back_minor[deposit] -= lowered
        basket = [line for line in basket if line.amount_minor]
        if any(back_minor.values()) or not basket:
            raise self._refusal("invalid", self.env._("There is nothing to pay in this basket."))
        return basket

    def _check_price(self, product, facts, asset, amount_minor):
        """A product priced in an asset is paid in that asset, and nothing else is."""
        if product and amount_minor > 0 and facts.price_asset_id != (asset.id if asset else None):
            raise self._refusal(
                "not_for_this",
                self.env._(
                    "“%(product)s” is not sold for that: look at what its price is in.",
                    product=product.display_name,
                ),
            )
        if asset and facts.alcohol and asset.kind == "time":
            raise self._refusal("not_for_this", self.env._("Alcohol is never paid in time."))

    def _product_facts(self, product_ids):
        """Of each product: its categories (parents too), whether it is alcohol, and the asset
        that its price is in."""
        if not product_ids:
            return {}
        self.env.cr.execute(
            "SELECT p.id, c.parent_path, t.tibillet_alcohol, t.tibillet_price_asset_id,"
            " t.tibillet_deposit"
            " FROM product_product p"
            " JOIN product_template t ON t.id = p.product_tmpl_id"
            " LEFT JOIN product_category c ON c.id = t.categ_id"
            " WHERE p.id = ANY(%s)",
            [product_ids],
        )
        return {
            product_id: ProductFacts(
                frozenset(int(part) for part in (path or "").split("/") if part),
                bool(alcohol),
                price_asset_id,
                bool(deposit),
            )
            for product_id, path, alcohol, price_asset_id, deposit in self.env.cr.fetchall()
        }

    # -- the part that is a discount ------------------------------------------------------

    @api.model
    def _gift_discounts(self, op, lines):
        """What of each line the seller has given: gift spent where it was given is a discount
        on the lines it buys (same tax), not a payment (practice-france, 11).

        Shared out to the minor unit by largest remainder, the first line first; asked again
        for the same sale the answer is the same.

        :param op: the ``sale`` (on hold or posted) that ``_spend`` answered for these lines
        :returns: list of integers in minor units, one per line of ``lines``
        """
        discounts = [0] * len(lines)
        basket = [line for line in self._basket(lines) if not line.asset_id and not line.deposit]
        moved = op.transfer_ids or op.hold_line_ids
        for asset_sudo, rows in moved.sudo().grouped("asset_id").items():  # of any issuer
            if asset_sudo.kind != "gift" or asset_sudo.company_id != op.company_id:
                continue
            allowed = frozenset(asset_sudo.product_category_ids.ids)
            bought = [line for line in basket if not allowed or allowed & line.category_ids]
            left = [line.amount_minor - discounts[line.position] for line in bought]
            shares = _largest_remainder(sum(rows.mapped("amount_minor")), left)
            for line, share in zip(bought, shares, strict=True):
                discounts[line.position] += share
        return discounts


def _largest_remainder(total, weights):
    """``total`` shared out by ``weights``: integers that sum to it, none above its weight.

    :raises ValueError: more than all the weights together
    """
    whole = sum(weights)
    if total > whole:
        raise ValueError("more is shared out than there is")
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares
