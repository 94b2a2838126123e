from datetime import date, timedelta
from io import BytesIO

from PyPDF2 import PdfReader

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .books_common import DAY, NOON
from .settlement_common import SettlementCase


@tagged("post_install", "-at_install")
class TestSettlementReturn(SettlementCase):
    """A payment that the bank gave back is owed again, and nothing of it is lost."""

    def bounce(self, payment, user=None, day="2026-01-25", reason="Compte clos"):
        form = (
            self.env["tibillet.settlement.bounce"]
            .with_user(user or self.accountant_bar)
            .create({"payment_id": payment.id, "date": day, "reason": reason})
        )
        form.action_bounce()
        return payment.return_ids

    def assertBooksAgree(self):
        for company in (self.bar, self.coop):
            control = self.books._control(company)
            self.assertTrue(control["ok"], control)
        self.assertEqual(self.ledger._audit(), {})
        self.assertEqual(self.ledger._audit_books(), {})

    def bank_balance(self, company):
        """Of the very accounts that the settlements' entries touch beside clearing."""
        payments = self.env["tibillet.settlement.payment"].search([])
        moves = (payments.first_move_id | payments.second_move_id).filtered(
            lambda move: move.company_id == company
        )
        clearing = company.tibillet_clearing_account_id
        lines = moves.line_ids.filtered(lambda line: line.account_id != clearing)
        return round(sum(lines.mapped("balance")), 2)

    def test_owed_again_and_paid_again(self):
        self.evening()
        settlement = self.agreed()
        owed = self.owed()
        payment = self.pay(settlement)
        back = self.bounce(payment)
        self.assertEqual((settlement.state, settlement.rest), ("agreed", 12.0))
        self.assertTrue(settlement.late, "due again since its day")
        self.assertEqual(self.owed(), owed)
        self.assertEqual([p.amount for p in settlement.payment_ids], [15.0, 12.0, -12.0])
        self.assertEqual((back.returns_id, back.return_reason), (payment, "Compte clos"))
        named = (back.settle_operation_id | back.remit_operation_id).names_id
        self.assertEqual(named, payment.settle_operation_id | payment.remit_operation_id)
        moves = back.first_move_id | back.second_move_id
        self.assertEqual(set(moves.mapped("date")), {date(2026, 1, 25)})
        self.assertEqual((self.bank_balance(self.bar), self.bank_balance(self.coop)), (0, 0))
        self.assertBooksAgree()
        self.pay(settlement)
        self.assertEqual((settlement.state, settlement.rest), ("done", 0))
        self.assertEqual((self.bank_balance(self.bar), self.bank_balance(self.coop)), (12, -12))
        self.assertSettled()

    def test_the_units_come_home_once(self):
        """What the place took goes back to it, and home again with the second payment."""
        self.evening(token=0)
        taken = self.place(self.bar, self.euro)
        settlement = self.agreed()

        def there():
            self.env.cr.execute("SELECT tibillet_account_sum(%s)", [taken.id])
            return self.env.cr.fetchone()[0]

        self.assertEqual(there(), 4_000)
        payment = self.pay(settlement)
        self.assertEqual(there(), 0)
        self.bounce(payment)
        self.assertEqual(there(), 4_000)
        self.pay(settlement)
        self.assertEqual(there(), 0)
        self.assertSettled()

    def test_a_part(self):
        self.evening()
        settlement = self.agreed()
        self.pay(settlement, 5.0)
        second = self.pay(settlement, 7.0)
        self.bounce(second)
        self.assertEqual((settlement.state, settlement.rest), ("agreed", 7.0))
        self.assertEqual(self.owed(), {(self.euro, self.bar): 700})
        self.bounce(settlement.payment_ids[1])
        self.assertEqual(settlement.rest, 12.0)
        self.pay(settlement, 12.0)
        self.assertSettled()

    def test_what_a_place_loaded(self):
        """Only remitted, no unit goes home: the other way round."""
        self.topup(5_000, self.euro, company=self.bar)
        settlement = self.agreed()
        payment = self.pay(settlement, user=self.accountant_bar)
        self.bounce(payment, user=self.accountant_coop)
        self.assertEqual(self.owed(), {(self.euro, self.bar): -5_000})
        self.assertBooksAgree()
        self.pay(settlement, user=self.accountant_bar)
        self.assertSettled()

    def test_what_came_after_it_stays(self):
        """A later settlement was made in between: each claims its own."""
        self.evening(token=0)
        first = self.agreed()
        payment = self.pay(first)
        self.sale(1_000, self.euro, company=self.bar, at=NOON + timedelta(days=1))
        second = self.agreed(day=DAY + timedelta(days=1))
        self.bounce(payment)
        self.assertEqual((first.rest, second.rest), (27.0, 10.0))
        self.assertIn("owe each other nothing", self.propose(day=DAY + timedelta(days=2)).refusal)
        self.pay(second)
        self.pay(first)
        self.assertSettled()

    def test_the_statement_shows_both(self):
        self.evening()
        settlement = self.agreed()
        self.bounce(self.pay(settlement))
        pages = PdfReader(BytesIO(settlement._statement_pdf())).pages
        said = " ".join(" ".join(page.extract_text() for page in pages).split())
        said = said.replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("Paid on 01/20/2026: 12.00 €.", said)
        self.assertIn("Came back on 01/25/2026: 12.00 € (Compte clos).", said)
        self.assertIn("Left to pay by La Coopérative to Le Phare: 12.00 €", said)

    def test_both_sides_are_told(self):
        self.evening()
        settlement = self.agreed()
        self.bounce(self.pay(settlement))
        told = settlement.activity_ids.filtered(lambda one: "came back" in (one.summary or ""))
        self.assertTrue(told.user_id >= self.accountant_bar | self.accountant_coop)
        self.assertRegex(told[0].summary, "12.00.€ is owed to Le Phare again")

    def test_refusals(self):
        self.evening()
        settlement = self.agreed()
        set_off = settlement.payment_ids
        with self.assertRaisesRegex(UserError, "no money could come back"):
            self.bounce(set_off)
        payment = self.pay(settlement)
        with self.assertRaisesRegex(UserError, "cannot have come back before"):
            self.bounce(payment, day="2026-01-19")
        later = fields.Date.context_today(settlement) + timedelta(days=1)
        with self.assertRaisesRegex(UserError, "still to come"):
            self.bounce(payment, day=later)
        with self.assertRaises(AccessError):
            self.bounce(payment, user=self.user_bar)
        self.assertEqual((settlement.state, payment.can_return), ("done", True))
        back = self.bounce(payment)
        self.assertFalse(payment.can_return or back.can_return or set_off.can_return)
        with self.assertRaisesRegex(UserError, "came back on 01/25/2026 already"):
            self.bounce(payment)
        with self.assertRaisesRegex(UserError, "no money could come back"):
            self.bounce(back)

    def test_a_locked_day(self):
        self.evening()
        settlement = self.agreed()
        payment = self.pay(settlement)
        self.bar.sudo().fiscalyear_lock_date = "2026-01-31"
        with self.assertRaisesRegex(UserError, "books of Le Phare are locked up to 01/31/2026"):
            self.bounce(payment)
        self.bounce(payment, day="2026-02-01")
        self.assertEqual(settlement.rest, 12.0)


