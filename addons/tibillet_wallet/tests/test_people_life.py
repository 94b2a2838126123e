from functools import partial
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import LedgerError
from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestReplace(PeopleCase):
    def setUp(self):
        super().setUp()
        self.code = self.card._draw_claim_code()
        self.topup = self.load(2000)
        self.new = self.make_card(uid="04A1B2C3D4E5F7")

    def refused(self, error, *cards, **proofs):
        """``cards``: the new one, or the old and the new one."""
        old, new = cards if len(cards) == 2 else (self.card, *cards)
        return self.assertRefused(error, partial(old._replace, new, **proofs))

    def test_an_anonymous_card_by_its_claim_code(self):
        operations = self.env["tibillet.operation"].search_count([])
        self.card.state = "lost"
        self.card.with_user(self.user_bar)._replace(
            self.new.with_user(self.user_bar), code=self.code
        )
        self.assertEqual(self.card.state, "replaced")
        self.assertEqual(self.card.replaced_by_id, self.new)
        self.assertEqual(self.new.state, "anonymous")
        self.assertEqual(self.new.wallet_id, self.wallet)
        self.assertEqual(self.env["tibillet.operation"].search_count([]), operations)
        self.assertEqual(self.minor(self.new.wallet_id), 2000)
        self.assertRefused("card_blocked", self.Card._by_uid, self.card.uid)
        self.spend(500, card=self.new)

    def test_an_anonymous_card_by_a_top_up_receipt(self):
        self.card._replace(self.new, receipt_key=f" {self.topup.key} ")
        self.assertEqual(self.new.wallet_id, self.wallet)

    def test_a_receipt_of_another_card_or_of_a_sale_proves_nothing(self):
        other = self.load(500, wallet=self.make_card().wallet_id)
        sale = self.spend(100)
        for key in (other.key, sale.key, "nothing", "%"):
            self.refused("card_unknown", self.new, receipt_key=key)
        self.refused("not_allowed", self.new)
        self.refused("card_unknown", self.new, code="AAAA2222")
        self.refused("not_allowed", self.new, identity_checked=True)
        self.assertEqual(self.card.state, "anonymous")

    def test_guesses_at_receipts_are_counted_like_codes(self):
        for _try in range(5):
            try:  # a savepoint, as assertRaises makes one, would take the count back here
                self.card._replace(self.new, receipt_key="guess")
            except LedgerError as refusal:
                self.assertEqual(refusal.code, "card_unknown")
        self.refused("rate_limited", self.new, code=self.code)

    def test_a_claimed_card_once_the_desk_knows_who_it_is(self):
        wallet = self.card._claim(self.ann, self.code)
        self.refused("not_allowed", self.new, code=self.code)
        self.card._replace(self.new, identity_checked=True)
        self.assertEqual(self.new.wallet_id, wallet)
        self.assertEqual(self.new.state, "claimed")
        self.assertEqual(self.new.partner_id, self.ann)

    def test_a_hold_goes_on_under_the_new_card(self):
        hold = self.hold(500, card=self.card)
        self.card._replace(self.new, code=self.code)
        self.ledger._capture(hold)
        self.assertEqual(self.minor(self.new.wallet_id), 1500)

    def test_the_new_card_must_be_free(self):
        self.load(100, wallet=self.new.wallet_id)
        self.new.state = "anonymous"
        refusal = self.refused("not_allowed", self.new, code=self.code)
        self.assertIn("1.00", str(refusal))
        claimed = self.make_card()
        claimed._claim(self.bob, claimed._draw_claim_code())
        lost = self.make_card(state="lost")
        foreign = self.make_card(company_id=self.coop.id)
        self.refused("invalid", self.card, code=self.code)
        self.refused("not_allowed", claimed, code=self.code)
        self.refused("card_lost", lost, code=self.code)
        self.refused(
            "not_allowed",
            self.card.with_user(self.user_bar),
            foreign.with_user(self.user_bar),
            code=self.code,
        )
        self.assertEqual(self.card.state, "anonymous")

    def test_never_twice_and_never_a_blank_one(self):
        self.card._replace(self.new, code=self.code)
        self.refused("not_allowed", self.make_card(), code=self.code)
        self.refused("not_allowed", self.make_card(), self.make_card(), code=self.code)


