from odoo.tests import tagged

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from ..models.cardpage.tibillet_till_act import Asked
from .cardpage_common import CardPageCase
from .common import OTHER_UID, UID


@tagged("post_install", "-at_install")
class TestCardPeople(CardPageCase):
    """Whose card it is: link, lost, replaced, claim code, taken back, movements."""

    @property
    def person(self):
        return self.env["res.partner"].search([("email", "=", "ada@example.com")])

    # -- link ---------------------------------------------------------------------------------

    def test_link_to_somebody_new(self):
        answer = self.act("link", {"email": "ada@example.com", "name": "Ada Vidal"})
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(answer["holder"], "Ada Vidal")
        self.assertEqual((self.card.state, self.card.partner_id), ("claimed", self.person))
        self.assertEqual(self.free(), 2000)

    def test_link_by_exact_address(self):
        ada = self.env["res.partner"].create({"name": "Ada", "email": "Ada@Example.com"})
        self.assertTrue(self.act("link", {"email": "ada@example.com "})["ok"])
        self.assertEqual(self.card.partner_id, ada)

    def test_link_by_number(self):
        bob = self.env["res.partner"].create({"name": "Bob", "phone": "06 12 34 56 78"})
        answer = self.act("link", {"phone": "+33 6 12 34 56 78"})
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.card.partner_id, bob)

    def test_link_refusals(self):
        self.assertEqual(self.act("link", {"email": "ada@"})["code"], "invalid")
        self.assertEqual(self.act("link", {"phone": "12"})["code"], "invalid")
        self.assertEqual(self.act("link", {})["code"], "invalid")
        unknown = self.act("link", {"email": "ada@example.com"})
        self.assertEqual(unknown["code"], "card_unknown")
        self.assertFalse(self.person)
        self.env["res.partner"].create([{"name": n, "email": "x@example.com"} for n in "ab"])
        self.assertEqual(self.act("link", {"email": "x@example.com"})["code"], "invalid")
        self.assertEqual(self.card.state, "anonymous")

    def test_link_asks_for_the_code_that_was_drawn(self):
        code = self.act("code")["receipt"]["code"]
        values = {"email": "ada@example.com", "name": "Ada"}
        self.assertEqual(self.act("link", values)["code"], "not_allowed")
        wrong = self.act("link", {**values, "code": "AAAA-AAAA"})
        self.assertEqual(wrong["code"], "card_unknown")
        self.assertTrue(self.act("link", {**values, "code": code})["ok"])

    def test_a_card_in_a_name_stays_there(self):
        self.act("link", {"email": "ada@example.com", "name": "Ada"})
        answer = self.act("link", {"email": "eve@example.com", "name": "Eve"})
        self.assertEqual(answer["code"], "not_allowed")
        self.assertEqual(self.card.partner_id, self.person)

    # -- lost and replaced ----------------------------------------------------------------------

    def test_lost_is_refused_at_once(self):
        answer = self.act("lost")
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.card.state, "lost")
        self.assertEqual(self.tap()["code"], "card_lost")

    def test_lost_by_number_and_by_receipt(self):
        self.assertTrue(self.act("lost", {"old": "test 2345"}, uid=OTHER_UID)["ok"])
        self.assertEqual((self.card.state, self.other_card.state), ("lost", "anonymous"))
        self.card.sudo().state = "anonymous"
        self.load_by("cash", 1000)
        self.assertTrue(self.act("lost", {"receipt": self.key}, uid=OTHER_UID)["ok"])
        self.assertEqual(self.card.state, "lost")

    def test_replaced_by_receipt(self):
        self.load_by("cash", 1000)
        receipt = self.key
        self.act("lost")
        self.other_card.sudo().state = "blank"
        answer = self.act("replace", {"receipt": receipt}, uid=OTHER_UID)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual((self.card.state, self.other_card.state), ("replaced", "anonymous"))
        self.assertEqual(self.free(self.other_card), 3000)
        self.assertEqual(answer["receipt"]["tail"], "6789")
        self.assertEqual([row["name"] for row in answer["receipt"]["left"]], ["Jeton"])

    def test_replaced_by_a_receipt_typed_badly(self):
        self.promise(1000, key="AB2C-DE3F-GH4J-KL5M")
        self.sync(self.mixed_values([(self.cash, 10.0, False)], topups=[(self.key, 10.0)]))
        answer = self.act("replace", {"receipt": " ab2cde3f gh4j-kl5m"}, uid=OTHER_UID)
        self.assertTrue(answer["ok"], answer)

    def test_replaced_by_claim_code(self):
        code = self.act("code")["receipt"]["code"]
        wrong = self.act("replace", {"old": "TEST2345", "code": "AAAA-AAAA"}, uid=OTHER_UID)
        self.assertEqual(wrong["code"], "card_unknown")
        answer = self.act("replace", {"old": "TEST2345", "code": code}, uid=OTHER_UID)
        self.assertTrue(answer["ok"], answer)

    def test_replaced_by_identity(self):
        self.act("link", {"email": "ada@example.com", "name": "Ada"})
        values = {"old": "TEST2345"}
        self.assertEqual(self.act("replace", values, uid=OTHER_UID)["code"], "not_allowed")
        values["identity_checked"] = True
        self.assertTrue(self.act("replace", values, uid=OTHER_UID)["ok"])
        self.assertEqual(self.other_card.partner_id, self.person)

    def test_an_anonymous_card_is_not_replaced_by_identity(self):
        values = {"old": "TEST2345", "identity_checked": True}
        self.assertEqual(self.act("replace", values, uid=OTHER_UID)["code"], "not_allowed")
        self.assertEqual(self.card.state, "anonymous")

    def test_replace_refusals(self):
        self.assertEqual(self.act("replace", {}, uid=OTHER_UID)["code"], "invalid")
        wrong = self.act("replace", {"receipt": "NOPE"}, uid=OTHER_UID)
        self.assertEqual(wrong["code"], "card_unknown")
        self.load(self.other_card, 100)
        code = self.act("code")["receipt"]["code"]
        full = self.act("replace", {"old": "TEST2345", "code": code}, uid=OTHER_UID)
        self.assertEqual(full["code"], "not_allowed")
        self.assertEqual(self.card.state, "anonymous")

    def test_receipts_are_not_guessed(self):
        acts = self.env["tibillet.till.acts"].with_user(self.cashier)
        session = self.till_session
        codes = []
        for _try in range(6):
            asked = Asked(session, self.device, "k", self.other_card, {"receipt": "GUESS"})
            try:  # assertRaises would roll the count back
                acts._old_card(asked)
            except LedgerError as refusal:
                codes.append(refusal.code)
        self.assertEqual(codes, ["card_unknown"] * 5 + ["rate_limited"])

    # -- claim code, taken back -------------------------------------------------------------------

    def test_claim_code_is_printed_once(self):
        page = self.till_session.tibillet_card_page(self.credential, UID)
        self.assertTrue(page["may"]["code"])
        answer = self.act("code")
        self.assertRegex(answer["receipt"]["code"], r"^[2-9A-Z]{4}-[2-9A-Z]{4}$")
        self.assertEqual(self.act("code")["code"], "not_allowed")
        page = self.till_session.tibillet_card_page(self.credential, UID)
        self.assertFalse(page["may"]["code"])
        self.assertTrue(page["card"]["has_code"])

    def test_taken_back_only_when_it_is_empty_of_every_issuer(self):
        self.assertEqual(self.act("recycle", {"holder_agrees": True})["ok"], False)
        self.load(self.other_card, 100, self.foreign)
        foreign = self.act("recycle", {"holder_agrees": True}, uid=OTHER_UID)
        self.assertFalse(foreign["ok"])
        self.assertIn("Another place", foreign["message"])
        self.env["tibillet.card"].create(
            {
                "uid": "04AABBCCDDEEFF",
                "number": "EMPTY234",
                "state": "anonymous",
                "company_id": self.company.id,
            }
        )
        self.assertFalse(self.act("recycle", {}, uid="04AABBCCDDEEFF")["ok"])
        self.assertTrue(self.act("recycle", {"holder_agrees": True}, uid="04AABBCCDDEEFF")["ok"])
        page = self.till_session.tibillet_card_page(self.credential, "04AABBCCDDEEFF")
        self.assertEqual(page["card"]["state"], "blank")

    # -- movements --------------------------------------------------------------------------------

    def test_movements_are_a_managers_with_a_reason(self):
        self.assertEqual(self.act("moves", {"reason": "A question"})["code"], "not_allowed")
        user = self.till_manager
        self.assertEqual(self.act("moves", {"reason": "x"}, user=user)["code"], "invalid")
        answer = self.act("moves", {"reason": "Charged twice?"}, user=user)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(len(answer["moves"]), 1)
        noted = self.env["tibillet.wallet.access"].sudo().search([("what", "=", "moves")])
        self.assertEqual((noted.user_id, noted.reason), (user, "Charged twice?"))
