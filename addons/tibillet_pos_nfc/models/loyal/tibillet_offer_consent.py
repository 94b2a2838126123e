from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class TibilletOfferConsent(models.Model):
    """A holder's word that what they buy may open offers to them, at one place, with its dates.

    Given and withdrawn in one touch at the counter; of a person only. Written by SQL, erasable.
    """

    _name = "tibillet.offer.consent"
    _description = "Consent to offers"
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
    company_id = fields.Many2one(
        "res.company", string="Place", required=True, readonly=True, ondelete="cascade"
    )
    given_at = fields.Datetime(string="Given on", required=True, readonly=True)
    withdrawn_at = fields.Datetime(string="Withdrawn on", readonly=True)

    _one_open = models.UniqueIndex(
        "(wallet_id, company_id) WHERE withdrawn_at IS NULL", "This consent stands already."
    )

    def create(self, vals_list):
        raise AccessError(self.env._("Consent is given by its holder, at the counter."))

    def write(self, vals):
        raise AccessError(self.env._("Consent is given by its holder, at the counter."))

    @api.model
    def _is_given(self, wallet, company):
        """Whether the consent of this wallet's holder stands, at this place."""
        self.env.flush_all()
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT 1 FROM tibillet_offer_consent
                        WHERE wallet_id = %s AND company_id = %s AND withdrawn_at IS NULL""",
                    wallet.id,
                    company.id,
                )
            )
        )

    @api.model
    def _note(self, wallet, company, agrees):
        """Write the holder's word down, with the moment. The same word again changes nothing.

        :raises LedgerError: ``not_allowed`` for a card without a name
        """
        if wallet.kind != "person" or not wallet.partner_id:
            raise self.env["tibillet.ledger"]._refusal(
                "not_allowed",
                self.env._(
                    "Offers by habit are for people who agreed; a card without a name has no "
                    "habits here. Link it to its holder first."
                ),
            )
        if agrees:
            statement = """
                INSERT INTO tibillet_offer_consent (wallet_id, company_id, given_at)
                VALUES (%s, %s, tibillet_now())
                ON CONFLICT (wallet_id, company_id) WHERE withdrawn_at IS NULL DO NOTHING
                RETURNING id"""
        else:
            statement = """
                UPDATE tibillet_offer_consent SET withdrawn_at = tibillet_now()
                 WHERE wallet_id = %s AND company_id = %s AND withdrawn_at IS NULL
                RETURNING id"""
        self.env.flush_all()
        self.env.execute_query(SQL(statement, wallet.id, company.id))
        self.invalidate_model()