@tagged("post_install", "-at_install")
class TestRecycle(PeopleCase):
    def setUp(self):
        super().setUp()
        self.code = self.card._draw_claim_code()

    def test_an_empty_card_becomes_blank_without_a_past(self):
        self.load(500)
        self.spend(500, card=self.card)
        number, token, uid = self.card.number, self.card.token, self.card.uid
        new = self.card.with_user(self.user_bar)._recycle(holder_agrees=True).sudo()
        self.assertEqual((new.number, new.token, new.uid), (number, token, uid))
        self.assertEqual(new.state, "blank")
        self.assertNotEqual(new.wallet_id, self.wallet)
        self.assertFalse(new.operation_ids)
        self.assertFalse(new.claim_hash)
        self.assertEqual(self.card.state, "retired")
        self.assertFalse(self.card.uid)
        self.assertNotIn(number, self.card.number)
        self.assertNotEqual(self.card.token, token)
        self.assertRefused("card_unknown", new._claim, self.ann, self.code)

    def test_only_with_the_holders_word(self):
        self.assertRefused("not_allowed", self.card._recycle)
        self.assertEqual(self.card.state, "anonymous")

    def test_not_while_it_holds_anything_of_any_issuer(self):
        """The fault of TiBillet: emptying at A took what B had issued."""
        claim = self.env["tibillet.asset"]._claim_of(self.bar)
        for asset, code, words in (
            (self.euro, "topup", "Euro-Federe"),
            (self.gift, "gift", "Cadeau"),
            (self.hours, "issue", "Heures"),
            (claim, "shortfall", "is owed to Le Phare"),
        ):
            card = self.make_card(state="anonymous")
            self.load(100, asset, card.wallet_id, code=code)
            refusal = self.assertRefused("not_allowed", card._recycle, holder_agrees=True)
            self.assertIn(words, str(refusal))
            self.assertEqual(card.state, "anonymous")

    def test_not_while_a_top_up_is_on_its_way(self):
        self.post(
            "topup",
            (self.issuer(self.token), self.account(self.wallet, self.token), 500),
            hold_until=self.in_minutes(5),
        )
        self.assertRefused("not_allowed", self.card._recycle, holder_agrees=True)

    def test_a_replaced_card_leaves_its_wallet_to_the_other(self):
        self.load(2000)
        other = self.make_card()
        self.card._replace(other, code=self.code)
        new = self.card._recycle(holder_agrees=True)
        self.assertEqual(new.state, "blank")
        self.assertEqual(other.wallet_id, self.wallet)
        self.assertEqual(self.minor(self.wallet), 2000)

    def test_a_claimed_card_leaves_an_empty_wallet_to_the_person(self):
        wallet = self.card._claim(self.ann, self.code)
        self.load(300, wallet=wallet)
        self.assertRefused("not_allowed", self.card._recycle, holder_agrees=True)
        self.spend(300, wallet=wallet)
        new = self.card._recycle(holder_agrees=True)
        self.assertFalse(new.partner_id)
        self.assertEqual(wallet.partner_id, self.ann)

    def test_blank_and_retired_and_another_places(self):
        self.assertRefused("not_allowed", self.make_card()._recycle, holder_agrees=True)
        self.card._recycle(holder_agrees=True)
        self.assertRefused("not_allowed", self.card._recycle, holder_agrees=True)
        other = self.make_card(state="anonymous").with_user(self.manager_coop)
        self.assertRefused("not_allowed", other._recycle, holder_agrees=True)

    def test_other_addons_may_say_no(self):
        sentence = "Her membership hangs on this card."
        with patch.object(type(self.card), "_recycle_obstacles", lambda card: [sentence]):
            refusal = self.assertRefused("not_allowed", self.card._recycle, holder_agrees=True)
        self.assertIn(sentence, str(refusal))


