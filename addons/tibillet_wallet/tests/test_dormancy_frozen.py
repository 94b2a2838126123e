import io

from PyPDF2 import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .dormancy_common import DormancyCase


def text_of(pdf):
    """What a reader of the document reads, spaces made ordinary."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@tagged("post_install", "-at_install")
class TestDormancyFrozen(DormancyCase):
    """An issuer is wound up: its own asset stops, everything else goes on."""

    def setUp(self):
        super().setUp()
        self.bar.tibillet_second_factor = False
        self.env["tibillet.acceptance"].create(
            [
                {"asset_id": self.euro.id, "company_id": self.bar.id},
                {"asset_id": self.token.id, "company_id": self.coop.id},
            ]
        ).sudo().write({"state": "active", "contract_date": "2020-01-01", "countersigned_by_id": 1})
        self.load(1800, wallet=self.person)
        self.load(722)

    def freeze(self):
        return self.token.with_user(self.manager_bar).action_freeze()

    def test_nothing_of_it_moves_anywhere(self):
        self.freeze()
        mine, issuer = self.account(self.wallet, self.token), self.issuer(self.token)
        for code, debit, credit in (
            ("topup", issuer, mine),
            ("refund", mine, issuer),
            ("sale", mine, self.place(self.bar, self.token)),
            ("sale", mine, self.place(self.coop, self.token)),
        ):
            with self.subTest(code):
                refusal = self.assertRefused("wallet_frozen", self.post, code, (debit, credit, 100))
                self.assertIn("stays owed", str(refusal))
        self.assertRefused("asset_not_accepted", self.spend, 100, company=self.coop)

    def test_other_money_on_the_same_card_pays(self):
        self.load(500, self.euro)
        self.freeze()
        for company in (self.bar, self.coop):
            operation = self.spend(100, company=company)
            self.assertEqual(operation.transfer_ids.asset_id, self.euro)

    def test_a_sale_that_took_place_is_recorded(self):
        held = self.spend(200, hold_until=self.in_minutes(5))
        late = self.spend(200, hold_until=self.in_minutes(5))
        self.freeze()
        self.ledger._record_sale(held)
        self.assertEqual(held.state, "posted")
        self.wait(10)
        recorded = self.ledger._record_sale(late)
        self.assertEqual(recorded.mapped("code"), ["shortfall"])
        self.assertEqual(self.balance(), 522, "what is frozen pays nothing late either")

    def test_holders_are_told_once_per_freeze(self):
        self.freeze()
        self.post_office()
        mail = self.mails()
        self.assertEqual(mail.recipient_ids, self.person.partner_id)
        self.assertIn("wound up", mail.body_html)
        self.assertIn("18.00", mail.body_html)
        self.freeze()
        self.post_office()
        self.assertEqual(len(self.mails()), 1)
        self.assertIn("frozen", self.Notice._reminder(self.wallet)["message"])
        self.assertEqual(self.Notice._shown(self.wallet, "till", "k").mapped("why"), ["frozen"])

    def test_released_it_works_and_nobody_is_told_any_more(self):
        self.freeze()
        self.token.with_user(self.manager_bar).action_unfreeze()
        self.spend(100)
        self.assertFalse(self.notices())
        self.post_office()
        self.assertFalse(self.mails())
        self.days(1)
        self.freeze()
        self.assertEqual(len(self.notices()), 2, "a second freeze is told anew")

    def test_nobody_falls_asleep_who_cannot_act(self):
        self.freeze()
        self.days(400)
        self.sweep()
        self.assertFalse(self.Dormancy.search([]))

    def test_who_may_freeze(self):
        for user in (self.accountant_bar, self.user_bar, self.manager_coop):
            for act in ("action_freeze", "action_unfreeze", "action_claim_list"):
                with self.assertRaises(AccessError):
                    getattr(self.token.with_user(user), act)()
        self.bar.tibillet_second_factor = True
        self.assertRefused("not_allowed", self.token.with_user(self.manager_bar).action_freeze)
        self.token.with_user(self.manager_bar).write({"frozen_at": "2026-01-01 00:00:00"})
        self.assertFalse(self.token.frozen_at, "only the act freezes")

    def test_the_list_of_claims(self):
        self.person.partner_id.name = "Łucja <b>Ní Dhomhnaill</b> & fils"
        self.freeze()
        text = text_of(self.token._claim_list_pdf())
        for words in (
            "List of claims: Jeton",
            "Le Phare",
            "2 holders are owed 25.22 €",
            "Łucja <b>Ní Dhomhnaill</b> & fils",
            "claire@example.org",
            "18.00 €",
            "Bearer of the card",
            self.card.number,
            "7.22 €",
            "Total",
        ):
            self.assertIn(words, text)

    def test_a_thousand_claims_cost_one_query(self):
        for serial in range(20):
            self.load(100, wallet=self.make_person(f"P{serial}", f"p{serial}@example.org"))
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(len(self.token._claims()), 22)


@tagged("post_install", "-at_install")
class TestClaimListDownload(HttpCase, DormancyCase):
    def test_only_a_manager_of_the_issuer_downloads_it(self):
        self.load(1800, wallet=self.person)
        self.env.flush_all()
        url = f"/tibillet/claim-list/{self.token.id}.pdf"
        self.assertIn("/web/login", self.url_open(url).url)
        for login, status in (
            ("manager_bar", 200),
            ("manager_coop", 404),
            ("accountant_bar", 404),
            ("user_bar", 404),
        ):
            self.authenticate(login, login)
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, status, login)
            if status == 200:
                self.assertEqual(answer.headers["Content-Type"], "application/pdf")
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
                self.assertIn("Claire", text_of(answer.content))
        self.authenticate("manager_bar", "manager_bar")
        self.assertEqual(self.url_open("/tibillet/claim-list/0.pdf").status_code, 404)
