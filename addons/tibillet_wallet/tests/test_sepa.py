import base64
from datetime import timedelta
from importlib.util import find_spec
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.sepa import tibillet_sepa
from .settlement_common import SettlementCase

BAR, COOP = "FR7630006000011234567890189", "BE68539007547034"
NAMES = {"p": f"urn:iso:std:iso:20022:tech:xsd:{tibillet_sepa.SCHEMA}"}


class SepaCase(SettlementCase):
    """The co-operative owes the bar 12 euros, and both have accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for company, number in ((cls.bar, BAR), (cls.coop, COOP)):
            cls.settlements._bank_journal(company).bank_account_id = cls.env[
                "res.partner.bank"
            ].create({"acc_number": number, "partner_id": company.partner_id.id})
        cls.today = fields.Date.context_today(cls.settlements)
        cls.orders = cls.env["tibillet.sepa.order"]

    def bank(self, company):
        return self.settlements._bank_journal(company).bank_account_id

    def due(self):
        self.evening()
        return self.agreed()

    def form(self, settlements, user=None, **values):
        return (
            self.env["tibillet.sepa.prepare"]
            .with_user(user or self.accountant_coop)
            .with_context(active_model="tibillet.settlement", active_ids=settlements.ids)
            .create(values)
        )


@tagged("post_install", "-at_install")
class TestSepaRefusals(SepaCase):
    """Each thing that no bank would take has its sentence, before any file is made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What is said here is said before the library is needed.
        cls.startClassPatcher(
            patch.object(cls.env.registry["tibillet.sepa"], "_library", lambda self: None)
        )

    def assertSaid(self, words, settlements, **values):
        form = self.form(settlements, **values)
        self.assertRegex(form.refusal or "", words)
        with self.assertRaises(UserError):
            form.action_make()
        self.assertFalse(self.orders.search([]))

    def test_a_creditor_without_account(self):
        settlement = self.due()
        self.settlements._bank_journal(self.bar).bank_account_id = False
        self.bar.partner_id.bank_ids.unlink()
        self.assertSaid("Le Phare has no bank account on record", settlement)

    def test_what_is_no_iban(self):
        settlement = self.due()
        self.bank(self.bar).acc_number = "12345"
        self.assertSaid("“12345” of Le Phare is no IBAN", settlement)

    def test_a_wrong_figure_in_it(self):
        settlement = self.due()
        self.bank(self.bar).acc_number = BAR[:-1] + "8"
        self.assertSaid("of Le Phare is no IBAN", settlement)

    def test_ones_own_account(self):
        settlement = self.due()
        self.settlements._bank_journal(self.coop).bank_account_id = False
        self.assertSaid("La Coopérative has no bank account on record", settlement)

    def test_another_currency(self):
        settlement = self.due()
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.bank(self.bar).currency_id = dollar
        self.assertSaid(
            "SEPA moves euros only, and the account of Le Phare is kept in USD", settlement
        )
        self.bank(self.bar).currency_id = False
        self.settlements._bank_journal(self.coop).currency_id = dollar
        self.assertSaid("SEPA moves euros only, and “.*” is kept in USD", settlement)

    def test_nothing_to_pay(self):
        self.assertSaid("There is nothing to pay", self.settlements, journal=self.journal_coop())
        settlement = self.due()
        self.pay(settlement)
        self.assertSaid("is not to be paid: both agree first, and once", settlement)
        payment = {"bank": self.bank(self.bar), "reference": "X1", "amount_minor": 0}
        with self.assertRaisesRegex(UserError, "Nothing is left to pay of X1"):
            self.env["tibillet.sepa"]._check_payment(payment)
        payment |= {"amount_minor": 1, "reference": ""}
        with self.assertRaisesRegex(UserError, "The payment to Le Phare has no reference"):
            self.env["tibillet.sepa"]._check_payment(payment)

    def journal_coop(self):
        return str(self.settlements._bank_journal(self.coop).id)

    def test_not_agreed_and_disputed(self):
        self.evening()
        settlement = self.settlement()
        self.assertSaid("both agree first", settlement)
        for user in (self.accountant_bar, self.accountant_coop):
            settlement.with_user(user).action_agree()
        settlement.with_user(self.accountant_bar)._dispute("too little")
        self.assertSaid("both agree first", settlement)

    def test_a_day_that_is_over(self):
        self.assertSaid("This day is over", self.due(), date=self.today - timedelta(days=1))

    def test_by_the_debtors_bank_alone(self):
        settlement = self.due()
        form = self.form(settlement, user=self.accountant_bar)
        self.assertIn("Choose the bank journal that pays", form.refusal)
        form.journal = str(self.settlements._bank_journal(self.bar).id)
        self.assertIn("is owed by La Coopérative, and this bank is of Le Phare", form.refusal)
        with self.assertRaises(UserError):
            form.action_make()

    def test_accountants_of_the_two_alone(self):
        settlement = self.due()
        with self.assertRaises(AccessError):
            self.form(settlement, user=self.user_bar)
        with self.assertRaises(AccessError):
            self.orders.with_user(self.accountant_coop).create({})
        self.assertFalse(self.env["tibillet.sepa.order"].search([]))


@tagged("post_install", "-at_install")
class TestSepaWithoutLibrary(SepaCase):
    """Where the server lacks the library a sentence says so, and payments are noted as before."""

    def test_says_what_to_install(self):
        settlement = self.due()
        self.startPatcher(patch.object(tibillet_sepa, "LIBRARY", "tibillet_there_is_no_such"))
        form = self.form(settlement)
        self.assertIn("need the Python package “tibillet_there_is_no_such”", form.refusal)
        with self.assertRaisesRegex(UserError, "ask who runs it to install it"):
            form.action_make()
        self.pay(settlement)
        self.assertEqual(settlement.state, "done")


