from odoo import api, fields, models


class TibilletWallet(models.Model):
    _inherit = "tibillet.wallet"

    decision_ids = fields.One2many("tibillet.wallet.decision", "wallet_id", readonly=True)
    movement_ids = fields.One2many("tibillet.operation", "wallet_id", readonly=True)
    card_numbers = fields.Char(string="Cards", compute="_compute_card_numbers")
    balances = fields.Char(compute="_compute_balances", help="What it holds, asset by asset.")

    @api.depends("card_ids.number")
    def _compute_card_numbers(self):
        for wallet in self:
            wallet.card_numbers = ", ".join(wallet.card_ids.mapped("number"))

    def _compute_balances(self):
        """One query for a whole list, and the assets' units once."""
        texts = self._balance_texts()
        for wallet in self:
            wallet.balances = " · ".join(texts.get(wallet.id, [])) or False

    def _balances_text(self):
        self.ensure_one()
        return " · ".join(self._balance_texts().get(self.id, [])) or self.env._("nothing")

    def _balance_texts(self):
        """Wallet id → what it holds other than nothing, for people."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT wallet_id, asset_id, balance FROM ("
            " SELECT a.wallet_id, a.asset_id, s.spend_sequence,"
            "        COALESCE(a.balance_minor, tibillet_account_sum(a.id)) AS balance"
            "   FROM tibillet_account a JOIN tibillet_asset s ON s.id = a.asset_id"
            "  WHERE a.wallet_id = ANY(%s)) held"
            " WHERE balance <> 0 ORDER BY spend_sequence, asset_id",
            [self.ids],
        )
        assets_sudo = self.env["tibillet.asset"].sudo()  # units of what others issued
        rows = self.env.cr.fetchall()
        assets_sudo = assets_sudo.browse({asset_id for _wallet, asset_id, _minor in rows})
        by_id = {asset_sudo.id: asset_sudo for asset_sudo in assets_sudo}
        texts = {}
        for wallet_id, asset_id, balance_minor in rows:
            asset_sudo = by_id[asset_id]
            texts.setdefault(wallet_id, []).append(
                f"{asset_sudo._format(balance_minor)} {asset_sudo.name}"
            )
        return texts

    def write(self, vals):
        """A wallet is frozen by the act alone, which asks who, why and for the second factor."""
        if "frozen" in vals and not self.env.su:
            raise self.env["tibillet.ledger"]._refusal(
                "not_allowed",
                self.env._("A wallet is frozen and released by its buttons only."),
            )
        return super().write(vals)
