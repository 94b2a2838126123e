from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .books_common import DAY, NOON, BooksCase


@tagged("post_install", "-at_install")
class TestTreasury(BooksCase):
    """Money in, out and owed by day: what the ledger says where no till is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.treasury = cls.env["tibillet.treasury"]
        cls.holder = cls.Account._get(cls.wallet, cls.token)

    def sums(self, company=None, **domain):
        """{measure: minor units} of a company, what is zero left out."""
        self.env.invalidate_all()  # rows are numbered anew by each statement
        rows = self.treasury.search(
            [("company_id", "=", (company or self.bar).id)]
            + [(name, "=", value) for name, value in domain.items()]
        )
        names = [name for name, field in rows._fields.items() if field.type == "monetary"]
        totals = {name: round(sum(rows.mapped(name)) * 100) for name in names}
        return {name: total for name, total in totals.items() if total}

    def test_money_by_means_and_value_by_day(self):
        self.topup(5_000, means="cash")
        self.topup(2_000, means="bank_card")
        self.sale(1_200, at=NOON + timedelta(days=1))
        self.put("refund", (self.holder, self.issuer(self.token), 700), means="cash")
        self.assertEqual(
            self.sums(day=DAY, means="cash"),
            {"money_in": 5_000, "money_out": 700, "issued": 5_000, "refunded": 700},
        )
        self.assertEqual(
            self.sums(day=DAY, means="bank_card"), {"money_in": 2_000, "issued": 2_000}
        )
        self.assertEqual(
            self.sums(day=DAY + timedelta(days=1)), {"spent": 1_200, "owed_to_holders": -1_200}
        )
        self.assertEqual(self.sums()["owed_to_holders"], 5_100)
        self.assertEqual(self.balance(), 5_100)

    def test_a_gift_is_value_and_no_money(self):
        gift = self.account(self.wallet, self.gift)
        self.put("gift", (self.issuer(self.gift), gift, 500))
        self.assertEqual(self.sums(), {"issued": 500}, "no debt either: it is no backed asset")
        self.put("gift", (self.issuer(self.token), self.holder, 300))
        self.assertEqual(self.sums(), {"issued": 800, "owed_to_holders": 300})

    def test_time_and_points_are_no_money(self):
        hours = self.account(self.wallet, self.hours)
        self.put("issue", (self.issuer(self.hours), hours, 60))
        self.put("sale", (hours, self.place(self.bar, self.hours), 30))
        self.assertEqual(self.sums(), {})

    def test_what_is_taken_back_is_taken_off(self):
        sale = self.sale(600) if self.topup(1_000, means="cash") else None
        self.put("undo", (self.place(self.bar, self.token), self.holder, 600), names_id=sale.id)
        wrong = self.topup(4_000, means="cash")
        self.put("correct", (self.holder, self.issuer(self.token), 4_000), names_id=wrong.id)
        self.assertEqual(
            self.sums(), {"money_in": 1_000, "issued": 1_000, "owed_to_holders": 1_000}
        )

    def test_the_order_of_a_till_documents_its_money(self):
        """Cash of a top-up at a till stands in its order; the ledger adds none of it."""
        done = self.topup(1_000, means="cash", origin="device:77")
        self.assertEqual(self.sums(), {"issued": 1_000, "owed_to_holders": 1_000})
        self.put("correct", (self.holder, self.issuer(self.token), 400), names_id=done.id)
        self.assertEqual(self.sums(), {"issued": 600, "owed_to_holders": 600})

    def test_two_companies_each_its_own(self):
        self.topup(5_000, means="cash")
        self.sale(800, company=self.coop)
        self.assertEqual(
            self.sums(),
            {
                "money_in": 5_000,
                "issued": 5_000,
                "owed_to_holders": 4_200,
                "owed_to_others": 800,
            },
        )
        self.assertEqual(self.sums(self.coop), {"spent": 800, "owed_by_others": 800})

    def test_a_settlement_leaves_one_bank_and_reaches_the_other(self):
        self.topup(5_000, means="cash")
        self.sale(800, company=self.coop)
        first, second = (self.bar | self.coop).sorted("id")
        settlement = self.env["tibillet.settlement"].create(
            {
                "reference": "R-1",
                "first_company_id": first.id,
                "second_company_id": second.id,
                "currency_id": first.currency_id.id,
                "number": 1,
                "until_day": DAY,
                "due_date": DAY,
                "net_minor": 800 if first == self.bar else -800,
            }
        )
        payments = self.env["tibillet.settlement.payment"]
        payments.create(
            [
                {"settlement_id": settlement.id, "date": DAY, "amount_minor": 500},
                {
                    "settlement_id": settlement.id,
                    "date": DAY,
                    "amount_minor": 200,
                    "set_off": True,
                },
            ]
        )
        self.assertEqual(self.sums(means="transfer"), {"money_out": 500})
        self.assertEqual(self.sums(self.coop, means="transfer"), {"money_in": 500})

    def test_the_day_of_the_place_ends_in_the_night(self):
        self.topup(1_000, means="cash", at=NOON + timedelta(hours=14))  # 03:00 in Paris
        self.topup(300, means="cash", at=NOON + timedelta(hours=15, minutes=1))  # 04:01
        self.assertEqual(self.sums(day=DAY)["money_in"], 1_000)
        self.assertEqual(self.sums(day=date(2026, 1, 16))["money_in"], 300)

    def test_grouped_in_as_many_statements_for_a_day_as_for_ten(self):
        self.topup(10_000, means="cash")
        counts = []
        for days in (1, 10):
            for day in range(days):
                self.sale(100, at=NOON + timedelta(days=day))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            groups = self.treasury._read_group(
                [("company_id", "=", self.bar.id)], ["day:day"], ["spent:sum"]
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(groups), 10)
        self.assertEqual(counts[0], counts[1])

    def test_who_may(self):
        self.topup(1_000, means="cash")
        for user in (self.accountant_bar, self.manager_bar):
            self.assertTrue(self.treasury.with_user(user).search([]))
        self.assertFalse(self.treasury.with_user(self.accountant_coop).search([]))
        with self.assertRaises(AccessError):
            self.treasury.with_user(self.user_bar).search([])
