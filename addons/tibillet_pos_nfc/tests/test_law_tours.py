from datetime import date

from odoo.tests import tagged

from .common import TourCase
from .test_law_goods import LawCase


@tagged("post_install", "-at_install")
class TestLawTours(TourCase, LawCase):
    """The law of the goods as a cashier meets it."""

    def test_age_seen_at_the_tap(self):
        self.run_till("tibillet_law_age_seen_at_the_tap")
        order = self.assertSold()
        self.assertTrue(order.tibillet_age_seen)
        self.assertFalse(order.tibillet_law_note)

    def test_age_not_shown(self):
        self.run_till("tibillet_law_age_not_shown")
        self.assertUntouched()

    def test_minor(self):
        self.own(date(2012, 1, 1))
        self.run_till("tibillet_law_minor")
        self.assertUntouched()

    def test_age_in_cash(self):
        self.run_till("tibillet_law_age_in_cash", self.cashier)
        self.env.invalidate_all()
        order = self.till_session.order_ids.filtered(lambda order: order.state == "paid")
        self.assertTrue(order.tibillet_age_seen)
        self.assertEqual(order.amount_paid, 6.0)

    def test_licence(self):
        self.config.tibillet_licence = "3"
        self.run_till("tibillet_law_licence")
        self.assertUntouched()

    def test_members(self):
        self.config.tibillet_members_only = True
        self.own()
        self.rights("member")
        self.run_till("tibillet_law_members")
        self.assertSold()

    def test_credit(self):
        slate = self.env["pos.payment.method"].create(
            {"name": "Slate", "split_transactions": True, "company_id": self.company.id}
        )
        self.config.payment_method_ids |= slate
        self.run_till("tibillet_law_credit")
        self.assertUntouched()
