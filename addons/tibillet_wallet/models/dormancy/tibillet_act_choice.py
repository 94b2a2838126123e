from odoo import api, fields, models
from odoo.tools import format_date

from ...exceptions import LedgerError
from ...ledger_rules import RULES


class TibilletActChoice(models.TransientModel):
    """Keep, be refunded or give, in one screen: the holder's word, at the desk.

    Nothing is ticked when it opens. A refund follows every rule of the refund's own form; a
    gift goes to the pool of whoever issued it and answers a receipt; keeping moves nothing.
    """

    _name = "tibillet.act.choice"
    _inherit = "tibillet.act.refund"
    _description = "Keep, refund or give"

    dormancy_id = fields.Many2one("tibillet.dormancy")
    # Whatever it is, not only what is refunded in money.
    asset_id = fields.Many2one(domain="[('kind', '!=', 'claim')]")
    choice = fields.Selection(
        [("keep", "Keep it"), ("refund", "Get it refunded"), ("give", "Give it")],
        string="The holder chooses to",
    )
    reason = fields.Char(default=lambda self: self.env._("At the holder's word, at the desk"))
    asleep_text = fields.Char(compute="_compute_figures")

    @api.model
    def default_get(self, fields):
        """The account that the act was opened on."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "tibillet.dormancy":
            row = self.env["tibillet.dormancy"].browse(self.env.context.get("active_id"))
            row.check_access("read")
            values |= {"dormancy_id": row.id, "asset_id": row.asset_id.id}
        return values

    @api.onchange("choice", "asset_id", "card_ref")
    def _onchange_choice(self):
        """The whole of what is free is what most people give or are refunded."""
        if self.choice not in ("give", "refund") or not self.asset_id:
            self.amount = 0
            return
        asset_sudo = self.asset_id.sudo()  # its unit
        try:
            balance_minor, held_minor = self._balances(self._wallet(), asset_sudo)
        except LedgerError:
            return
        self.amount = max(0, balance_minor - held_minor) / 10**asset_sudo.scale

    def _figure_fields(self):
        return [*super()._figure_fields(), "choice", "dormancy_id"]

    def _figures(self):
        values = {"asleep_text": False, **super()._figures()}
        if values["holder_text"] and self.asset_id:
            values["asleep_text"] = self._asleep_text()
        if self.choice != "refund":
            values["ways_text"] = values["identity_needed"] = False
        if not self.choice:
            values["change_text"] = values["after_text"] = values["refusal"] = False
        return values

    def _asleep_text(self):
        asset_sudo = self.asset_id.sudo()  # of the wallet that was named
        account_sudo = self._account(self._wallet(), asset_sudo)
        row_sudo = self.env["tibillet.dormancy"]._of(account_sudo)
        if not row_sudo or not row_sudo._is_dormant():
            return False
        return self.env._("Not used since %s", format_date(self.env, row_sudo.acted_at))

    # -- which act it is -------------------------------------------------------------------

    def _code(self):
        return {"refund": "refund", "give": "give"}.get(self.choice, "keep")

    def _rule(self):
        return RULES["give" if self._code() == "keep" else self._code()]

    def _minor(self):
        return super()._minor() if self.choice in ("refund", "give") else 0

    def _wallet(self):
        if not self.dormancy_id:
            return super()._wallet()
        if not self.dormancy_id.has_access("read"):
            raise self._refused(
                "not_allowed",
                self.env._("This account is not one of your place's. Nothing was moved."),
            )
        row_sudo = self.dormancy_id.sudo()  # access checked above; the issuer serves its holders
        return row_sudo.wallet_id._surviving()

    def _card(self):
        if not self.dormancy_id:
            return super()._card()
        return self.env["tibillet.card"].sudo()  # the account was named, no card was shown

    def _holder_name(self, wallet_sudo):
        if self.dormancy_id:
            return self.dormancy_id.wallet_text
        return super()._holder_name(wallet_sudo)

    def _check(self, wallet_sudo):
        if not self.choice:
            raise self._refused(
                "invalid", self.env._("Ask the holder: keep it, be refunded, or give it?")
            )
        if self.choice == "refund":
            super()._check(wallet_sudo)
            return
        self._check_common(wallet_sudo)
        asset_sudo = self.asset_id.sudo()  # its state and unit
        if asset_sudo.frozen_at:
            raise self._refused(
                "wallet_frozen",
                self.env._(
                    "“%s” is frozen: nothing of it moves until it is released. What is held "
                    "stays owed.",
                    asset_sudo.name,
                ),
            )
        balance_minor, held_minor = self._balances(wallet_sudo, asset_sudo)
        free_minor = max(0, balance_minor - held_minor)
        if balance_minor <= 0:
            raise self._refused(
                "insufficient_funds", self.env._("There is nothing of it on this card.")
            )
        if self._minor() > free_minor:
            raise self._refused(
                "insufficient_funds",
                self.env._(
                    "Only %s is free on this wallet. Nothing was taken.",
                    asset_sudo._format(free_minor),
                ),
                missing_minor=self._minor() - free_minor,
            )

    def _check_contract(self):
        """Only money that is paid back is another place's matter; a gift goes to its issuer."""
        return super()._check_contract() if self.choice == "refund" else None

    # -- doing it ----------------------------------------------------------------------------

    def _do(self, wallet_sudo):
        # sudo: authorised by role just before, the desk writes no dormancy by itself
        asset_sudo = self.asset_id.sudo()
        accounts_sudo = self.env["tibillet.account"].sudo()
        dormancy_sudo = self.env["tibillet.dormancy"].sudo()
        account_sudo = accounts_sudo._get(wallet_sudo, asset_sudo)
        if self.choice == "keep":
            dormancy_sudo._keep(account_sudo)
            return self.env._(
                "Kept: %(amount)s of “%(asset)s” stays as it is. Its period starts anew today.",
                amount=asset_sudo._format(account_sudo._balance()),
                asset=asset_sudo.name,
            )
        if self.choice == "give":
            operation_sudo = dormancy_sudo._give(
                account_sudo,
                self._minor(),
                key=self.key,
                origin=self._origin_of_user(),
                company=self.company_id,
                card=self._card(),
                memo=self.reason.strip(),
            )
            return dormancy_sudo._receipt_text(operation_sudo)
        message = super()._do(wallet_sudo)
        dormancy_sudo._choose(account_sudo, "refund")
        return message

    def action_confirm(self):
        """As every act; the receipt of a gift stays on the screen until it is closed."""
        gives = self.exists() and self.choice == "give"
        answer = super().action_confirm()
        if gives and "params" in answer:
            answer["params"] |= {"sticky": True, "title": self.env._("Receipt of a donation")}
        return answer
