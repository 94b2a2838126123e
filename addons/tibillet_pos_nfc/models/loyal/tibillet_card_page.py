"""Offers on the card's page: shown, given in one touch, agreed to and refused."""

from odoo import api, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from ..cardpage.tibillet_card_page import SILENT


class TibilletCardPage(models.AbstractModel):
    _inherit = "tibillet.card.page"

    @api.model
    def _page(self, session, card_sudo):
        page = super()._page(session, card_sudo)
        page |= {"offers": [], "consent": None}
        if card_sudo.state in SILENT or not card_sudo.partner_id:
            return page
        company, wallet_sudo = session.company_id, card_sudo.wallet_id._surviving()
        if self.env["tibillet.offer"]._ids_of(company.id):
            consents = self.env["tibillet.offer.consent"]
            page["consent"] = consents._is_given(wallet_sudo, company)
            page["offers"] = self.env["tibillet.offer"]._open_to(card_sudo, company)._describe()
        return page


class TibilletTillActs(models.AbstractModel):
    _inherit = "tibillet.till.acts"

    @api.model
    def _acts(self):
        return super()._acts() | {"offer": self._offer, "consent": self._consent}

    @api.model
    def _offer(self, asked):
        """Give what an offer gives: any cashier, once for each holder, within its budget."""
        self.env["tibillet.ledger"]._authorize("sale", "till", company=asked.company)
        offers_sudo = self.env["tibillet.offer"].sudo()  # a cashier reads no offers
        offer_sudo = offers_sudo.search(
            [("id", "=", asked.id("offer_id")), ("company_id", "=", asked.company.id)]
        )
        operation_sudo = self.env["tibillet.till"]._operation(asked.device, asked.key)
        if operation_sudo and operation_sudo.code != "gift":
            raise LedgerError(
                "key_conflict", self.env._("This key was used for something else. Tap again.")
            )
        if not operation_sudo:
            if not offer_sudo:
                raise LedgerError(
                    "not_allowed", self.env._("This offer is over. Nothing was given.")
                )
            operation_sudo = offer_sudo._give_to(asked.card, asked.key, asked.device._ledger_origin)
        receipt = self._receipt(asked, operation_sudo, self.env._("Offer"))
        receipt["note"] = offer_sudo.name or ""
        return {"message": receipt["amount"], "receipt": receipt}

    @api.model
    def _consent(self, asked):
        """The holder agrees to offers by habit, or no longer does: their word, with its date."""
        self.env["tibillet.ledger"]._authorize("sale", "till", company=asked.company)
        agrees = asked.values.get("agrees")
        if not isinstance(agrees, bool):
            raise LedgerError("invalid", self.env._("Say whether the holder agrees or not."))
        asked.card._check_usable()
        wallet_sudo = asked.card.wallet_id._surviving()
        self.env["tibillet.offer.consent"]._note(wallet_sudo, asked.company, agrees)
        if agrees:
            message = self.env._("Noted, with today's date. They may change their mind any day.")
        else:
            message = self.env._("Noted: no offers by habit any more. Nothing else changes.")
        return {"message": message}


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _describe_taken(self, taken, card, company):
        """With the offers that wait for this holder; none are looked for where none run."""
        answer = super()._describe_taken(taken, card, company)
        offers_sudo = self.env["tibillet.offer"]._open_to(card, company)
        return answer | ({"offers": offers_sudo._describe()} if offers_sudo else {})
