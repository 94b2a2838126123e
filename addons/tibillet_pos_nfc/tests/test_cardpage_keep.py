from odoo.exceptions import AccessError
from odoo.tests import tagged

from .cardpage_common import CardPageCase
from .common import UID

DAY = 24 * 60


class PageCase(CardPageCase):
    def page(self, uid=UID, user=None):
        self.env.invalidate_all()
        session = self.till_session.with_user(user) if user else self.till_session
        return session.tibillet_card_page(self.credential, uid)


@tagged("post_install", "-at_install")
class TestCardPageKeep(PageCase):
    """What sleeps on a card: kept at the till, at its holder's word."""

    def sleep(self):
        """More than its period without an act, and the night that notices."""
        self.wait(800 * DAY)
        self.env["tibillet.dormancy"]._mark()

    def row(self):
        account = self.env["tibillet.account"]._get(self.card.wallet_id, self.token)
        return self.env["tibillet.dormancy"]._of(account)

    def test_nothing_sleeps(self):
        page = self.page()
        self.assertEqual((page["asleep"], page["may"]["keep"]), ([], False))

    def test_kept(self):
        self.sleep()
        self.assertTrue(self.row()._is_dormant())
        page = self.page()
        self.assertEqual((page["asleep"], page["may"]["keep"]), ([self.token.name], True))
        free = self.free()
        answer = self.act("keep")
        self.assertTrue(answer["ok"], answer)
        self.assertEqual((self.row().state, self.row().choice), ("awake", "keep"))
        self.assertEqual(self.free(), free, "nothing moves")
        self.assertFalse(self.operations_of(self.key))
        self.assertEqual((self.page()["asleep"], self.page()["may"]["keep"]), ([], False))

    def test_kept_once_per_key(self):
        self.sleep()
        first = self.act("keep")
        at = self.row().acted_at
        self.wait(5)
        self.assertEqual(self.act("keep", key=self.key, seq=self.seq), first)
        self.assertEqual(self.row().acted_at, at)

    def test_a_lost_card_keeps_nothing(self):
        self.sleep()
        self.card.sudo().state = "lost"
        self.assertEqual(self.page()["asleep"], [])
        answer = self.act("keep")
        self.assertEqual((answer["ok"], answer["code"]), (False, "card_lost"))
        self.assertFalse(self.row().choice)

    def test_what_is_frozen_is_nobodys_to_keep(self):
        self.sleep()
        self.env.cr.execute(
            "UPDATE tibillet_asset SET frozen_at = tibillet_now() WHERE id = %s", self.token.ids
        )
        page = self.page()
        self.assertEqual((page["asleep"], page["may"]["keep"]), ([], False))
        self.act("keep")
        self.assertFalse(self.row().choice)

    def test_not_for_who_has_no_till(self):
        self.sleep()
        with self.assertRaises(AccessError):
            self.act("keep", user=self.stranger)


@tagged("post_install", "-at_install")
class TestCardByNumber(PageCase):
    """A card that does not read: by its whole number or its QR, by right, and for little."""

    @property
    def typed(self):
        return f"number:{self.card.number}"

    def test_by_its_number(self):
        for text in (self.card.number, f" {self.card.number.lower()} "):
            page = self.page(f"number:{text}", self.till_manager)
            self.assertTrue(page["ok"], page)
            self.assertEqual(page["card"]["id"], self.card.id)
            self.assertTrue(page["typed"])
            self.assertEqual(page["left_minor"], 2000)
        self.assertNotIn(UID, str(page), "its chip's number is told to nobody")

    def test_by_its_qr(self):
        token = self.card.sudo().token
        for text in (token, f"https://example.org/tibillet/card/{token}"):
            self.assertEqual(
                self.page(f"number:{text}", self.till_manager)["card"]["id"], self.card.id
            )

    def test_only_exactly(self):
        number = self.card.number
        for text in (number[:-1], f"{number}0", "", "%", f"{number[:-1]}_", "*"):
            page = self.page(f"number:{text}", self.till_manager)
            self.assertFalse(page["ok"], text)
            self.assertNotIn("card", page)

    def test_by_right(self):
        page = self.page(self.typed)
        self.assertEqual((page["ok"], page["code"]), (False, "not_allowed"))
        self.cashier.group_ids |= self.env.ref("tibillet_wallet.tibillet_wallet_group_user")
        self.assertTrue(self.page(self.typed)["ok"])

    def test_not_many_a_minute(self):
        codes = [self.page(f"number:NO{n:06}", self.till_manager)["code"] for n in range(21)]
        self.assertEqual(set(codes[:20]), {"card_unknown"})
        self.assertEqual(codes[20], "rate_limited")

    def test_looking_is_noted(self):
        accesses = self.env["tibillet.wallet.access"].sudo()
        before = accesses.search_count([("wallet_id", "=", self.card.wallet_id.id)])
        self.page(self.typed, self.till_manager)
        after = accesses.search_count([("wallet_id", "=", self.card.wallet_id.id)])
        self.assertGreater(after, before)

    def test_nothing_is_taken_without_the_card(self):
        manager = self.till_manager
        page = self.page(self.typed, manager)
        self.assertEqual(
            {act for act, may in page["may"].items() if may}, {"topup", "lost", "moves"}
        )
        acts = set(self.env["tibillet.till.acts"]._acts()) - {"topup", "lost", "moves"}
        self.assertGreaterEqual(
            acts, {"refund", "give", "gift", "link", "replace", "recycle", "code", "keep", "offer"}
        )
        for act in acts:
            answer = self.act(act, {}, uid=self.typed, user=manager)
            self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"), act)
            self.assertIn("on the reader", answer["message"], act)
        answer = self.act("refund", {}, uid=self.typed, user=manager, key="x" * 300)
        self.assertEqual((answer["ok"], answer["code"]), (False, "invalid"), answer)
        self.seq -= 1  # what is no key takes no number
        ways = self.till_session.with_user(manager).tibillet_card_ways(self.credential, self.typed)
        self.assertEqual((ways["ok"], ways["code"]), (False, "not_allowed"))
        held = self.tap(uid=self.typed)
        self.assertFalse(held["ok"])
        self.assertEqual(self.free(), 2000)
        self.assertFalse(self.device.gap_ids, "a refused act keeps its number")

    def test_refused_acts_are_counted_too(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("tibillet_pos_nfc.acts_per_minute", 2)
        for code in ("not_allowed", "not_allowed", "rate_limited"):
            answer = self.act("refund", {}, uid=self.typed, user=self.till_manager)
            self.assertEqual(answer["code"], code, answer)

    def test_blocked_by_its_number(self):
        answer = self.act("lost", {}, uid=self.typed, user=self.till_manager)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.card.sudo().state, "lost")
        page = self.page(self.typed, self.till_manager)
        self.assertEqual((page["balances"], page["left_minor"]), ([], 0))

    def test_topped_up_by_its_number(self):
        values = {"asset_id": self.token.id, "price_minor": 500, "beside": []}
        answer = self.act("topup", values, uid=self.typed, user=self.till_manager)
        self.assertTrue(answer["ok"], answer)

    def test_another_cards_number_is_another_card(self):
        page = self.page(f"number:{self.other_card.number}", self.till_manager)
        self.assertEqual(page["card"]["id"], self.other_card.id)
