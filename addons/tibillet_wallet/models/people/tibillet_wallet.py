from odoo import api, models
from odoo.exceptions import AccessError

from ..tibillet_card import OPENED_BY_A_NAME

WRITTEN_BY_ACTS = {"kind", "partner_id", "company_id", "merged_into_id"}


class TibilletWallet(models.Model):
    _inherit = "tibillet.wallet"

    @api.model
    def _of_person(self, partner, company=None):
        """The person's wallet, made on first need (race-safe by index).

        :param company: where it is made; the wallet is listed there
        """
        self.flush_model()
        self.env.cr.execute(
            "SELECT id FROM tibillet_wallet WHERE kind = 'person' AND partner_id = %s",
            [partner.id],
        )
        row = self.env.cr.fetchone()
        if not row:
            self.env.cr.execute(
                "INSERT INTO tibillet_wallet (kind, partner_id, company_id, frozen,"
                " create_uid, write_uid, create_date, write_date)"
                " VALUES ('person', %s, %s, false, %s, %s, tibillet_now(), tibillet_now())"
                " ON CONFLICT DO NOTHING RETURNING id",
                [partner.id, company.id if company else None, self.env.uid, self.env.uid],
            )
            row = self.env.cr.fetchone()
            self.invalidate_model(["card_ids"], flush=False)
        return self.browse(row[0])

    def write(self, vals):
        """Who a wallet belongs to changes by acts (claim, merge, erase), never by hand."""
        if not self.env.su and WRITTEN_BY_ACTS & vals.keys():
            raise AccessError(
                self.env._("Whose wallet this is changes by claiming a card, never by hand.")
            )
        return super().write(vals)

    def read(self, fields=None, load="_classic_read"):
        """One wallet, opened by somebody: noted. A list notes nothing and costs nothing more."""
        rows = super().read(fields, load)
        if len(self) == 1 and self.id and not OPENED_BY_A_NAME.issuperset(fields or ["all"]):
            self._note_access("wallet")
        return rows

    def export_data(self, fields_to_export):
        self._note_access("list")
        return super().export_data(fields_to_export)

    def _note_access(self, what, reason=None):
        """Note that staff looked at those wallets that belong to people."""
        wallets_sudo = self.sudo()  # what kind of wallet it is
        people = wallets_sudo.filtered(lambda wallet: wallet.kind in ("person", "card"))
        self.env["tibillet.wallet.access"]._note(people, what, reason)