@tagged("post_install", "-at_install")
class TestLostAndGuarded(PeopleCase):
    def test_lost_is_refused_at_once_and_found_again(self):
        self.load(1000)
        card = self.card.with_user(self.manager_bar)
        card.action_report_lost()
        self.assertRefused("card_lost", self.Card._by_uid, self.card.uid)
        self.assertRefused("card_lost", self.spend, 100, card=self.card)
        card.action_unblock()
        self.spend(100, card=self.card)

    def test_a_replaced_or_retired_card_does_not_come_back(self):
        for state in ("replaced", "retired"):
            self.card.state = state
            for act in ("action_report_lost", "action_block", "action_unblock"):
                self.assertRefused(
                    "not_allowed", getattr(self.card.with_user(self.manager_bar), act)
                )

    def test_buttons_check_rights_themselves(self):
        for user in (self.user_bar, self.accountant_bar, self.manager_coop):
            for act in ("action_report_lost", "action_block", "action_unblock"):
                with self.assertRaises(AccessError):
                    getattr(self.card.with_user(user), act)()

    def test_a_manager_cannot_write_round_the_buttons(self):
        """By RPC: another wallet, state, token, chip, number, holder."""
        self.load(1000)
        other = self.make_card()
        card = self.card.with_user(self.manager_bar)
        for vals in (
            {"wallet_id": other.wallet_id.id},
            {"state": "claimed"},
            {"token": "x" * 22},
            {"uid": "04A1B2C3D4E5F0"},
            {"number": "OTHER"},
            {"company_id": self.coop.id},
        ):
            with self.assertRaises(AccessError, msg=vals):
                card.write(vals)
        for vals in ({"partner_id": self.bob.id}, {"kind": "person"}, {"company_id": False}):
            with self.assertRaises(AccessError, msg=vals):
                card.wallet_id.write(vals)
        with self.assertRaises(AccessError):
            card.create({"wallet_id": self.wallet.id})
        other.with_user(self.manager_bar).uid = "04A1B2C3D4E5F1"  # a chip for a card without

    def test_who_may_act_for_a_wallet(self):
        self.wallet.guardian_id = self.bob
        self.assertTrue(self.wallet._may_act_for(self.bob))
        self.assertFalse(self.wallet._may_act_for(self.ann))
        self.assertFalse(self.wallet._may_act_for(self.env["res.partner"]))
        old = self.wallet
        self.card._claim(self.ann, self.card._draw_claim_code())
        for partner in (self.ann, self.bob):
            self.assertTrue(self.card.wallet_id._may_act_for(partner))
            self.assertTrue(old._may_act_for(partner), "asked of the merged wallet")
        self.assertFalse(self.make_card().wallet_id._may_act_for(self.bob))

    def test_a_manager_sets_guardian_and_limit_on_the_card(self):
        card = self.card.with_user(self.manager_bar)
        card.write({"guardian_id": self.bob.id, "daily_limit": 12.5})
        self.assertEqual(self.wallet.guardian_id, self.bob)
        self.assertEqual(self.wallet.daily_limit_minor, 1250)
        with self.assertRaises(AccessError):
            self.card.with_user(self.user_bar).write({"daily_limit": 0})

    def test_the_daily_limit_counts_sales_and_holds_of_the_day(self):
        check = self.wallet._check_spending_limits
        self.load(10_000)
        self.load(600, self.hours, code="issue")
        check(self.bar, 5000)  # no limit is set
        self.wallet.daily_limit_minor = 1500
        self.spend(400)
        self.hold(500)
        self.spend(0, lines=[(None, 60, self.hours)])  # minutes are not money
        check(self.bar, 600)
        refusal = self.assertRefused("limit_exceeded", check, self.bar, 601)
        self.assertIn("15.00", str(refusal))
        self.assertIn("6.00", str(refusal))
        self.wait(6)  # the hold ran out
        check(self.bar, 1100)
        self.assertRefused("limit_exceeded", check, self.bar, 1101)

    def test_a_sale_over_the_daily_limit_is_refused_at_the_tap(self):
        self.load(5_000)
        self.load(600, self.hours, code="issue")
        self.wallet.daily_limit_minor = 1000
        self.hold(700, card=self.card)
        refusal = self.assertRefused("limit_exceeded", self.spend, 301, card=self.card)
        self.assertIn("3.00", str(refusal))
        self.spend(300, card=self.card)
        self.spend(0, lines=[(None, 60, self.hours)])  # minutes are not money

    def test_another_day_another_limit_and_what_came_back_counts_off(self):
        self.load(10_000)
        self.wallet.daily_limit_minor = 1000
        sale = self.spend(900)
        check = self.wallet._check_spending_limits
        self.assertRefused("limit_exceeded", check, self.bar, 101)
        self.post(
            "undo",
            (self.place(self.bar, self.token), self.account(self.wallet, self.token), 400),
            names_id=sale.id,
        )
        check(self.bar, 500)
        self.assertRefused("limit_exceeded", check, self.bar, 501)
        place = type(self.env["tibillet.place"])
        tomorrow = self.in_minutes(24 * 60)
        real = place._business_day
        with patch.object(place, "_business_day", lambda one, at=None: real(one, at or tomorrow)):
            check(self.bar, 1000)
