from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import LedgerError
from ..ledger_roles import TABLE, row_of
from .acts_common import ActsCase

FORMS = {
    "topup": "tibillet.act.issue",
    "issue": "tibillet.act.issue",
    "gift": "tibillet.act.gift",
    "refund": "tibillet.act.refund",
    "correct": "tibillet.act.correct",
    "overdraft": "tibillet.act.overdraft",
    "freeze": "tibillet.act.freeze",
}


@tagged("post_install", "-at_install")
class TestActsIssue(ActsCase):
    def issue(self, amount, asset=None, **values):
        asset = asset or self.token
        means = {"means": "cash"} if asset.backed else {}
        return self.confirm(
            "tibillet.act.issue", **{"asset_id": asset.id, "amount": amount, **means, **values}
        )

    def last(self):
        return self.env["tibillet.operation"].search([], limit=1)

    def test_money_tops_up_and_time_is_issued(self):
        self.assertDone(self.issue(20.0))
        self.assertEqual((self.last().code, self.last().means), ("topup", "cash"))
        self.assertDone(self.issue(45.0, self.hours))
        self.assertEqual((self.last().code, self.last().means), ("issue", False))
        self.assertEqual(self.balance(self.hours), 45)

    def test_it_says_how_the_money_came(self):
        self.assertIn("how the money", self.assertShownAgain(self.issue(20.0, means=False)))
        for means in ("bank_card", "transfer", "cheque", "title"):
            self.assertDone(self.issue(1.0, means=means))
            self.assertEqual(self.last().means, means)

    def test_the_load_cap_and_the_anonymous_ceiling(self):
        self.bar.tibillet_stored_limit_minor = 15_000
        self.assertDone(self.issue(140.0))
        sentence = self.assertShownAgain(self.issue(10.01))
        self.assertIn("10.00", sentence)
        self.bar.tibillet_stored_limit_minor = 0
        self.assertDone(self.issue(110.0))
        self.assertIn("0.00", self.assertShownAgain(self.issue(0.01)))

    def test_the_ceiling_is_told_before_the_first_load_too(self):
        self.bar.tibillet_stored_limit_minor = 15_000
        self.assertIn("150.00", self.assertShownAgain(self.issue(150.01)))
        self.assertDone(self.issue(150.0))

    def test_a_gift_is_not_topped_up_and_a_claim_never(self):
        claim = self.env["tibillet.asset"]._claim_of(self.bar)
        for asset in (self.gift, claim):
            self.assertIn("not loaded", self.assertShownAgain(self.issue(1.0, asset)))

    def test_only_the_issuer_gives_out_time(self):
        days = self.make_asset("journees", "time", self.coop)
        self.assertIn("La Coopérative", self.assertShownAgain(self.issue(1.0, days)))

    def test_another_places_asset_needs_a_contract_that_lets_it_load(self):
        self.assertShownAgain(self.issue(5.0, self.euro))
        acceptance = self.env["tibillet.acceptance"].create(
            {"asset_id": self.euro.id, "company_id": self.bar.id, "contract_date": "2026-01-01"}
        )
        acceptance.with_user(self.manager_coop).action_countersign()
        self.assertShownAgain(self.issue(5.0, self.euro))
        acceptance.sudo().may_load = True
        self.assertDone(self.issue(5.0, self.euro))

    def test_frozen_and_archived(self):
        self.wallet.frozen = True
        self.assertIn("frozen", self.assertShownAgain(self.issue(5.0)))
        self.wallet.frozen = False
        self.token.active = False
        self.assertIn("no longer in use", self.assertShownAgain(self.issue(5.0)))

    def test_a_gift(self):
        def give(asset, amount):
            return self.confirm("tibillet.act.gift", asset_id=asset.id, amount=amount)

        self.assertDone(give(self.gift, 5.0))
        self.assertEqual(self.last().code, "gift")
        self.assertEqual(self.balance(self.gift), 500)
        self.assertDone(give(self.hours, 30.0))
        self.assertEqual(self.last().code, "gift")
        self.assertIn("owed in money", self.assertShownAgain(give(self.token, 5.0)))


