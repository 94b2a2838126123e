"""The words on the screen that faces the customer: in the language of the till behind it."""

import json
import re

from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestCustomerDisplay(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def told(self):
        """What the page of a screen, where nobody is logged in, is told about words."""
        self.authenticate(None, None)
        page = self.url_open(f"/pos_customer_display/{self.config.id}/7")
        self.assertEqual(page.status_code, 200)
        return json.loads(re.search(r"__session_info__\":\s*({.*})\s*,\s*\"debug\"", page.text)[1])

    def words(self, told):
        lang = told["user_context"]["lang"]
        answer = self.url_open(f"{told['translationURL']}?lang={lang}").json()
        return {
            row["id"]: row["string"] for row in answer["modules"]["tibillet_pos_nfc"]["messages"]
        }

    def test_the_company_speaks_while_no_till_is_open(self):
        self.company.partner_id.lang = "fr_FR"
        self.assertEqual(self.words(self.told())["To pay"], "À payer")

    def test_who_opened_the_till_speaks(self):
        self.company.partner_id.lang = "en_US"
        self.till_manager.lang = "fr_FR"
        self.open_session(self.till_manager)
        self.assertEqual(self.words(self.told())["Still on it"], "Reste")

    def test_an_english_till_faces_an_english_screen(self):
        self.company.partner_id.lang = "fr_FR"
        self.till_manager.lang = "en_US"
        self.open_session(self.till_manager)
        self.assertNotIn("To pay", self.words(self.told()))

    def test_visitors_pages_load_none_of_the_tills_words(self):
        answer = self.url_open("/website/translations?lang=fr_FR").json()
        self.assertNotIn("tibillet_pos_nfc", answer["modules"])
