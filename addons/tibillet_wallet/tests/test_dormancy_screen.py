from odoo.tests import tagged

from .acts_common import ActsCase
from .dormancy_common import DormancyCase

MODEL = "tibillet.act.choice"


@tagged("post_install", "-at_install")
class TestDormancyScreen(ActsCase, DormancyCase):
    """Keep, refund or give: one screen, nothing ticked, figures before and after."""

    def setUp(self):
        super().setUp()
        self.load_by("cash", 1800)
        self.days(370)
        self.sweep()

    def asked(self, **values):
        return {"card_id": self.card.id, "asset_id": self.token.id, **values}

    def test_nothing_is_ticked(self):
        shown = self.preview(MODEL, **self.asked())
        self.assertFalse(shown["choice"])
        self.assertFalse(shown["after_text"] or shown["change_text"])
        self.assertIn("Not used since", shown["asleep_text"])
        answer = self.confirm(MODEL, **self.asked())
        self.assertIn("Ask the holder", self.assertShownAgain(answer))

    def test_before_and_after(self):
        for choice, amount, change, after in (
            ("keep", 0, "0.00", "18.00"),
            ("give", 18.0, "-18.00", "0.00"),
            ("refund", 18.0, "-18.00", "0.00"),
        ):
            with self.subTest(choice):
                shown = self.preview(MODEL, **self.asked(choice=choice, means="cash"))
                self.assertEqual(shown["amount"], amount, "all of it, unless somebody types")
                self.assertEqual(shown["before_text"], "18.00\N{NO-BREAK SPACE}€")
                self.assertIn(change, shown["change_text"])
                self.assertIn(after, shown["after_text"])
                self.assertFalse(shown["refusal"])

    def test_keep(self):
        before = self.snapshot()
        message = self.assertDone(self.confirm(MODEL, "desk", **self.desk(choice="keep")))
        self.assertIn("18.00", message)
        self.assertEqual(self.snapshot(), before)
        self.assertEqual((self.row().state, self.row().choice), ("awake", "keep"))

    def desk(self, **values):
        """The desk has no lists: it types the number on the card."""
        return {"card_id": False, "card_ref": self.card.number, **self.asked_asset(), **values}

    def asked_asset(self):
        return {"asset_id": self.token.id}

    def test_give_in_part_with_a_receipt(self):
        answer = self.confirm(MODEL, "desk", **self.desk(choice="give", amount=1.2))
        self.assertIn("1.20", self.assertDone(answer))
        self.assertTrue(answer["params"]["sticky"])
        operation = self.env["tibillet.operation"].search([], limit=1)
        self.assertEqual((operation.code, operation.wallet_id), ("give", self.wallet))
        self.assertEqual(self.balance(), 1680)
        self.assertEqual(self.row().choice, "give")

    def test_refund_follows_the_rules_of_refunds(self):
        answer = self.confirm(MODEL, **self.asked(choice="refund", amount=18.0, means="bank_card"))
        self.assertIn("bank card", self.assertShownAgain(answer))
        self.assertEqual(self.state(), "dormant")
        self.assertDone(
            self.confirm(MODEL, **self.asked(choice="refund", amount=18.0, means="cash"))
        )
        operation = self.env["tibillet.operation"].search([], limit=1)
        self.assertEqual((operation.code, operation.means), ("refund", "cash"))
        self.assertEqual(self.row().choice, "refund")
        self.assertEqual(self.balance(), 0)

    def test_what_is_not_refundable_can_be_kept_or_given(self):
        self.load(45, self.hours, code="issue")
        asked = self.asked(asset_id=self.hours.id)
        answer = self.confirm(MODEL, **{**asked, "choice": "refund", "amount": 45, "means": "cash"})
        self.assertIn("not paid back", self.assertShownAgain(answer))
        self.assertDone(self.confirm(MODEL, **{**asked, "choice": "keep"}))
        self.assertDone(self.confirm(MODEL, **{**asked, "choice": "give", "amount": 45}))

    def test_what_is_refused(self):
        self.spend(100, hold_until=self.in_minutes(5))
        for values, words in (
            ({"choice": "give", "amount": 18.0}, "17.00"),
            ({"choice": "give", "amount": 0.0}, "more than zero"),
            ({"choice": "keep", "asset_id": self.euro.id}, "nothing of it"),
        ):
            with self.subTest(words):
                answer = self.confirm(MODEL, **self.asked(**values))
                self.assertIn(words, self.assertShownAgain(answer))
        self.token.frozen_at = self.in_minutes(0)
        for choice in ("keep", "give"):
            answer = self.confirm(MODEL, **self.asked(choice=choice, amount=1.0))
            self.assertIn("frozen", self.assertShownAgain(answer))

    def test_cancel_leaves_no_row_and_neither_does_a_refusal(self):
        before = self.rows("tibillet%")
        self.preview(MODEL, **self.asked(choice="give"))
        self.confirm(MODEL, **self.asked(choice="give", amount=99.0))
        self.assertEqual(self.rows("tibillet%"), before)

    def test_opened_on_a_dormant_account(self):
        row = self.row()
        context = {"active_model": "tibillet.dormancy", "active_id": row.id}
        model = self.model_as(MODEL, "accountant", **context)
        spec = self.spec(MODEL)
        shown = model.onchange({}, [], spec)["value"]
        self.assertEqual(shown["holder_text"], self.card.number)
        self.assertEqual(shown["before_text"], "18.00\N{NO-BREAK SPACE}€")
        saved = model.web_save({"choice": "keep", "reason": "x"}, {"key": {}})
        self.assertDone(model.browse(saved[0]["id"]).action_confirm())
        self.assertEqual(self.row().choice, "keep")

    def test_who_may(self):
        for role, may in (("employee", False), ("desk", True), ("accountant", True)):
            model = self.model_as(MODEL, role)
            self.assertEqual(model.has_access("create"), may, role)