@tagged("post_install", "-at_install")
class TestActsRefund(ActsCase):
    def refund(self, amount, means="cash", asset=None, **values):
        return self.confirm(
            "tibillet.act.refund",
            **{"asset_id": (asset or self.token).id, "amount": amount, "means": means, **values},
        )

    def test_cash_goes_back_as_far_as_it_came_in_cash(self):
        self.load_by("cash", 2000)
        self.load_by("bank_card", 3000)
        self.spend(1000)
        sentence = self.assertShownAgain(self.refund(20.01))
        self.assertIn("20.00", sentence)
        self.assertDone(self.refund(20.0))
        self.assertShownAgain(self.refund(0.01))
        self.assertShownAgain(self.refund(20.01, "bank_card"))
        self.assertDone(self.refund(15.0, "bank_card"))
        self.assertDone(self.refund(5.0, "transfer"))
        self.assertEqual(self.balance(), 0)

    def test_the_form_tells_the_ways(self):
        self.load_by("cash", 2000)
        self.load_by("title", 1000)
        shown = self.preview("tibillet.act.refund", card_id=self.card.id, asset_id=self.token.id)
        self.assertIn("20.00", shown["ways_text"])

    def test_a_special_title_is_never_paid_back(self):
        self.load_by("title", 2000)
        for means in ("cash", "bank_card", "transfer"):
            self.assertIn("title", self.assertShownAgain(self.refund(1.0, means)))
        self.load_by("bank_card", 500)
        self.assertDone(self.refund(5.0, "transfer"))
        self.assertEqual(self.balance(), 2000)

    def test_a_young_cheque_waits(self):
        self.load_by("cheque", 2000)
        self.assertIn("cheque", self.assertShownAgain(self.refund(1.0, "transfer")))
        self.wait(31 * 24 * 60)
        self.assertDone(self.refund(20.0, "transfer"))

    def test_identity_above_fifty_in_cash(self):
        self.load_by("cash", 12_000)
        self.assertDone(self.refund(50.0))
        answer = self.refund(0.01)
        self.assertIn("identity", self.assertShownAgain(answer))
        self.assertDone(self.refund(20.0, identity="CNI 880692310285, Ana Le Goff"))
        operation = self.env["tibillet.operation"].search([], limit=1)
        self.assertIn("CNI 880692310285", operation.memo)
        self.env.cr.execute(
            "SELECT to_jsonb(o)::text FROM tibillet_operation o WHERE id = %s", [operation.id]
        )
        self.assertNotIn("880692310285", self.env.cr.fetchone()[0], "it stands apart: erasable")
        self.wait(25 * 60)
        self.assertDone(self.refund(50.0))

    def test_the_form_asks_for_the_paper(self):
        self.load_by("cash", 12_000)
        values = {"card_id": self.card.id, "asset_id": self.token.id, "means": "cash"}
        self.assertFalse(
            self.preview("tibillet.act.refund", amount=50.0, **values)["identity_needed"]
        )
        self.assertTrue(
            self.preview("tibillet.act.refund", amount=50.01, **values)["identity_needed"]
        )

    def test_what_is_not_refundable_stays(self):
        self.load(1000, self.gift, code="gift")
        self.assertIn("not paid back", self.assertShownAgain(self.refund(1.0, asset=self.gift)))

    def test_what_is_on_hold_is_not_paid_back(self):
        self.load_by("cash", 2000)
        self.spend(1500, hold_until=self.in_minutes(5))
        self.assertIn("5.00", self.assertShownAgain(self.refund(5.01)))
        self.assertDone(self.refund(5.0))

    def test_another_places_asset_needs_a_contract_and_its_ceiling(self):
        self.load_by("cash", 5000, self.euro)
        self.assertShownAgain(self.refund(5.0, asset=self.euro))
        acceptance = self.env["tibillet.acceptance"].create(
            {
                "asset_id": self.euro.id,
                "company_id": self.bar.id,
                "contract_date": "2026-01-01",
                "may_refund": True,
                "refund_day_ceiling_minor": 2000,
            }
        )
        self.assertShownAgain(self.refund(5.0, asset=self.euro))
        acceptance.with_user(self.manager_coop).action_countersign()
        self.assertDone(self.refund(15.0, asset=self.euro))
        self.assertShownAgain(self.refund(5.01, asset=self.euro))
        self.assertDone(self.refund(5.0, asset=self.euro))

    def test_frozen(self):
        self.load_by("cash", 2000)
        self.wallet.frozen = True
        self.assertIn("frozen", self.assertShownAgain(self.refund(5.0)))


