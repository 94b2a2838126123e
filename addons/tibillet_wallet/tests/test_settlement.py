from datetime import date, timedelta

from odoo.tests import tagged

from .books_common import DAY, NOON
from .settlement_common import SettlementCase


@tagged("post_install", "-at_install")
class TestSettlement(SettlementCase):
    """From what is owed each way to zero on both sides."""

    def test_proposed_with_the_figures_of_both_ways(self):
        self.evening()
        form = self.propose()
        self.assertFalse(form.refusal)
        self.assertIn("La Coopérative owes Le Phare 27.00", form.owed_text)
        self.assertIn("Le Phare owes La Coopérative 15.00", form.owed_text)
        self.assertRegex(form.net_text, "La Coopérative owes Le Phare .*12.00")
        settlement = self.settlement()
        self.assertEqual(
            (settlement.debtor_company_id, settlement.creditor_company_id, settlement.amount),
            (self.coop, self.bar, 12.0),
        )
        lines = {line.asset_id: line for line in settlement.line_ids}
        euro = lines[self.euro]
        self.assertEqual(
            (euro.sale, euro.topup, euro.refund, euro.carried, euro.amount),
            (40.0, -20.0, 7.0, 0.0, 27.0),
        )
        self.assertEqual(lines[self.token].amount, 15.0)
        self.assertEqual((settlement.state, settlement.late), ("proposed", True))
        self.assertTrue(settlement.reference.startswith("SET/"))
        movements = self.env["tibillet.debt.line"].search(euro.action_view_movements()["domain"])
        self.assertEqual(sum(movements.mapped("amount_minor")), 2_700)

    def test_agreed_by_each_side_with_name_and_time(self):
        self.evening()
        settlement = self.settlement()
        self.assertEqual(settlement.agreement_text, "Le Phare, La Coopérative still has to agree.")
        settlement.with_user(self.accountant_bar).action_agree()
        self.assertEqual(settlement.agreement_text, "La Coopérative still has to agree.")
        self.assertEqual(settlement.state, "proposed")
        self.assertFalse(settlement.payment_ids, "nothing moves on one signature")
        settlement.with_user(self.accountant_coop).action_agree()
        self.assertEqual(settlement.agreement_text, "Both have agreed.")
        self.assertEqual(settlement.state, "agreed")
        signed = {
            settlement.first_company_id: settlement.agreed_first_by_id,
            settlement.second_company_id: settlement.agreed_second_by_id,
        }
        self.assertEqual(signed, {self.bar: self.accountant_bar, self.coop: self.accountant_coop})
        self.assertTrue(settlement.agreed_first_at and settlement.agreed_second_at)

    def test_what_both_owe_is_set_off_at_once(self):
        self.evening()
        settlement = self.agreed()
        self.assertEqual([(p.set_off, p.amount) for p in settlement.payment_ids], [(True, 15.0)])
        self.assertEqual(self.owed(), {(self.euro, self.bar): 1_200})
        self.assertEqual(settlement.rest, 12.0)
        for company in (self.bar, self.coop):
            control = self.books._control(company)
            self.assertTrue(control["ok"], control)
            named = {row["id"] for row in control["clearing"]["operations"]}
            self.assertFalse(
                named & set(settlement.payment_ids.settle_operation_id.ids),
                "what was set off waits for no document",
            )

    def test_what_was_paid_back_is_set_off_with_what_was_taken(self):
        """Two codes, two operations: they cancel each other on clearing, and wait for nothing."""
        mine = self.account(self.wallet, self.euro)
        self.topup(10_000, self.euro, company=self.coop)
        self.put("refund", (mine, self.issuer(self.euro), 2_000), company=self.bar)
        self.topup(5_000)
        self.sale(1_500, company=self.coop)
        payment = self.agreed().payment_ids
        operations = payment.settle_operation_id | payment.remit_operation_id
        self.assertEqual(operations.mapped("code"), ["settle", "remit"])
        for company in (self.bar, self.coop):
            control = self.books._control(company)
            self.assertTrue(control["ok"], control)
            named = {row["id"] for row in control["clearing"]["operations"]}
            self.assertFalse(named & set(operations.ids), company.name)

    def test_paid_settles_to_zero_in_both_books(self):
        self.evening()
        settlement = self.agreed()
        before = {
            company: self.balance_of(company.tibillet_clearing_account_id, company)
            for company in (self.bar, self.coop)
        }
        payment = self.pay(settlement)
        self.assertEqual((settlement.state, settlement.rest), ("done", 0))
        self.assertFalse(settlement.late)
        self.assertSettled()
        moves = payment.first_move_id | payment.second_move_id
        for company, other, sign in ((self.coop, self.bar, -1), (self.bar, self.coop, 1)):
            move = moves.filtered(lambda move, company=company: move.company_id == company)
            self.assertEqual((move.state, move.date), ("posted", date(2026, 1, 20)))
            self.assertEqual(move.journal_id.type, "bank")
            self.assertEqual(move.ref, settlement.reference)
            self.assertEqual(move.line_ids.partner_id, other.partner_id)
            bank = move.line_ids.filtered(
                lambda line, company=company: (
                    line.account_id != company.tibillet_clearing_account_id
                )
            )
            self.assertEqual(bank.balance, sign * 12.0)
            clearing = self.balance_of(company.tibillet_clearing_account_id, company)
            self.assertEqual(clearing, before[company], "money and ledger meet on clearing")

    def test_from_a_line_of_p_to_what_settled_it(self):
        self.evening()
        payment = self.pay(self.agreed())
        due_to = self.role_account(self.coop, "due_to", self.bar.partner_id)
        lines = self.env["account.move.line"].search(
            [("account_id", "=", due_to.id), ("parent_state", "=", "posted")]
        )
        self.assertTrue(lines.full_reconcile_id)
        operations = (
            self.env["tibillet.ledger.entry.line"]
            .search([("move_line_id", "in", lines.ids)])
            ._operation_ids()
        )
        self.assertIn(payment.settle_operation_id.id or payment.remit_operation_id.id, operations)

    def test_supply_is_what_holders_hold_once_all_is_settled(self):
        """Loads and refunds elsewhere are paid without making or taking a unit."""
        self.evening(token=0)
        self.pay(self.agreed())
        issuer = self.issuer(self.euro)
        self.env.cr.execute("SELECT -tibillet_account_sum(%s)", [issuer.id])
        self.assertEqual(self.env.cr.fetchone()[0], self.balance(self.euro))

    def test_the_place_that_loaded_owes(self):
        self.topup(5_000, self.euro, company=self.bar)
        settlement = self.agreed()
        self.assertEqual(settlement.debtor_company_id, self.bar)
        payment = self.pay(settlement, user=self.accountant_bar)
        self.assertFalse(payment.settle_operation_id)
        self.assertEqual(payment.remit_operation_id.code, "remit")
        self.assertSettled()
        self.sale(3_000, self.euro, company=self.bar, at=NOON + timedelta(days=2))
        later = self.agreed(day=DAY + timedelta(days=3))
        self.assertEqual((later.debtor_company_id, later.amount), (self.coop, 30.0))
        self.assertEqual(later.line_ids.carried, 0)
        self.pay(later)
        self.assertSettled()

    def test_paid_in_parts(self):
        self.evening()
        settlement = self.agreed()
        self.pay(settlement, 5.0)
        self.assertEqual((settlement.state, settlement.rest), ("agreed", 7.0))
        self.assertEqual(self.owed(), {(self.euro, self.bar): 700})
        for company in (self.bar, self.coop):
            self.assertTrue(self.books._control(company)["ok"])
        self.pay(settlement, 7.0, user=self.accountant_bar)
        self.assertEqual(settlement.state, "done")
        self.assertEqual([p.amount for p in settlement.payment_ids], [15.0, 5.0, 7.0])
        self.assertSettled()

    def test_even_needs_no_payment(self):
        self.evening(refund=0, token=2_000)
        settlement = self.agreed()
        self.assertEqual((settlement.amount, settlement.state), (0, "done"))
        self.assertSettled()

    def test_what_happened_later_comes_with_the_next_one(self):
        self.evening()
        self.sale(1_000, self.euro, company=self.bar, at=NOON + timedelta(days=1))
        settlement = self.agreed()
        self.pay(settlement)
        self.assertEqual(self.owed(), {(self.euro, self.bar): 1_000})
        following = self.settlement(day=DAY + timedelta(days=1))
        self.assertEqual(following.since_day, DAY)
        self.assertEqual([line.sale for line in following.line_ids], [10.0])

    def test_what_an_open_one_claims_is_claimed_once(self):
        self.evening()
        settlement = self.agreed()
        self.pay(settlement, 5.0)
        form = self.propose(day=DAY + timedelta(days=1))
        self.assertIn("owe each other nothing", form.refusal)
        self.sale(1_000, self.euro, company=self.bar, at=NOON + timedelta(days=1))
        following = self.agreed(day=DAY + timedelta(days=1))
        self.assertEqual(following.amount, 10.0)
        self.pay(following)
        self.pay(settlement)
        self.assertSettled()

    def test_a_late_operation_of_a_settled_day_is_carried_over(self):
        self.evening()
        self.pay(self.agreed())
        self.sale(300, self.euro, company=self.bar)  # of that day, known only now
        following = self.settlement(day=DAY + timedelta(days=1))
        line = following.line_ids
        self.assertEqual((line.sale, line.carried, line.amount), (0, 3.0, 3.0))

    def test_a_gift_taken_elsewhere_is_paid_by_its_giver(self):
        holder = self.account(self.wallet, self.gift)
        self.put("gift", (self.issuer(self.gift), holder, 900))
        self.sale(300, self.gift, company=self.coop)
        settlement = self.agreed()
        self.assertEqual((settlement.debtor_company_id, settlement.amount), (self.bar, 3.0))
        self.pay(settlement)
        self.assertSettled()

    def test_every_week(self):
        self.evening()
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_wallet.ir_cron_settlements").method_direct_trigger()
        made = self.settlements.search([("first_company_id", "=", self.bar.id)])
        self.assertEqual((len(made), made.amount, made.state), (1, 12.0, "proposed"))
        self.env.cr.execute("SELECT tibillet_business_day(%s)", [self.bar.id])
        self.assertEqual(made.until_day, self.env.cr.fetchone()[0] - timedelta(days=1))
        asked = made.activity_ids.user_id
        self.assertTrue(asked >= self.accountant_bar | self.accountant_coop)
        self.assertNotIn(self.user_bar, asked)
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_wallet.ir_cron_settlements").method_direct_trigger()
        self.assertEqual(self.settlements.search([("first_company_id", "=", self.bar.id)]), made)

    def test_the_list_costs_the_same_for_any_number(self):
        columns = ["reference", "first_company_id", "sentence", "rest", "late", "state"]
        for day in range(6):
            self.topup(500, at=NOON + timedelta(days=day))
            self.sale(100 + day, company=self.coop, at=NOON + timedelta(days=day))
            self.settlement(day=DAY + timedelta(days=day))

        def queries(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mine = self.settlements.with_user(self.accountant_bar)
            self.assertEqual(len(mine.search_read([], columns, limit=limit)), limit)
            return self.env.cr.sql_log_count - before

        queries(6)
        self.assertEqual(queries(2), queries(6))
        late = self.settlements.search([("late", "=", True)])
        self.assertEqual(len(late & self.settlements.search([])), len(late))
        self.assertEqual(late, self.settlements.search([]).filtered("late"))
