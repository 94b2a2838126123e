from odoo import api, models


class TibilletWallet(models.Model):
    _inherit = "tibillet.wallet"

    _one_per_merchant = models.UniqueIndex(
        "(partner_id) WHERE kind = 'place' AND company_id IS NULL AND partner_id IS NOT NULL",
        "This merchant has a wallet already.",
    )

    @api.model
    def _merchant_wallet(self, partner):
        """The wallet of a merchant, empty when nothing was ever paid to it."""
        return self.search(
            [("kind", "=", "place"), ("company_id", "=", False), ("partner_id", "=", partner.id)],
            limit=1,
        )

    @api.model
    def _of_merchant(self, partner):
        """The wallet of a company without books here, made on first need (race-safe by index).

        Its issuers owe what it holds: one account for each asset, one P in each issuer's books.
        """
        self.flush_model()
        self.env.cr.execute(
            "SELECT id FROM tibillet_wallet"
            " WHERE kind = 'place' AND partner_id = %s AND company_id IS NULL",
            [partner.id],
        )
        row = self.env.cr.fetchone()
        if not row:
            self.env.cr.execute(
                "INSERT INTO tibillet_wallet"
                " (kind, partner_id, frozen, create_uid, write_uid, create_date, write_date)"
                " VALUES ('place', %s, false, %s, %s, tibillet_now(), tibillet_now())"
                " ON CONFLICT DO NOTHING RETURNING id",
                [partner.id, self.env.uid, self.env.uid],
            )
            row = self.env.cr.fetchone()
        return self.browse(row[0])
