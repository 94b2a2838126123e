import json

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestPeopleHttp(HttpCase):
    """The export as a download: for managers, noted, kept by nobody."""

    def setUp(self):
        super().setUp()
        self.manager, self.desk = (
            new_test_user(
                self.env,
                login=f"people_{role}",
                password=f"people_{role}",
                groups=f"tibillet_wallet.tibillet_wallet_group_{role}",
                company_ids=[Command.set(self.env.company.ids)],
                company_id=self.env.company.id,
            )
            for role in ("manager", "user")
        )
        self.ann = self.env["res.partner"].create({"name": "Anne Le Goff"})
        card = self.env["tibillet.card"].create({"company_id": self.env.company.id})
        card._claim(self.ann, card._draw_claim_code(), self.env.company)
        self.wallet, self.number = card.wallet_id, card.number
        self.path = f"/tibillet/people/{self.ann.id}/export"

    def test_a_manager_downloads_it_and_that_is_noted(self):
        self.authenticate("people_manager", "people_manager")
        before = self.env["ir.attachment"].search_count([])
        answer = self.url_open(self.path)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        data = json.loads(answer.content)
        self.assertEqual(data["cards"][0]["number"], self.number)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        access = self.env["tibillet.wallet.access"].search([("wallet_id", "=", self.wallet.id)])
        self.assertIn("export", access.mapped("what"))
        self.assertEqual(access.filtered(lambda row: row.what == "export").user_id, self.manager)

    def test_nobody_else_does(self):
        for login in ("people_user", None):
            self.authenticate(login, login)
            answer = self.url_open(self.path)
            self.assertNotIn("application/json", answer.headers["Content-Type"])
            self.assertNotIn(self.number, answer.text)
            self.assertNotIn("Anne Le Goff", answer.text)
        self.assertFalse(
            self.env["tibillet.wallet.access"].search([("wallet_id", "=", self.wallet.id)])
        )
