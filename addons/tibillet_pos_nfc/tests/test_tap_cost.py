"""What a tap costs: so many round trips to the database and no more, and never a stale rule."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .test_law_goods import LawCase

#: Till and device; then the act, what is read, the ledger's four, the answer, and a savepoint's two
#: around them. One is the test's own cursor.
QUERIES = 12
#: A payment that is known already: the ledger is asked once.
ASKED_AGAIN = 8


@tagged("post_install", "-at_install")
class TestTapCost(LawCase):
    """A customer waits for each round trip: who adds one says so here."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())
        self.beer.write({"tibillet_alcohol_group": False, "tibillet_alcohol": False})
        self.assertTrue(self.tap(0.1)["ok"])  # what a worker reads once

    def count(self, most, **tap):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(most):
            answer = self.tap(0.1, **tap)
        self.assertTrue(answer["ok"], answer)

    def test_one_article(self):
        self.count(QUERIES)

    def test_as_many_for_a_round_of_several(self):
        self.beer.tibillet_alcohol_group = "3"
        lines = self.basket(self.beer, self.lemonade, self.crisps)
        facts = {"age_seen": True, "product_ids": [self.lemonade.id], "reprice": True}
        self.count(QUERIES, lines=lines, facts=facts)

    def test_a_card_in_a_name(self):
        """Whether it is a staff card, instead of what an anonymous card paid in thirty days."""
        self.till_session.tibillet_void(self.credential, self.next_seq(), self.key)
        self.own()
        self.count(QUERIES, facts={"asked": False})

    def test_asked_again(self):
        self.tap(0.1)
        self.count(ASKED_AGAIN, key=self.key, seq=self.seq)


@tagged("post_install", "-at_install")
class TestNothingStale(LawCase):
    """What is changed between two taps binds the second: no rule is remembered."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())
        self.beer.write({"tibillet_alcohol_group": False, "tibillet_alcohol": False})

    def assertNow(self, code, why=None, **tap):
        lines = [{"product_id": self.beer.id, "amount_minor": 100, "seen_price": 6.0}]
        answer = self.tap(lines=lines, **tap)
        self.assertEqual(answer["code"], code, answer)
        self.assertEqual(answer.get("why"), why)

    def test_alcohol(self):
        self.assertNow("held")
        self.beer.tibillet_alcohol_group = "3"
        self.assertNow("age_needed")
        self.beer.write({"tibillet_alcohol_group": False, "tibillet_alcohol": False})
        self.assertNow("held")

    def test_licence(self):
        self.beer.tibillet_alcohol_group = "3"
        seen = {"age_seen": True}
        self.assertNow("held", facts=seen)
        self.config.tibillet_licence = "none"
        self.assertNow("not_for_this", facts=seen)

    def test_right(self):
        self.assertNow("held")
        self.beer.tibillet_right_code = "member"
        self.assertNow("not_for_this")

    def test_price(self):
        self.assertNow("held")
        self.beer.list_price = 6.5
        self.assertNow("not_for_this", "price_changed")

    def test_archived(self):
        self.assertNow("held")
        self.beer.product_tmpl_id.active = False
        self.assertNow("not_for_this", "goods_gone")

    def test_sold_out_where_this_till_takes_its_goods(self):
        self.assertNow("held")
        location = self.config._tibillet_stock_location()
        out = self.env["tibillet.sold.out"]
        out._declare(self.beer.product_tmpl_id, location.copy(), person="elsewhere")
        self.assertNow("held")
        out._declare(self.beer.product_tmpl_id, location, person="here")
        out.search([]).sudo().since = fields.Datetime.now() - timedelta(minutes=1)
        self.assertNow("not_for_this", "sold_out")
        out._lift(self.beer.product_tmpl_id, location, person="here")
        self.assertNow("held")

    def test_prices_of_members(self):
        facts = {"reprice": True, "pricelist_id": self.config.pricelist_id.id}
        self.assertNow("held", facts=facts)
        self.config.tibillet_card_pricelist_id = self.env["product.pricelist"].create(
            {"name": "Cards", "company_id": self.company.id}
        )
        self.assertNow("other_prices", facts=facts)

    def test_rate_of_a_deposit(self):
        cup = self.env["product.product"].create(
            {
                "name": "Cup",
                "list_price": 1.0,
                "taxes_id": [Command.clear()],
                "company_id": self.company.id,
                "tibillet_deposit": True,
            }
        )
        back = [{"product_id": cup.id, "amount_minor": -100}]
        self.assertEqual(self.tap(lines=back)["code"], "back")
        cup.list_price = 2.0
        self.assertEqual(self.tap(lines=back)["code"], "invalid")

    def test_card_and_wallet(self):
        self.assertNow("held")
        self.card.wallet_id.sudo().frozen = True
        self.assertNow("wallet_frozen")
        self.card.wallet_id.sudo().frozen = False
        self.card.action_report_lost()
        self.assertNow("card_lost")

    def test_till(self):
        self.assertNow("held")
        self.device.action_revoke()
        self.assertNow("not_allowed")
