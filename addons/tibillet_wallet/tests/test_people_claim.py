import secrets
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from .. import claim_codes
from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestClaimCodes(TransactionCase):
    def test_a_code_is_eight_characters_nobody_confuses(self):
        codes = {claim_codes.draw() for _draw in range(200)}
        self.assertEqual(len(codes), 200)
        for code in codes:
            self.assertRegex(code, "^[2-9A-HJ-NP-Z]{8}$")

    def test_only_the_code_matches_its_hash_however_it_is_typed(self):
        code = "ABCD2345"
        kept = claim_codes.protect(code)
        self.assertNotIn(code, kept)
        self.assertNotEqual(kept, claim_codes.protect(code), "salted")
        for typed in ("ABCD2345", "abcd-2345", " ABCD 2345 "):
            self.assertTrue(claim_codes.matches(typed, kept), typed)
        for typed in ("ABCD2346", "ABCD234", "", None, "ABCD23455"):
            self.assertFalse(claim_codes.matches(typed, kept), typed)
        self.assertFalse(claim_codes.matches(code, None))
        self.assertFalse(claim_codes.matches(code, False))


@tagged("post_install", "-at_install")
class TestClaim(PeopleCase):
    def setUp(self):
        super().setUp()
        self.code = self.card._draw_claim_code()

    # -- the code --------------------------------------------------------------------------

    def test_drawing_hands_the_card_out_and_keeps_a_hash_alone(self):
        card = self.make_card()
        self.assertEqual(card.state, "blank")
        code = card.with_user(self.user_bar)._draw_claim_code()
        self.assertEqual(card.state, "anonymous")
        self.env.flush_all()
        self.env.cr.execute("SELECT c.*::text FROM tibillet_card c WHERE id = %s", [card.id])
        self.assertNotIn(code, self.env.cr.fetchone()[0])
        self.assertNotIn(code, " ".join(card.message_ids.mapped("body")))
        self.assertTrue(claim_codes.matches(code, card.claim_hash))

    def test_nobody_reads_the_hash(self):
        manager = self.card.with_user(self.manager_bar)
        self.assertNotIn("claim_hash", manager.fields_get())
        self.assertNotIn("claim_hash", manager.read()[0])
        with self.assertRaisesRegex(Exception, "claim_hash"):
            manager.read(["claim_hash"])

    def test_a_new_code_is_a_managers_act_and_voids_the_old_one(self):
        for user in (self.user_bar, self.accountant_bar):
            self.assertRefused("not_allowed", self.card.with_user(user)._draw_claim_code)
        new = self.card.with_user(self.manager_bar)._draw_claim_code()
        self.assertRefused("card_unknown", self.card._claim, self.ann, self.code)
        self.card._claim(self.ann, new)
        self.assertEqual(self.card.partner_id, self.ann)

    def test_another_place_draws_no_code(self):
        self.assertRefused("not_allowed", self.card.with_user(self.manager_coop)._draw_claim_code)

    def test_no_code_for_a_card_that_is_claimed_or_stopped(self):
        self.card.state = "lost"
        self.assertRefused("card_lost", self.card._draw_claim_code)
        self.card.state = "anonymous"
        self.card._claim(self.ann, self.code)
        self.assertRefused("not_allowed", self.card._draw_claim_code)

    # -- claim and merge ---------------------------------------------------------------------

    def test_everything_moves_in_one_operation(self):
        claim = self.env["tibillet.asset"]._claim_of(self.bar)
        self.load(2000)
        self.load(500, self.gift, code="gift")
        self.load(90, self.hours, code="issue")
        self.load(300, claim, code="shortfall")
        wallet = self.card.with_user(self.user_bar)._claim(self.ann, self.code, self.bar)
        operation = self.env["tibillet.operation"].search([("code", "=", "merge")])
        self.assertEqual(len(operation), 1)
        self.assertEqual(operation.card_id, self.card)
        self.assertEqual(operation.company_id, self.bar)
        self.assertEqual(len(operation.transfer_ids), 4)
        self.assertEqual(wallet.kind, "person")
        self.assertEqual(wallet.sudo().partner_id, self.ann)
        self.assertEqual(self.card.wallet_id.id, wallet.id)
        self.assertEqual(self.card.state, "claimed")
        self.assertEqual(self.wallet.merged_into_id.id, wallet.id)
        assets = (self.token, self.gift, self.hours, claim)
        self.assertEqual([self.minor(wallet.sudo(), a) for a in assets], [2000, 500, 90, 300])
        self.assertEqual([self.minor(self.wallet, a) for a in assets], [0, 0, 0, 0])
        self.assertFalse(self.card.claim_hash)
        self.assertEqual(self.ledger._audit(), {})

    def test_an_empty_card_is_just_linked(self):
        self.account(self.wallet, self.token)
        self.card._claim(self.ann, self.code)
        self.assertEqual(self.card.partner_id, self.ann)
        self.assertFalse(self.env["tibillet.operation"].search([("code", "=", "merge")]))

    def test_several_cards_one_wallet(self):
        second = self.make_card()
        code = second._draw_claim_code()
        self.load(1000)
        self.load(700, wallet=second.wallet_id)
        wallet = self.card._claim(self.ann, self.code)
        self.assertEqual(second._claim(self.ann, code), wallet)
        self.assertEqual(wallet.card_ids, self.card | second)
        self.assertEqual(self.minor(wallet), 1700)

    def test_asked_again_by_the_same_person_nothing_more_happens(self):
        self.load(1000)
        wallet = self.card._claim(self.ann, self.code)
        self.assertEqual(self.card._claim(self.ann, self.code), wallet)
        self.assertEqual(self.minor(wallet), 1000)

    def test_by_qr_number_or_chip(self):
        for text in (
            self.card.number.lower(),
            "04-a1-b2-c3-d4-e5-f6",
            self.card.token,
            f"https://carte.example.org/tibillet/card/{self.card.token}",
        ):
            with self.subTest(text=text), self.env.cr.savepoint() as savepoint:
                self.Card._claim_by(self.ann, text, self.code.lower(), self.bar)
                self.assertEqual(self.card.partner_id, self.ann)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_guardian_and_limit_come_along(self):
        self.wallet.write({"guardian_id": self.bob.id, "daily_limit_minor": 1500})
        wallet = self.card._claim(self.ann, self.code)
        self.assertEqual(wallet.guardian_id, self.bob)
        self.assertEqual(wallet.daily_limit_minor, 1500)
        self.assertFalse(self.wallet.guardian_id)

    # -- refusals ------------------------------------------------------------------------------

    def test_a_wallet_is_merged_neither_into_itself_nor_into_a_cards(self):
        person = self.env["tibillet.wallet"]._of_person(self.ann)
        other = self.make_card().wallet_id
        self.load(1000)
        self.load(1000, wallet=person)
        for source, target in (
            (self.wallet, self.wallet),
            (person, person),
            (person, self.wallet),
            (self.wallet, other),
            (self.wallet, self.env["tibillet.wallet"]._of_place(self.bar)),
        ):
            self.assertRefused("invalid", source._merge_into, target, origin="test")
        self.wallet._merge_into(person, origin="test")
        self.assertRefused("invalid", self.wallet._merge_into, person, origin="test")

    def test_somebody_elses_card(self):
        self.load(1000)
        wallet = self.card._claim(self.ann, self.code)
        self.assertRefused("not_allowed", self.card._claim, self.bob, self.code)
        self.assertRefused(
            "card_unknown", self.Card._claim_by, self.bob, self.card.number, self.code, self.bar
        )
        self.assertEqual(self.card.wallet_id, wallet)

    def test_a_card_in_use_at_a_till(self):
        self.load(1000)
        hold = self.hold(400)
        refusal = self.assertRefused("not_allowed", self.card._claim, self.ann, self.code)
        self.assertIn("till", str(refusal))
        self.assertEqual(self.card.state, "anonymous")
        self.ledger._void(hold)
        self.card._claim(self.ann, self.code)
        self.assertEqual(self.minor(self.card.wallet_id), 1000)

    def test_a_top_up_on_its_way_is_waited_for(self):
        self.post(
            "topup",
            (self.issuer(self.token), self.account(self.wallet, self.token), 500),
            hold_until=self.in_minutes(5),
        )
        self.assertRefused("not_allowed", self.card._claim, self.ann, self.code)

    def test_a_hold_that_ran_out_does_not_stand_in_the_way(self):
        self.load(1000)
        self.hold(400)
        self.wait(6)
        self.card._claim(self.ann, self.code)
        self.assertEqual(self.minor(self.card.wallet_id), 1000)

    def test_over_the_cap_the_sentence_says_what_to_do(self):
        person = self.env["tibillet.wallet"]._of_person(self.ann)
        self.load(20_000, wallet=person)
        self.load(9_000)
        refusal = self.assertRefused("limit_exceeded", self.card._claim, self.ann, self.code)
        self.assertIn("Spend or refund", str(refusal))
        self.assertEqual(self.card.wallet_id, self.wallet)
        self.assertEqual(self.card.state, "anonymous")
        self.spend(4_000)
        self.card._claim(self.ann, self.code)
        self.assertEqual(self.minor(person), 25_000)

    def test_stopped_cards_at_the_desk_say_why(self):
        for state, code in (
            ("lost", "card_lost"),
            ("blocked", "card_blocked"),
            ("replaced", "card_blocked"),
            ("retired", "card_blocked"),
        ):
            self.card.state = state
            self.assertRefused(code, self.card._claim, self.ann, self.code)

    def test_a_frozen_wallet_keeps_what_it_has(self):
        self.load(1000)
        self.wallet.frozen = True
        self.assertRefused("wallet_frozen", self.card._claim, self.ann, self.code)
        self.assertEqual(self.card.wallet_id, self.wallet)

    # -- alike -----------------------------------------------------------------------------------

    def test_unknown_foreign_blocked_taken_and_mistyped_answer_alike(self):
        """Same code, same sentence, and the same work: one slow hash each."""
        blocked, taken, bare = self.make_card(), self.make_card(), self.make_card()
        codes = {card: card._draw_claim_code() for card in (blocked, taken)}
        blocked.state = "blocked"
        taken._claim(self.bob, codes[taken])
        foreign = self.make_card(company_id=self.coop.id)
        codes[foreign] = foreign._draw_claim_code()
        cases = {
            "unknown": ("ZZZZ9999", self.code),
            "foreign": (foreign.number, codes[foreign]),
            "blocked": (blocked.number, codes[blocked]),
            "taken": (taken.number, codes[taken]),
            "no code yet": (bare.number, self.code),
            "mistyped": (self.card.number, "AAAA2222"),
            "nothing typed": (self.card.number, ""),
            "no card typed": ("", self.code),
            "unknown qr": (secrets.token_urlsafe(16), self.code),
        }
        said = {}
        for name, (text, code) in cases.items():
            with patch.object(claim_codes, "_derive", wraps=claim_codes._derive) as hashed:
                refusal = self.assertRefused(
                    "card_unknown", self.Card._claim_by, self.ann, text, code, self.bar
                )
            self.assertEqual(hashed.call_count, 1, name)
            said[name] = str(refusal)
        self.assertEqual(len(set(said.values())), 1, said)
        with patch.object(claim_codes, "_derive", wraps=claim_codes._derive) as hashed:
            self.Card._claim_by(self.ann, self.card.number, self.code, self.bar)
        self.assertEqual(hashed.call_count, 1, "the right code costs the same")

    def test_a_card_of_a_place_whose_asset_is_taken_is_not_foreign(self):
        foreign = self.make_card(company_id=self.coop.id)
        code = foreign._draw_claim_code()
        args = (self.ann, foreign.number, code, self.bar)
        self.assertRefused("card_unknown", self.Card._claim_by, *args)
        self.env["tibillet.acceptance"].create(
            {
                "asset_id": self.euro.id,
                "company_id": self.bar.id,
                "contract_date": "2026-01-01",
            }
        ).with_user(self.manager_coop).action_countersign()
        self.Card._claim_by(*args)
        self.assertEqual(foreign.partner_id, self.ann)


