from odoo import models


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    def _ceiling_sentence(self, asset_sudo, company):
        """Also when its issuer owes all places together as much as it may."""
        issuer_sudo = asset_sudo.company_id
        room_minor = self.env["tibillet.acceptance"]._debtor_room(issuer_sudo, company)
        if room_minor is None or room_minor > 0:
            return super()._ceiling_sentence(asset_sudo, company)
        return self.env._(
            "%(issuer)s owes other places all that it may: no more of “%(asset)s” is taken until "
            "it settles. Nothing was taken from the card: ask for another card or for money.",
            issuer=issuer_sudo.name,
            asset=asset_sudo.name,
        )
