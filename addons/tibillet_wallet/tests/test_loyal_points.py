"""Points inside the sale's own operation: earned, held, captured, late, taken back."""

from datetime import timedelta

from psycopg2 import errors as pg_errors

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WalletCase


class LoyalCase(WalletCase):
    """A point for each euro at the bar, a card with 100.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.bar | cls.coop).tibillet_tap_limit_minor = 0
        cls.points = cls.make_asset("fidele", "points", cls.bar)
        categories = cls.env["product.category"]
        cls.food = categories.create({"name": "Food"})
        cls.hot = categories.create({"name": "Hot", "parent_id": cls.food.id})
        cls.drinks = categories.create({"name": "Drinks"})
        cls.soup, cls.juice, cls.cup = cls.env["product.product"].create(
            [
                {"name": "Soup", "categ_id": cls.hot.id},
                {"name": "Juice", "categ_id": cls.drinks.id},
                {
                    "name": "Cup",
                    "categ_id": cls.food.id,
                    "tibillet_deposit": True,
                    "company_id": cls.bar.id,
                    "taxes_id": False,
                },
            ]
        )
        cls.rule = cls.env["tibillet.loyalty"].create(
            {"asset_id": cls.points.id, "company_id": cls.bar.id}
        )

    def setUp(self):
        super().setUp()
        self.load(10000)

    def earned(self, op):
        lines = (op.transfer_ids or op.hold_line_ids).filtered("earned")
        self.assertLessEqual(set(lines.asset_id.ids), {self.points.id})
        return sum(lines.mapped("amount_minor"))

    def have(self):
        return self.balance(self.points)

    def buy(self, *lines, **values):
        return self.spend(0, lines=[(product, minor, None) for product, minor in lines], **values)


@tagged("post_install", "-at_install")
class TestLoyalPoints(LoyalCase):
    # -- how many -----------------------------------------------------------------------

    def test_one_operation_moves_the_money_and_gives_the_points(self):
        sale = self.spend(370)
        self.assertEqual((sale.code, sale.state), ("sale", "posted"))
        self.assertEqual(
            [
                (line.asset_id, line.amount_minor, line.earned)
                for line in sale.transfer_ids.sorted("id")
            ],
            [(self.token, 370, False), (self.points, 3, True)],
        )
        self.assertEqual((self.have(), sale.paid_minor, sale.missing_minor), (3, 370, 0))
        self.assertEqual(
            sale.amount_text, "3.70\N{NO-BREAK SPACE}€ Jeton (+3\N{NO-BREAK SPACE}pts Fidele)"
        )
        self.assertEqual(self.ledger._audit(), {})

    def test_rate_rounding_and_cap(self):
        for values, spent, expected in (
            ({"earned_minor": 3, "step_minor": 200, "rounding": "down"}, 500, 7),
            ({"earned_minor": 3, "step_minor": 200, "rounding": "nearest"}, 500, 8),
            ({"earned_minor": 1, "step_minor": 1000, "rounding": "down"}, 999, 0),
            ({"earned_minor": 1, "step_minor": 1000, "rounding": "nearest"}, 499, 0),
            ({"earned_minor": 1, "step_minor": 1000, "rounding": "nearest"}, 500, 1),
            ({"earned_minor": 1, "step_minor": 1000, "rounding": "up"}, 1, 1),
            ({"earned_minor": 1, "step_minor": 1000, "rounding": "up"}, 1000, 1),
            ({"earned_minor": 10, "step_minor": 100, "cap_minor": 25}, 500, 25),
        ):
            with self.subTest(**values, spent=spent):
                self.rule.write({"cap_minor": 0, **values})
                self.assertEqual(self.earned(self.spend(spent)), expected)

    def test_chosen_categories_and_those_below_them(self):
        self.rule.category_ids = self.food
        self.assertEqual(self.earned(self.buy((self.soup, 500), (self.juice, 300))), 5)
        self.assertEqual(self.earned(self.buy((self.juice, 300))), 0)
        self.assertEqual(self.earned(self.spend(300)), 0)  # no article, so no category

    def test_nothing_for_a_gift_a_deposit_and_what_is_offered(self):
        self.load(250, asset=self.gift, code="gift")
        self.assertEqual(self.earned(self.spend(600)), 3)  # 3.50 of money
        self.assertEqual(self.earned(self.buy((self.juice, 300), (self.cup, 200))), 3)
        # a discount lowers the lines before anything is counted; what costs nothing gives nothing
        self.assertEqual(self.earned(self.buy((self.juice, 500), (None, -250))), 2)
        self.assertEqual(self.earned(self.buy((self.juice, 0), (self.soup, 100))), 1)

    def test_a_price_in_an_asset_gives_nothing(self):
        self.load(60, asset=self.hours, code="issue")
        self.juice.write(
            {
                "list_price": 0,
                "tibillet_price_asset_id": self.hours.id,
                "tibillet_price_minor": 30,
            }
        )
        op = self.spend(0, lines=[(self.juice, 30, self.hours), (None, 200, None)])
        self.assertEqual(self.earned(op), 2)

    def test_a_card_that_pays_a_part_earns_on_that_part(self):
        op = self.spend(30000, up_to=4500)
        self.assertEqual(self.earned(op), 45)

    def test_a_full_account_is_no_reason_to_refuse(self):
        self.points.load_cap_minor = 5
        self.assertEqual([self.earned(self.spend(300)) for _ in range(3)], [3, 2, 0])
        self.assertEqual(self.have(), 5)
        self.points.load_cap_minor = 4  # lowered: there is more than that already
        self.assertEqual(self.earned(self.spend(300)), 0)

    def test_points_on_their_way_count_for_the_limit(self):
        self.points.load_cap_minor = 5
        self.spend(400, hold_until=self.in_minutes(5))
        self.assertEqual(self.earned(self.spend(400)), 1)

    def test_what_cannot_be_given_is_not_given_and_the_sale_goes_on(self):
        self.points.active = False
        self.assertEqual(self.earned(self.spend(300)), 0)
        self.points.active = True
        self.points.issuer_wallet_id.frozen = False
        self.rule.active = False
        self.assertEqual(self.earned(self.spend(300)), 0)

    def accept(self):
        """The points of the bar at the co-op, from today on."""
        contract = self.env["tibillet.acceptance"].create(
            {"asset_id": self.points.id, "company_id": self.coop.id}
        )
        contract.with_user(self.manager_bar).with_company(self.bar).action_countersign()
        self.assertEqual(contract.state, "active")
        return contract

    def test_nothing_while_it_is_frozen(self):
        for statement, record in (
            ("UPDATE tibillet_asset SET frozen_at = tibillet_now() WHERE id = %s", self.points),
            (
                "UPDATE tibillet_wallet SET frozen = true WHERE id = %s",
                self.points.issuer_wallet_id,
            ),
        ):
            with self.subTest(statement), self.env.cr.savepoint() as point:
                self.env.cr.execute(statement, record.ids)
                self.env.invalidate_all()
                self.assertEqual(self.earned(self.spend(300)), 0)
                point.rollback()
                self.env.invalidate_all()
        self.assertEqual(self.earned(self.spend(300)), 3)

    def test_another_place_gives_nothing(self):
        self.load(1000, asset=self.euro)
        self.accept()
        self.assertEqual(self.earned(self.spend(300, company=self.coop)), 0)

    def test_given_at_another_place_while_its_contract_runs(self):
        self.load(1000, asset=self.euro)
        contract = self.accept()
        self.env["tibillet.loyalty"].create(
            {"asset_id": self.points.id, "company_id": self.coop.id}
        )
        self.assertEqual(self.earned(self.spend(300, company=self.coop)), 3)
        self.env.cr.execute("SELECT tibillet_business_day(%s)", [self.coop.id])
        today = self.env.cr.fetchone()[0]
        for values in (
            {"contract_date": today + timedelta(days=1)},
            {"contract_date": today - timedelta(days=2), "end_date": today - timedelta(days=1)},
            {"state": "ended"},
        ):
            with self.subTest(**values), self.env.cr.savepoint() as point:
                contract.sudo().write(values)
                self.env.flush_all()
                self.assertEqual(self.earned(self.spend(100, company=self.coop)), 0)
                point.rollback()
                self.env.invalidate_all()

    def test_asked_again_the_first_answer_counts_whatever_the_rule_says_now(self):
        first = self.spend(300, key="same")
        self.rule.earned_minor = 50
        self.assertEqual(self.spend(300, key="same"), first)
        self.assertEqual(self.have(), 3)

    # -- holds --------------------------------------------------------------------------

    def test_points_come_with_the_capture_and_never_before(self):
        op = self.spend(300, hold_until=self.in_minutes(5))
        self.assertEqual((self.earned(op), self.have(), op.paid_minor), (3, 0, 300))
        self.assertRefused(
            "insufficient_funds",
            self.spend,
            0,
            lines=[(None, 1, self.points)],
        )
        self.ledger._capture(op)
        self.ledger._capture(op, 300)  # asked again, by its amount in money
        self.assertEqual((self.have(), op.paid_minor), (3, 300))
        self.assertEqual(self.ledger._audit(), {})

    def test_less_than_held_gives_its_share_of_the_points(self):
        op = self.spend(1000, hold_until=self.in_minutes(5))
        self.ledger._capture(op, 390)
        self.assertEqual((op.paid_minor, self.have()), (390, 3))
        self.assertEqual(self.ledger._audit(), {})

    def test_a_hold_given_up_gives_nothing(self):
        voided = self.spend(300, hold_until=self.in_minutes(5))
        self.ledger._void(voided)
        expired = self.spend(300, hold_until=self.in_minutes(5))
        self.wait(6)
        self.spend(100)
        self.assertEqual((expired.state, self.have()), ("expired", 1))
        self.assertEqual(self.ledger._audit(), {})

    def test_a_late_sale_gives_the_points_of_what_it_could_take(self):
        op = self.spend(1000, hold_until=self.in_minutes(5))
        self.wait(6)
        self.assertEqual(self.earned(self.spend(9600)), 96)
        self.assertEqual(self.have(), 96)
        recorded = self.ledger._record_sale(op)
        self.assertEqual(recorded.mapped("code"), ["sale", "shortfall"])
        self.assertEqual((recorded[0].paid_minor, self.have()), (400, 100))
        self.assertEqual(self.ledger._record_sale(op), recorded)
        self.assertEqual(self.have(), 100)
        self.assertEqual(self.ledger._audit(), {})

    def test_points_reach_the_person_who_claimed_the_card_meanwhile(self):
        op = self.spend(500, hold_until=self.in_minutes(5))
        self.wait(6)
        person = self.env["tibillet.wallet"].create({"kind": "person"})
        self.env.cr.execute("SELECT tibillet_ledger_release(NULL)")
        self.post(
            "merge",
            (self.account(self.wallet, self.token), self.account(person, self.token), 10000),
        )
        self.wallet.merged_into_id = person
        self.ledger._record_sale(op)
        self.assertEqual(self.balance(self.points, person), 5)
        self.assertEqual(self.ledger._audit(), {})

    # -- what the ledger refuses ------------------------------------------------------------

    def test_only_a_sale_gives_points_and_only_to_its_payer(self):
        other = self.env["tibillet.card"].create({"uid": "04A1B2C3D4E5F9"}).wallet_id
        mine, issuer = self.account(self.wallet, self.token), self.issuer(self.points)
        holder = self.account(self.wallet, self.points)
        sale = (mine, self.place(self.bar, self.token), 100)
        for why, code, transfer, line in (
            ("another holder", "sale", sale, (issuer, self.account(other, self.points), 1)),
            ("to the issuer", "sale", sale, (holder, issuer, 1)),
            ("to a place", "sale", sale, (issuer, self.place(self.bar, self.points), 1)),
            ("money", "sale", sale, (self.issuer(self.token), mine, 1)),
            (
                "beside a top-up",
                "topup",
                (self.issuer(self.token), mine, 100),
                (issuer, holder, 1),
            ),
        ):
            with self.subTest(why):
                earned = [(line[0].id, line[1].id, line[2])]
                self.assertRefused("invalid", self.post, code, transfer, earned=earned)

    def test_the_database_refuses_what_goes_round_the_ledger(self):
        sale = self.spend(100)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        issuer, holder = self.issuer(self.points), self.account(self.wallet, self.points)
        topup = self.load(100)
        for op, debit, credit, earned in (
            (sale, issuer, holder, None),  # not marked: a sale goes to a place
            (sale, holder, issuer, True),
            (sale, mine, till, True),
            (sale, issuer, self.place(self.bar, self.points), True),
            (sale, self.issuer(self.token), mine, True),
            (topup, issuer, holder, True),
        ):
            with (
                self.subTest(code=op.code, debit=debit.wallet_id.kind, earned=earned),
                mute_logger("odoo.sql_db"),
                self.assertRaises(pg_errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    "INSERT INTO tibillet_transfer (operation_id, asset_id, debit_account_id,"
                    " credit_account_id, amount_minor, earned) VALUES (%s, %s, %s, %s, 1, %s)",
                    [op.id, debit.asset_id.id, debit.id, credit.id, earned],
                )

    def test_the_sweep_finds_points_that_do_not_follow_their_hold(self):
        op = self.spend(1000, hold_until=self.in_minutes(5))
        self.ledger._capture(op)
        with self.ledger._guards_open("test: a fault for the sweep to find"):
            self.env.cr.execute(
                "UPDATE tibillet_transfer SET amount_minor = 9 WHERE operation_id = %s AND earned",
                [op.id],
            )
        found = self.ledger._audit()
        self.assertEqual(found["captured"], op.ids)
        self.assertIn("balance", found)

    def test_the_sweep_finds_points_that_another_code_gave(self):
        op = self.load(100)
        issuer, holder = self.issuer(self.points), self.account(self.wallet, self.points)
        with self.ledger._guards_open("test: a fault for the sweep to find"):
            self.env.cr.execute(
                "INSERT INTO tibillet_transfer (operation_id, asset_id, debit_account_id,"
                " credit_account_id, amount_minor, earned) VALUES (%s, %s, %s, %s, 1, true)",
                [op.id, self.points.id, issuer.id, holder.id],
            )
        self.assertEqual(self.ledger._audit()["kinds"], op.ids)

    # -- the rule -----------------------------------------------------------------------------

    def test_a_rule_is_of_points_that_are_accepted_here(self):
        loyalty = self.env["tibillet.loyalty"]
        with self.assertRaisesRegex(ValidationError, "no asset of points"):
            loyalty.create({"asset_id": self.token.id, "company_id": self.bar.id})
        theirs = {"asset_id": self.points.id, "company_id": self.coop.id}
        with self.assertRaisesRegex(ValidationError, "not accepted"), self.env.cr.savepoint():
            loyalty.create(theirs)
        self.accept().sudo().state = "ended"
        with self.assertRaisesRegex(ValidationError, "not accepted"), self.env.cr.savepoint():
            loyalty.create(theirs)
        for values in ({"earned_minor": 0}, {"step_minor": 0}, {"cap_minor": -1}):
            with (
                self.subTest(**values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(pg_errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.rule.write(values)

    def test_a_step_is_typed_in_money(self):
        self.rule.step = 2.5
        self.assertEqual(self.rule.step_minor, 250)
        self.assertEqual(self.earned(self.spend(500)), 2)

    def test_several_points_at_once(self):
        more = self.make_asset("miles", "points", self.bar)
        self.env["tibillet.loyalty"].create(
            {
                "asset_id": more.id,
                "company_id": self.bar.id,
                "earned_minor": 5,
                "category_ids": [Command.set(self.drinks.ids)],
            }
        )
        self.buy((self.juice, 200), (self.soup, 100))
        self.assertEqual((self.have(), self.balance(more)), (3, 10))

    def test_a_sale_without_points_asks_the_database_for_nothing_more(self):
        self.rule.active = False
        self.spend(100)
        self.env["tibillet.loyalty"]._rules_of(self.bar.id)
        with self.assertQueryCount(0):
            self.assertEqual(self.ledger._earned(self.wallet, self.bar, [], []), [])
