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

    def buys(self, product_category_ids):
        """Whether it may pay for a product of these categories (its own and its parents')."""
        return all(
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
            """
            WITH due AS MATERIALIZED (
                SELECT operation_id FROM tibillet_hold
                 WHERE expires_at <= (SELECT tibillet_now())
            ), purse AS (
                SELECT a.id, a.asset_id, a.floor_minor,
                       a.balance_minor - a.held_minor
                       + COALESCE((SELECT sum(l.amount_minor) FROM due
                                     JOIN tibillet_hold_line l ON l.operation_id = due.operation_id
                                    WHERE l.debit_account_id = a.id), 0)::bigint AS own_minor
                  FROM tibillet_account a WHERE a.wallet_id = %(wallet)s
            )
            SELECT a.id, s.id, s.kind, a.own_minor - a.floor_minor,
                   a.own_minor - a.floor_minor - GREATEST(0, a.own_minor),
                   s.active AND s.frozen_at IS NULL AND (s.company_id = p.id OR c.id IS NOT NULL),
                   s.kind = ANY(%(spendable)s) AND s.currency_id IS DISTINCT FROM p.currency_id,
                   s.refundable,
                   ARRAY(SELECT r.product_category_id FROM product_category_tibillet_asset_rel r
                          WHERE r.tibillet_asset_id = s.id),
                   ARRAY(SELECT r.product_category_id
                           FROM product_category_tibillet_acceptance_rel r
                          WHERE r.tibillet_acceptance_id = c.id),
                   CASE WHEN c.exposure_ceiling_minor > 0
                        THEN GREATEST(0, c.exposure_ceiling_minor - COALESCE(
                             tibillet_account_sum(t.id) + tibillet_account_arriving(t.id), 0)) END,
                   t.id
              FROM purse a
              JOIN tibillet_asset s ON s.id = a.asset_id
              JOIN res_company p ON p.id = %(company)s
              LEFT JOIN tibillet_acceptance c
                ON c.asset_id = s.id AND c.company_id = p.id AND c.state = 'active'
               AND c.contract_date <= tibillet_business_day(c.company_id)
               AND (c.end_date IS NULL OR c.end_date >= tibillet_business_day(c.company_id))
              LEFT JOIN (SELECT o.id, o.asset_id FROM tibillet_account o
                           JOIN tibillet_wallet w ON w.id = o.wallet_id
                          WHERE w.kind = 'place' AND w.company_id = %(company)s
                            AND w.partner_id IS NULL) t ON t.asset_id = s.id
             WHERE s.kind <> 'claim'
             ORDER BY s.refundable, s.spend_sequence, s.id
            """,
            {"wallet": wallet.id, "company": company.id, "spendable": [*SPENDABLE]},
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
                elif purse.kind in SPENDABLE and purse.buys(line.category_ids):
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
