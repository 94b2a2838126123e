from dataclasses import dataclass

from odoo import api, models

from ..ledger_rules import MAX_AMOUNT_MINOR, SPENDABLE


@dataclass
class Purse:
    """What a wallet can spend of one asset at one seller."""

    account_id: int
    asset_id: int
    kind: str
    available_minor: int
    accepted: bool
    refundable: bool
    category_ids: frozenset
    place_account_id: int | None

    def buys(self, product_category_ids):
        """Whether it may pay for a product of these categories (its own and its parents')."""
        return not self.category_ids or bool(self.category_ids & product_category_ids)


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _spend(
        self,
        wallet,
        company,
        lines,
        *,
        key,
        origin,
        up_to=None,
        hold_until=None,
        card=None,
        device_seq=None,
        occurred_at=None,
    ):
        """Pay a basket from a wallet by the cascade of architecture 4.4.

        What is not refundable is spent before what is, each by ``spend_sequence``. A line
        priced in an asset is paid in that asset alone.

        :param lines: (product | None, amount in minor units, asset | None = the company's
            currency); a negative amount lowers what the others cost
        :param up_to: pay at most this much of the currency lines, and as much as there is;
            the answer's ``missing_minor`` says what is not paid
        :param hold_until: put on hold until then instead of posting
        :returns: the ``sale`` operation; asked again with the same key, the first one
        :raises LedgerError: ``insufficient_funds`` (with ``missing_minor``),
            ``asset_not_accepted``, ``not_for_this``, ``wallet_frozen``, ``limit_exceeded``,
            ``card_lost``, ``card_blocked``, ``key_conflict``, ``invalid``
        """
        self.env.flush_all()
        basket = self._basket(lines)
        digest = self._digest(
            "sale",
            wallet.id,
            company.id,
            [[line.product_id, line.amount_minor, line.asset_id] for line in basket],
            up_to,
        )
        known = self._known(origin, key, digest)
        if known:
            return known
        if card:
            card._check_usable()
        wallet.fetch(["frozen", "partner_id"])  # these columns alone: a customer waits
        if wallet.frozen:
            raise self._refusal(
                "wallet_frozen",
                self.env._("This wallet is frozen: nothing was taken. Ask a manager."),
            )
        asked_minor = sum(line.amount_minor for line in basket)
        self._check_tap_limit(card, company, basket, up_to)
        purses = self._purses(wallet, company)
        paid = self._cascade(basket, purses, up_to)
        paid_minor = sum(amount for _purse, amount in paid)
        if paid_minor < asked_minor and (up_to is None or not paid_minor):
            raise self._spend_refusal(company, basket, purses, asked_minor - paid_minor)
        return self._post(
            [
                {
                    "key": key,
                    "origin": origin,
                    "code": "sale",
                    "digest": digest,
                    "transfers": [
                        (purse.account_id, self._place_account(company, purse), amount)
                        for purse, amount in paid
                    ],
                    "hold_until": hold_until,
                    "occurred_at": occurred_at,
                    "company_id": company.id,
                    "card_id": card.id if card else None,
                    "wallet_id": wallet.id,
                    "device_seq": device_seq,
                    "requested_minor": asked_minor,
                }
            ]
        )

    def _known(self, origin, key, digest):
        self.env.cr.execute(
            "SELECT id, digest FROM tibillet_operation WHERE origin = %s AND key = %s",
            [origin, key],
        )
        row = self.env.cr.fetchone()
        if not row:
            return None
        if row[1] != digest:
            raise self._refusal_of_row({}, (row[0], "key_conflict", None))
        return self.env["tibillet.operation"].browse(row[0])

    # -- the basket ---------------------------------------------------------------------

    def _basket(self, lines):
        """Lines with whole positive amounts; negative ones lower the currency lines."""
        basket = []
        back_minor = 0
        categories = self._product_categories([product.id for product, *_rest in lines if product])
        for product, amount_minor, asset in lines:
            if type(amount_minor) is not int or abs(amount_minor) > MAX_AMOUNT_MINOR:
                raise self._refusal("invalid", self.env._("A price is a whole number of cents."))
            if amount_minor < 0 and asset:
                raise self._refusal(
                    "invalid", self.env._("Only prices in money can be given back at the till.")
                )
            if amount_minor < 0:
                back_minor -= amount_minor
            elif amount_minor:
                basket.append(BasketLine(product, amount_minor, asset, categories))
        for line in basket:
            if not line.asset_id:
                line.amount_minor -= (lowered := min(back_minor, line.amount_minor))
                back_minor -= lowered
        basket = [line for line in basket if line.amount_minor]
        if back_minor or not basket:
            raise self._refusal("invalid", self.env._("There is nothing to pay in this basket."))
        return basket

    def _product_categories(self, product_ids):
        """Ids of each product's category and of its parents: what restrictions look at."""
        if not product_ids:
            return {}
        self.env.cr.execute(
            "SELECT p.id, c.parent_path FROM product_product p"
            " JOIN product_template t ON t.id = p.product_tmpl_id"
            " LEFT JOIN product_category c ON c.id = t.categ_id"
            " WHERE p.id = ANY(%s)",
            [product_ids],
        )
        return {
            product_id: frozenset(int(part) for part in (path or "").split("/") if part)
            for product_id, path in self.env.cr.fetchall()
        }

    def _check_tap_limit(self, card, company, basket, up_to):
        if not card or card.state not in ("blank", "anonymous"):
            return
        company.fetch(["tibillet_tap_limit_minor", "currency_id"])
        limit_minor = company.tibillet_tap_limit_minor
        if not limit_minor:
            return
        asked_minor = sum(line.amount_minor for line in basket if not line.asset_id)
        if min(asked_minor, asked_minor if up_to is None else up_to) > limit_minor:
            raise self._refusal(
                "limit_exceeded",
                self.env._(
                    "An anonymous card pays at most %s per tap. Remove articles or pay "
                    "the rest otherwise.",
                    self._money(company, limit_minor),
                ),
            )

    def _money(self, company, amount_minor):
        currency = company.currency_id
        return currency.format(amount_minor / 10**currency.decimal_places)

    # -- the cascade ----------------------------------------------------------------------

    def _purses(self, wallet, company):
        """Purses of a wallet in the order in which the seller takes them."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH due AS MATERIALIZED (
                SELECT operation_id FROM tibillet_hold
                 WHERE expires_at <= (SELECT tibillet_now())
            )
            SELECT a.id, s.id, s.kind, a.balance_minor - a.held_minor - a.floor_minor
                   + COALESCE((SELECT sum(l.amount_minor) FROM due
                                 JOIN tibillet_hold_line l ON l.operation_id = due.operation_id
                                WHERE l.debit_account_id = a.id), 0)::bigint,
                   s.active AND (s.company_id = %(company)s OR EXISTS (
                        SELECT FROM tibillet_acceptance c
                         WHERE c.asset_id = s.id AND c.company_id = %(company)s
                           AND c.state = 'active' AND c.contract_date <= tibillet_now()::date
                           AND (c.end_date IS NULL OR c.end_date >= tibillet_now()::date))),
                   s.refundable,
                   ARRAY(SELECT r.product_category_id FROM product_category_tibillet_asset_rel r
                          WHERE r.tibillet_asset_id = s.id),
                   (SELECT p.id FROM tibillet_account p
                      JOIN tibillet_wallet w ON w.id = p.wallet_id
                     WHERE p.asset_id = s.id AND w.kind = 'place'
                       AND w.company_id = %(company)s AND w.partner_id IS NULL)
              FROM tibillet_account a JOIN tibillet_asset s ON s.id = a.asset_id
             WHERE a.wallet_id = %(wallet)s AND s.kind <> 'claim'
             ORDER BY s.refundable, s.spend_sequence, s.id
            """,
            {"wallet": wallet.id, "company": company.id},
        )
        return [Purse(*row[:6], frozenset(row[6]), row[7]) for row in self.env.cr.fetchall()]

    def _cascade(self, basket, purses, up_to):
        """Which purse pays how much, in the order of spending.

        Deterministic, to the minor unit: purse by purse, each pays its lines in their order.
        """
        left = [line.amount_minor for line in basket]
        budget = sum(line.amount_minor for line in basket if not line.asset_id)
        budget = budget if up_to is None else min(up_to, budget)
        paid = []
        for purse in purses:
            if not purse.accepted or purse.available_minor <= 0:
                continue
            taken = 0
            for at, line in enumerate(basket):
                part = min(left[at], purse.available_minor - taken)
                if line.asset_id:
                    part = part if line.asset_id == purse.asset_id else 0
                elif purse.kind in SPENDABLE and purse.buys(line.category_ids):
                    part = min(part, budget)
                    budget -= part
                else:
                    part = 0
                left[at] -= part
                taken += part
            if taken:
                paid.append((purse, taken))
        return paid

    def _place_account(self, company, purse):
        if purse.place_account_id:
            return purse.place_account_id
        place = self.env["tibillet.wallet"]._of_place(company)
        asset = self.env["tibillet.asset"].browse(purse.asset_id)
        return self.env["tibillet.account"]._get(place, asset).id

    def _spend_refusal(self, company, basket, purses, missing_minor):
        filled = [purse for purse in purses if purse.available_minor > 0]
        priced = [line for line in basket if line.asset_id]
        if filled and not priced and not any(purse.accepted for purse in filled):
            return self._refusal(
                "asset_not_accepted",
                self.env._("What this card holds is not taken here. Nothing was taken from it."),
                missing_minor=missing_minor,
            )
        usable = [purse for purse in filled if purse.accepted and purse.kind in SPENDABLE]
        if (
            usable
            and not priced
            and not any(purse.buys(line.category_ids) for purse in usable for line in basket)
        ):
            return self._refusal(
                "not_for_this",
                self.env._("What this card holds does not buy these articles."),
                missing_minor=missing_minor,
            )
        asset_sudo = (
            self.env["tibillet.asset"].sudo().browse(priced[0].asset_id)  # for its unit
            if priced and len(priced) == len(basket)
            else None
        )
        missing = (
            asset_sudo._format(missing_minor) if asset_sudo else self._money(company, missing_minor)
        )
        return self._refusal(
            "insufficient_funds",
            self.env._("%s is missing on this card. Nothing was taken.", missing),
            missing_minor=missing_minor,
        )


class BasketLine:
    """One line of a basket, with the categories that restrictions look at."""

    __slots__ = ("amount_minor", "asset_id", "category_ids", "product_id")

    def __init__(self, product, amount_minor, asset, categories):
        self.product_id = product.id if product else None
        self.asset_id = asset.id if asset else None
        self.amount_minor = amount_minor
        self.category_ids = categories.get(self.product_id, frozenset())
