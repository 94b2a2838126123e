from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .books_common import DAY, BooksCase

TODAY = DAY + timedelta(days=20)


@tagged("post_install", "-at_install")
class TestChargeback(BooksCase):
    """A contested top-up: from the card what is there, from its holder what was spent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = patch.object(fields.Date, "context_today", side_effect=lambda *_a: TODAY)
        today.start()
        cls.addClassCleanup(today.stop)
        cls.bar.tibillet_second_factor = cls.coop.tibillet_second_factor = False
        cls.charges = cls.env["tibillet.provider.charge"]
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.bar.id), ("type", "=", "bank")], limit=1
        )
        tax = cls.env["account.tax"]
        cls.vat, cls.reverse = tax.create(
            [
                {
                    "name": name,
                    "amount": 20,
                    "type_tax_use": "purchase",
                    "company_id": cls.bar.id,
                    "country_id": cls.env.ref("base.fr").id,
                    **{
                        f"{way}_repartition_line_ids": [
                            Command.create({"repartition_type": "base", "factor_percent": 100}),
                            *(
                                Command.create(
                                    {"repartition_type": "tax", "factor_percent": factor}
                                )
                                for factor in factors
                            ),
                        ]
                        for way in ("invoice", "refund")
                    },
                }
                for name, factors in (("20 % dom", (100,)), ("20 % rc", (100, -100)))
            ]
        )
        cls.holder = cls.Account._get(cls.wallet, cls.token)

    def contest(self, topup, amount, ref="dp_1", user=None, **values):
        """Fill the form and confirm; the answer of the button."""
        form = (
            self.env["tibillet.act.chargeback"]
            .with_user(user or self.accountant_bar)
            .with_company(self.bar)
            .create(
                {
                    "operation_id": topup.id,
                    "asset_id": topup.transfer_ids.asset_id.id,
                    "amount": amount,
                    "provider_ref": ref,
                    "date": DAY + timedelta(days=10),
                    "journal": str(self.bank.id),
                    "reason": "Stolen card",
                    "company_id": self.bar.id,
                    **values,
                }
            )
        )
        return form.action_confirm()

    def done(self, *args, **values):
        answer = self.contest(*args, **values)
        self.assertEqual(answer["params"]["type"], "success", answer)
        return self.charges.search([("company_id", "=", self.bar.id)], limit=1)

    def refused(self, *args, **values):
        before, count = self.snapshot(), self.charges.search_count([])
        answer = self.contest(*args, **values)
        self.assertEqual(answer.get("target"), "new", answer)
        self.assertEqual((self.snapshot(), self.charges.search_count([])), (before, count))
        return answer["context"]["default_refused"]

    def loaded(self, amount_minor=2_000, means="bank_card", **values):
        return self.topup(amount_minor, means=means, card_id=self.card.id, **values)

    def booked(self):
        """{account: balance} of the bar once everything is written."""
        self.write(today=True)
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.bar.id), ("parent_state", "=", "posted")]
        )
        sums = {}
        for line in lines:
            sums[line.account_id] = round(sums.get(line.account_id, 0) + line.balance, 2)
        return {account: total for account, total in sums.items() if total}

    def bank_account(self):
        methods = self.bank.outbound_payment_method_line_ids
        return methods.payment_account_id[:1] or self.bank.default_account_id

    @property
    def clearing(self):
        return self.bar.tibillet_clearing_account_id

    def test_still_on_the_card(self):
        charge = self.done(self.loaded(), 20)
        self.assertEqual((charge.taken_minor, charge.claim_minor), (2_000, 0))
        self.assertEqual((charge.taken_operation_id.code, self.balance()), ("chargeback", 0))
        # The top-up's own document (no till here) is what still waits on clearing.
        self.assertEqual(self.booked(), {self.clearing: 20, self.bank_account(): -20})
        self.assertControl(self.bar, 2_000)

    def test_what_was_spent_is_owed_by_the_holder(self):
        topup = self.loaded()
        self.sale(1_250)
        charge = self.done(topup, 20)
        self.assertEqual((charge.taken_minor, charge.claim_minor), (750, 1_250))
        booked = self.booked()
        self.assertEqual(booked[self.role_account(self.bar, "claim")], 12.5)
        self.assertEqual(booked[self.bank_account()], -20)
        self.assertNotIn(self.token.liability_account_id, booked)
        self.assertControl(self.bar, 2_000 - 1_250)
        claim = self.env["tibillet.asset"]._claim_of(self.bar)
        self.assertEqual(self.balance(claim), 1_250)
        self.assertEqual(self.env["tibillet.ledger"]._audit(), {}, "it names a top-up, no hold")

    def test_all_of_it_was_spent_and_a_hold_is_left_alone(self):
        topup = self.loaded()
        self.sale(1_000)
        held = self.spend(600, hold_until=self.in_minutes(5))
        charge = self.done(topup, 20)
        self.assertEqual((charge.taken_minor, charge.claim_minor), (400, 1_600))
        self.ledger._capture(held)
        self.assertEqual(self.balance(), 0)

    def test_a_fee_with_the_vat_of_the_provider(self):
        for tax, vat, left in ((None, 0, 35), (self.vat, 3, 38), (self.reverse, 0, 35)):
            ref = f"dp_{tax.name if tax else 'no'}"
            charge = self.done(self.loaded(), 20, ref, fee=15, tax=str(tax.id) if tax else False)
            move = charge.move_id
            by_account = {}
            for line in move.line_ids:
                key = "tax" if line.tax_line_id else line.account_id
                by_account.setdefault(key, []).append(line.balance)
            fee_account = self.role_account(self.bar, "provider_fee")
            self.assertEqual(by_account.get(fee_account, [0])[0], 15, ref)
            self.assertEqual(sum(by_account[self.bank_account()]), -left)
            self.assertEqual(charge.left, left)
            self.assertEqual(move.state, "posted")
            taxes = move.line_ids.filtered("tax_line_id").mapped("balance")
            self.assertEqual(
                sorted(taxes), {0: [], 3: [3]}[vat] if tax != self.reverse else [-3, 3]
            )
        code = fee_account.with_company(self.bar).code
        self.assertTrue(code.startswith("627"), code)

    def test_the_same_reference_twice_is_one(self):
        topup = self.loaded()
        self.done(topup, 15, "dp_9")
        self.assertIn("twice", self.contest(topup, 15, "dp_9")["params"]["message"])
        self.assertEqual(self.charges.search_count([("provider_ref", "=", "dp_9")]), 1)
        self.assertEqual(self.balance(), 500)
        self.assertIn("dp_9", self.refused(topup, 5, "dp_9"))
        other = self.loaded()
        self.assertIn("dp_9", self.refused(other, 15, "dp_9"))

    def test_in_parts_never_more_than_it_loaded(self):
        topup = self.loaded()
        self.done(topup, 12, "a")
        self.assertIn("8.00", self.refused(topup, 8.01, "b"))
        self.done(topup, 8, "b")
        self.assertIn("0.00", self.refused(topup, 0.01, "c"))

    def test_a_frozen_card_gives_it_back_too(self):
        topup = self.loaded()
        self.wallet.frozen = True
        self.assertEqual(self.done(topup, 20).taken_minor, 2_000)

    def test_won_all_of_it_comes_back(self):
        topup = self.loaded()
        self.sale(1_250)
        charge = self.done(topup, 20, fee=15)
        charge.with_user(self.accountant_bar).with_company(self.bar).action_won()
        self.assertEqual((charge.state, charge.won_on), ("won", TODAY))
        self.assertEqual(self.balance(), 750)
        self.assertEqual(self.balance(self.env["tibillet.asset"]._claim_of(self.bar)), 0)
        booked = self.booked()
        self.assertEqual(booked[self.bank_account()], -15, "the fee stays")
        self.assertNotIn(self.role_account(self.bar, "claim"), booked)
        self.assertEqual(booked[self.token.liability_account_id], -7.5)
        self.assertControl(self.bar, 2_000 - 1_250)
        count = self.env["tibillet.operation"].search_count([])
        charge.with_user(self.accountant_bar).with_company(self.bar).action_won()
        self.assertEqual(self.env["tibillet.operation"].search_count([]), count, "once")
        self.assertEqual(self.done(topup, 20, "dp_again").amount_minor, 2_000)

    def test_won_after_a_part_was_recovered_is_a_sentence(self):
        topup = self.loaded()
        self.sale(2_000)
        charge = self.done(topup, 20)
        claim = self.env["tibillet.asset"]._claim_of(self.bar)
        self.post(
            "correct",
            (self.account(self.wallet, claim), self.issuer(claim), 500),
            names_id=charge.claim_operation_id.id,
            company_id=self.bar.id,
        )
        before = self.snapshot()
        with self.assertRaisesRegex(UserError, "recovered"):
            charge.with_user(self.accountant_bar).with_company(self.bar).action_won()
        self.assertEqual((charge.state, self.snapshot()), ("noted", before))

    def test_loaded_here_of_another_issuer(self):
        """What the place collected for the co-operative goes back the same way."""
        topup = self.topup(3_000, self.euro, means="bank_card")
        self.done(topup, 30)
        self.write(today=True)
        due_from = self.role_account(self.bar, "due_from", self.coop.partner_id)
        self.assertEqual(self.balance_of(due_from, self.bar), 0)
        self.assertControl(self.bar, 3_000)
        self.assertControl(self.coop, 0)

    def test_bad_input_is_a_sentence(self):
        topup, cash = self.loaded(), self.loaded(means="cash")
        self.assertIn("bank card", self.refused(cash, 20))
        self.assertIn("reference", self.refused(topup, 20, " "))
        self.assertIn("why", self.refused(topup, 20, reason=" "))
        self.assertIn("zero", self.refused(topup, 0))
        self.assertIn("day", self.refused(topup, 20, date=TODAY + timedelta(days=1)))
        self.assertIn("day", self.refused(topup, 20, date=DAY - timedelta(days=1)))
        self.assertIn("sign", self.refused(topup, 20, fee=-1))
        self.assertIn("bank", self.refused(topup, 20, journal=False))
        self.assertIn("Only a top-up", self.refused(self.sale(100), 1))
        self.assertEqual(self.done(topup, 20).date, DAY + timedelta(days=10))

    def test_an_evening_overseas_is_one_day(self):
        """In Martinique at 21:30 it is the next day in UTC."""
        self.accountant_bar.tz = "America/Martinique"
        topup = self.loaded(at=datetime(DAY.year, DAY.month, DAY.day + 1, 1, 30))
        self.assertIn("day", self.refused(topup, 20, date=DAY - timedelta(days=1)))
        self.assertEqual(self.done(topup, 20, date=DAY).date, DAY)

    def test_found_by_its_card(self):
        topup = self.loaded()
        other = self.env["tibillet.card"].create({"company_id": self.bar.id, "state": "anonymous"})
        form = (
            self.env["tibillet.act.chargeback"]
            .with_user(self.accountant_bar)
            .with_company(self.bar)
            .new({"card_ref": self.card.number, "company_id": self.bar.id})
        )
        form._onchange_card_ref()
        self.assertEqual(form.operation_id._origin, topup)
        form._onchange_operation_id()
        self.assertEqual((form.amount, form.asset_id._origin), (20, self.token))
        self.assertEqual(form.before_text, self.token._format(2_000))
        form.card_ref = other.number
        self.assertFalse(form.topup_ids)

    def test_who_may(self):
        topup = self.loaded()
        with self.assertRaises(AccessError):
            self.contest(topup, 20, user=self.user_bar)
        with self.assertRaises(UserError):
            self.contest(topup, 20, user=self.accountant_coop)
        self.assertEqual(self.balance(), 2_000)
        charge = self.done(topup, 20, user=self.manager_bar)
        with self.assertRaises(AccessError):
            charge.with_user(self.user_bar).action_won()
        with self.assertRaises(AccessError):
            charge.with_user(self.accountant_coop).action_won()
        with self.assertRaises(AccessError):
            charge.with_user(self.accountant_bar).write({"state": "won"})
        with self.assertRaises(UserError):
            charge.unlink()

    def test_a_locked_day_takes_the_first_open_one(self):
        topup = self.loaded()
        self.bar.fiscalyear_lock_date = DAY + timedelta(days=12)
        charge = self.done(topup, 20)
        self.assertEqual(charge.move_id.date, DAY + timedelta(days=13))

    def test_a_fee_alone_is_noted_once(self):
        def note(user=None, **values):
            form = (
                self.env["tibillet.provider.fee"]
                .with_user(user or self.accountant_bar)
                .with_company(self.bar)
                .create(
                    {
                        "company_id": self.bar.id,
                        "provider_ref": "INV-1",
                        "date": DAY,
                        "fee": 10.5,
                        "tax": str(self.vat.id),
                        "journal": str(self.bank.id),
                        "reason": "Terminal",
                        **values,
                    }
                )
            )
            form.action_note()
            return form

        self.assertEqual(note().left, 12.6)
        note()
        [charge] = self.charges.search([("provider_ref", "=", "INV-1")])
        self.assertEqual((charge.kind, charge.fee, charge.left), ("fee", 10.5, 12.6))
        self.assertEqual(self.booked()[self.bank_account()], -12.6)
        for values, word in (
            ({"fee": 11}, "another amount"),
            ({"provider_ref": "X", "fee": 0}, "above zero"),
            ({"provider_ref": " ", "fee": 1}, "reference"),
            ({"provider_ref": "X", "journal": False}, "bank"),
            ({"provider_ref": "X", "date": TODAY + timedelta(days=1)}, "day"),
        ):
            with self.assertRaisesRegex(UserError, word):
                note(**values)
        with self.assertRaises(AccessError):
            note(user=self.user_bar, provider_ref="Y")
        with self.assertRaises(UserError):
            charge.with_user(self.accountant_bar).action_won()

    def test_the_treasury_says_it_once(self):
        topup = self.loaded()
        self.sale(1_250)
        self.done(topup, 20, fee=15, tax=str(self.vat.id))
        self.env.invalidate_all()
        rows = self.env["tibillet.treasury"].search([("company_id", "=", self.bar.id)])
        self.assertEqual(round(sum(rows.mapped("money_out")), 2), 38)
        self.assertEqual(round(sum(rows.mapped("money_in")), 2), 20)
        self.assertEqual(round(sum(rows.mapped("refunded")), 2), 7.5)
