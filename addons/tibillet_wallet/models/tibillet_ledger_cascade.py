from dataclasses import dataclass

from odoo import models

from ..ledger_rules import BACKED, SPENDABLE


@dataclass
class Purse:
    """What a wallet can spend of one asset at one seller.

    ``overdraft_minor`` is what an overdraft adds, and part of ``available_minor``;
    ``room_minor`` is what the seller still takes of it (exposure ceiling), None = all.
    """

    account_id: int
    asset_id: int
    kind: str
    available_minor: int
    overdraft_minor: int
    accepted: bool
    other_currency: bool
    refundable: bool
    category_ids: frozenset
    place_category_ids: frozenset
    room_minor: int | None
    place_account_id: int | None
    tax_rate: float | None = None  # of a single-purpose asset: what it buys bears it

    def buys(self, product_category_ids, tax_rate=None):
        """Whether it may pay for a product of these categories (its own and its parents') and of
        this rate: what was taxed when it was sold buys at the rate that was declared."""
        return (self.tax_rate is None or self.tax_rate == tax_rate) and all(
            not allowed or allowed & product_category_ids
            for allowed in (self.category_ids, self.place_category_ids)
        )

    def limit_minor(self, alcohol=False):
        """The most that it pays; alcohol is never drunk on credit (CSP L. 3322-3 ff.)."""
        most = self.available_minor
        if alcohol:
            most = min(most, self.available_minor - self.overdraft_minor)
        return most if self.room_minor is None else min(most, self.room_minor)


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    def _purses(self, wallet, company):
        """Purses of a wallet in the order in which the seller takes them."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT * FROM tibillet_purses(%s, %s, %s)", [wallet.id, company.id, [*SPENDABLE]]
        )
        return [
            Purse(*row[:8], frozenset(row[8]), frozenset(row[9]), *row[10:])
            for row in self.env.cr.fetchall()
        ]

    def _cascade(self, basket, purses, up_to):
        """Which purse pays how much, in the order of spending.

        Deterministic, to the minor unit: purse by purse, each pays its lines in their order,
        alcohol first, so that an overdraft is left for the rest.
        """
        left = [line.amount_minor for line in basket]
        budget = sum(line.amount_minor for line in basket if not line.asset_id)
        budget = budget if up_to is None else min(up_to, budget)
        order = sorted(range(len(basket)), key=lambda at: not basket[at].alcohol)
        paid = []
        for purse in purses:
            if not purse.accepted or purse.other_currency or purse.limit_minor() <= 0:
                continue
            taken = 0
            for at in order:
                line = basket[at]
                part = max(0, min(left[at], purse.limit_minor(line.alcohol) - taken))
                if line.asset_id:
                    part = part if line.asset_id == purse.asset_id else 0
                elif line.deposit and not purse.refundable:
                    part = 0  # it comes back as money: a gift or a voucher never pays it
                elif purse.kind in SPENDABLE and purse.buys(line.category_ids, line.tax_rate):
                    part = min(part, budget)
                    budget -= part
                else:
                    part = 0
                left[at] -= part
                taken += part
                if purse.kind in BACKED:
                    line.money_minor += part
            if taken:
                paid.append((purse, taken))
        return paid

    def _place_account(self, company, purse):
        if purse.place_account_id:
            return purse.place_account_id
        place = self.env["tibillet.wallet"]._of_place(company)
        asset = self.env["tibillet.asset"].browse(purse.asset_id)
        return self.env["tibillet.account"]._get(place, asset).id
