from odoo import api, models

from ..ledger_rules import BACKED, SPENDABLE

SPENT_DAYS = 30


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
        products=None,
        merchant=None,
    ):
        """Pay a basket from a wallet by the cascade of architecture 4.4.

        What is not refundable is spent before what is, each by ``spend_sequence``. A line
        priced in an asset is paid in that asset alone. Alcohol is never paid from an overdraft.

        :param lines: (product | None, amount in minor units, asset | None = the company's
            currency); a negative amount lowers what the others cost
        :param up_to: pay at most this much of the currency lines, and as much as there is;
            the answer's ``missing_minor`` says what is not paid
        :param hold_until: put on hold until then instead of posting
        :param products: :class:`ProductFacts` by product, where the caller has read them in
            this transaction
        :param merchant: the ``tibillet.merchant`` that sells, where it is not the company
        :returns: the ``sale`` operation; asked again with the same key, the first one
        :raises LedgerError: ``insufficient_funds`` (with ``missing_minor``),
            ``asset_not_accepted``, ``not_for_this``, ``wallet_frozen``, ``limit_exceeded``,
            ``card_lost``, ``card_blocked``, ``key_conflict``, ``invalid``
        """
        self.env.flush_all()
        basket = self._basket(lines, products)
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
        # These columns alone: a customer waits.
        wallet.fetch(["frozen", "kind", "daily_limit_minor"])
        if wallet.frozen:
            raise self._refusal(
                "wallet_frozen",
                self.env._("This wallet is frozen: nothing was taken. Ask a manager."),
            )
        asked_minor = sum(line.amount_minor for line in basket)
        self._check_tap_limit(wallet, company, basket, up_to)
        purses = self._purses(wallet, company)
        if merchant:
            purses = self._purses_for(merchant, purses)
        self._note_taxes(company, basket, purses)
        paid = self._cascade(basket, purses, up_to)
        paid_minor = sum(amount for _purse, amount in paid)
        if paid_minor < asked_minor and (up_to is None or not paid_minor):
            raise self._spend_refusal(company, basket, purses, asked_minor - paid_minor)
        watched = self._check_spent_limit(wallet, company, paid)
        wallet._check_spending_limits(
            company, sum(amount for purse, amount in paid if purse.kind in SPENDABLE)
        )
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
                    "watched": watched,
                    "earned": self._earned(wallet, company, basket, purses),
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

    # -- ceilings of cards without a name -------------------------------------------------

    def _check_tap_limit(self, wallet, company, basket, up_to):
        if wallet.kind != "card":
            return
        company.fetch(["tibillet_tap_limit_minor", "tibillet_spent_limit_minor", "currency_id"])
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

    def _check_spent_limit(self, wallet, company, paid):
        """What a card without a name pays in thirty days; whether there is such a limit."""
        limit_minor = company.tibillet_spent_limit_minor if wallet.kind == "card" else 0
        now_minor = sum(amount for purse, amount in paid if purse.kind in BACKED)
        if not limit_minor or not now_minor:
            return False
        self.env.cr.execute(
            "SELECT COALESCE(sum(l.amount_minor * l.sign), 0)::bigint FROM ("
            " SELECT t.asset_id, t.amount_minor, CASE o.code WHEN 'sale' THEN 1 ELSE -1 END AS sign"
            "   FROM tibillet_operation o JOIN tibillet_transfer t ON t.operation_id = o.id"
            "  WHERE o.wallet_id = %(wallet)s AND o.code IN ('sale', 'undo')"
            "    AND o.posted_at > tibillet_now() - make_interval(days => %(days)s)"
            " UNION ALL"
            " SELECT l.asset_id, l.amount_minor, 1 FROM tibillet_operation o"
            "   JOIN tibillet_hold h ON h.operation_id = o.id"
            "   JOIN tibillet_hold_line l ON l.operation_id = o.id"
            "  WHERE o.wallet_id = %(wallet)s AND h.expires_at > tibillet_now()) l"
            " JOIN tibillet_asset s ON s.id = l.asset_id WHERE s.backed",
            {"wallet": wallet.id, "days": SPENT_DAYS},
        )
        spent_minor = self.env.cr.fetchone()[0]
        if spent_minor + now_minor > limit_minor:
            raise self._refusal(
                "limit_exceeded",
                self.env._(
                    "A card without a name pays at most %(limit)s in %(days)s days; %(rest)s is "
                    "left. Put the card in your name, or pay the rest otherwise.",
                    limit=self._money(company, limit_minor),
                    days=SPENT_DAYS,
                    rest=self._money(company, max(0, limit_minor - spent_minor)),
                ),
            )
        return True

    def _money(self, company, amount_minor):
        currency = company.currency_id
        return currency.format(amount_minor / 10**currency.decimal_places)

    # -- refusals -------------------------------------------------------------------------

    def _spend_refusal(self, company, basket, purses, missing_minor):
        filled = [purse for purse in purses if purse.available_minor > 0]
        priced = [line for line in basket if line.asset_id]
        if filled and not priced and not any(purse.accepted for purse in filled):
            return self._refusal(
                "asset_not_accepted",
                self.env._("What this card holds is not taken here. Nothing was taken from it."),
                missing_minor=missing_minor,
            )
        taken_here = [purse for purse in filled if purse.accepted]
        if taken_here and not priced and all(purse.other_currency for purse in taken_here):
            return self._refusal(
                "asset_not_accepted",
                self.env._(
                    "This card holds money of another currency; only %s is taken here. Nothing "
                    "was taken from it.",
                    company.currency_id.name,
                ),
                missing_minor=missing_minor,
            )
        usable = [
            purse for purse in taken_here if not purse.other_currency and purse.kind in SPENDABLE
        ]
        if (
            usable
            and not priced
            and not any(
                purse.buys(line.category_ids, line.tax_rate) for purse in usable for line in basket
            )
        ):
            if all(purse.tax_rate is not None for purse in usable):
                return self._refusal(
                    "not_for_this",
                    self.env._(
                        "What this card holds was sold with its tax: it buys articles of that rate "
                        "only."
                    ),
                )
            return self._refusal(
                "not_for_this",
                self.env._("What this card holds does not buy these articles."),
                missing_minor=missing_minor,
            )
        full = [purse.asset_id for purse in usable if purse.room_minor == 0]
        if full:
            asset_sudo = self.env["tibillet.asset"].sudo().browse(full[0])  # its names
            return self._refusal(
                "limit_exceeded",
                self._ceiling_sentence(asset_sudo, company),
                missing_minor=missing_minor,
            )
        if any(line.alcohol for line in basket) and any(p.overdraft_minor > 0 for p in usable):
            return self._refusal(
                "insufficient_funds",
                self.env._(
                    "Alcohol is not sold on credit: %s is missing on this card. Nothing was taken.",
                    self._money(company, missing_minor),
                ),
                missing_minor=missing_minor,
            )
        bound = [p for p in usable if p.limit_minor() < p.available_minor]
        if bound:
            asset_sudo = self.env["tibillet.asset"].sudo().browse(bound[0].asset_id)  # its names
            return self._refusal(
                "insufficient_funds",
                self.env._(
                    "Only %(room)s of “%(asset)s” is taken here until %(issuer)s settles. Nothing "
                    "was taken: pay the rest otherwise.",
                    room=asset_sudo._format(bound[0].room_minor),
                    asset=asset_sudo.name,
                    issuer=asset_sudo.company_id.name,
                ),
                missing_minor=missing_minor,
            )
        deposit_minor = sum(line.amount_minor for line in basket if line.deposit)
        there_minor = sum(purse.limit_minor() for purse in usable)
        if deposit_minor and there_minor >= sum(line.amount_minor for line in basket):
            return self._refusal(
                "insufficient_funds",
                self.env._(
                    "A deposit is paid with money that can be refunded, never with a gift or a "
                    "voucher: %s is missing for it. Nothing was taken.",
                    self._money(company, missing_minor),
                ),
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

    def _ceiling_sentence(self, asset_sudo, company):
        """Why a place takes no more of an asset: what its issuer owes it."""
        return self.env._(
            "%(issuer)s owes this place as much as they agreed on: no more of “%(asset)s” "
            "is taken until they settle. Nothing was taken from the card: ask for another "
            "card or for money.",
            issuer=asset_sudo.company_id.name,
            asset=asset_sudo.name,
        )
