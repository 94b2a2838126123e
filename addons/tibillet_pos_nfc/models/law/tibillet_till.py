from odoo import api, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _check_law(self, device, key, card, lines, facts):
        """Refuse at the tap what the law does not let this till sell to this card's holder.

        :param facts: ``{"age_seen": bool, "product_ids": [id…]}`` from the till: what the
            cashier saw, and all that is in the basket, free goods too
        :raises LedgerError: ``not_for_this`` or ``age_needed``; never for a payment that was
            granted already and is asked for again
        """
        facts = self._check_facts(facts)
        sold = [line["product_id"] for line in lines if line["amount_minor"] > 0]
        product_ids = dict.fromkeys([one for one in sold if one] + facts["product_ids"])
        refusal = self.env["tibillet.law"]._refusal(
            device.config_id,
            list(product_ids),
            partners=card.partner_id,
            age_seen=facts["age_seen"],
        )
        if refusal and not self._operation(device, key):
            raise refusal

    @api.model
    def _other_prices(self, device, card, facts):
        """Tell the till which lists this card opens, when it asked and is at another one.

        Nothing is taken: the till shows the lowest prices and asks again with them.

        :returns: an answer ``other_prices`` with ``pricelist_ids``, or None
        """
        facts = self._check_facts(facts)
        if not facts["reprice"]:
            return None
        config = device.config_id
        lists_sudo = self.env["tibillet.prices"]._lists_for(config, card.partner_id, True)
        lists_sudo = lists_sudo.filtered(lambda one: one.id != facts["pricelist_id"])
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