@tagged("post_install", "-at_install")
class TestActsCorrect(ActsCase):
    def correct(self, operation, amount, way="reverse", **values):
        asset = values.pop("asset", None) or operation.transfer_ids[:1].asset_id
        return self.confirm(
            "tibillet.act.correct",
            operation_id=operation.id,
            asset_id=asset.id,
            amount=amount,
            way=way,
            **values,
        )

    def topped_up(self, amount_minor, means="cash"):
        return self.load_by(means, amount_minor)

    def sold(self, amount_minor):
        return self.spend(amount_minor, card=self.card)

    def test_a_top_up_is_taken_back_in_parts_and_never_beyond(self):
        operation = self.topped_up(5000)
        self.assertDone(self.correct(operation, 45.0))
        self.assertEqual(self.balance(), 500)
        self.assertIn("5.00", self.assertShownAgain(self.correct(operation, 5.01)))
        self.assertDone(self.correct(operation, 5.0))
        self.assertShownAgain(self.correct(operation, 0.01))
        made = self.env["tibillet.operation"].search([("names_id", "=", operation.id)])
        self.assertEqual(set(made.mapped("code")), {"correct"})
        self.assertEqual(self.Account._lots(self.wallet, self.token).of_means("cash"), 0)

    def test_what_was_missing_is_added_and_keeps_its_means(self):
        operation = self.topped_up(500)
        self.assertDone(self.correct(operation, 45.0, "complete"))
        self.assertEqual(self.balance(), 5000)
        self.assertEqual(self.Account._lots(self.wallet, self.token).of_means("cash"), 5000)
        self.assertDone(self.correct(operation, 50.0))
        self.assertEqual(self.balance(), 0)

    def test_completing_a_top_up_heeds_the_cap(self):
        self.bar.tibillet_stored_limit_minor = 0
        operation = self.topped_up(20_000)
        self.assertIn("50.00", self.assertShownAgain(self.correct(operation, 50.01, "complete")))
        self.assertDone(self.correct(operation, 50.0, "complete"))

    def test_a_sale_of_two_assets_goes_back_asset_by_asset(self):
        self.load(300, self.gift, code="gift")
        self.load(1000)
        operation = self.sold(800)
        self.assertDone(self.correct(operation, 5.0, asset=self.token))
        self.assertShownAgain(self.correct(operation, 0.01, asset=self.token))
        self.assertDone(self.correct(operation, 3.0, asset=self.gift))
        self.assertEqual((self.balance(self.gift), self.balance()), (300, 1000))

    def test_the_form_shows_what_is_left_to_take_back(self):
        self.load(1000)
        operation = self.sold(800)
        self.assertDone(self.correct(operation, 3.0))
        shown = self.preview(
            "tibillet.act.correct",
            operation_id=operation.id,
            asset_id=self.token.id,
            amount=2.0,
            reason="Essai",
        )
        self.assertIn("5.00", shown["rest_text"])
        self.assertIn("5.00", shown["before_text"])
        self.assertIn("7.00", shown["after_text"])
        self.assertFalse(shown["refusal"])

    def test_a_correction_is_not_corrected(self):
        operation = self.topped_up(5000)
        self.assertDone(self.correct(operation, 45.0))
        made = self.env["tibillet.operation"].search([("names_id", "=", operation.id)])
        for way in ("reverse", "complete"):
            self.assertIn("not corrected", self.assertShownAgain(self.correct(made, 1.0, way)))

    def test_what_was_spent_is_not_taken_back_from_an_empty_card(self):
        operation = self.topped_up(1000)
        self.sold(800)
        self.assertIn("2.00", self.assertShownAgain(self.correct(operation, 10.0)))
        self.assertDone(self.correct(operation, 2.0))

    def test_a_frozen_wallet_is_corrected(self):
        self.load(1000)
        operation = self.sold(800)
        self.wallet.frozen = True
        self.assertDone(self.correct(operation, 8.0))

    def test_a_hold_and_a_merge_are_not_corrected_here(self):
        self.load(1000)
        held = self.spend(500, card=self.card, hold_until=self.in_minutes(5))
        self.assertIn(
            "moved nothing", self.assertShownAgain(self.correct(held, 5.0, asset=self.token))
        )
        self.ledger._void(held)
        person = self.name_the_card()
        merge = self.post(
            "merge",
            (self.account(self.wallet, self.token), self.account(person, self.token), 1000),
            company_id=self.bar.id,
        )
        self.assertIn("by hand", self.assertShownAgain(self.correct(merge, 1.0)))

    def test_another_places_operation_is_out_of_reach(self):
        operation = self.load_by("cash", 1000)
        self.coop.tibillet_second_factor = False
        self.by_role = {**self.by_role, "manager": self.manager_coop}
        self.bar, self.coop = self.coop, self.bar
        sentence = self.assertShownAgain(self.correct(operation, 1.0))
        self.assertIn("not one of your place", sentence)