@tagged("post_install", "-at_install")
class TestSettlementReminders(SettlementCase):
    """A word each week while it is late, without interest."""

    def remind(self, settlement, ago=None):
        if ago:
            settlement.sudo().reminded_on -= timedelta(days=ago)
        before = settlement.activity_ids
        self.settlements._cron_remind()
        return settlement.activity_ids - before

    def test_who_has_to_pay(self):
        self.evening()
        settlement = self.agreed()
        told = self.remind(settlement)
        self.assertIn(self.accountant_coop, told.user_id)
        self.assertNotIn(self.accountant_bar, told.user_id)
        self.assertRegex(
            told[0].summary,
            "was due on 01/29/2026: 12.00.€ is left to pay to Le Phare. No interest is added.",
        )
        self.assertFalse(self.remind(settlement), "not on the same day")
        self.assertFalse(self.remind(settlement, ago=6))
        self.assertTrue(self.remind(settlement, ago=1), "a week later")
        self.assertEqual(settlement.rest, 12.0, "the debt does not grow")
        self.pay(settlement)
        self.assertFalse(self.remind(settlement, ago=30), "settled")

    def test_who_has_to_agree(self):
        self.evening()
        settlement = self.settlement()
        settlement.with_user(self.accountant_bar).action_agree()
        told = self.remind(settlement)
        self.assertIn(self.accountant_coop, told.user_id)
        self.assertNotIn(self.accountant_bar, told.user_id)
        self.assertIn("waits for your agreement", told[0].summary)

    def test_nobody_while_it_is_disputed_or_not_due(self):
        self.evening()
        settlement = self.settlement()
        settlement.with_user(self.accountant_bar)._dispute("too little")
        self.assertFalse(self.remind(settlement))
        settlement.with_user(self.accountant_bar).action_resume()
        settlement.sudo().due_date = fields.Date.context_today(settlement)
        self.assertFalse(self.remind(settlement), "its day is not over")

    def test_every_day_by_the_cron(self):
        self.evening()
        settlement = self.settlement()
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_wallet.ir_cron_remind_settlements").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(settlement.reminded_on)