@tagged("post_install", "-at_install")
class TestClaimLock(PeopleCase):
    """The count of tries lives in cursors of its own, as in production."""

    def tries_in_this_transaction(self):
        """Not here."""

    def setUp(self):
        super().setUp()
        self.code = self.card._draw_claim_code()
        self.desk = self.Card.with_user(self.user_bar)

    def age(self, seconds):
        with self.registry._db.cursor() as cr:
            cr.execute(
                "UPDATE tibillet_rate_hit SET at = at - make_interval(secs => %s)", [seconds]
            )

    def test_five_wrong_codes_and_the_right_one_waits_an_hour(self):
        wrong = ("card_unknown", self.desk._claim_by, self.ann, self.card.number, "AAAA2222")
        for _try in range(5):
            self.assertRefused(*wrong, self.bar)  # its savepoint rolls the refusal back
        right = (self.desk._claim_by, self.ann, self.card.number, self.code, self.bar)
        refusal = self.assertRefused("rate_limited", *right)
        self.assertRegex(str(refusal), r"\b(60|59) minutes")
        self.assertRefused("rate_limited", self.card._claim, self.ann, self.code)
        self.age(3601)
        self.desk._claim_by(self.ann, self.card.number, self.code, self.bar)
        self.assertEqual(self.card.partner_id, self.ann)

    def test_an_unknown_number_is_counted_too(self):
        number = "".join(secrets.choice(claim_codes.ALPHABET) for _place in range(12))
        for text in (number, number.lower(), f" {number} ", number[:4] + "-" + number[4:], number):
            self.assertRefused(
                "card_unknown", self.desk._claim_by, self.ann, text, self.code, self.bar
            )
        self.assertRefused(
            "rate_limited", self.desk._claim_by, self.ann, number, self.code, self.bar
        )

    def test_a_new_code_starts_anew(self):
        for _try in range(5):
            self.assertRefused("card_unknown", self.card._claim, self.ann, "AAAA2222")
        self.assertRefused("rate_limited", self.card._claim, self.ann, self.code)
        code = self.card.with_user(self.manager_bar)._draw_claim_code()
        self.card._claim(self.ann, code)
        self.assertEqual(self.card.partner_id, self.ann)
