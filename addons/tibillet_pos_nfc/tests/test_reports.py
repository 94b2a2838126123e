from odoo.tests import tagged

from .cardpage_common import CardActs
from .common import OTHER_UID, TillCase


@tagged("post_install", "-at_install")
class TestReports(CardActs, TillCase):
    """What Odoo's own analysis says is the turnover of the Z."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def analysed(self):
        self.env.flush_all()
        rows = self.env["report.pos.order"].search([("session_id", "=", self.till_session.id)])
        return [
            round(100 * sum(rows.mapped(name))) for name in ("price_total", "price_subtotal_excl")
        ]

    def turnover(self):
        turnover = self.env["tibillet.figures"]._compute_figures(self.till_session)["turnover"]
        return [turnover["gross"], turnover["net"]]

    def test_money_moved_and_gifts_are_no_sales(self):
        cup = self.env["product.product"].create(
            {
                "name": "Cup",
                "available_in_pos": True,
                "list_price": 1.0,
                "taxes_id": False,
                "tibillet_deposit": True,
                "company_id": self.company.id,
            }
        )
        self.load(self.card, 250, self.gift)
        self.sell()
        self.sync(
            self.order_values([(self.cash, 8.0, False)], [(self.beer, 1, 6.0), (cup, 2, 1.0)])
        )
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.assertEqual(self.turnover(), [950, 792])
        self.assertEqual(self.analysed(), [950, 792])

    def test_what_was_taken_back(self):
        self.load(self.card, 250, self.gift)
        order = self.sell()
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), "undo-key", order.uuid, "Wrong basket"
        )
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.turnover(), [0, 0])
        self.assertEqual(self.analysed(), [0, 0])
