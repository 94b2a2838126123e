from odoo import fields, models
from odoo.exceptions import AccessError

from .tibillet_card import MANAGER


class ResPartner(models.Model):
    """What we hold of a person, handed out and erased: GDPR, articles 15, 17 and 20."""

    _inherit = "res.partner"

    def _tibillet_wallets(self):
        """The person's wallet, and those of the cards that were merged into it, as superuser."""
        self.ensure_one()
        wallets_sudo = self.env["tibillet.wallet"].sudo()  # of every place
        return wallets_sudo.search(
            [("partner_id", "=", self.id), ("kind", "=", "person")]
        )._with_merged()

    def _check_tibillet_manager(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a manager of the wallet does that."))
        self.check_access("read")

    # -- export -----------------------------------------------------------------------------

    def action_tibillet_export(self):
        """Download everything that is held of this person, as JSON."""
        self._check_tibillet_manager()
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/people/{self.id}/export",
            "target": "download",
        }

    def _tibillet_export(self):
        """Everything that our tables hold of this person, as plain values for JSON.

        A seam: addons that hold more extend it and add their part. Who of the staff looked is
        told by place, hour and reason, not by name (CJEU C-579/21: the employees' names are
        theirs).
        """
        self.ensure_one()
        wallets_sudo = self._tibillet_wallets()
        moved = wallets_sudo._movements()
        for movement in moved:
            movement["at"] = _text(movement["at"])
        accesses_sudo = self.env["tibillet.wallet.access"].sudo()  # of every place
        accesses_sudo = accesses_sudo.search([("wallet_id", "in", wallets_sudo.ids)])
        decisions_sudo = self.env["tibillet.wallet.decision"].sudo()  # of every place
        decisions_sudo = decisions_sudo.search([("wallet_id", "in", wallets_sudo.ids)])
        kinds = dict(decisions_sudo._fields["kind"]._description_selection(self.env))
        whats = dict(accesses_sudo._fields["what"]._description_selection(self.env))
        guarded_sudo = wallets_sudo.search([("guardian_id", "=", self.id)])
        return {
            "format": "tibillet-person/1",
            "exported_at": _text(fields.Datetime.now()),
            "name": self.name,
            "email": self.email or "",
            "wallets": [wallet_sudo._as_export() for wallet_sudo in wallets_sudo],
            "guardian_of": [{"wallet": wallet_sudo.id} for wallet_sudo in guarded_sudo],
            "cards": [card_sudo._as_export() for card_sudo in wallets_sudo.card_ids],
            "movements": moved,
            "decisions": [
                {
                    "at": _text(decision_sudo.create_date),
                    "wallet": decision_sudo.wallet_id.id,
                    "place": decision_sudo.company_id.name,
                    "what": kinds[decision_sudo.kind],
                    "reason": decision_sudo.reason or "",
                }
                for decision_sudo in decisions_sudo
            ],
            "access_log": [
                {
                    "at": _text(access_sudo.at),
                    "wallet": access_sudo.wallet_id.id,
                    "place": access_sudo.company_id.name or "",
                    "what": whats[access_sudo.what],
                    "reason": access_sudo.reason or "",
                }
                for access_sudo in accesses_sudo
            ],
        }

    # -- erasure -------------------------------------------------------------------------------

    def action_tibillet_erase(self):
        """Ask before erasing: what stands in the way, what goes, what stays."""
        self._check_tibillet_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase from TiBillet"),
            "res_model": "tibillet.person.erase",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.id},
        }

    def _tibillet_erase_obstacles(self):
        """Why the person cannot be erased now: sentences. A seam for what addons hold."""
        self.ensure_one()
        wallets_sudo = self._tibillet_wallets()
        sentences = wallets_sudo._holds_sentences()
        sentences += [
            self.env._(
                "Card %s can still be used: take it back or block it first.", card_sudo.number
            )
            for card_sudo in wallets_sudo.card_ids
            if card_sudo.state in ("blank", "anonymous", "claimed")
        ]
        if wallets_sudo.search_count([("guardian_id", "=", self.id)], limit=1):
            sentences.append(
                self.env._("This person looks after another wallet: name another guardian first.")
            )
        return sentences

    def _tibillet_erase(self):
        """Cut the link between this person and what their wallets did. Cannot be undone.

        Amounts, sums and operations stay; wallet and cards lose everything that leads back.

        :raises LedgerError: ``not_allowed`` with every obstacle
        """
        self._check_tibillet_manager()
        wallets_sudo = self._tibillet_wallets()
        wallets_sudo._collide()  # a top-up this very second makes us run again
        obstacles = self._tibillet_erase_obstacles()
        if obstacles:
            raise self.env["tibillet.ledger"]._refusal("not_allowed", " ".join(obstacles))
        wallets_sudo.with_env(self.env)._note_access("erase")
        self._tibillet_forget(wallets_sudo)
        wallets_sudo.write({"partner_id": False, "guardian_id": False, "daily_limit_minor": 0})
        self.env.flush_all()

    def _tibillet_forget(self, wallets):
        """Erase from the tables that may forget what leads to the holder of these wallets.

        A seam: addons that keep something beside a wallet (notices, orders) extend it.
        """
        wallets_sudo = wallets.sudo()  # their cards of every place
        cards_sudo = wallets_sudo.card_ids
        cards_sudo._forget_chatter()
        cards_sudo._retire()
        self.env["tibillet.wallet.access"]._forget_reasons(wallets)
        wallets._forget_memos()
        decisions_sudo = self.env["tibillet.wallet.decision"].sudo()  # of every place
        decisions_sudo.search([("wallet_id", "in", wallets.ids)]).write({"reason": False})


def _text(moment):
    return f"{moment.isoformat(timespec='seconds')}Z" if moment else ""
