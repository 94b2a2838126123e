from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import OTHER_UID
from .test_cardpage_money_back import MoneyBackCase


@tagged("post_install", "-at_install")
class TestTreasuryTills(MoneyBackCase):
    """The money of till orders stands once: in the order, not in the ledger beside it."""

    def rows(self, **domain):
        self.env.invalidate_all()
        return self.env["tibillet.treasury"].search(
            [("company_id", "=", self.company.id), *((k, "=", v) for k, v in domain.items())]
        )

    def sums(self, **domain):
        rows = self.rows(**domain)
        names = [name for name, field in rows._fields.items() if field.type == "monetary"]
        totals = {name: round(sum(rows.mapped(name)) * 100) for name in names}
        return {name: total for name, total in totals.items() if total}

    def setUp(self):
        super().setUp()
        self.before = self.sums()

    def since(self, **domain):
        now = self.sums(**domain)
        before = self.before if not domain else {}
        changed = {name: now.get(name, 0) - before.get(name, 0) for name in now | before}
        return {name: change for name, change in changed.items() if change}

    def test_a_sale_and_a_top_up_by_means_at_the_till(self):
        self.load_by("cash", 2_000)
        self.load_by("bank", 1_000)
        self.sell(6.0)
        self.assertEqual(
            self.since(),
            {"money_in": 3_000, "issued": 3_000, "spent": 600, "owed_to_holders": 2_400},
        )
        self.assertEqual(self.since(means="cash", spot=self.config.name)["money_in"], 2_000)
        self.assertEqual(self.since(means="bank_card", spot=self.config.name)["money_in"], 1_000)
        spots = set(self.rows(means=False).filtered("spent").mapped("spot"))
        self.assertEqual(spots, {self.config.name})

    def test_change_is_no_money_out(self):
        values = self.order_values([(self.cash, 10.0, False)])
        values |= {"amount_paid": 10.0, "amount_return": -4.0}
        self.sync(values)
        self.assertEqual(self.since(), {"money_in": 600})

    def test_money_that_goes_back_at_the_till(self):
        self.load_by("cash", 2_000, uid=OTHER_UID)
        self.before = self.sums()
        done = self.refund(700)
        self.assertTrue(done["ok"], done)
        self.assertEqual(self.since(), {"money_out": 700, "refunded": 700, "owed_to_holders": -700})

    def test_a_transfer_leaves_when_it_has_left(self):
        self.load_by("bank", 2_000, uid=OTHER_UID)
        self.before = self.sums()
        self.assertTrue(self.transfer(500)["ok"])
        self.assertEqual(self.since(), {"refunded": 500, "owed_to_holders": -500})
        payback = self.env["tibillet.payback"].search([("company_id", "=", self.company.id)])
        payback.journal_id = self.company_data["default_journal_bank"]
        payback.with_user(self.accountant).action_done()
        self.assertEqual(self.since()["money_out"], 500)
        self.assertEqual(self.sums(means="transfer")["money_out"], 500)

    def test_cups_are_held_or_owed_to_their_owner(self):
        festival = self.env["res.partner"].create({"name": "Festival voisin"})
        mine, theirs = self.env["product.product"].create(
            [
                {
                    "name": name,
                    "available_in_pos": True,
                    "type": "consu",
                    "list_price": 1.0,
                    "taxes_id": [(5, 0, 0)],
                    "company_id": self.company.id,
                    "tibillet_deposit": True,
                    "tibillet_deposit_owner_id": owner,
                }
                for name, owner in (("Cup", False), ("Festival cup", festival.id))
            ]
        )
        for cup, count in ((mine, 3), (theirs, 2), (mine, -1)):
            values = self.order_values([(self.cash, float(count), False)], [(cup, count, 1.0)])
            values["lines"][0][2]["price_subtotal"] = float(count)
            self.sync(values)
        self.assertEqual(
            self.since(),
            {"money_in": 500, "money_out": 100, "deposits": 200, "owed_to_others": 200},
        )

    def test_a_cashier_sees_none_of_it(self):
        with self.assertRaises(AccessError):
            self.env["tibillet.treasury"].with_user(self.cashier).search([])