@tagged("post_install", "-at_install")
class TestSepaFiles(SepaCase):
    """The file, and what becomes of an order."""

    def make(self, settlements):
        action = self.form(settlements).action_make()
        return self.orders.browse(action["res_id"])

    def texts(self, order, path):
        tree = etree.fromstring(base64.b64decode(order.file))
        return [node.text for node in tree.iterfind(path, NAMES)]

    def test_the_file_that_a_bank_takes(self):
        settlement = self.due()
        self.bank(self.bar).bank_id = self.env["res.bank"].create(
            {"name": "Banque du Port", "bic": "AGRIFRPP"}
        )
        form = self.form(settlement)
        self.assertFalse(form.refusal)
        self.assertRegex(form.lines_text, f"Le Phare · .* · 12.00.€ · {settlement.reference}")
        order = self.make(settlement)
        content = base64.b64decode(order.file)
        library = self.env["tibillet.sepa"]._library()
        library.validation.try_valid_xml(content, tibillet_sepa.SCHEMA)
        broken = content.replace(b"<InstdAmt", b"<InstdAmount").replace(
            b"</InstdAmt", b"</InstdAmount"
        )
        with self.assertRaisesRegex(Exception, "validation errors"):
            library.validation.try_valid_xml(broken, tibillet_sepa.SCHEMA)
        transfer = ".//p:CdtTrfTxInf/"
        for path, text in (
            (".//p:GrpHdr/p:CtrlSum", "12.00"),
            (".//p:GrpHdr/p:NbOfTxs", "1"),
            (".//p:DbtrAcct/p:Id/p:IBAN", COOP),
            (".//p:Dbtr/p:Nm", "La Cooperative"),
            (".//p:ReqdExctnDt/p:Dt", str(self.today)),
            (f"{transfer}p:Amt/p:InstdAmt", "12.00"),
            (f"{transfer}p:Cdtr/p:Nm", "Le Phare"),
            (f"{transfer}p:CdtrAcct/p:Id/p:IBAN", BAR),
            (f"{transfer}p:CdtrAgt/p:FinInstnId/p:BICFI", "AGRIFRPP"),
            (f"{transfer}p:PmtId/p:EndToEndId", settlement.reference),
            (f"{transfer}p:RmtInf/p:Ustrd", settlement.reference),
        ):
            self.assertEqual(self.texts(order, path), [text], path)
        self.assertEqual((order.state, order.total), ("made", 12.0))
        self.assertEqual(order.line_ids.iban, "FR76 3000 6000 0112 3456 7890 189")
        self.assertEqual(settlement.rest, 12.0, "nothing is noted before the bank has paid")

    def test_once_in_a_file_that_the_bank_may_carry_out(self):
        settlement = self.due()
        order = self.make(settlement)
        form = self.form(settlement)
        self.assertIn(f"is in the SEPA order {order.reference} already", form.refusal)
        with self.assertRaisesRegex(UserError, "take that order back"):
            form.action_make()
        with self.assertRaisesRegex(UserError, "say there that the bank has paid it"):
            self.pay(settlement)  # nor by hand
        order.with_user(self.accountant_coop).action_take_back()
        with self.assertRaisesRegex(UserError, "the bank must not get it"):
            order.with_user(self.accountant_coop).action_download()
        self.make(settlement)

    def test_the_bank_has_paid(self):
        settlement = self.due()
        order = self.make(settlement).with_user(self.accountant_coop)
        self.assertIn(f"/{order.id}/file/", order.action_download()["url"])
        order.action_paid()
        self.assertEqual((order.state, settlement.state), ("paid", "done"))
        payment = settlement.payment_ids[-1:]
        self.assertEqual((payment.amount, payment.date), (12.0, self.today))
        self.assertSettled()
        for act in (order.action_paid, order.action_take_back):
            with self.assertRaisesRegex(UserError, "paid or taken back already"):
                act()

    def test_not_before_its_day(self):
        settlement = self.due()
        form = self.form(settlement, date=self.today + timedelta(days=1))
        order = self.orders.browse(form.action_make()["res_id"]).with_user(self.accountant_coop)
        with self.assertRaisesRegex(UserError, "still to come"):
            order.action_paid()
        self.assertEqual((order.state, settlement.rest), ("made", 12.0))

    def test_of_ones_own_place_alone(self):
        order = self.make(self.due())
        self.assertTrue(self.orders.with_user(self.accountant_coop).search([]))
        self.assertFalse(self.orders.with_user(self.accountant_bar).search([]))
        with self.assertRaises(AccessError):
            order.with_user(self.accountant_bar).action_paid()
        with self.assertRaisesRegex(UserError, "buttons only"):
            order.with_user(self.accountant_coop).write({"state": "paid"})

    def test_names_that_a_bank_does_not_know(self):
        settlement = self.due()
        self.bar.name = "Café « L'Étoile » & Fils œuvre d'art " + "très long nom " * 8
        order = self.make(settlement)
        [name] = self.texts(order, ".//p:CdtTrfTxInf/p:Cdtr/p:Nm")
        self.assertTrue(name.isascii())
        self.assertEqual(len(name), 70)


# `requirements/project.txt` brings the library; where somebody runs without it, what is asked is
# that a sentence says so.
if not find_spec(tibillet_sepa.LIBRARY):
    del TestSepaFiles
