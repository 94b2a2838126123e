from odoo import api, models

from ...ledger_rules import SPENDABLE


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _deposit_transfer(self, wallet, company, amount_minor):
        """How a deposit comes back to a wallet: (debit account, credit account, amount).

        In the refundable money that this place issues, else in one that it takes: whoever
        brings the cup, what was once paid for it cannot be known (practice-france, 18).

        :raises LedgerError: ``not_allowed`` where no money of a card can be refunded
        """
        Account = self.env["tibillet.account"]
        assets_sudo = self.env["tibillet.asset"].sudo()  # of any issuer that is taken here
        asset_sudo = assets_sudo.search(
            [
                ("company_id", "=", company.id),
                ("kind", "in", sorted(SPENDABLE)),
                ("refundable", "=", True),
                ("vat_nature", "!=", "single"),  # its tax is declared when it is sold
                ("currency_id", "=", company.currency_id.id),
                ("frozen_at", "=", False),
            ],
            order="spend_sequence, id",
            limit=1,
        )
        if not asset_sudo:
            taken = [
                purse
                for purse in self._purses(wallet, company)
                if purse.accepted
                and purse.refundable
                and not purse.other_currency
                and purse.tax_rate is None
            ]
            asset_sudo = assets_sudo.browse(taken[0].asset_id if taken else ())
        if not asset_sudo:
            raise self._refusal(
                "not_allowed",
                self.env._("No money can go back on this card here. Give the deposit in cash."),
            )
        place = self.env["tibillet.wallet"]._of_place(company)
        return (
            Account._get(place, asset_sudo).id,
            Account._get(wallet, asset_sudo).id,
            amount_minor,
        )
