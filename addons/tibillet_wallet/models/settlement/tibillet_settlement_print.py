"""The statement that both sides agree on, and how it is paid, as a PDF."""

from odoo import models
from odoo.tools import format_date, format_datetime

from .statement import statement_pdf


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    def action_print(self):
        """Download the statement."""
        self.ensure_one()
        self._check_reader()
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/settlement/{self.id}.pdf",
            "target": "download",
        }

    def _statement_pdf(self):
        """The statement in the user's language: figures, who agreed and when, how to pay.

        It names both places' figures: who may have it is checked by the caller.

        :return: the document's bytes
        """
        self.ensure_one()
        headings = [
            self.env._("Asset, who owes whom"),
            self.env._("Sales"),
            self.env._("Top-ups"),
            self.env._("Refunds"),
            self.env._("Other"),
            self.env._("Carried over"),
            self.env._("Owed"),
        ]
        rows = [
            [
                f"{line.asset_id.name} · {line.sentence}",
                *(
                    line.asset_id._format(line[f"{name}_minor"])
                    for name in ("sale", "topup", "refund", "other", "carried", "amount")
                ),
            ]
            for line in self.line_ids
        ]
        return statement_pdf(
            self.env._("Settlement %s", self.reference),
            self._statement_facts(),
            headings,
            rows,
            self.sentence,
            [*self._signature_texts(), *self._payment_texts()],
            self.env._("Page"),
        )

    def _statement_facts(self):
        first, second = self.first_company_id, self.second_company_id
        days = (
            self.env._(
                "Movements after %(since)s and up to %(until)s.",
                since=format_date(self.env, self.since_day),
                until=format_date(self.env, self.until_day),
            )
            if self.since_day
            else self.env._("Movements up to %s.", format_date(self.env, self.until_day))
        )
        return [
            self.env._("Between %(first)s and %(second)s.", first=first.name, second=second.name),
            days,
            self.env._(
                "Positive: the issuer of the asset owes the place; negative: the place owes it."
            ),
        ]

    def _signature_texts(self):
        texts = []
        for name in ("first", "second"):
            company = self[f"{name}_company_id"]
            signer = self[f"agreed_{name}_by_id"]
            if signer:
                texts.append(
                    self.env._(
                        "Agreed for %(place)s by %(who)s on %(when)s.",
                        place=company.name,
                        who=signer.name,
                        when=format_datetime(self.env, self[f"agreed_{name}_at"]),
                    )
                )
            else:
                texts.append(self.env._("%s has not agreed yet.", company.name))
        if self.state == "disputed":
            texts.append(
                self.env._(
                    "Disputed by %(place)s: %(reason)s",
                    place=self.disputed_company_id.name,
                    reason=self.dispute_reason,
                )
            )
        return texts

    def _payment_texts(self):
        """What was paid, and where the rest is to be paid."""
        texts = [
            payment._return_text()
            if payment.returns_id
            else self.env._(
                "Set off on %(day)s: %(amount)s each way, without payment.",
                day=format_date(self.env, payment.date),
                amount=self._format(payment.amount_minor),
            )
            if payment.set_off
            else self.env._(
                "Paid on %(day)s: %(amount)s.",
                day=format_date(self.env, payment.date),
                amount=self._format(payment.amount_minor),
            )
            for payment in self.payment_ids
        ]
        if not self.rest_minor:
            return [*texts, self.env._("Nothing is left to pay.")]
        texts.append(
            self.env._(
                "Left to pay by %(debtor)s to %(creditor)s: %(rest)s, on %(day)s at the latest, "
                "with the reference %(reference)s.",
                debtor=self.debtor_company_id.name,
                creditor=self.creditor_company_id.name,
                rest=self._format(self.rest_minor),
                day=format_date(self.env, self.due_date),
                reference=self.reference,
            )
        )
        return [*texts, self._account_text()]

    def _account_text(self):
        creditor = self.creditor_company_id
        bank = self._bank_of(creditor)
        if not bank:
            return self.env._(
                "%s has no bank account on record: add it to its bank journal, so that it is "
                "printed here.",
                creditor.name,
            )
        return self.env._(
            "To the account %(iban)s of %(creditor)s.",
            iban=bank.acc_number,
            creditor=creditor.name,
        )
