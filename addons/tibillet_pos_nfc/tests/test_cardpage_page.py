from odoo.tests import tagged

from .common import OTHER_UID, UID, TillCase


@tagged("post_install", "-at_install")
class TestCardPage(TillCase):
    """What the page of a card tells, to whom, and what it keeps to itself."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def page(self, uid=UID, user=None, **values):
        session = self.till_session.with_user(user) if user else self.till_session
        return session.tibillet_card_page(values.get("credential", self.credential), uid)

    def test_anonymous_card(self):
        page = self.page()
        self.assertTrue(page["ok"], page)
        self.assertEqual(page["card"]["state"], "anonymous")
        self.assertEqual(page["card"]["look"], "yes")
        self.assertEqual(page["card"]["holder"], "")
        [row] = page["balances"]
        self.assertEqual((row["asset"], row["amount_minor"]), ("jeton", 2000))
        self.assertEqual((row["held_minor"], row["value_minor"]), (0, 2000))
        self.assertEqual(page["left_minor"], 2000)

    def test_what_is_on_hold_stands_apart(self):
        self.assertTrue(self.tap(6)["ok"])
        [row] = self.page()["balances"]
        self.assertEqual((row["amount_minor"], row["held_minor"]), (1400, 600))

    def test_only_what_is_taken_here(self):
        self.load(self.card, 700, self.foreign)
        self.assertEqual([row["asset"] for row in self.page()["balances"]], ["jeton"])

    def test_a_holder_is_named(self):
        person = self.env["res.partner"].create({"name": "Ada"})
        self.card.sudo()._give_to(person, self.company)
        page = self.page()
        self.assertEqual(page["card"]["holder"], "Ada")
        self.assertFalse(page["may"]["link"])

    def test_a_finder_sees_nothing(self):
        for state in ("lost", "blocked"):
            self.card.sudo().state = state
            page = self.page()
            self.assertTrue(page["ok"], page)
            self.assertEqual(page["card"]["look"], "no")
            self.assertEqual((page["balances"], page["left_minor"]), ([], 0))
            self.assertFalse(any(page["may"].values()), page["may"])
        self.card.sudo().state = "lost"
        self.assertIn("Bring it back", self.page()["card"]["sentence"])

    def test_refusals(self):
        self.assertEqual(self.page("04FFFFFFFFFFFF")["code"], "card_unknown")
        self.assertEqual(self.page("08A1B2C3")["code"], "not_our_card")
        self.assertEqual(self.page(None)["code"], "invalid")
        self.assertTrue(self.page(credential="1.nothing")["unpaired"])

    def test_a_stranger_is_refused(self):
        with self.assertRaisesRegex(Exception, "cashier"):
            self.page(user=self.stranger)

    def test_looks_are_counted_and_noted(self):
        self.env["ir.config_parameter"].set_param("tibillet_pos_nfc.lookups_per_minute", "2")
        codes = [self.page()["code"] for _time in range(3)]
        self.assertEqual(codes, ["card_page", "card_page", "rate_limited"])
        noted = self.env["tibillet.wallet.access"].sudo().search([("what", "=", "found")])
        self.assertIn(self.card.wallet_id, noted.wallet_id)
        self.assertEqual(noted.user_id, self.cashier)

    def test_a_reminder_is_delivered_once_it_was_shown(self):
        accounts = self.env["tibillet.account"]
        self.env.cr.execute(
            "INSERT INTO tibillet_notice (account_id, wallet_id, asset_id, company_id, why, turn,"
            " counted_from, state, due_at, tries) VALUES (%s, %s, %s, %s, 'dormant', 0,"
            " tibillet_now(), 'due', tibillet_now(), 0) RETURNING id",
            [
                accounts._get(self.card.wallet_id, self.token).id,
                self.card.wallet_id.id,
                self.token.id,
                self.company.id,
            ],
        )
        notice = self.env["tibillet.notice"].sudo().browse(self.env.cr.fetchone()[0])
        reminder = self.page()["notice"]
        self.assertIn("Nothing is taken", reminder["message"])
        self.assertEqual(notice.state, "due")
        for _time in range(2):
            answer = self.till_session.tibillet_notice_shown(self.credential, UID, reminder["key"])
            self.assertTrue(answer["ok"], answer)
        self.assertEqual((notice.state, notice.channel), ("delivered", "till"))
        self.assertFalse(self.page()["notice"])

    def test_an_empty_card_has_a_page(self):
        page = self.page(OTHER_UID)
        self.assertEqual((page["balances"], page["notice"]), ([], False))
