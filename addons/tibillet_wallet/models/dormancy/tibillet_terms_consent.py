from odoo import api, fields, models
from odoo.tools import SQL


class TibilletTermsConsent(models.Model):
    """A holder accepted the dated terms of an asset, which say that dormant value may be
    extinguished. One row per wallet, asset and version; written by SQL, erasable."""

    _name = "tibillet.terms.consent"
    _description = "Accepted terms"
    _log_access = False
    _order = "id desc"

    wallet_id = fields.Many2one(
        "tibillet.wallet",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        groups="base.group_system",  # a wallet is called by its holder's name
    )
    asset_id = fields.Many2one("tibillet.asset", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="asset_id.company_id", string="Issuer", store=True)
    terms_date = fields.Date(string="Terms of", required=True, readonly=True)
    accepted_at = fields.Datetime(string="Accepted on", required=True, readonly=True)

    _once = models.Constraint(
        "unique(wallet_id, asset_id, terms_date)", "These terms were accepted before."
    )

    @api.depends("asset_id", "terms_date")
    def _compute_display_name(self):
        for consent in self:
            consent.display_name = f"{consent.asset_id.name} · {consent.terms_date}"

    @api.model
    def _accept(self, wallet, asset):
        """Write down that the holder accepts the terms as they are dated now.

        Idempotent: the first acceptance of a version counts.

        :returns: the row, in sudo
        :raises LedgerError: ``invalid`` when the asset has no such terms
        """
        asset_sudo = asset.sudo()  # whoever serves the holder may read its terms
        if not asset_sudo.extinguish_allowed:
            raise self.env["tibillet.ledger"]._refusal(
                "invalid",
                self.env._("“%s” has no terms by which anything is extinguished.", asset_sudo.name),
            )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO tibillet_terms_consent"
                " (wallet_id, asset_id, company_id, terms_date, accepted_at)"
                " VALUES (%s, %s, %s, %s, tibillet_now())"
                " ON CONFLICT (wallet_id, asset_id, terms_date) DO NOTHING",
                wallet.id,
                asset_sudo.id,
                asset_sudo.company_id.id,
                asset_sudo.extinguish_terms_date,
            )
        )
        self.invalidate_model()
        return self._of(wallet, asset_sudo)

    @api.model
    def _of(self, wallet, asset):
        """The acceptance of the terms in force, if there is one, in sudo."""
        consents_sudo = self.sudo()  # read for the rule, by whoever applies it
        return consents_sudo.search(
            [
                ("wallet_id", "=", wallet.id),
                ("asset_id", "=", asset.id),
                ("terms_date", "=", asset.extinguish_terms_date),
            ],
            limit=1,
        )
