from odoo import api, fields, models
from odoo.tools import SQL

SYSTEM = "base.group_system"


class TibilletAccountRow(models.AbstractModel):
    """A row about one account of a holder, for people who may not know whose it is."""

    _name = "tibillet.account.row"
    _description = "Row about an account"

    # Not for lists: a wallet is called by its holder's name.
    account_id = fields.Many2one(
        "tibillet.account", required=True, readonly=True, ondelete="cascade", groups=SYSTEM
    )
    wallet_id = fields.Many2one(
        "tibillet.wallet",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        groups=SYSTEM,
    )
    asset_id = fields.Many2one(
        "tibillet.asset", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", string="Issuer", required=True, readonly=True, index=True, ondelete="cascade"
    )

    wallet_text = fields.Char(
        string="Card", compute="_compute_wallet_text", search="_search_wallet_text"
    )

    def _compute_wallet_text(self):
        """The number of its card, never a name: lists of people are not for this page."""
        rows_sudo = self.sudo()  # only the number of the card is told
        texts = self._wallet_texts(rows_sudo.wallet_id.ids)
        for row_sudo in rows_sudo:
            row_sudo.wallet_text = texts.get(row_sudo.wallet_id.id, "")

    @api.model
    def _search_wallet_text(self, operator, value):
        """Rows of the wallets of cards with such a printed number."""
        if operator not in ("=", "in", "like", "ilike", "=like", "=ilike"):
            return NotImplemented
        cards_sudo = self.env["tibillet.card"].sudo()  # only which rows, nothing of the cards
        wallets_sudo = cards_sudo.search([("number", operator, value)], limit=1000).wallet_id
        rows_sudo = self.sudo()  # the rules of the search around it hold
        return [("id", "in", rows_sudo._search([("wallet_id", "in", wallets_sudo.ids)]))]

    @api.model
    def _wallet_texts(self, wallet_ids):
        """{wallet id: what a wallet is called without naming anybody}, in one query."""
        numbers = dict(
            self.env.execute_query(
                SQL(
                    "SELECT wallet_id, string_agg(number, ', ' ORDER BY id) FROM tibillet_card"
                    " WHERE wallet_id = ANY(%s) GROUP BY wallet_id",
                    wallet_ids,
                )
            )
        )
        return {
            wallet_id: numbers.get(wallet_id) or self.env._("Wallet %s", wallet_id)
            for wallet_id in wallet_ids
        }
