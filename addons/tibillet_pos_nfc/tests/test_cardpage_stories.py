"""Stories 5 (at the desk) and 6 of the acceptance list, whole."""

from odoo.tests import tagged

from .common import OTHER_UID, UID
from .test_cardpage_money_back import MoneyBackCase


@tagged("post_install", "-at_install")
class TestStories(MoneyBackCase):
    def test_story_5_sunday_refund_desk(self):
        """7.40 loaded in cash: at once. 60.00 by bank card: refused in cash, to the card.
        1.20 left to the place: a donation with its receipt. The drawer warns at 200.00."""
        cards = self.env["tibillet.card"].create(
            [
                {
                    "uid": f"04AAAAAAAAAA0{at}",
                    "number": f"SUNDAY2{at}",
                    "state": "anonymous",
                    "company_id": self.company.id,
                }
                for at in range(3)
            ]
        )
        cash, bank, rest = cards.mapped("uid")
        self.load_by("cash", 740, uid=cash)
        self.load_by("bank", 6000, uid=bank)
        self.load_by("cash", 120, uid=rest)
        self.till_session.sudo().cash_register_balance_start = 200

        ways = self.ways(cash)
        self.assertEqual([row["cash"] for row in ways["assets"]], [740])
        self.assertTrue(self.refund(740, uid=cash)["ok"])

        refused = self.refund(6000, uid=bank)
        self.assertEqual(refused["code"], "limit_exceeded")
        self.assertIn("did not come in cash", refused["message"])
        paid = self.refund(6000, "bank_card", uid=bank)
        self.assertTrue(paid["ok"], paid)
        self.assertIn("one or two days", paid["receipt"]["way"])

        given = self.act("give", {"asset_id": self.token.id, "price_minor": 120}, uid=rest)
        self.assertTrue(given["ok"], given)
        self.assertIn("Donation of", given["receipt"]["note"])
        self.assertIn("not a tax receipt", given["receipt"]["note"])

        self.load_by("cash", 300)
        self.assertEqual([row["drawer"] for row in self.ways(UID)["assets"]], ["enough"])
        self.till_session.sudo().cash_register_balance_start = 198
        self.assertEqual([row["drawer"] for row in self.ways(UID)["assets"]], ["low"])
        self.assertTrue(self.refund(300, uid=UID)["ok"])
        self.load_by("cash", 4700)
        last = self.refund(4700, uid=UID)
        self.assertTrue(last["ok"], last)
        self.assertEqual([self.free(card) for card in cards], [0, 0, 0])
        for card in cards:
            self.assertTrue(self.act("recycle", {"holder_agrees": True}, uid=card.uid)["ok"])

    def test_story_6_lost_wristband(self):
        """43.00, anonymous, the holder has the receipt: blocked everywhere at once, a new card
        with the balance; who finds the wristband sees nothing but “bring it back”."""
        self.load_by("cash", 2300)
        receipt = self.key
        self.assertEqual(self.free(), 4300)

        lost = self.act("lost", {"receipt": receipt}, uid=OTHER_UID)
        self.assertTrue(lost["ok"], lost)
        self.assertEqual(self.tap(1)["code"], "card_lost")
        self.assertEqual(self.promise(1000)["code"], "card_lost")

        replaced = self.act("replace", {"receipt": receipt}, uid=OTHER_UID)
        self.assertTrue(replaced["ok"], replaced)
        self.assertEqual(self.free(self.other_card), 4300)
        self.assertTrue(self.tap(6, uid=OTHER_UID)["ok"])

        for state in ("replaced", "lost"):
            self.card.sudo().state = state
            found = self.till_session.tibillet_card_page(self.credential, UID)
            self.assertIn("Bring it back", found["card"]["sentence"])
            self.assertEqual((found["balances"], found["rights"]), ([], []))
            self.assertEqual((found["card"]["holder"], found["notice"]), ("", False))
            self.assertFalse(any(found["may"].values()), found["may"])
            self.assertEqual(self.tap(1)["ok"], False)