@tagged("post_install", "-at_install")
class TestActsDecisions(ActsCase):
    def setUp(self):
        super().setUp()
        self.person = self.name_the_card()

    def overdraft(self, amount, wallet=None, **values):
        return self.confirm(
            "tibillet.act.overdraft",
            **{
                "wallet_id": (wallet or self.person).id,
                "asset_id": self.token.id,
                "amount": amount,
                **values,
            },
        )

    def decisions(self):
        return self.env["tibillet.wallet.decision"].search([])

    def test_an_overdraft_is_given_and_taken_away(self):
        self.assertDone(self.overdraft(30.0))
        account = self.account(self.person, self.token)
        self.assertEqual(account.floor_minor, -3000)
        self.spend(2000, wallet=self.person)
        self.assertIn("filled up first", self.assertShownAgain(self.overdraft(0.0)))
        self.load(2000, wallet=self.person)
        self.assertDone(self.overdraft(0.0))
        account.invalidate_recordset()
        self.assertEqual(account.floor_minor, 0)
        self.assertEqual(self.decisions().mapped("kind"), ["overdraft", "overdraft"])
        self.assertEqual(self.decisions()[-1].create_uid, self.manager_bar)
        self.assertEqual(self.decisions()[-1].reason, "Essai")

    def test_an_overdraft_is_for_people_and_for_what_the_place_issues(self):
        self.assertIn("whose name", self.assertShownAgain(self.overdraft(5.0, self.wallet)))
        self.assertIn(
            "La Coopérative", self.assertShownAgain(self.overdraft(5.0, asset_id=self.euro.id))
        )
        self.assertIn("why", self.assertShownAgain(self.overdraft(5.0, reason=" ")))
        self.assertFalse(self.decisions())

    def test_freeze_and_release(self):
        self.load(1000)
        self.assertIn("Frozen", self.assertDone(self.confirm("tibillet.act.freeze")))
        self.assertTrue(self.wallet.frozen)
        self.assertRefused("wallet_frozen", self.spend, 500)
        shown = self.preview("tibillet.act.freeze", card_id=self.card.id, reason="Essai")
        self.assertTrue(shown["frozen"])
        self.assertIn("10.00", shown["balances_text"])
        self.assertIn("Released", self.assertDone(self.confirm("tibillet.act.freeze")))
        self.spend(500)
        self.assertEqual(self.decisions().mapped("kind"), ["release", "freeze"])

    def test_a_double_click_does_not_release_again(self):
        self.assertDone(self.confirm("tibillet.act.freeze", key="form-3"))
        self.assertIn(
            "first one", self.assertShownAgain(self.confirm("tibillet.act.freeze", key="form-3"))
        )
        self.assertTrue(self.wallet.frozen)

    def test_a_wallet_is_not_frozen_by_writing_on_it(self):
        for user in (self.accountant_bar, self.manager_bar):
            refused = self.assertRefused(
                "not_allowed", self.wallet.with_user(user).write, {"frozen": True}
            )
            self.assertIn("buttons", str(refused))


@tagged("post_install", "-at_install")
class TestActsByRole(ActsCase):
    """The whole table again, by the real buttons: what each role gets done, and what not."""

    def values_of(self, code):
        if code == "correct":
            operation = self.load_by("cash", 100)
            return {"operation_id": operation.id, "asset_id": self.token.id, "amount": 1.0}
        person = {"wallet_id": self.person.id}
        return {
            "topup": {"asset_id": self.token.id, "amount": 1.0, "means": "cash"},
            "issue": {"asset_id": self.hours.id, "amount": 1.0},
            "gift": {"asset_id": self.gift.id, "amount": 1.0},
            "refund": {"asset_id": self.token.id, "amount": 1.0, "means": "cash"},
            "overdraft": {**person, "asset_id": self.token.id, "amount": 1.0},
            "freeze": {},
        }[code]

    def test_every_form_by_every_role(self):
        self.person = self.name_the_card()
        self.load_by("cash", 10_000)
        for desk in (False, True):
            assets = self.token | self.hours | self.gift
            assets.issue_role = "desk" if desk else "managers"
            self.wallet.frozen = False
            for code, form in FORMS.items():
                for role in self.by_role:
                    with self.subTest(code=code, role=role, desk=desk):
                        self._press(code, form, role, desk)

    def _press(self, code, form, role, desk):
        row = row_of(code, "backend")
        may = role in row.roles | (row.where_asset_says if desk else set())
        values = self.values_of(code)
        if role == "desk" and "wallet_id" not in values and "operation_id" not in values:
            values |= {"card_ref": self.card.number, "card_id": False}
        before, rows = self.snapshot(), self.rows("tibillet%")
        if may:
            self.assertDone(self.confirm(form, role, **values))
            return
        refusal = LedgerError if self._may_open(form, role) else AccessError
        with self.assertRaises(refusal):
            self.confirm(form, role, **values)
        self.assertEqual(self.snapshot(), before)
        self.assertSameRows(rows, "tibillet%")

    def _may_open(self, form, role):
        return self.model_as(form, role).has_access("create")

    def test_every_code_with_a_role_in_the_backend_has_its_form(self):
        """Merge, give, extinguish, chargeback and write-off have buttons of their own rooms."""
        by_hand = {
            code
            for code, rows in TABLE.items()
            if rows["backend"].roles | rows["backend"].where_asset_says
        }
        elsewhere = {"merge", "give", "extinguish", "chargeback", "write_off"}
        self.assertEqual(by_hand - set(FORMS), elsewhere)
