from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _tibillet_export(self):
        """With the word given on offers, and the offers that were used."""
        wallets_sudo = self._tibillet_wallets()
        mine = [("wallet_id", "in", wallets_sudo.ids)]
        consents_sudo = self.env["tibillet.offer.consent"].sudo()  # of every place
        uses_sudo = self.env["tibillet.offer.use"].sudo()
        return super()._tibillet_export() | {
            "offer_consents": [
                {
                    "place": consent_sudo.company_id.name,
                    "given_at": _text(consent_sudo.given_at),
                    "withdrawn_at": _text(consent_sudo.withdrawn_at),
                }
                for consent_sudo in consents_sudo.search(mine)
            ],
            "offers_used": [
                {"offer": use_sudo.offer_id.name, "at": _text(use_sudo.used_at)}
                for use_sudo in uses_sudo.search(mine)
            ],
        }

    def _tibillet_forget(self, wallets):
        """Words and uses go; what the ledger gave stays, without a name."""
        for name in ("tibillet.offer.consent", "tibillet.offer.use"):
            rows_sudo = self.env[name].sudo()  # of every place
            rows_sudo.search([("wallet_id", "in", wallets.ids)]).unlink()
        return super()._tibillet_forget(wallets)


def _text(moment):
    return f"{moment.isoformat(timespec='seconds')}Z" if moment else ""
