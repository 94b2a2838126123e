from odoo import api, models


class TibilletBookAccount(models.Model):
    _inherit = "tibillet.book.account"

    @api.model
    def _purposes(self):
        """What each role is for, in one sentence for an accountant.

        :rtype: dict
        """
        return {
            "clearing": self.env._(
                "The only account that till closings, payments and top-ups touch. The daily "
                "entry brings it back to zero."
            ),
            "liability": self.env._("What the holders of this asset may still spend or ask back."),
            "journal": self.env._("Where the daily entries of the wallets are written."),
            "due_from": self.env._("What the issuer owes for its money that was spent here."),
            "due_to": self.env._("What is owed to the venue that took this company's money."),
            "claim": self.env._("What cards owe after a sale that their money did not cover."),
            "claim_loss": self.env._("Claims on cards that the accountant has given up."),
            "deposit": self.env._("Deposits of cups that are still out."),
            "deposit_due": self.env._("Deposits of cups that belong to somebody else."),
            "merchant": self.env._("What a merchant sold here, until it is paid out."),
            "gift_expense": self.env._("Money put on cards as a gift, paid by nobody."),
            "gift_income": self.env._("Money that holders gave instead of asking it back."),
            "forfeit_income": self.env._("Balances that expired or were extinguished."),
            "provider_fee": self.env._("What banks and payment providers take for their service."),
            "exchange": self.env._(
                "What was sold for time, at its usual price with VAT, where that is declared."
            ),
            "membership_income": self.env._("What members of the association pay each year."),
            "volunteer_use": self.env._("Hours of volunteers, beside the balance sheet: 864."),
            "volunteer_gift": self.env._("The same hours, as given by them: 875."),
        }

    @api.model
    def _purpose(self, role):
        """What a role is for; its name when nobody wrote more."""
        return self._purposes().get(role) or dict(
            self._fields["role"]._description_selection(self.env)
        ).get(role, "")
