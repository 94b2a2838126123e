from odoo.tests import tagged

from .common import OTHER_UID, UID, TillCase


@tagged("post_install", "-at_install")
class TestTap(TillCase):
    """A tap is answered by a hold, once per key, and a refusal takes nothing."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def assertRefused(self, code, **tap):
        before = self.free()
        answer = self.tap(**tap)
        self.assertEqual((answer["ok"], answer["code"]), (False, code), answer)
        self.assertEqual(self.free(), before)
        self.assertFalse(self.operation())
        self.assertGreater(len(answer["message"]), 15)
        return answer

    def test_hold(self):
        answer = self.tap(6.0)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(answer["amount_minor"], 600)
        self.assertEqual(answer["missing_minor"], 0)
        self.assertEqual(answer["left_minor"], 1400)
        self.assertEqual(answer["card"]["tail"], "2345")
        self.assertEqual(
            [(part["asset"], part["amount_minor"]) for part in answer["split"]], [("jeton", 600)]
        )
        self.assertEqual(self.operation().state, "pending")
        self.assertEqual(self.operation().origin, f"device:{self.device.id}")
        self.assertEqual(self.operation().device_seq, 1)

    def test_same_key_is_one(self):
        seq = self.next_seq()
        first = self.tap(6.0, seq=seq)
        again = self.tap(6.0, seq=seq, key=self.key)
        for answer in (first, again):
            self.assertTrue(answer.pop("now_ms"))  # the server's time goes on
        self.assertEqual(first, again)
        self.assertEqual(self.free(), 1400)

    def test_same_key_for_something_else(self):
        seq = self.next_seq()
        self.tap(6.0, seq=seq)
        self.assertEqual(self.tap(7.0, seq=seq, key=self.key)["code"], "key_conflict")
        self.assertEqual(self.free(), 1400)

    def test_cascade_of_two_assets(self):
        self.load(self.card, 250, self.gift)
        answer = self.tap(6.0)
        self.assertEqual(
            [(part["asset"], part["amount_minor"]) for part in answer["split"]],
            [("cadeau", 250), ("jeton", 350)],
        )

    def test_basket_with_a_discount(self):
        lines = [
            {"product_id": self.beer.id, "amount_minor": 600},
            {"product_id": self.crisps.id, "amount_minor": -100},
        ]
        self.assertEqual(self.tap(lines=lines)["amount_minor"], 500)

    def test_short(self):
        answer = self.assertRefused("insufficient_funds", amount=22.3)
        self.assertEqual(answer["missing_minor"], 230)

    def test_short_takes_what_there_is_when_asked(self):
        answer = self.tap(22.3, up_to=2000)
        self.assertEqual((answer["ok"], answer["amount_minor"]), (True, 2000))
        self.assertEqual(self.free(), 0)

    def test_unknown_card(self):
        self.assertRefused("card_unknown", uid="04FFFFFFFFFFFF")

    def test_not_our_card(self):
        self.assertRefused("not_our_card", uid="08A1B2C3")

    def test_unreadable(self):
        for uid in ("", "xyz", None, 12, "04A1"):
            self.assertRefused("invalid", uid=uid)

    def test_blocked_and_lost(self):
        self.card.sudo().state = "blocked"
        self.assertRefused("card_blocked")
        self.card.sudo().state = "lost"
        self.assertRefused("card_lost")

    def test_frozen(self):
        self.card.wallet_id.sudo().frozen = True
        self.assertRefused("wallet_frozen")

    def test_asset_not_accepted(self):
        self.load(self.other_card, 1000, self.foreign)
        self.assertRefused("asset_not_accepted", uid=OTHER_UID)

    def test_limit_exceeded(self):
        self.company.tibillet_tap_limit_minor = 500
        self.assertRefused("limit_exceeded")

    def test_baskets_that_cannot_be(self):
        line = {"product_id": self.beer.id, "amount_minor": 600}
        for lines in (
            None,
            [],
            "beer",
            [line] * 1001,
            [1],
            [line | {"amount_minor": "6"}],
            [line | {"amount_minor": 6.0}],
            [line | {"amount_minor": True}],
            [line | {"amount_minor": 2**31}],
            [line | {"product_id": "x"}],
        ):
            answer = self.till_session.tibillet_hold(
                self.credential, self.next_seq(), "a-key", UID, lines
            )
            self.assertEqual(answer["code"], "invalid", lines)
        for key in ("", "a b", "a/late", "é", "x" * 49, None, 3):
            answer = self.till_session.tibillet_hold(
                self.credential, self.next_seq(), key, UID, [line]
            )
            self.assertEqual(answer["code"], "invalid", key)

    def test_void_gives_back(self):
        self.tap(6.0)
        answer = self.till_session.tibillet_void(self.credential, self.next_seq(), self.key)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.free(), 2000)
        again = self.till_session.tibillet_void(self.credential, self.next_seq(), self.key)
        self.assertTrue(again["ok"], again)

    def test_void_before_its_hold(self):
        self.assertTrue(self.till_session.tibillet_void(self.credential, 2, "late-hold")["ok"])
        answer = self.tap(6.0, key="late-hold", seq=1)
        self.assertEqual(answer["code"], "hold_resolved")
        self.assertEqual(self.free(), 2000)
        self.env.invalidate_all()
        self.assertFalse(self.device.sudo().gap_ids, "the late act closes its gap")

    def test_void_of_another_device(self):
        self.tap(6.0)
        first_key = self.key
        self.pair(self.till_session)
        self.till_session.tibillet_void(self.credential, self.next_seq(), first_key)
        self.assertEqual(self.free(), 1400)

    def test_void_of_a_sale(self):
        self.sell()
        answer = self.till_session.tibillet_void(self.credential, self.next_seq(), self.key)
        self.assertEqual(answer["code"], "hold_resolved")
        self.assertEqual(self.operation().state, "posted")

    def test_hold_runs_out_and_is_renewed(self):
        self.tap(6.0)
        self.wait(4)
        answer = self.till_session.tibillet_renew(self.credential, [self.key, "unknown"])
        self.assertEqual((answer["renewed"], answer["lost"]), ([self.key], ["unknown"]))
        self.wait(4)
        self.assertEqual(self.operation().state, "pending")
        self.assertTrue(self.tap(14.0)["ok"], "14 of 20 are free")
        self.wait(6)
        self.assertTrue(self.tap(20.0)["ok"], "everything is free again")

    def test_lookup(self):
        self.load(self.card, 300, self.foreign)
        answer = self.till_session.tibillet_lookup(self.credential, UID)
        self.assertEqual(answer["left_minor"], 2000)
        self.assertEqual([part["asset"] for part in answer["left"]], ["jeton"])
        self.assertNotIn("partner", str(answer))

    def test_the_answer_carries_what_the_holder_is_to_be_told(self):
        """A sentence without figure; showing it, and only that, delivers the notice."""
        self.assertFalse(self.tap(1.0)["notice"])
        notices = self.env["tibillet.notice"]
        self.token.sudo().frozen_at = "2026-01-02 00:00:00"
        notices._plan_frozen(self.token)
        answer = self.till_session.tibillet_lookup(self.credential, UID)
        self.assertIn("frozen", answer["notice"]["message"])
        self.assertFalse(answer["left"], "what is frozen is not offered")
        mine = notices.search([("asset_id", "=", self.token.id)])
        self.assertEqual(set(mine.mapped("state")), {"due"})
        notices._shown(self.card.wallet_id, "till", answer["notice"]["key"])
        self.assertFalse(self.till_session.tibillet_lookup(self.credential, UID)["notice"])
