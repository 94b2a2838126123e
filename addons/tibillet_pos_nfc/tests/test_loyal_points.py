"""Points of a sale at the till: held at the tap, given with the order, taken back with it."""

from contextlib import contextmanager
from types import SimpleNamespace

from odoo.tests import tagged

from .common import OTHER_UID, TourCase
from .test_undo_rules import UndoCase


class LoyalGoods:
    """One point for each euro, at the bar of the tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.env["tibillet.asset"].create(
            {"name": "Fidèle", "code": "fidele", "kind": "points", "company_id": cls.company.id}
        )
        cls.rule = cls.env["tibillet.loyalty"].create(
            {"asset_id": cls.points.id, "company_id": cls.company.id}
        )


@tagged("post_install", "-at_install")
class TestLoyalPoints(LoyalGoods, UndoCase):
    def have(self):
        return self.free(asset=self.points)

    @contextmanager
    def count(self):
        """How many statements the block sends to the database."""
        told = SimpleNamespace(statements=-self.env.cr.sql_log_count)
        yield told
        told.statements += self.env.cr.sql_log_count

    def test_told_at_the_tap_and_given_with_the_order(self):
        answer = self.tap(6.0)
        [told] = answer["earned"]
        self.assertEqual(
            (told["asset"], told["amount_minor"], told["total_minor"]), ("fidele", 6, 6)
        )
        self.assertEqual((answer["amount_minor"], answer["left_minor"]), (600, 1400))
        self.assertEqual([part["asset"] for part in answer["split"]], ["jeton"])
        self.assertEqual(self.have(), 0)
        order = self.sync(self.order_values([(self.method, 6.0, self.key)]))
        payment = order.payment_ids
        self.assertEqual((order.state, self.have()), ("paid", 6))
        self.assertEqual([part["amount_minor"] for part in payment.tibillet_split], [600])
        self.assertEqual([part["total_minor"] for part in payment.tibillet_earned], [6])
        self.assertEqual(len(self.operation()), 1)

    def test_asked_again_the_answer_is_the_same(self):
        first = self.tap(6.0)
        again = self.tap(6.0, key=self.key, seq=self.seq)
        self.assertEqual(first["earned"], again["earned"])
        self.assertEqual((again["amount_minor"], again["missing_minor"]), (600, 0))

    def test_what_the_till_writes_about_points_counts_for_nothing(self):
        self.tap(6.0)
        values = self.order_values([(self.method, 6.0, self.key)])
        values["payment_ids"][0][2]["tibillet_earned"] = [{"amount_minor": 9999}]
        payment = self.sync(values).payment_ids
        self.assertEqual([part["amount_minor"] for part in payment.tibillet_earned], [6])
        payment.write({"tibillet_earned": [{"amount_minor": 9999}]})
        self.assertEqual([part["amount_minor"] for part in payment.tibillet_earned], [6])

    def test_each_card_of_a_round_earns_on_its_part(self):
        self.load(self.other_card, 150)
        first = self.tap(6.0, uid=OTHER_UID, up_to=600)
        second = self.tap(6.0, up_to=450, facts={"also": [self.key]})
        self.assertEqual(
            [(one["amount_minor"], one["earned"][0]["amount_minor"]) for one in (first, second)],
            [(150, 1), (450, 4)],
        )
        self.assertEqual(second["rest_minor"], 0)

    def test_an_undo_takes_them_back_in_the_same_operation(self):
        order = self.sale()
        answer = self.undo(order)
        self.assertTrue(answer["ok"], answer)
        [told] = answer["earned"]
        self.assertEqual((told["amount_minor"], told["total_minor"]), (-6, 0))
        self.assertEqual((self.have(), self.free()), (0, 2000))
        undo = self.operation(f"{self.undo_key}-1")
        self.assertEqual(
            [(line.asset_id, line.earned) for line in undo.transfer_ids.sorted("id")],
            [(self.token, False), (self.points, True)],
        )
        self.assertEqual(self.ledger._audit(), {})

    def test_an_undo_never_goes_below_zero(self):
        order = self.sale()
        wallet = self.card.wallet_id
        self.ledger._spend(
            wallet, self.company, [(None, 4, self.points)], key="spent", origin="test"
        )
        answer = self.undo(order)
        [told] = answer["earned"]
        self.assertEqual(
            (told["amount_minor"], told["total_minor"], told["forgiven_minor"]), (-2, 0, 4)
        )
        self.assertEqual((self.have(), self.free()), (0, 2000))

    def test_a_refund_of_one_article_takes_its_share(self):
        self.tap(lines=[{"product_id": self.beer.id, "amount_minor": 1200}])
        order = self.sync(self.order_values([(self.method, 12.0, self.key)], [(self.beer, 2, 6.0)]))
        self.assertEqual(self.have(), 12)
        line = order.lines
        answer = self.tap(
            lines=[
                {
                    "product_id": self.beer.id,
                    "amount_minor": -600,
                    "refunded_line_id": line.id,
                }
            ]
        )
        self.assertEqual(answer["code"], "back")
        self.assertEqual(answer["earned"][0]["amount_minor"], -6)
        refund = self.order_values([(self.method, -6.0, self.key)], [(self.beer, -1, 6.0)])
        self.sync(refund)
        self.assertEqual((self.have(), self.free()), (6, 1400))

    def test_a_sale_without_points_costs_what_it_did(self):
        """Same statements with the rule archived as with no rule at all, and no more."""
        self.rule.unlink()
        for _time in range(2):  # everything that is kept in memory is there
            self.tap(1.0)
        with self.count() as none:
            self.tap(1.0)
        self.rule = self.env["tibillet.loyalty"].create(
            {"asset_id": self.points.id, "company_id": self.company.id, "active": False}
        )
        for _time in range(2):
            self.tap(1.0)
        with self.count() as archived:
            answer = self.tap(1.0)
        self.assertNotIn("earned", answer)
        self.assertEqual(archived.statements, none.statements)

    def test_the_closing_tells_points_apart_from_sales(self):
        self.assertTrue(self.undo(self.sale())["ok"])
        figures = self.env["tibillet.figures"].sudo()
        rows = figures._operations(figures._scope(self.till_session))
        self.assertEqual(
            {(row["code"], row["kind"], row["amount"]) for row in rows},
            {
                ("sale", "local", 600),
                ("undo", "local", 600),
                ("points_given", "points", 6),
                ("points_back", "points", 6),
            },
        )


@tagged("post_install", "-at_install")
class TestLoyalPointsTour(LoyalGoods, TourCase):
    def test_points(self):
        self.run_till("tibillet_loyal_points")
        self.env.invalidate_all()
        self.assertEqual((self.free(), self.free(asset=self.points)), (2000, 0))
