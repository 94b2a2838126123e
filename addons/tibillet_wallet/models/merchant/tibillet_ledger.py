"""A sale for a third party: what may be taken, and whose wallet it reaches."""

from odoo import api, models


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _purses_for(self, merchant, purses):
        """The purses as a merchant takes them: what its contract names, the organiser willing.

        What is the organiser's own reaches the merchant's wallet; there the ceiling between
        places does not count, since no other place is owed anything.
        """
        named = merchant._takes(purse.asset_id for purse in purses)
        for purse in purses:
            purse.accepted = purse.accepted and purse.asset_id in named
            asset = self.env["tibillet.asset"].browse(purse.asset_id)
            if purse.accepted:
                wallet = merchant._pays_into(asset)
                purse.place_account_id = self.env["tibillet.account"]._get(wallet, asset).id
        return purses

    @api.model
    def _as_gift(self, asset_sudo, seller, amount_minor, accounts=()):
        """What a merchant took of a gift is no discount of the place: its giver owes it."""
        gifts = super()._as_gift(asset_sudo, seller, amount_minor)
        for account in accounts if gifts else ():
            wallet_sudo = account.sudo().wallet_id  # a cashier reads no wallets
            if wallet_sudo.kind == "place" and wallet_sudo.partner_id:
                return []
        return gifts
