from io import BytesIO

from PyPDF2 import PdfReader

from odoo.tests import HttpCase, tagged

from .settlement_common import SettlementCase


@tagged("post_install", "-at_install")
class TestSettlementStatement(SettlementCase, HttpCase):
    """The paper that both sides agree on."""

    def text(self, settlement):
        pages = PdfReader(BytesIO(settlement._statement_pdf())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def test_what_it_says(self):
        self.evening()
        journal = self.settlements._bank_journal(self.bar)
        journal.bank_account_id = self.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": self.bar.partner_id.id}
        )
        settlement = self.settlement()
        first = self.text(settlement)
        self.assertIn(f"Settlement {settlement.reference}", first)
        self.assertIn("Le Phare has not agreed yet.", first)
        plain = first.replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("La Coopérative owes Le Phare 12.00 €.", plain)
        for user in (self.accountant_bar, self.accountant_coop):
            settlement.with_user(user).action_agree()
        self.pay(settlement, 5.0)
        said = self.text(settlement).replace("\N{NO-BREAK SPACE}", " ")
        for words in (
            f"Agreed for Le Phare by {self.accountant_bar.name} on",
            f"Agreed for La Coopérative by {self.accountant_coop.name} on",
            "15.00 € each way, without payment",
            "Paid on 01/20/2026: 5.00 €.",
            "Left to pay by La Coopérative to Le Phare: 7.00 €",
            f"with the reference {settlement.reference}",
            f"To the account {journal.bank_account_id.acc_number} of Le Phare",
        ):
            self.assertIn(words, said)
        self.pay(settlement)
        self.assertIn("Nothing is left to pay.", self.text(settlement))

    def test_without_account_number_it_says_what_is_missing(self):
        self.evening()
        self.assertIn("Le Phare has no bank account on record", self.text(self.settlement()))

    def test_a_name_is_no_markup(self):
        self.evening()
        settlement = self.settlement()
        self.bar.partner_id.name = "<b>Le & Phare</i>"
        self.assertIn("<b>Le & Phare</i>", self.text(settlement))

    def test_for_the_two_and_nobody_else(self):
        self.evening()
        settlement = self.settlement()
        action = settlement.with_user(self.accountant_bar).action_print()
        for user, status in ((self.accountant_bar, 200), (self.user_bar, 404)):
            self.authenticate(user.login, user.login)
            answer = self.url_open(action["url"])
            self.assertEqual(answer.status_code, status, user.login)
        self.authenticate(self.accountant_coop.login, self.accountant_coop.login)
        answer = self.url_open(action["url"])
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content.startswith(b"%PDF"))
        self.assertEqual(self.url_open("/tibillet/settlement/0.pdf").status_code, 404)
