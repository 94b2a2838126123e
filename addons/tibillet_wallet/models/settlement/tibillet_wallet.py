"""Where money goes that two places paid each other without any unit coming back."""

from odoo import api, models


class TibilletWallet(models.Model):
    _inherit = "tibillet.wallet"

    _one_settlement_per_company = models.UniqueIndex(
        "(company_id) WHERE kind = 'place' AND partner_id IS NOT NULL AND company_id IS NOT NULL",
        "This company has such a wallet already.",
    )

    @api.model
    def _of_settlements(self, company):
        """The wallet of a company's settlements: a place's, beside the one of its takings.

        Made on first need, race-safe by index. What a place took stays countable in its own
        wallet, whatever was paid for what it loaded or paid back (docs/adr/0026).
        """
        self.flush_model()
        self.env.cr.execute(
            "SELECT id FROM tibillet_wallet"
            " WHERE kind = 'place' AND company_id = %s AND partner_id IS NOT NULL",
            [company.id],
        )
        row = self.env.cr.fetchone()
        if not row:
            company_sudo = company.sudo()  # whose contact it is
            self.env.cr.execute(
                "INSERT INTO tibillet_wallet (kind, company_id, partner_id, frozen,"
                " create_uid, write_uid, create_date, write_date)"
                " VALUES ('place', %s, %s, false, %s, %s, tibillet_now(), tibillet_now())"
                " ON CONFLICT DO NOTHING RETURNING id",
                [company.id, company_sudo.partner_id.id, self.env.uid, self.env.uid],
            )
            row = self.env.cr.fetchone()
        return self.browse(row[0])
