from odoo.tests import tagged

from .common import UID, TillCase


@tagged("post_install", "-at_install")
class TestPeople(TillCase):
    """What the till tells of a card, and a holder of what was bought."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def test_a_lookup_tells_what_is_taken_here_and_no_name(self):
        self.load(self.card, 777, self.foreign)
        partner = self.env["res.partner"].create({"name": "Anne Le Goff"})
        self.card._claim(partner, self.card._draw_claim_code(), self.company)
        answer = self.till_session.tibillet_lookup(self.credential, UID)
        self.assertEqual([left["asset"] for left in answer["left"]], ["jeton"])
        self.assertEqual(answer["card"]["state"], "claimed")
        self.assertTrue(answer["card"]["named"])
        for secret in ("Anne", "777", "ailleurs", "TEST2345"):
            self.assertNotIn(secret, str(answer))

    def test_a_holder_is_told_what_was_bought(self):
        partner = self.env["res.partner"].create({"name": "Anne Le Goff"})
        self.card._claim(partner, self.card._draw_claim_code(), self.company)
        self.env.flush_all()  # a tap looks from a transaction of its own
        self.sell(6.0)
        operation = self.operation()
        [sale] = [
            move for move in partner._tibillet_export()["movements"] if move["code"] == "sale"
        ]
        self.assertEqual(sale["operation"], operation.id)
        self.assertEqual(sale["place"], self.company.name)
        self.assertEqual(len(sale["goods"]), 1)
        self.assertIn(self.beer.name, sale["goods"][0])
        self.assertIn("1 ×", sale["goods"][0])

    def test_the_lines_of_another_sale_are_not_told(self):
        self.sell(6.0)
        first = self.operation()
        self.tap(3.0)  # held, not sold yet
        held = self.operation()
        goods = (first | held)._goods()
        self.assertEqual(list(goods), [first.id])
