"""What each code of the ledger does to the books."""

from datetime import date, timedelta

from odoo.tests import tagged

from .books_common import DAY, NOON, BooksCase


@tagged("post_install", "-at_install")
class TestBooksEntries(BooksCase):
    def test_topup_and_spend_at_home(self):
        self.topup(2000)
        self.sale(600)
        self.sale(150)
        entry = self.write()
        self.assertEqual((len(entry), entry.company_id, entry.day), (1, self.bar, DAY))
        self.assertEqual((entry.date, entry.operation_count), (DAY, 3))
        self.assertBalanced(entry)
        clearing = self.bar.tibillet_clearing_account_id
        liability = self.token.liability_account_id
        self.assertEqual(
            self.lines(entry), {(self.bar, clearing): 12.5, (self.bar, liability): -12.5}
        )
        gross = {
            (line.account_id, line.code): (line.debit, line.credit, line.operation_count)
            for line in entry.line_ids
        }
        self.assertEqual(
            gross,
            {
                (liability, "sale"): (7.5, 0, 2),
                (clearing, "sale"): (0, 7.5, 2),
                (liability, "topup"): (0, 20, 1),
                (clearing, "topup"): (20, 0, 1),
            },
        )
        self.assertControl(self.bar, 1250)

    def test_again_changes_nothing(self):
        self.topup(2000)
        self.assertEqual(len(self.write()), 1)
        moves = self.env["account.move"].search_count([])
        self.assertFalse(self.write())
        self.assertFalse(self.write(today=True))
        self.assertFalse(self.books._write_entry(self.bar, DAY))
        self.assertEqual(self.env["account.move"].search_count([]), moves)

    def test_a_late_operation_makes_a_further_entry_on_its_own_day(self):
        self.topup(2000)
        first = self.write()
        self.sale(300)
        self.sale(200, at=NOON + timedelta(days=3))
        late = self.write()
        self.assertEqual(late.mapped("day"), [DAY, date(2026, 1, 18)])
        self.assertEqual((first | late).mapped("sequence"), [1, 2, 3])
        self.assertEqual(first.operation_count, 1)
        self.assertBalanced(late)
        self.assertControl(self.bar, 1500)

    def test_a_hold_is_not_booked_before_its_capture(self):
        self.topup(2000)
        self.write()
        hold = self.spend(600, hold_until=self.in_minutes(5), occurred_at=NOON)
        self.assertFalse(self.write())
        self.ledger._capture(hold)
        self.assertEqual(self.write().operation_count, 1)
        voided = self.spend(100, hold_until=self.in_minutes(5), occurred_at=NOON)
        self.ledger._void(voided)
        self.assertFalse(self.write())
        self.assertControl(self.bar, 1400)

    def test_sale_at_another_companys_place(self):
        self.topup(3000, self.euro, company=self.coop)
        self.write()
        self.sale(800, self.euro, company=self.bar)
        entries = self.write()
        self.assertEqual(entries.company_id, self.bar | self.coop)
        self.assertBalanced(entries)
        due_from = self.role_account(self.bar, "due_from", self.coop.partner_id)
        due_to = self.role_account(self.coop, "due_to", self.bar.partner_id)
        self.assertEqual(
            self.lines(entries),
            {
                (self.bar, due_from): 8,
                (self.bar, self.bar.tibillet_clearing_account_id): -8,
                (self.coop, self.euro.liability_account_id): 8,
                (self.coop, due_to): -8,
            },
        )
        line = entries.move_id.line_ids.filtered(lambda line: line.account_id == due_from)
        self.assertEqual(line.partner_id, self.coop.partner_id)
        self.assertControl(self.coop, 3000)
        control = self.assertControl(self.bar, -800)
        self.assertEqual(
            [(p["balance_minor"], p["mirror_minor"]) for p in control["pairs"]], [(800, -800)]
        )

    def test_topup_and_refund_at_another_companys_desk(self):
        self.topup(3000, self.euro, company=self.bar)
        self.put(
            "refund",
            (self.account(self.wallet, self.euro), self.issuer(self.euro), 1000),
            company=self.bar,
        )
        entries = self.write()
        self.assertBalanced(entries)
        due_from = self.role_account(self.bar, "due_from", self.coop.partner_id)
        due_to = self.role_account(self.coop, "due_to", self.bar.partner_id)
        self.assertEqual(
            self.lines(entries),
            {
                (self.bar, self.bar.tibillet_clearing_account_id): 20,
                (self.bar, due_from): -20,
                (self.coop, due_to): 20,
                (self.coop, self.euro.liability_account_id): -20,
            },
        )

    def test_settlement_brings_the_pair_back_to_zero(self):
        self.topup(3000, self.euro, company=self.coop)
        self.sale(800, self.euro, company=self.bar)
        self.put(
            "settle",
            (self.place(self.bar, self.euro), self.issuer(self.euro), 800),
            company=self.bar,
        )
        self.assertBalanced(self.write())
        due_from = self.role_account(self.bar, "due_from", self.coop.partner_id)
        due_to = self.role_account(self.coop, "due_to", self.bar.partner_id)
        self.assertEqual(self.balance_of(due_from, self.bar), 0)
        self.assertEqual(self.balance_of(due_to, self.coop), 0)
        self.assertControl(self.bar, 0)
        self.assertControl(self.coop, 2200)

    def test_an_issuers_own_takings_go_home_without_an_entry(self):
        self.topup(1000)
        self.sale(1000)
        self.write()
        self.put("settle", (self.place(self.bar, self.token), self.issuer(self.token), 1000))
        self.assertFalse(self.write())

    def test_one_basket_of_two_issuers(self):
        self.topup(500)
        self.topup(3000, self.euro, company=self.coop)
        self.write()
        operation = self.spend(1200, occurred_at=NOON)
        self.assertEqual(len(operation.transfer_ids), 2)
        entries = self.write()
        self.assertBalanced(entries)
        self.assertEqual(self.lines(entries)[self.bar, self.bar.tibillet_clearing_account_id], -12)
        self.assertControl(self.bar, 500 - 1200)
        self.assertControl(self.coop, 3000)

    def test_what_is_not_a_debt_has_no_entry(self):
        holder = self.account(self.wallet, self.gift)
        self.put("gift", (self.issuer(self.gift), holder, 500))
        self.put("sale", (holder, self.place(self.bar, self.gift), 200))
        hours = self.account(self.wallet, self.hours)
        self.put("issue", (self.issuer(self.hours), hours, 60))
        self.put("sale", (hours, self.place(self.bar, self.hours), 30))
        self.assertFalse(self.write(today=True))

    def test_a_gift_taken_elsewhere_is_owed_by_its_giver(self):
        holder = self.account(self.wallet, self.gift)
        self.put("gift", (self.issuer(self.gift), holder, 500))
        self.put("sale", (holder, self.place(self.coop, self.gift), 200), company=self.coop)
        entries = self.write()
        self.assertBalanced(entries)
        self.assertEqual(
            self.lines(entries),
            {
                (self.bar, self.role_account(self.bar, "gift_expense")): 2,
                (self.bar, self.role_account(self.bar, "due_to", self.coop.partner_id)): -2,
                (self.coop, self.role_account(self.coop, "due_from", self.bar.partner_id)): 2,
                (self.coop, self.coop.tibillet_clearing_account_id): -2,
            },
        )

    def test_a_gift_in_a_backed_asset_is_an_expense_and_its_correction_takes_it_back(self):
        holder = self.account(self.wallet, self.token)
        gift = self.put("gift", (self.issuer(self.token), holder, 500))
        self.write()
        expense = self.role_account(self.bar, "gift_expense")
        self.assertEqual(self.balance_of(expense, self.bar), 5)
        self.put("correct", (holder, self.issuer(self.token), 500), names_id=gift.id)
        self.assertBalanced(self.write())
        self.assertEqual(self.balance_of(expense, self.bar), 0)
        self.assertControl(self.bar, 0)

    def test_undo_refund_empty_and_chargeback(self):
        self.topup(5000)
        holder = self.account(self.wallet, self.token)
        sale = self.sale(600)
        self.put("undo", (self.place(self.bar, self.token), holder, 600), names_id=sale.id)
        self.put("refund", (holder, self.issuer(self.token), 1000))
        self.put("chargeback", (holder, self.issuer(self.token), 500))
        self.put("empty", (holder, self.issuer(self.token), 3500))
        entry = self.write()
        self.assertBalanced(entry)
        self.assertEqual(self.balance_of(self.token.liability_account_id, self.bar), 0)
        self.assertControl(self.bar, 0)

    def test_expired_given_and_extinguished(self):
        self.topup(5000)
        holder = self.account(self.wallet, self.token)
        pool_wallet = self.env["tibillet.wallet"]._of_company("pool", self.bar)
        pool = self.account(pool_wallet, self.token)
        voucher = self.make_asset("bon", "voucher", self.bar, expiry_months=12)
        bought = self.account(self.wallet, voucher)
        self.put("topup", (self.issuer(voucher), bought, 1000))
        self.put("expire", (bought, self.issuer(voucher), 1000))
        self.put("give", (holder, self.place(self.bar, self.token), 700))
        self.put("extinguish", (holder, pool, 300))
        self.assertBalanced(self.write())
        self.assertEqual(
            self.balance_of(self.role_account(self.bar, "forfeit_income"), self.bar), -13
        )
        self.assertEqual(self.balance_of(self.role_account(self.bar, "gift_income"), self.bar), -7)
        self.assertControl(self.bar, 6000)

    def test_given_to_another_place_and_forfeited_to_its_pool(self):
        """The holder's money ends at the issuer, who owes it to the other: income there."""
        self.topup(5000)
        holder = self.account(self.wallet, self.token)
        pool_wallet = self.env["tibillet.wallet"]._of_company("pool", self.coop)
        self.put("give", (holder, self.place(self.coop, self.token), 700))
        self.put("extinguish", (holder, self.account(pool_wallet, self.token), 300))
        self.assertBalanced(self.write())
        there = self.coop
        for role, balance in (("gift_income", -7), ("forfeit_income", -3)):
            self.assertEqual(self.balance_of(self.role_account(there, role), there), balance)
            self.assertEqual(self.balance_of(self.role_account(self.bar, role), self.bar), 0)
        due_to = self.role_account(self.bar, "due_to", there.partner_id)
        due_from = self.role_account(there, "due_from", self.bar.partner_id)
        self.assertEqual(self.balance_of(due_to, self.bar), -10)
        self.assertEqual(self.balance_of(due_from, there), 10)
        self.assertEqual(self.balance_of(self.token.liability_account_id, self.bar), -40)
        self.assertControl(self.bar, 5000)
        self.assertControl(there, 0)
        pages = self.env["tibillet.control"]
        self.assertEqual((pages._look(self.bar).rest, pages._look(there).rest), (0, 0))

    def test_a_merge_moves_no_books(self):
        self.topup(1000)
        self.write()
        person = self.env["tibillet.wallet"].create(
            {"kind": "person", "partner_id": self.env["res.partner"].create({"name": "Anna"}).id}
        )
        self.put(
            "merge", (self.account(self.wallet, self.token), self.account(person, self.token), 1000)
        )
        self.assertFalse(self.write())
        self.assertControl(self.bar, 1000)

    def test_late_sale_and_shortfall(self):
        """Held 10 €, expired, spent elsewhere but for 4 €: 4 € late, 6 € owed by the card."""
        self.topup(1000)
        hold = self.spend(1000, hold_until=self.in_minutes(5), occurred_at=NOON)
        self.wait(6)
        self.sale(600)
        operations = self.ledger._record_sale(hold)
        self.assertEqual(operations.mapped("code"), ["sale", "shortfall"])
        # The demo of time: what is recorded late took place when the hold did.
        entries = self.write(today=True)
        self.assertBalanced(entries)
        claim = self.role_account(self.bar, "claim")
        self.assertEqual(self.balance_of(claim, self.bar), 6)
        self.assertEqual(self.balance_of(self.token.liability_account_id, self.bar), 0)
        # 10 topped up, 6 + 10 sold: till and top-up documents will bring it to zero.
        self.assertControl(self.bar, 1000 - 600 - 1000)
        owed = self.env["tibillet.asset"]._claim_of(self.bar)
        shortfall = operations.filtered(lambda operation: operation.code == "shortfall")
        self.put(
            "correct",
            (self.account(self.wallet, owed), self.issuer(owed), 600),
            names_id=shortfall.id,
        )
        self.assertBalanced(self.write(today=True))
        self.assertEqual(self.balance_of(claim, self.bar), 0)
        clearing = self.env["tibillet.books"]._control(self.bar)["clearing"]
        self.assertIn("correct", {one["code"] for one in clearing["operations"]})
        # The holder loads the card, and what the sale lacked is taken from it.
        self.topup(1000)
        late = operations - shortfall
        self.put(
            "correct",
            (self.account(self.wallet, self.token), self.place(self.bar, self.token), 600),
            names_id=late.id,
        )
        self.write(today=True)
        clearing = self.env["tibillet.books"]._control(self.bar)["clearing"]
        self.assertNotIn("correct", {one["code"] for one in clearing["operations"]})
        self.assertControl(self.bar, 1000 - 600 - 1000 + 1000)

    def test_a_day_of_credits_only(self):
        self.topup(2000)
        self.sale(1000)
        self.write()
        self.put(
            "deposit_back",
            (self.place(self.bar, self.token), self.account(self.wallet, self.token), 400),
            at=NOON + timedelta(days=1),
        )
        entry = self.write()
        self.assertBalanced(entry)
        self.assertEqual(
            self.lines(entry),
            {
                (self.bar, self.bar.tibillet_clearing_account_id): 4,
                (self.bar, self.token.liability_account_id): -4,
            },
        )

    def test_locked_period(self):
        self.topup(2000)
        self.bar.fiscalyear_lock_date = "2026-01-31"
        entry = self.write()
        self.assertEqual((entry.day, entry.date), (DAY, date(2026, 2, 1)))
        self.assertBalanced(entry)
        self.bar.hard_lock_date = "2026-02-28"
        self.sale(100)
        entry = self.write()
        self.assertEqual((entry.day, entry.date), (DAY, date(2026, 3, 1)))

    def test_today_waits_for_its_end_unless_asked(self):
        self.load(1000)
        self.assertFalse(self.write())
        self.assertEqual(len(self.write(today=True)), 1)
        self.load(500)
        self.wait(25 * 60)
        self.assertEqual(len(self.write()), 1)

    def test_cron(self):
        self.topup(1000)
        self.topup(1000, at=NOON + timedelta(days=1))
        self.topup(700, self.euro, company=self.coop)
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_wallet.ir_cron_write_ledger_entries").method_direct_trigger()
        entries = self.env["tibillet.ledger.entry"].search(
            [("company_id", "in", (self.bar | self.coop).ids)]
        )
        self.assertEqual(len(entries), 3)
        self.assertBalanced(entries)
        self.assertFalse(self.write(today=True))

    def test_a_company_without_chart_waits(self):
        euro = self.env.ref("base.EUR")
        company = self.env["res.company"].create({"name": "Sans plan", "currency_id": euro.id})
        asset = self.make_asset("sans-plan", "local", company)
        self.put(
            "topup", (self.issuer(asset), self.account(self.wallet, asset), 900), company=company
        )
        self.assertFalse(self.write())
        company.country_id = self.env.ref("base.fr")
        self.env["account.chart.template"].try_loading("fr", company, install_demo=False)
        self.assertBalanced(self.write())
        self.assertControl(company, 900)
