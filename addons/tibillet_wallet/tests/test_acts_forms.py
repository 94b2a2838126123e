from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import LedgerError
from .acts_common import ActsCase

NBSP = "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install")
class TestActsForms(ActsCase):
    """What every form does: figures before, one effect, no row left."""

    def test_the_form_shows_balances_before_and_after(self):
        self.load(500)
        shown = self.preview(
            "tibillet.act.issue",
            card_id=self.card.id,
            asset_id=self.token.id,
            amount=20.0,
            means="cash",
            reason="Desk",
        )
        self.assertFalse(shown["refusal"])
        self.assertEqual(shown["before_text"], f"5.00{NBSP}€")
        self.assertEqual(shown["change_text"], f"+20.00{NBSP}€")
        self.assertEqual(shown["after_text"], f"25.00{NBSP}€")
        self.assertIn(self.card.number, shown["holder_text"])

    def test_cancel_leaves_no_row_in_any_table(self):
        """Opening, typing and closing: the client calls ``onchange`` and nothing more."""
        self.load(5000)
        self.load_by("cash", 5000, self.euro)
        operation = self.spend(700)
        self.env["tibillet.acceptance"].create(
            {
                "asset_id": self.euro.id,
                "company_id": self.bar.id,
                "contract_date": "2026-01-01",
                "may_load": True,
                "may_refund": True,
                "refund_day_ceiling_minor": 2000,
                "exposure_ceiling_minor": 2000,
            }
        ).with_user(self.manager_coop).action_countersign()
        before = self.rows()
        for model, values in (
            ("tibillet.act.issue", {"asset_id": self.token.id, "amount": 5.0, "means": "cash"}),
            ("tibillet.act.gift", {"asset_id": self.gift.id, "amount": 5.0}),
            ("tibillet.act.issue", {"asset_id": self.euro.id, "amount": 5.0, "means": "cash"}),
            ("tibillet.act.refund", {"asset_id": self.token.id, "amount": 5.0, "means": "cash"}),
            ("tibillet.act.refund", {"asset_id": self.euro.id, "amount": 5.0, "means": "cash"}),
            ("tibillet.act.correct", {"operation_id": operation.id, "amount": 1.0}),
            ("tibillet.act.overdraft", {"asset_id": self.token.id, "amount": 5.0}),
            ("tibillet.act.freeze", {}),
        ):
            with self.subTest(model):
                shown = self.preview(model, card_id=self.card.id, reason="Essai", **values)
                self.assertIn("refusal", shown)
                self.assertSameRows(before)

    def test_a_refused_confirm_leaves_no_row_either(self):
        before = self.rows()
        answer = self.confirm(
            "tibillet.act.refund", asset_id=self.token.id, amount=5.0, means="cash"
        )
        self.assertIn("free on this wallet", self.assertShownAgain(answer))
        self.assertEqual(answer["context"]["default_amount"], 5.0)
        self.assertSameRows(before)

    def test_confirm_leaves_the_operation_and_no_row_of_the_form(self):
        self.assertDone(
            self.confirm("tibillet.act.issue", asset_id=self.token.id, amount=20.0, means="cash")
        )
        self.assertFalse(self.env["tibillet.act.issue"].search([]))
        self.assertEqual(self.balance(), 2000)
        operation = self.env["tibillet.operation"].search([], limit=1)
        self.assertEqual((operation.code, operation.means), ("topup", "cash"))
        self.assertEqual(operation.memo, "Essai")
        self.assertEqual(operation.card_id, self.card)
        self.assertEqual(operation.company_id, self.bar)
        self.assertEqual(operation.origin, f"user:{self.manager_bar.id}")

    def test_one_form_has_one_effect(self):
        """The same key twice, as a double click on a slow line sends it."""
        values = {"asset_id": self.token.id, "amount": 20.0, "means": "cash", "key": "form-1"}
        self.assertDone(self.confirm("tibillet.act.issue", **values))
        self.assertDone(self.confirm("tibillet.act.issue", **values))
        self.assertEqual(self.balance(), 2000)
        sentence = self.assertShownAgain(
            self.confirm("tibillet.act.issue", **{**values, "amount": 30.0})
        )
        self.assertIn("asked before", sentence)
        self.assertEqual(self.balance(), 2000)

    def test_a_repeated_refund_answers_its_first_result(self):
        """The balance no longer covers it a second time, and it is not asked to."""
        self.load_by("cash", 2000)
        values = {"asset_id": self.token.id, "amount": 20.0, "means": "cash", "key": "form-2"}
        self.assertDone(self.confirm("tibillet.act.refund", **values))
        self.assertDone(self.confirm("tibillet.act.refund", **values))
        self.assertEqual(self.balance(), 0)

    def test_a_second_click_on_a_form_that_is_gone_closes_it(self):
        model = self.model_as("tibillet.act.issue")
        saved = model.web_save(
            self.typed(model, {"asset_id": self.token.id, "amount": 20.0, "means": "cash"}),
            {"key": {}},
        )
        act = model.browse(saved[0]["id"])
        self.assertDone(act.action_confirm())
        self.assertEqual(act.action_confirm()["type"], "ir.actions.act_window_close")
        self.assertEqual(self.balance(), 2000)

    def test_an_amount_is_typed_exactly(self):
        for amount in (0.0, -5.0, 12.345, 10**12):
            with self.subTest(amount):
                shown = self.preview(
                    "tibillet.act.issue",
                    card_id=self.card.id,
                    asset_id=self.token.id,
                    amount=amount,
                    means="cash",
                    reason="Essai",
                )
                self.assertEqual(bool(shown["refusal"]), bool(amount))
                self.assertFalse(shown["after_text"])
                self.assertShownAgain(
                    self.confirm(
                        "tibillet.act.issue", asset_id=self.token.id, amount=amount, means="cash"
                    )
                )
        self.assertEqual(self.balance(), 0)
        for amount, minor in ((0.07, 7), (149.93, 14_993 + 7)):
            self.assertDone(
                self.confirm(
                    "tibillet.act.issue", asset_id=self.token.id, amount=amount, means="cash"
                )
            )
            self.assertEqual(self.balance(), minor)

    def test_a_reason_is_asked_for(self):
        for reason in ("", "   "):
            answer = self.confirm(
                "tibillet.act.issue",
                asset_id=self.token.id,
                amount=1.0,
                means="cash",
                reason=reason,
            )
            self.assertIn("why", self.assertShownAgain(answer))
        self.assertEqual(self.balance(), 0)

    def test_nobody_is_scolded_for_a_reason_before_confirming(self):
        """A form that opens asks for the reason by its empty field, not by a refusal."""
        shown = self.preview("tibillet.act.freeze", card_id=self.card.id)
        self.assertFalse(shown["refusal"])
        answer = self.confirm("tibillet.act.freeze", card_id=self.card.id, reason=" ")
        self.assertIn("why", self.assertShownAgain(answer))
        self.assertFalse(self.wallet.frozen)
        for act in ("issue", "gift", "refund", "correct", "overdraft", "freeze", "choice"):
            arch = self.env[f"tibillet.act.{act}"].get_view(view_type="form")["arch"]
            field = etree.fromstring(arch).find(".//field[@name='reason']")
            with self.subTest(act):
                self.assertTrue(field.get("required"))

    def test_the_desk_names_a_card_exactly(self):
        """No list, no part of a number, no card of another place, no id of a wallet."""
        self.token.issue_role = "desk"
        values = {"asset_id": self.token.id, "amount": 1.0, "means": "cash"}
        for ref in (self.card.number, self.card.number.lower(), "04:a1:b2:c3:d4:e5:f6"):
            self.assertDone(
                self.confirm("tibillet.act.issue", "desk", card_ref=ref, card_id=False, **values)
            )
        self.assertEqual(self.balance(), 300)
        for ref in (self.card.number[:5], "NIMPORTE", "%"):
            answer = self.confirm(
                "tibillet.act.issue", "desk", card_ref=ref, card_id=False, **values
            )
            self.assertIn("exactly", self.assertShownAgain(answer))
        for named in ({"card_id": self.card.id}, {"wallet_id": self.wallet.id}):
            shown = self.preview("tibillet.act.issue", "desk", asset_id=self.token.id, **named)
            self.assertFalse(shown["before_text"])
            self.assertIn("not one of your place", shown["refusal"])

    def test_another_places_card_shows_what_is_taken_here_and_no_more(self):
        theirs = self.env["tibillet.card"].create(
            {"company_id": self.coop.id, "state": "anonymous"}
        )
        self.load_by("cash", 4200, self.euro, theirs.wallet_id)
        values = {"card_ref": theirs.number, "amount": 1.0, "means": "cash", "reason": "Essai"}
        form = ("tibillet.act.refund", "desk")
        shown = self.preview(*form, asset_id=self.euro.id, **values)
        self.assertIn("does not take", shown["refusal"])
        self.assertFalse(shown["before_text"] or shown["ways_text"])
        self.env["tibillet.acceptance"].create(
            {
                "asset_id": self.euro.id,
                "company_id": self.bar.id,
                "contract_date": "2026-01-01",
                "may_refund": True,
            }
        ).with_user(self.manager_coop).action_countersign()
        shown = self.preview(*form, asset_id=self.euro.id, **values)
        self.assertIn("42.00", shown["before_text"])
        self.assertFalse(shown["refusal"])

    def test_a_card_that_was_found_is_the_one_of_the_form(self):
        find = self.model_as("tibillet.card.find", "desk").create({"text": self.card.number})
        find.action_find()
        form = self.model_as(
            "tibillet.act.refund", "desk", active_model=find._name, active_id=find.id
        )
        shown = form.onchange({}, [], self.spec(form._name))["value"]
        self.assertEqual(shown["card_ref"], self.card.number)
        self.assertIn(self.card.number, shown["holder_text"])

    def test_the_desk_is_told_no_name(self):
        person = self.name_the_card()
        self.card.sudo().write({"wallet_id": person.id, "state": "claimed"})
        shown = self.preview("tibillet.act.refund", "desk", card_ref=self.card.number)
        self.assertIn(self.card.number, shown["holder_text"])
        self.assertNotIn("Ana", shown["holder_text"])
        shown = self.preview("tibillet.act.refund", card_id=self.card.id)
        self.assertIn("Ana", shown["holder_text"])

    def test_a_lost_or_blocked_card_is_neither_loaded_nor_paid_back(self):
        self.load_by("cash", 1000)
        for state, word in (("lost", "lost"), ("blocked", "blocked")):
            self.card.sudo().state = state
            for form in ("tibillet.act.issue", "tibillet.act.refund"):
                answer = self.confirm(form, asset_id=self.token.id, amount=1.0, means="cash")
                self.assertIn(word, self.assertShownAgain(answer))
        self.assertEqual(self.balance(), 1000)

    def test_a_card_of_another_place_is_refused(self):
        theirs = self.env["tibillet.card"].create({"company_id": self.coop.id})
        sentence = self.assertShownAgain(
            self.confirm(
                "tibillet.act.issue",
                card_id=theirs.id,
                asset_id=self.token.id,
                amount=1.0,
                means="cash",
            )
        )
        self.assertIn("not one of your place", sentence)
        self.assertEqual(self.balance(wallet=theirs.wallet_id), 0)

    def test_another_companys_act_is_refused(self):
        with self.assertRaises(LedgerError):
            self.confirm(
                "tibillet.act.issue",
                company_id=self.coop.id,
                asset_id=self.euro.id,
                amount=1.0,
                means="cash",
            )

    def test_somebody_elses_form_is_neither_read_nor_confirmed(self):
        self.token.issue_role = "desk"
        mine = self.model_as("tibillet.act.issue").create(
            {"card_id": self.card.id, "asset_id": self.token.id, "amount": 1.0, "reason": "x"}
        )
        theirs = mine.with_user(self.accountant_bar)
        for call in (theirs.read, theirs.action_confirm):
            with self.assertRaises(AccessError):
                call()

    def test_who_may_not_writes_no_row_at_all(self):
        before = self.rows("tibillet%")
        with self.assertRaises(LedgerError):
            self.confirm(
                "tibillet.act.issue",
                "desk",
                card_ref=self.card.number,
                card_id=False,
                asset_id=self.token.id,
                amount=1.0,
                means="cash",
            )
        self.assertSameRows(before, "tibillet%")

    def test_without_the_second_factor_the_form_says_so(self):
        self.bar.tibillet_second_factor = True
        shown = self.preview("tibillet.act.issue", card_id=self.card.id)
        self.assertIn("second factor", shown["refusal"])
        self.assertFalse(shown["holder_text"])

    def test_a_merged_wallet_leads_to_the_one_that_holds_its_money(self):
        person = self.name_the_card()
        self.env.cr.execute(
            "UPDATE tibillet_wallet SET merged_into_id = %s WHERE id = %s",
            [person.id, self.wallet.id],
        )
        self.env.invalidate_all()
        self.assertDone(
            self.confirm("tibillet.act.issue", asset_id=self.token.id, amount=20.0, means="cash")
        )
        self.assertEqual(self.balance(wallet=person), 2000)
