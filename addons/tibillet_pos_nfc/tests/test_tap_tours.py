from odoo.tests import tagged

from .common import TourCase
from .test_tap_round import THIRD_UID


class RoundTourCase(TourCase):
    """The bar with three cards: 20.00, 10.00 and 20.00."""

    def setUp(self):
        super().setUp()
        self.third_card = self.env["tibillet.card"].create(
            {
                "uid": THIRD_UID,
                "number": "TEST4444",
                "company_id": self.company.id,
                "state": "anonymous",
            }
        )
        self.load(self.third_card, 2000)

    def frees(self):
        return [self.free(card) for card in (self.card, self.other_card, self.third_card)]


@tagged("post_install", "-at_install")
class TestStory04(RoundTourCase):
    """Story 4 of `practice-france.md`: the round of five."""

    def test_story_04_round_of_five(self):
        """34 €: three cards, one short, 6 € cash, the last gives up; then they do it again."""
        self.load(self.other_card, 880)  # 1.20 there already: 10.00
        self.run_till("tibillet_story_04", timeout=180)
        self.env.invalidate_all()
        self.assertEqual(self.frees(), [800, 0, 1400])
        order = self.till_session.order_ids.filtered(lambda o: o.state == "paid")
        self.assertEqual(len(order), 1)
        self.assertEqual(order.amount_total, 34.0)
        self.assertEqual(sorted(order.payment_ids.mapped("amount")), [6.0, 6.0, 10.0, 12.0])
        operations = self.env["tibillet.operation"].search([("origin", "=like", "device:%")])
        states = operations.mapped("state")
        # two of the first round were given back, three of the second were taken
        self.assertEqual((states.count("voided"), states.count("posted")), (2, 3))
        posted = operations.filtered(lambda op: op.state == "posted")
        self.assertEqual(sum(posted.mapped("paid_minor")), 2800)
        self.assertFalse(order.tibillet_device_id.gap_ids)


@tagged("post_install", "-at_install")
class TestTapTours(RoundTourCase):
    # -- what a tap and a key do -------------------------------------------------------------

    def test_an_empty_basket_opens_the_card_page(self):
        self.run_till("tibillet_empty_basket")
        self.assertUntouched()

    def test_a_key_opens_the_card_page_at_any_time(self):
        self.load(self.card, 250, self.gift)
        self.run_till("tibillet_look_key")
        self.assertEqual(self.assertSold().lines.tibillet_gift, 2.5)

    def test_a_till_where_a_tap_does_not_pay(self):
        self.config.tibillet_tap_pays = False
        self.run_till("tibillet_tap_shows")
        self.assertUntouched()

    def test_a_staff_card_pays_only_when_asked(self):
        employee = (
            self.env["hr.employee"]
            .sudo()
            .create({"name": "Nolwenn", "company_id": self.company.id})
        )
        self.card.sudo().partner_id = employee.work_contact_id
        self.card.wallet_id.sudo().partner_id = employee.work_contact_id
        self.run_till("tibillet_staff_card")
        self.assertSold()

    # -- the customer's side -----------------------------------------------------------------

    def test_the_customer_reads_amounts_before_and_after(self):
        self.start_tour(
            f"/pos_customer_display/{self.config.id}/{self.config.access_token}",
            "tibillet_customer_side",
            login=self.till_manager.login,
        )

    def test_the_till_tells_the_customers_side(self):
        self.run_till("tibillet_customer_told")
        self.assertSold()

    # -- one order paid by several -----------------------------------------------------------

    def test_a_page_closed_in_the_middle_releases_everything(self):
        self.load(self.other_card, 880)
        self.run_till("tibillet_round_closed", timeout=120)
        self.env.invalidate_all()
        self.assertEqual(self.frees(), [2000, 1000, 2000])
        operations = self.env["tibillet.operation"].search([("origin", "=like", "device:%")])
        self.assertEqual(set(operations.mapped("state")), {"voided"})

    def test_a_page_loaded_again_in_the_middle(self):
        self.load(self.other_card, 880)
        self.run_till("tibillet_round_reloaded", timeout=120)
        self.env.invalidate_all()
        self.assertEqual(self.frees(), [2000, 1000, 2000])

    def test_by_keyboard_alone(self):
        self.run_till("tibillet_round_keyboard")
        self.assertUntouched()

    # -- what goes wrong in a sale -----------------------------------------------------------

    def let_change_goods(self):
        self.till_manager.group_ids |= self.env.ref("product.group_product_manager")

    def test_price_changed_and_the_new_one_is_paid(self):
        self.let_change_goods()
        self.run_till("tibillet_price_changed_new")
        self.assertSold(700)

    def test_price_changed_and_the_former_one_is_paid(self):
        self.let_change_goods()
        self.run_till("tibillet_price_changed_kept")
        self.assertSold(600)

    def test_product_archived_since_the_basket_began(self):
        self.let_change_goods()
        self.run_till("tibillet_product_archived")
        self.assertSold(600)

    def test_discount_that_makes_a_line_negative(self):
        self.run_till("tibillet_discount_too_large")
        self.assertUntouched()

    def test_device_revoked_in_the_middle_of_an_order(self):
        self.run_till("tibillet_revoked_meanwhile")
        self.assertUntouched()

    def test_session_closed_by_another_user(self):
        self.run_till("tibillet_session_closed_meanwhile")
        self.assertUntouched()
