"""Agreeing, disputing, taking back: who said what, and when."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .tibillet_settlement import ACCOUNTANT

SIGNATURES = {"first": "agreed_first", "second": "agreed_second"}


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    def action_agree(self):
        """Sign the figures for one's own side; with both signatures what the two owe each
        other is set off.

        :raises AccessError: for anyone but an accountant of one of the two
        :raises UserError: unless it waits for that signature
        """
        self._check_accountant()
        self._take_turn()
        for settlement in self:
            if not settlement.can_agree:
                raise UserError(
                    self.env._(
                        "%s waits for no signature of yours: nothing was changed.",
                        settlement.reference,
                    )
                )
            settlement._sign(settlement._sides())
        return True

    def _sign(self, sides):
        settlement_sudo = self.sudo()  # these fields are written by acts alone
        now, values = fields.Datetime.now(), {}
        for name, prefix in SIGNATURES.items():
            company_sudo = settlement_sudo[f"{name}_company_id"]
            if company_sudo in sides.sudo() and not settlement_sudo[f"{prefix}_by_id"]:
                values |= {f"{prefix}_by_id": self.env.uid, f"{prefix}_at": now}
                settlement_sudo.message_post(
                    body=self.env._(
                        "%(who)s agrees for %(place)s.",
                        who=self.env.user.name,
                        place=company_sudo.name,
                    )
                )
        settlement_sudo.write(values)
        if settlement_sudo.agreed_first_by_id and settlement_sudo.agreed_second_by_id:
            settlement_sudo.state = "agreed"
            settlement_sudo._set_off()
            settlement_sudo._finish_when_paid()

    def _dispute(self, reason):
        """Say what is wrong. It stays in the list, nothing is paid on it meanwhile; before
        both had agreed, the signatures are withdrawn."""
        self._check_accountant()
        self._take_turn()
        settlement_sudo = self.sudo()  # written by acts alone
        if settlement_sudo.state not in ("proposed", "agreed"):
            raise UserError(
                self.env._(
                    "%s is settled, withdrawn or disputed already: there is nothing to dispute.",
                    settlement_sudo.reference,
                )
            )
        side_sudo = self._sides()[:1]
        values = {
            "state": "disputed",
            "dispute_reason": reason,
            "disputed_by_id": self.env.uid,
            "disputed_company_id": side_sudo.id,
        }
        if settlement_sudo.state == "proposed":
            for prefix in SIGNATURES.values():
                values |= {f"{prefix}_by_id": False, f"{prefix}_at": False}
        settlement_sudo.write(values)
        settlement_sudo.message_post(
            body=self.env._(
                "%(who)s of %(place)s disputes it: %(reason)s",
                who=self.env.user.name,
                place=side_sudo.name,
                reason=reason,
            )
        )

    def action_resume(self):
        """Take the dispute back: as it was before.

        :raises AccessError: for anyone but the place that disputes it
        """
        self._check_accountant()
        self._take_turn()
        for settlement in self:
            settlement_sudo = settlement.sudo()  # written by acts alone
            if settlement_sudo.state != "disputed":
                raise UserError(self.env._("%s is not disputed.", settlement_sudo.reference))
            if settlement_sudo.disputed_company_id not in settlement._sides():
                raise AccessError(
                    self.env._(
                        "Only %s, who disputes it, takes that back.",
                        settlement_sudo.disputed_company_id.name,
                    )
                )
            both = settlement_sudo.agreed_first_by_id and settlement_sudo.agreed_second_by_id
            settlement_sudo.write(
                {
                    "state": "agreed" if both else "proposed",
                    "dispute_reason": False,
                    "disputed_by_id": False,
                    "disputed_company_id": False,
                }
            )
            settlement_sudo.message_post(
                body=self.env._("%s no longer disputes it.", self.env.user.name)
            )
        return True

    def action_withdraw(self):
        """Withdraw what both have not agreed on: what it claimed is owed as before.

        :raises UserError: once something was set off or paid
        """
        self._check_accountant()
        self._take_turn()
        for settlement_sudo in self.sudo():  # written by acts alone
            if settlement_sudo.state not in ("proposed", "disputed") or settlement_sudo.payment_ids:
                raise UserError(
                    self.env._(
                        "%s was agreed on by both, or is over: it is paid, not withdrawn.",
                        settlement_sudo.reference,
                    )
                )
            settlement_sudo.state = "cancelled"
        return True

    def _ask_to_agree(self):
        """An activity for the accountants of both sides, in their own language."""
        group = self.env.ref(ACCOUNTANT)
        for settlement_sudo in self.sudo():  # whose accountants they are
            pair_sudo = settlement_sudo.first_company_id | settlement_sudo.second_company_id
            users_sudo = group.sudo().all_user_ids.filtered(
                lambda user, pair=pair_sudo: user.active and user.company_id in pair
            )
            for user_sudo in users_sudo:
                settlement_sudo.with_context(lang=user_sudo.lang).activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=settlement_sudo.due_date,
                    summary=settlement_sudo.with_context(lang=user_sudo.lang).env._(
                        "Settlement %s: agree, or say what is wrong", settlement_sudo.reference
                    ),
                    user_id=user_sudo.id,
                )

    def _finish_when_paid(self):
        if self.state == "agreed" and not self.rest_minor:
            self.state = "done"
            self.activity_unlink(["mail.mail_activity_data_todo"])
