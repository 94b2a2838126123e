import base64
from importlib.util import find_spec
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .merchant_common import MerchantCase


class MerchantSepaCase(MerchantCase):
    """A statement of the food truck, 11 sold by card, and the organiser's bank."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_till_up()
        cls.journal = cls.env["tibillet.settlement"]._bank_journal(cls.company)
        cls.journal.bank_account_id = cls.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": cls.company.partner_id.id}
        )

    def setUp(self):
        super().setUp()
        self.open_stand()
        self.serve()
        self.close_stand()
        self.paper = self.statement()

    def form(self):
        return (
            self.env["tibillet.sepa.prepare"]
            .with_context(active_model=self.paper._name, active_ids=self.paper.ids)
            .create({})
        )


@tagged("post_install", "-at_install")
class TestMerchantSepaRefusals(MerchantSepaCase):
    def test_what_stands_in_the_way(self):
        self.startPatcher(
            patch.object(self.env.registry["tibillet.sepa"], "_library", lambda self: None)
        )
        self.assertIn("the merchant agrees first", self.form().refusal)
        self.paper.action_agree()
        self.assertFalse(self.form().refusal)
        self.iban.acc_number = "4711"
        self.assertIn("“4711” of Zoé SARL is no IBAN", self.form().refusal)
        self.merchant.bank_id = False
        self.assertIn("Zoé SARL has no bank account on record", self.form().refusal)


@tagged("post_install", "-at_install")
class TestMerchantSepa(MerchantSepaCase):
    """What is paid to a merchant leaves by the same orders as settlements."""

    def test_in_a_file_then_paid(self):
        self.paper.action_agree()
        amount = self.paper._credit_transfer()["amount_minor"]
        order = self.env["tibillet.sepa.order"].browse(self.form().action_make()["res_id"])
        content = base64.b64decode(order.file).decode()
        for text in (
            "Zoe SARL",
            "FR1420041010050500013M02606",
            self.paper.reference,
            f"{amount / 100:.2f}",
        ):
            self.assertIn(text, content)
        with self.assertRaisesRegex(UserError, "say there that the bank has paid it"):
            self.paper.action_pay()
        with self.assertRaisesRegex(UserError, "already"):
            self.form().action_make()
        self.assertEqual(self.paper.state, "agreed")

        order.action_paid()
        self.assertEqual((order.state, self.paper.state), ("paid", "paid"))
        self.assertEqual(self.paper.paid_on, fields.Date.context_today(self.paper))
        self.assertEqual(self.paper.payment_move_id.journal_id, self.journal)
        self.assertEqual(self.role_balance("due_to", self.zoe), 0)
        with self.assertRaisesRegex(UserError, "paid or taken back already"):
            order.action_paid()

    def test_taken_back_then_paid_by_hand(self):
        self.paper.action_agree()
        order = self.env["tibillet.sepa.order"].browse(self.form().action_make()["res_id"])
        order.action_take_back()
        self.paper.action_pay()
        self.assertEqual(self.paper.state, "paid")


# `requirements/project.txt` brings the library that makes the file.
if not find_spec("sepaxml"):
    del TestMerchantSepa
