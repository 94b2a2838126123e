"""Credit transfers as a file that a bank takes: ISO 20022, pain.001.001.09 (docs/adr/0033)."""

import importlib
import logging
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

#: Also what French banks take once the version of 2009 is gone (November 2026).
SCHEMA = "pain.001.001.09"
LIBRARY = "sepaxml"
#: The scheme moves this currency and no other (SEPA rulebook, 2.4).
CURRENCY = "EUR"
#: Country, two check digits, the account (ISO 13616).
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)


def _digits(text):
    """Letters as two digits, A = 10 (ISO 7064)."""
    return "".join(str(int(char, 36)) for char in text)


class TibilletSepa(models.AbstractModel):
    """Makes the file and says what is wrong with its parts; writes nothing down.

    Nothing here is reachable by RPC. :class:`tibillet.sepa.order` keeps what was made.
    """

    _name = "tibillet.sepa"
    _description = "SEPA credit transfers"

    @api.model
    def _library(self):
        """The library, imported when a file is made: nobody else needs it.

        :raises UserError: says what to install
        """
        try:
            return importlib.import_module(LIBRARY)
        except ImportError:
            raise UserError(
                self.env._(
                    "SEPA files need the Python package “%s”, which this server lacks: ask who "
                    "runs it to install it. Until then make the transfers at your bank, and note "
                    "them here.",
                    LIBRARY,
                )
            ) from None

    @api.model
    def _iban(self, bank, name):
        """The account number of a bank account, without spaces.

        :param bank: a ``res.partner.bank``, possibly none
        :param name: whose it is, for the sentence
        :raises UserError: when there is none, or it is no IBAN
        """
        if not bank:
            raise UserError(
                self.env._(
                    "%s has no bank account on record: add it to its bank journal or contact.",
                    name,
                )
            )
        number = "".join((bank.acc_number or "").split()).upper()
        if not IBAN.fullmatch(number) or int(_digits(number[4:] + number[:4])) % 97 != 1:
            raise UserError(
                self.env._(
                    "“%(number)s” of %(name)s is no IBAN: compare it with the bank's paper.",
                    number=bank.acc_number or "",
                    name=name,
                )
            )
        return number

    @api.model
    def _check_order(self, journal, date, payments):
        """:raises UserError: with what no bank would take"""
        if not journal:
            raise UserError(self.env._("Choose the bank journal that pays."))
        self._iban(journal.bank_account_id, journal.company_id.name)
        currency = journal.currency_id or journal.company_id.currency_id
        if currency.name != CURRENCY:
            raise UserError(
                self.env._(
                    "SEPA moves euros only, and “%(journal)s” is kept in %(currency)s: pay by "
                    "another way, and note it.",
                    journal=journal.name,
                    currency=currency.name,
                )
            )
        if date < fields.Date.context_today(self):
            raise UserError(self.env._("This day is over: choose today or a later day."))
        if not payments:
            raise UserError(self.env._("There is nothing to pay: choose what is to be paid."))
        for payment in payments:
            self._check_payment(payment)

    @api.model
    def _check_payment(self, payment):
        bank, reference = payment["bank"], payment["reference"]
        name = payment.get("name") or self._holder(bank)
        self._iban(bank, name)
        if bank.currency_id and bank.currency_id.name != CURRENCY:
            raise UserError(
                self.env._(
                    "SEPA moves euros only, and the account of %(name)s is kept in %(currency)s.",
                    name=name,
                    currency=bank.currency_id.name,
                )
            )
        if payment["amount_minor"] <= 0:
            raise UserError(
                self.env._("Nothing is left to pay of %s: leave it out.", reference or name)
            )
        if not reference:
            raise UserError(
                self.env._("The payment to %s has no reference: both sides need one.", name)
            )

    @api.model
    def _holder(self, bank):
        return bank.acc_holder_name or bank.partner_id.name or ""

    @api.model
    def _file(self, journal, date, payments):
        """The file that a bank takes, checked against its schema.

        :param journal: the bank journal that pays
        :param date: the day of execution
        :param payments: list of ``{"bank": res.partner.bank, "amount_minor": cents,
            "reference": text}``, ``"name"`` where it is not the account's holder
        :return: bytes
        :raises UserError: with what no bank would take
        """
        library = self._library()
        self._check_order(journal, date, payments)
        transfer = library.SepaTransfer(
            {
                "name": journal.company_id.name,
                "IBAN": self._iban(journal.bank_account_id, journal.company_id.name),
                "currency": CURRENCY,
                "batch": True,
                **self._bic(journal.bank_account_id),
            },
            schema=SCHEMA,
            clean=True,
        )
        for payment in payments:
            name = payment.get("name") or self._holder(payment["bank"])
            transfer.add_payment(
                {
                    "name": name,
                    "IBAN": self._iban(payment["bank"], name),
                    "amount": payment["amount_minor"],
                    "execution_date": date,
                    "description": payment["reference"],
                    "endtoend_id": payment["reference"][:35],
                    **self._bic(payment["bank"]),
                }
            )
        try:
            return transfer.export(validate=True)
        except Exception as error:  # the library raises its own kinds, bare ones included
            _logger.exception("SEPA file of journal %s refused by its schema", journal.id)
            raise UserError(
                self.env._(
                    "The file would not be taken by a bank: look at names, accounts and "
                    "references for characters that they do not know. Nothing was made."
                )
            ) from error

    @api.model
    def _bic(self, bank):
        bic = (bank.bank_id.bic or "").replace(" ", "").upper()
        return {"BIC": bic} if bic else {}
