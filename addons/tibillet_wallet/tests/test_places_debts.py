from odoo.exceptions import AccessError
from odoo.tests import tagged

from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestDebts(BooksCase):
    """Who owes whom, per pair and asset, from the statement that the books are made of."""

    def evening(self):
        """The co-operative's euro and the bar's token at each other's place."""
        euro, token = self.euro, self.token
        mine = self.account(self.wallet, euro)
        self.topup(10_000, euro, company=self.coop)
        self.topup(2_000, euro, company=self.bar)  # the bar collects for the co-operative
        self.sale(4_000, euro, company=self.bar)
        self.put("refund", (mine, self.issuer(euro), 700), company=self.bar)
        self.topup(5_000, token)
        self.sale(1_500, token, company=self.coop)
        self.sale(500, token)  # at home: nobody owes anybody anything
        self.post(
            "settle",
            (self.place(self.bar, euro), self.issuer(euro), 1_000),
            company_id=self.coop.id,
        )

    def debt(self, asset, place):
        self.env.invalidate_all()
        return self.env["tibillet.debt"].search(
            [("asset_id", "=", asset.id), ("place_company_id", "=", place.id)]
        )

    def test_one_line_per_pair_and_asset(self):
        self.evening()
        debt = self.debt(self.euro, self.bar)
        self.assertEqual(debt.issuer_company_id, self.coop)
        self.assertEqual(
            (
                debt.sale_amount,
                debt.topup_amount,
                debt.refund_amount,
                debt.settled_amount,
                debt.other_amount,
                debt.amount,
                debt.amount_minor,
            ),
            (40.0, -20.0, 7.0, -10.0, 0.0, 17.0, 1_700),
        )
        self.assertEqual(debt.sentence, "La Coopérative owes Le Phare 17.00\N{NO-BREAK SPACE}€.")
        self.assertEqual(debt.line_count, 4)
        self.assertEqual(self.debt(self.token, self.coop).amount, 15.0)
        self.assertFalse(self.debt(self.token, self.bar))

    def test_netted_per_pair(self):
        self.evening()
        pair = self.env["tibillet.debt.pair"].search([("first_company_id", "=", self.bar.id)])
        self.assertEqual(pair.second_company_id, self.coop)
        self.assertEqual((pair.owed_by_first, pair.owed_by_second), (15.0, 17.0))
        self.assertEqual((pair.net, pair.net_minor), (-2.0, -200))
        self.assertEqual(pair.sentence, "La Coopérative owes Le Phare 2.00\N{NO-BREAK SPACE}€.")
        both = self.env["tibillet.debt"].search(pair.action_view_debts()["domain"])
        self.assertEqual(both.asset_id, self.euro | self.token)

    def test_the_other_way_round_and_even(self):
        self.topup(2_000, self.euro, company=self.bar)
        debt = self.debt(self.euro, self.bar)
        self.assertEqual(debt.sentence, "Le Phare owes La Coopérative 20.00\N{NO-BREAK SPACE}€.")
        self.sale(2_000, self.euro, company=self.bar)
        self.assertEqual(
            self.debt(self.euro, self.bar).sentence, "La Coopérative and Le Phare are even."
        )
        self.assertFalse(
            self.env["tibillet.debt"].search(
                [("asset_id", "=", self.euro.id), ("amount_minor", "!=", 0)]
            )
        )

    def test_it_is_what_the_books_say(self):
        """P of each pair in both books, once the day is written."""
        self.evening()
        self.put("gift", (self.issuer(self.gift), self.account(self.wallet, self.gift), 900))
        self.sale(300, self.gift, company=self.coop)
        self.write(today=True)
        for issuer, place in ((self.coop, self.bar), (self.bar, self.coop)):
            debts = self.env["tibillet.debt"].search(
                [("issuer_company_id", "=", issuer.id), ("place_company_id", "=", place.id)]
            )
            owed = round(sum(debts.mapped("amount")), 2)
            due_to = self.role_account(issuer, "due_to", place.partner_id)
            due_from = self.role_account(place, "due_from", issuer.partner_id)
            self.assertEqual(self.balance_of(due_to, issuer), -owed, (issuer.name, place.name))
            self.assertEqual(self.balance_of(due_from, place), owed, (issuer.name, place.name))
        self.assertEqual(self.debt(self.gift, self.coop).amount, 3.0)

    def test_a_gift_that_was_settled_is_no_longer_owed(self):
        self.put("gift", (self.issuer(self.gift), self.account(self.wallet, self.gift), 900))
        self.sale(300, self.gift, company=self.coop)
        there = self.place(self.coop, self.gift)
        self.put("settle", (there, self.issuer(self.gift), 300))
        self.write()
        debt = self.debt(self.gift, self.coop)
        self.assertEqual((debt.sale_amount, debt.settled_amount, debt.amount), (3.0, -3.0, 0.0))
        due_to = self.role_account(self.bar, "due_to", self.coop.partner_id)
        self.assertEqual(self.balance_of(due_to, self.bar), 0)
        self.assertBalanced(
            self.env["tibillet.ledger.entry"].search(
                [("company_id", "in", (self.bar | self.coop).ids)]
            )
        )

    def test_corrections_and_what_came_back(self):
        self.topup(5_000, self.euro, company=self.coop)
        sale = self.sale(2_000, self.euro, company=self.bar)
        mine, there = self.account(self.wallet, self.euro), self.place(self.bar, self.euro)
        self.put("correct", (there, mine, 500), names_id=sale.id)
        refund = self.put("refund", (mine, self.issuer(self.euro), 300), company=self.bar)
        self.put("correct", (self.issuer(self.euro), mine, 100), names_id=refund.id)
        debt = self.debt(self.euro, self.bar)
        self.assertEqual((debt.sale_amount, debt.refund_amount), (15.0, 2.0))
        terms = self.env["tibillet.acceptance"].search(
            [("asset_id", "=", self.euro.id), ("company_id", "=", self.bar.id)]
        )
        self.assertEqual(terms._owed_minor(), debt.amount_minor)

    def test_the_ceilings_read_the_same_sum(self):
        self.evening()
        for asset, place in ((self.euro, self.bar), (self.token, self.coop)):
            terms = self.env["tibillet.acceptance"].search(
                [("asset_id", "=", asset.id), ("company_id", "=", place.id)]
            )
            self.assertEqual(terms._owed_minor(), self.debt(asset, place).amount_minor)

    def test_holds_are_no_debt_yet(self):
        self.topup(5_000, self.euro, company=self.coop)
        hold = self.spend(2_000, company=self.bar, hold_until=self.in_minutes(5))
        self.assertFalse(self.debt(self.euro, self.bar))
        self.ledger._capture(hold, 1_200)
        self.assertEqual(self.debt(self.euro, self.bar).amount, 12.0)

    def test_the_movements_behind_it(self):
        self.evening()
        debt = self.debt(self.euro, self.bar)
        lines = self.env["tibillet.debt.line"].search(debt.action_view_lines()["domain"])
        self.assertEqual(
            {(line.nature, line.amount_minor) for line in lines},
            {("sale", 4_000), ("topup", -2_000), ("refund", 700), ("settle", -1_000)},
        )
        self.assertEqual(sum(lines.mapped("amount_minor")), debt.amount_minor)

    def test_either_side_sees_it_and_no_third(self):
        self.evening()
        third = self.env["res.company"].create({"name": "Le Large"})
        stranger = self.accountant_bar.copy(
            {"login": "stranger", "company_id": third.id, "company_ids": [(6, 0, third.ids)]}
        )
        for model in ("tibillet.debt", "tibillet.debt.pair", "tibillet.debt.line"):
            with self.subTest(model):
                seen = {
                    user: self.env[model].with_user(user).search([])
                    for user in (self.accountant_bar, self.accountant_coop, stranger)
                }
                self.assertEqual(seen[self.accountant_bar].ids, seen[self.accountant_coop].ids)
                self.assertTrue(seen[self.accountant_bar])
                self.assertFalse(seen[stranger])
                seen[self.accountant_coop].read()
        with self.assertRaises(AccessError):
            self.env["tibillet.debt"].with_user(self.user_bar).search([])

    def test_the_other_side_sees_the_debt_and_not_the_operation(self):
        self.evening()
        sale = self.env["tibillet.debt.line"].search(
            [("nature", "=", "sale"), ("place_company_id", "=", self.bar.id)]
        )
        self.assertEqual(
            sale.with_user(self.accountant_bar).action_open_operation()["res_id"],
            sale.operation_id.id,
        )
        with self.assertRaises(AccessError):
            sale.with_user(self.accountant_coop).action_open_operation()
        fields = self.env["tibillet.debt.line"]._fields
        self.assertFalse([name for name in fields if "wallet" in name or "card" in name])

    def test_nobody_writes_a_debt(self):
        self.evening()
        debt = self.debt(self.euro, self.bar)
        with self.assertRaises(AccessError):
            debt.with_user(self.manager_bar).write({"amount": 0})
        with self.assertRaises(AccessError):
            debt.with_user(self.manager_bar).unlink()

    def test_a_list_costs_the_same_for_any_number(self):
        self.evening()
        for number in range(8):
            asset = self.make_asset(f"jeton-{number}", "local", self.bar)
            self.topup(500, asset)
            self.sale(100, asset, company=self.coop)
        columns = ["asset_id", "issuer_company_id", "place_company_id", "amount", "sentence"]

        def queries(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.env["tibillet.debt"].search_read([], columns, limit=limit)
            self.assertEqual(len(rows), limit)
            return self.env.cr.sql_log_count - before

        queries(10)
        self.assertEqual(queries(2), queries(10))
