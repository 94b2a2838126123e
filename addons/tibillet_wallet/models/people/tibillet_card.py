from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tibillet_card import OPENED_BY_A_NAME

MANAGER = "tibillet_wallet.tibillet_wallet_group_manager"
WRITTEN_BY_ACTS = {"state", "wallet_id", "token", "replaced_by_id", "claim_drawn_at"}
PRINTED = {"uid", "number", "company_id"}


class TibilletCard(models.Model):
    _inherit = "tibillet.card"

    claim_hash = fields.Char(copy=False, readonly=True, groups=fields.NO_ACCESS)
    claim_drawn_at = fields.Datetime(string="Claim code drawn", copy=False, readonly=True)
    replaced_by_id = fields.Many2one(
        "tibillet.card", copy=False, readonly=True, index="btree_not_null", ondelete="restrict"
    )
    guardian_id = fields.Many2one(related="wallet_id.guardian_id", readonly=False)
    daily_limit = fields.Float(related="wallet_id.daily_limit", readonly=False)

    _number_any_case = models.Index("(upper(number))")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any("wallet_id" in vals for vals in vals_list):
            raise AccessError(self.env._("A card opens a wallet of its own when it is made."))
        vals_list = [
            vals | {"number": vals["number"].strip().upper()} if vals.get("number") else vals
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        """What makes a card somebody's changes by acts, what is printed on it not at all."""
        if not self.env.su:
            if WRITTEN_BY_ACTS & vals.keys():
                raise AccessError(
                    self.env._("A card changes its state and its wallet by its buttons only.")
                )
            for name in PRINTED & vals.keys():
                if any(card[name] for card in self):
                    raise AccessError(
                        self.env._(
                            "Chip, number and venue stay as they are on the plastic. For "
                            "another card, use “Replace”."
                        )
                    )
        if vals.get("number"):
            vals = vals | {"number": vals["number"].strip().upper()}
        return super().write(vals)

    def read(self, fields=None, load="_classic_read"):
        """One card, opened by somebody: noted. A list notes nothing and costs nothing more."""
        rows = super().read(fields, load)
        if len(self) == 1 and self.id and not OPENED_BY_A_NAME.issuperset(fields or ["all"]):
            wallet_sudo = self.sudo().wallet_id  # for its number
            wallet_sudo.with_env(self.env)._note_access("card")
        return rows

    def export_data(self, fields_to_export):
        wallets_sudo = self.sudo().wallet_id  # for their numbers
        wallets_sudo.with_env(self.env)._note_access("list")
        return super().export_data(fields_to_export)

    # -- who may do what ------------------------------------------------------------------

    def _is_own(self):
        """Whether the card was handed out by one of the user's companies."""
        self.ensure_one()
        card_sudo = self.sudo()  # its company, for a desk that reads no cards
        return card_sudo.company_id.id in self.env.user._get_company_ids()

    def _check_own(self):
        """:raises LedgerError: ``not_allowed`` for a card of another place"""
        card_sudo = self.sudo()  # its company, for a desk that reads no cards
        if not self._is_own():
            raise self.env["tibillet.ledger"]._refusal(
                "not_allowed",
                self.env._(
                    "This card was handed out by %s: only they can do that.",
                    card_sudo.company_id.name,
                ),
            )

    def _known_at(self, company):
        """Whether the place takes anything that this card's place, or the card, may hold."""
        self.ensure_one()
        card_sudo = self.sudo()  # asked by people who read no cards
        if card_sudo.company_id == company:
            return True
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT EXISTS (
                SELECT FROM tibillet_acceptance c JOIN tibillet_asset s ON s.id = c.asset_id
                 WHERE c.company_id = %(company)s AND c.state = 'active'
                   AND (s.company_id = %(home)s OR EXISTS (
                        SELECT FROM tibillet_account a
                         WHERE a.asset_id = s.id AND a.wallet_id = %(wallet)s))
            ) OR EXISTS (
                SELECT FROM tibillet_account a JOIN tibillet_asset s ON s.id = a.asset_id
                 WHERE a.wallet_id = %(wallet)s AND s.company_id = %(company)s)
            """,
            {
                "company": company.id,
                "home": card_sudo.company_id.id,
                "wallet": card_sudo.wallet_id.id,
            },
        )
        return self.env.cr.fetchone()[0]
