from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _tibillet_forget(self, wallets):
        """Marks, notices with their mails, and accepted terms go with the person."""
        self.env["tibillet.dormancy"]._erase(wallets)
        return super()._tibillet_forget(wallets)

    def _tibillet_export(self):
        """What sleeps, what its holder was told and chose, which terms were accepted."""
        mine = [("wallet_id", "in", self._tibillet_wallets().ids)]
        # sudo: of every issuer; the right to export was asked by the caller
        rows_sudo = self.env["tibillet.dormancy"].sudo().search(mine)
        notices_sudo = self.env["tibillet.notice"].sudo().search(mine)
        consents_sudo = self.env["tibillet.terms.consent"].sudo().search(mine)
        return {
            **super()._tibillet_export(),
            "dormancy": [
                {
                    "asset": row_sudo.asset_id.code,
                    "state": row_sudo.state,
                    "last_act": _text(row_sudo.acted_at),
                    "choice": row_sudo.choice or "",
                    "chosen_at": _text(row_sudo.choice_at),
                }
                for row_sudo in rows_sudo
            ],
            "notices": [
                {
                    "asset": notice_sudo.asset_id.code,
                    "why": notice_sudo.why,
                    "by": notice_sudo.channel or "",
                    "state": notice_sudo.state,
                    "due_at": _text(notice_sudo.due_at),
                    "delivered_at": _text(notice_sudo.delivered_at),
                }
                for notice_sudo in notices_sudo
            ],
            "accepted_terms": [
                {
                    "asset": consent_sudo.asset_id.code,
                    "terms_of": fields.Date.to_string(consent_sudo.terms_date),
                    "accepted_at": _text(consent_sudo.accepted_at),
                }
                for consent_sudo in consents_sudo
            ],
        }


def _text(moment):
    return f"{moment.isoformat(timespec='seconds')}Z" if moment else ""
