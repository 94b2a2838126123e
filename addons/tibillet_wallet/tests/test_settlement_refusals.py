from datetime import date, timedelta
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .books_common import DAY
from .settlement_common import SettlementCase


@tagged("post_install", "-at_install")
class TestSettlementRefusals(SettlementCase):
    """Each refusal is a sentence, and nothing is written."""

    def assertSays(self, sentence, call, *args, error=UserError, **kwargs):
        before = self.snapshot(), self.env["account.move"].search_count([])
        with self.assertRaisesRegex(error, sentence), self.env.cr.savepoint():
            call(*args, **kwargs)
        self.env.invalidate_all()
        self.assertEqual((self.snapshot(), self.env["account.move"].search_count([])), before)

    def refused_form(self, sentence, **values):
        """The form says it before, the act refuses it."""
        form = self.propose(**values)
        self.assertRegex(form.refusal, sentence)
        self.assertFalse(form.owed_text)
        self.assertSays(sentence, form.action_propose)
        self.assertFalse(self.settlements.search([("first_company_id", "=", self.bar.id)]))

    # -- proposing ------------------------------------------------------------------------

    def test_nothing_owed(self):
        self.refused_form("Le Phare and La Coopérative owe each other nothing up to")
        self.topup(1_000)
        self.sale(500)  # at home
        self.refused_form("owe each other nothing")

    def test_a_session_is_open(self):
        self.evening()

        def open_sessions(_self, companies, until_day):
            self.assertEqual((companies, until_day), (self.bar | self.coop, DAY))
            return ["Bar/00012 (Le Phare)"]

        with patch.object(type(self.settlements), "_open_sessions", open_sessions):
            self.refused_form(r"Still open: Bar/00012 \(Le Phare\).*Close it")
        self.assertTrue(self.settlement(), "without it, it goes")

    def test_a_day_that_is_not_over(self):
        self.evening()
        self.env.cr.execute("SELECT tibillet_business_day(%s)", [self.bar.id])
        today = self.env.cr.fetchone()[0]
        self.refused_form("is not over at Le Phare", day=today, due=today)
        self.assertTrue(self.settlement(day=today - timedelta(days=1), due=today))

    def test_a_company_without_chart(self):
        bare = self.env["res.company"].create(
            {"name": "Sans plan", "currency_id": self.bar.currency_id.id}
        )
        form = self.propose()
        form.other = str(bare.id)
        self.assertRegex(form.refusal, "Sans plan has no chart of accounts")
        self.assertSays("Sans plan has no chart of accounts", form.action_propose)

    def test_with_oneself_and_in_another_currency(self):
        self.evening()
        form = self.propose()
        form.other = str(self.bar.id)
        self.assertSays("two different places", form.action_propose)
        dollars = self.env["res.company"].create(
            {"name": "Overseas", "currency_id": self.env.ref("base.USD").id}
        )
        self.env["account.chart.template"].try_loading("generic_coa", dollars, install_demo=False)
        form.other = str(dollars.id)
        self.assertSays("Overseas keeps its books in USD", form.action_propose)

    def test_an_archived_account(self):
        self.evening()
        self.write()
        account = self.role_account(self.coop, "due_to", self.bar.partner_id)
        self.env.flush_all()
        # Odoo's screens refuse it: done all the same, by whatever means.
        self.env.cr.execute("UPDATE account_account SET active = false WHERE id = %s", account.ids)
        self.env.invalidate_all()
        self.refused_form("archived at La Coopérative")
        account.active = True
        self.assertTrue(self.settlement())

    def test_before_the_last_one_and_due_before_it_ends(self):
        self.evening()
        self.refused_form("cannot be due before", due=DAY - timedelta(days=1))
        self.settlement()
        form = self.propose(day=DAY - timedelta(days=1))
        self.assertRegex(form.refusal, "goes up to .* already")

    # -- agreeing -------------------------------------------------------------------------

    def test_nobody_signs_for_the_other_or_twice(self):
        self.evening()
        settlement = self.settlement()
        mine = settlement.with_user(self.accountant_bar)
        mine.action_agree()
        self.assertSays("waits for no signature of yours", mine.action_agree)
        self.assertEqual(
            settlement.agreed_first_by_id | settlement.agreed_second_by_id, self.accountant_bar
        )
        self.assertEqual(settlement.state, "proposed")

    def test_roles(self):
        """A desk sees nothing of it; an accountant and a manager act for their place only."""
        self.evening()
        settlement = self.settlement()
        desk = settlement.with_user(self.user_bar)
        for act in (desk.action_agree, desk.action_withdraw, desk.action_resume):
            self.assertSays("Only an accountant", act, error=AccessError)
        with self.assertRaises(AccessError):
            desk.action_print()
        with self.assertRaises(AccessError):
            self.propose(user=self.user_bar)
        with self.assertRaises(AccessError):
            self.settlements.with_user(self.user_bar).search([])
        third = self.env["res.company"].create({"name": "Le Large"})
        strangers = [
            user.copy(
                {
                    "login": f"x{user.login}",
                    "company_id": third.id,
                    "company_ids": [(6, 0, third.ids)],
                }
            )
            for user in (self.accountant_bar, self.manager_bar)
        ]
        for stranger in strangers:
            theirs = settlement.with_user(stranger)
            self.assertFalse(self.settlements.with_user(stranger).search([]))
            for act in (theirs.action_agree, theirs.action_withdraw, theirs.action_print):
                with self.assertRaises(AccessError):
                    act()
            form = self.env["tibillet.settlement.pay"].with_user(stranger)
            with self.assertRaises(AccessError):
                form.create({"settlement_id": settlement.id, "amount": 1}).action_pay()
            propose = self.env["tibillet.settlement.propose"].with_user(stranger)
            with self.assertRaises(AccessError):
                propose.create(
                    {
                        "company_id": self.bar.id,
                        "other": str(self.coop.id),
                        "until_day": DAY,
                        "due_date": DAY,
                    }
                ).action_propose()
        # A manager is an accountant too, of their own place.
        settlement.with_user(self.manager_bar).action_agree()
        self.assertEqual(settlement.agreed_first_by_id, self.manager_bar)

    def test_nobody_writes_it(self):
        self.evening()
        settlement = self.settlement()
        for user in (self.accountant_bar, self.manager_bar):
            mine = settlement.with_user(user)
            for values in ({"net_minor": 0}, {"state": "done"}, {"paid_minor": 1}):
                with self.assertRaises(AccessError):
                    mine.write(values)
            with self.assertRaises(AccessError):
                mine.line_ids.write({"amount_minor": 0})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                self.settlements.with_user(user).create({"reference": "X"})
        with self.assertRaises(UserError):
            settlement.unlink()

    # -- disputing ------------------------------------------------------------------------

    def dispute(self, settlement, user, reason="Saturday is counted twice"):
        self.env["tibillet.settlement.dispute"].with_user(user).create(
            {"settlement_id": settlement.id, "reason": reason}
        ).action_dispute()

    def test_disputed_stays_in_the_list_and_is_not_paid(self):
        self.evening()
        settlement = self.agreed()
        self.dispute(settlement, self.accountant_coop)
        self.assertEqual(settlement.state, "disputed")
        self.assertEqual(settlement.disputed_company_id, self.coop)
        self.assertIn(settlement, self.settlements.search([("late", "=", True)]))
        self.assertSays(
            "disputed by La Coopérative .Saturday is counted twice", self.pay, settlement
        )
        self.assertIn("owe each other nothing", self.propose(day=DAY + timedelta(days=1)).refusal)
        self.assertSays(
            "Only La Coopérative",
            settlement.with_user(self.accountant_bar).action_resume,
            error=AccessError,
        )
        settlement.with_user(self.accountant_coop).action_resume()
        self.assertEqual((settlement.state, settlement.dispute_reason), ("agreed", False))
        self.pay(settlement)
        self.assertSettled()

    def test_disputed_before_both_agreed_is_signed_anew(self):
        self.evening()
        settlement = self.settlement()
        settlement.with_user(self.accountant_bar).action_agree()
        self.dispute(settlement, self.accountant_coop)
        self.assertFalse(settlement.agreed_first_by_id)
        self.assertSays(
            "waits for no signature", settlement.with_user(self.accountant_bar).action_agree
        )
        settlement.with_user(self.accountant_coop).action_resume()
        self.assertEqual(settlement.state, "proposed")

    def test_withdrawn_is_owed_as_before(self):
        self.evening()
        settlement = self.settlement()
        settlement.with_user(self.accountant_coop).action_withdraw()
        self.assertEqual((settlement.state, settlement.rest), ("cancelled", 0))
        self.assertEqual(self.settlement().amount, 12.0)
        agreed = self.agreed_of(self.settlements.search([("state", "=", "proposed")]))
        self.assertSays(
            "paid, not withdrawn", agreed.with_user(self.accountant_bar).action_withdraw
        )
        self.pay(agreed)
        with self.assertRaisesRegex(UserError, "nothing to dispute"):
            self.dispute(agreed, self.accountant_bar)

    def agreed_of(self, settlement):
        for user in (self.accountant_bar, self.accountant_coop):
            settlement.with_user(user).action_agree()
        return settlement

    # -- paying ---------------------------------------------------------------------------

    def test_amounts(self):
        self.evening()
        settlement = self.agreed()
        for amount in (0, -1.0, 12.01):
            self.assertSays("left to pay", self.pay, settlement, amount)
        self.pay(settlement)
        self.assertSays("is not to be paid", self.pay, settlement, 1.0)

    def test_not_before_both_agreed(self):
        self.evening()
        self.assertSays("both agree first", self.pay, self.settlement(), 1.0)

    def test_a_locked_period_of_either_side(self):
        self.evening()
        settlement = self.agreed()
        for company in (self.bar, self.coop):
            company.fiscalyear_lock_date = "2026-01-31"
            self.assertSays(f"books of {company.name} are locked up to", self.pay, settlement)
            company.fiscalyear_lock_date = False
        self.bar.fiscalyear_lock_date = "2026-01-31"
        self.pay(settlement, day="2026-02-01")
        self.assertSettled()

    def test_a_day_to_come(self):
        self.evening()
        settlement = self.agreed()
        day = fields.Date.context_today(settlement) + timedelta(days=1)
        self.assertSays("still to come", self.pay, settlement, day=day)

    def test_without_a_bank_journal(self):
        self.evening()
        settlement = self.agreed()
        self.env["account.journal"].search(
            [("company_id", "=", self.bar.id), ("type", "=", "bank")]
        ).active = False
        self.assertSays("Le Phare has no bank journal", self.pay, settlement)

    def test_matched_by_hand_is_left_alone(self):
        self.evening()
        self.write(today=True)
        settlement = self.settlement()
        due_from = self.role_account(self.bar, "due_from", self.coop.partner_id)
        mine = self.open_lines(self.bar).filtered(lambda line: line.account_id == due_from)
        mine.reconcile()
        self.assertEqual(sum(mine.mapped("amount_residual")), 27.0)
        self.agreed_of(settlement)
        self.pay(settlement)
        self.assertSettled()

    @mute_logger("odoo.sql_db")
    def test_the_database_never_takes_more(self):
        self.evening()
        settlement = self.agreed()
        for statement in (
            "UPDATE tibillet_settlement SET paid_minor = abs(net_minor) + 1 WHERE id = %s",
            "UPDATE tibillet_settlement_line SET settled_minor = abs(amount_minor) + 1"
            " WHERE settlement_id = %s",
            "UPDATE tibillet_settlement SET first_company_id = second_company_id WHERE id = %s",
        ):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.env.cr.execute(statement, [settlement.id])
        self.assertEqual(settlement.until_day, date(2026, 1, 15))
