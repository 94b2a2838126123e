from odoo import api, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .tibillet_law import LawFacts


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _check_law(self, tap):
        """Refuse at the tap what the law does not let this till sell to this card's holder.

        :raises LedgerError: ``not_for_this`` or ``age_needed``; never for a payment that was
            granted already and is asked for again
        """
        facts = [
            LawFacts.of(one.product_id, one.alcohol, one.alcohol_group, one.minimum_age, one.right)
            for one in tap.goods_of(tap.basket_ids())
        ]
        refusal = self.env["tibillet.law"]._refusal_of(
            tap.config,
            [fact for fact in facts if fact.is_of_interest()],
            partners=tap.card.partner_id,
            age_seen=tap.facts["age_seen"],
        )
        if refusal and not tap.known:
            raise refusal

    @api.model
    def _other_prices(self, tap):
        """Tell the till which lists this card opens, when it asked and is at another one.

        Nothing is taken: the till shows the lowest prices and asks again with them.

        :returns: an answer ``other_prices`` with ``pricelist_ids``, or None
        """
        if not tap.facts["reprice"]:
            return None
        lists_sudo = self.env["tibillet.prices"]._lists_for(tap.config, tap.card.partner_id, True)
        lists_sudo = lists_sudo.filtered(lambda one: one.id != tap.facts["pricelist_id"])
        if not lists_sudo:
            return None
        return {
            "ok": False,
            "code": "other_prices",
            "message": self.env._(
                "This card opens the prices of “%s”.", ", ".join(lists_sudo.mapped("name"))
            ),
            "pricelist_id": lists_sudo[0].id,
            "pricelist_ids": lists_sudo.ids,
        }

    @api.model
    def _check_facts(self, facts):
        """Keep what a till may say of a basket: ``{"age_seen", "product_ids", "reprice",
        "pricelist_id"}``: whether the cashier saw a proof of age, all that is in the basket
        (free goods too), whether and from which list prices may change."""
        facts = facts or {}
        ids = facts.get("product_ids") or [] if isinstance(facts, dict) else None
        if not isinstance(ids, list) or len(ids) > 1000 or any(type(one) is not int for one in ids):
            raise LedgerError("invalid", self.env._("The till sent a basket that cannot be."))
        pricelist_id = facts.get("pricelist_id") or None
        if pricelist_id is not None and type(pricelist_id) is not int:
            raise LedgerError("invalid", self.env._("The till sent a basket that cannot be."))
        return {
            "age_seen": facts.get("age_seen") is True,
            "product_ids": ids,
            "reprice": facts.get("reprice") is True,
            "pricelist_id": pricelist_id,
        }
