"""What a merchant's contract needs before anything is sold, and what stops a sale."""

from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime

from ...exceptions import LedgerError

#: Countries whose companies bear a SIRET.
SIRET_COUNTRIES = {"FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM"}


class TibilletMerchant(models.Model):
    _inherit = "tibillet.merchant"

    @api.constrains("partner_id", "company_id")
    def _check_partner(self):
        for merchant in self:
            partner = merchant.partner_id
            if not partner.is_company or partner == merchant.company_id.partner_id:
                raise ValidationError(
                    self.env._("“%s” is no other company: a merchant has its own.", partner.name)
                )
            if self.env["res.company"].sudo().search_count([("partner_id", "=", partner.id)]):
                raise ValidationError(
                    self.env._(
                        "%s has its own books here: it is another place, with an acceptance "
                        "and a settlement, and no merchant.",
                        partner.name,
                    )
                )
            merchant._check_number()

    def _check_number(self):
        """The number that receipts bear: of France a SIRET, checked by its key."""
        self.ensure_one()
        number = (self.partner_id.company_registry or "").strip()
        if not number:
            raise ValidationError(
                self.env._("%s has no company number: its receipts need it.", self.partner_id.name)
            )
        if not self._has_siret():
            return
        try:
            siret.validate(number)
        except NumberError as error:
            raise ValidationError(
                self.env._(
                    "“%(number)s” is no SIRET of %(merchant)s: 14 digits whose last one checks "
                    "the others.",
                    number=number,
                    merchant=self.partner_id.name,
                )
            ) from error

    def _has_siret(self):
        country = self.partner_id.country_id or self.company_id.country_id
        return country.code in SIRET_COUNTRIES

    def _number_label(self):
        """What the number is called where the merchant is."""
        merchant_sudo = self.sudo()  # a cashier reads few contacts
        if merchant_sudo._has_siret():
            return "SIRET"
        return merchant_sudo.partner_id.company_registry_label or ""

    @api.constrains("bank_id", "partner_id")
    def _check_bank(self):
        for merchant in self.filtered("bank_id"):
            if merchant.bank_id.partner_id != merchant.partner_id:
                raise ValidationError(
                    self.env._(
                        "The account %(iban)s is not one of %(merchant)s.",
                        iban=merchant.bank_id.acc_number,
                        merchant=merchant.partner_id.name,
                    )
                )

    @api.constrains("signed_on", "asset_ids", "commission_rate", "commission_free")
    def _check_signed(self):
        """What a signed contract says, it says whole."""
        for merchant in self.filtered("signed_on"):
            if not merchant.asset_ids:
                raise ValidationError(
                    self.env._("The contract of %s names nothing that it takes.", merchant.name)
                )
            if not merchant.commission_rate and not merchant.commission_free:
                raise ValidationError(
                    self.env._(
                        "The contract of %s has no commission. Write the rate, or tick “No "
                        "commission”.",
                        merchant.name,
                    )
                )
            if merchant.commission_rate and merchant.commission_free:
                raise ValidationError(
                    self.env._("%s has a commission and “No commission”: leave one.", merchant.name)
                )

    @api.constrains("asset_ids", "company_id")
    def _check_assets(self):
        """Assets of the organiser, or of an issuer whose acceptance it has."""
        for merchant in self:
            company = merchant.company_id
            for asset_sudo in merchant.sudo().asset_ids:  # of other issuers too
                if asset_sudo.kind not in ("fed", "local", "voucher", "gift"):
                    raise ValidationError(
                        self.env._("“%s” pays no price in euros.", asset_sudo.name)
                    )
                accepted = asset_sudo.company_id == company or any(
                    row.company_id == company and row.state == "active"
                    for row in self.env["tibillet.acceptance"]
                    .sudo()
                    .search([("asset_id", "=", asset_sudo.id)])
                )
                if not accepted:
                    raise ValidationError(
                        self.env._(
                            "%(organiser)s does not take “%(asset)s” of %(issuer)s itself: "
                            "agree on its acceptance first.",
                            organiser=company.name,
                            asset=asset_sudo.name,
                            issuer=asset_sudo.company_id.name,
                        )
                    )

    def write(self, vals):
        """Whose wallet was credited, and by whom, is not changed afterwards."""
        for name in {"partner_id", "company_id"} & vals.keys():
            changed = self.filtered(lambda one, name=name: one[name].id != vals[name])
            if any(one._has_sold() for one in changed):
                raise ValidationError(
                    self.env._("This merchant has sold: another company is another merchant.")
                )
        return super().write(vals)

    def _has_sold(self):
        self.ensure_one()
        wallets_sudo = self.env["tibillet.wallet"].sudo()  # whoever asks
        return bool(wallets_sudo._merchant_wallet(self.partner_id).account_ids)

    # -- before the goods leave ---------------------------------------------------------------

    def _check_sells(self):
        """Refuse a tap, or the opening of a till, outside the contract.

        :raises LedgerError: ``not_allowed``, with what to do
        """
        self.ensure_one()
        merchant_sudo = self.sudo()  # its cashier reads no contracts
        state = merchant_sudo.state if merchant_sudo.active else "over"
        if state == "open":
            return
        texts = {
            "draft": self.env._(
                "The contract of %s is not signed: nothing was taken. Ask the organiser.",
                merchant_sudo.name,
            ),
            "coming": self.env._(
                "%(stand)s sells from %(when)s on: nothing was taken.",
                stand=merchant_sudo.name,
                when=format_datetime(self.env, merchant_sudo.date_from),
            ),
            "suspended": self.env._(
                "%s is suspended: nothing was taken. Ask the organiser.", merchant_sudo.name
            ),
            "over": self.env._(
                "The contract of %(stand)s ended on %(when)s: nothing was taken. Ask the "
                "organiser.",
                stand=merchant_sudo.name,
                when=format_datetime(self.env, merchant_sudo.date_to),
            ),
        }
        raise LedgerError("not_allowed", texts[state])
