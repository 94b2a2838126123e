"""What sleeps on a card: its holder keeps it, and its period starts anew."""

from odoo import api, models
from odoo.tools import SQL


class TibilletCardPage(models.AbstractModel):
    _inherit = "tibillet.card.page"

    @api.model
    def _page(self, session, card_sudo):
        page = super()._page(session, card_sudo)
        page["asleep"] = []
        page["may"]["keep"] = False
        if page["card"]["look"] != "no":
            asleep_sudo = self._asleep(card_sudo)
            page["asleep"] = asleep_sudo.mapped("name")
            page["may"]["keep"] = bool(asleep_sudo) and self.env["tibillet.ledger"]._may(
                "keep", "till"
            )
        return page

    @api.model
    def _asleep(self, card_sudo):
        """Assets of the card that were not used for their period and still are not, whoever
        issued them; frozen ones are nobody's to choose about. One query more than none."""
        rows_sudo = self.env["tibillet.dormancy"].sudo()  # of the card on the reader
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id FROM tibillet_dormancy d
                     JOIN tibillet_account a ON a.id = d.account_id
                     JOIN tibillet_asset s ON s.id = d.asset_id
                    WHERE a.wallet_id = %s AND s.frozen_at IS NULL AND %s
                 ORDER BY s.spend_sequence, s.id""",
                card_sudo.wallet_id._surviving().id,
                rows_sudo._still(),
            )
        )
        assets_sudo = self.env["tibillet.asset"].sudo()  # cashiers read no assets
        return assets_sudo.browse(asset_id for (asset_id,) in rows)


class TibilletTillActs(models.AbstractModel):
    _inherit = "tibillet.till.acts"

    @api.model
    def _acts(self):
        return super()._acts() | {"keep": self._keep}

    @api.model
    def _keep(self, asked):
        """At the holder's word: nothing moves, and what sleeps is awake from now on.

        Asked again, with the same key or another, it finds nothing asleep and says the same.
        """
        self.env["tibillet.ledger"]._authorize("keep", "till", company=asked.company)
        asked.card._check_usable()
        for asset_sudo in self.env["tibillet.card.page"]._asleep(asked.card):
            act_sudo = self.env["tibillet.till.choice"]._of(
                asked,
                asset_sudo,
                0,
                self.env._("At the holder's word, at the till"),
                choice="keep",
            )
            act_sudo._perform()
        return {
            "message": self.env._("It stays on the card as it is. Its period starts anew today.")
        }
