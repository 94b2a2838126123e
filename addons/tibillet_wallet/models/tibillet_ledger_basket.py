from dataclasses import dataclass
from typing import NamedTuple

from odoo import api, models

from ..gift_shares import Gift, Good, share_out
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
    tax_rate: float | None = None  # noted where a single-purpose asset may pay
    money_minor: int = 0  # what money that somebody loaded pays of it: what earns points


class ProductFacts(NamedTuple):
    """What the ledger looks at, of one product."""

    category_ids: frozenset
    alcohol: bool
    price_asset_id: int | None
    deposit: bool = False

    @classmethod
    def of_row(cls, category_path, alcohol, price_asset_id, deposit):
        """From the columns of a product, its template and its category."""
        categories = frozenset(int(part) for part in (category_path or "").split("/") if part)
        return cls(categories, bool(alcohol), price_asset_id, bool(deposit))


NO_PRODUCT = ProductFacts(frozenset(), False, None)


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    def _basket(self, lines, products=None):
        """Lines with whole positive amounts; negative ones lower the currency lines.

        A deposit brought back lowers the deposits first, and a discount the goods: so a gift
        never turns into a deposit, which is given back in money.

        :param products: :class:`ProductFacts` by product, read here when left out
        """
        basket = []
        back_minor = {True: 0, False: 0}
        if products is None:
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
        return {row[0]: ProductFacts.of_row(*row[1:]) for row in self.env.cr.fetchall()}

    # -- the part that is a discount ------------------------------------------------------

    @api.model
    def _gift_discounts(self, gifts, lines, first=()):
        """What of each line the seller has given: gift spent where it was given is a discount
        on the lines it buys (same tax), not a payment (practice-france, 11).

        :param gifts: what ``_gifts_spent`` answers for the sales of one document (several cards
            may pay it), on hold or posted; asked again for the same document it is the same
        :param lines: ``[(product, amount_minor, asset)]`` with positive amounts, as for
            ``_spend``; a deposit, a price in an asset and what is below zero bear no gift
        :param first: see ``gift_shares.share_out``
        :returns: ``(shares, left_over)`` in minor units, one share per line of ``lines``
        """
        facts = self._product_facts([product.id for product, *_rest in lines if product])
        goods = [
            self._as_good(product, amount_minor, asset, facts)
            for product, amount_minor, asset in lines
        ]
        return share_out(gifts, goods, first)

    @api.model
    def _as_good(self, product, amount_minor, asset, facts, rates=None):
        known = facts.get(product.id if product else None, NO_PRODUCT)
        bears = amount_minor > 0 and not asset and not known.deposit
        rate = (rates or {}).get(product.id if product else None)
        return Good(amount_minor if bears else 0, known.category_ids, rate)

    @api.model
    def _gifts_spent(self, operations):
        """Gifts that these operations move, or hold, where they had been given."""
        gifts = []
        for op in operations.sorted("id"):
            moved_sudo = (op.transfer_ids or op.hold_line_ids).sudo()  # assets of any issuer
            moved_sudo = moved_sudo.filtered(lambda line: not line.earned)
            for asset_sudo, rows in moved_sudo.grouped("asset_id").items():
                amount_minor = sum(rows.mapped("amount_minor"))
                accounts = rows.debit_account_id | rows.credit_account_id
                gifts += self._as_gift(asset_sudo, op.company_id, amount_minor, accounts)
        return gifts

    @api.model
    def _as_gift(self, asset_sudo, seller, amount_minor, accounts=()):
        """An amount as a gift of the seller's own: one, or none.

        :param accounts: between which it moves
        """
        if asset_sudo.kind != "gift" or asset_sudo.company_id != seller:
            return []
        return [Gift(amount_minor, frozenset(asset_sudo.product_category_ids.ids))]
