"""What a wallet and a card say of their holder, and how it is forgotten."""

from odoo import models


class TibilletWallet(models.Model):
    _inherit = "tibillet.wallet"

    def _as_export(self):
        """The wallet as plain values, for its holder."""
        self.ensure_one()
        self.env.flush_all()
        return {
            "id": self.id,
            "kind": self.kind,
            "merged_into": self.merged_into_id.id or None,
            "frozen": self.frozen,
            "guardian": self.guardian_id.name or "",
            "daily_limit_minor": self.daily_limit_minor,
            "balances": [
                {
                    "asset": account.asset_id.code,
                    "name": account.asset_id.name,
                    "issuer": account.asset_id.company_id.name,
                    "balance_minor": account.balance_minor,
                    "held_minor": account.held_minor,
                    "balance": account.balance_text,
                }
                for account in self.account_ids
            ],
        }

    def _forget_memos(self):
        """Erase what was written beside the operations of these wallets."""
        self.env.cr.execute(
            "DELETE FROM tibillet_memo WHERE operation_id IN ("
            " SELECT l.operation_id FROM tibillet_account a"
            "   JOIN tibillet_transfer l ON a.id IN (l.debit_account_id, l.credit_account_id)"
            "  WHERE a.wallet_id = ANY(%(wallets)s) UNION ALL"
            " SELECT l.operation_id FROM tibillet_account a"
            "   JOIN tibillet_hold_line l ON a.id IN (l.debit_account_id, l.credit_account_id)"
            "  WHERE a.wallet_id = ANY(%(wallets)s))",
            {"wallets": self.ids},
        )
        self.env["tibillet.operation"].invalidate_model(["memo"], flush=False)


class TibilletCard(models.Model):
    _inherit = "tibillet.card"

    def _as_export(self):
        """The card as plain values, for its holder. The claim code is kept by nobody."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "number": self.number,
            "chip": self.uid or "",
            "state": self.state,
            "state_name": states[self.state],
            "place": self.company_id.name,
            "batch": self.batch_id.name or "",
            "wallet": self.wallet_id.id,
            "replaced_by": self.replaced_by_id.number or "",
            "notes": [
                {"at": f"{message.date.isoformat(timespec='seconds')}Z", "text": message.preview}
                for message in self.message_ids.sorted("id")
            ],
        }

    def _forget_chatter(self):
        """Delete notes, followers and attachments of these cards."""
        for name, domain in (
            ("mail.message", [("model", "=", self._name), ("res_id", "in", self.ids)]),
            ("mail.followers", [("res_model", "=", self._name), ("res_id", "in", self.ids)]),
            ("ir.attachment", [("res_model", "=", self._name), ("res_id", "in", self.ids)]),
        ):
            rows_sudo = self.env[name].sudo()  # an erasure takes what anybody wrote
            rows_sudo.search(domain).unlink()
