"""Goods given away at the till: with a reason, by who may, drawn from no card."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import TillCase, TourCase


class OfferCase(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reasons = cls.env["tibillet.offer.reason"].search([("company_id", "=", cls.company.id)])
        cls.team = cls.reasons[0]


@tagged("post_install", "-at_install")
class TestOffers(OfferCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def give(self, user=None, reason=None, price=6.0, product=None, payments=(), lines=None):
        """An order whose first line is offered."""
        product = product or self.beer
        values = self.order_values(list(payments), lines or [(product, 1, 0.0)])
        reason = self.team if reason is None else reason
        values["lines"][0][2].update(
            {
                "price_unit": price,
                "discount": 100,
                "price_subtotal": 0,
                "price_subtotal_incl": 0,
                "tibillet_offer_reason_id": reason and reason.id,
            }
        )
        return self.sync(values, user or self.till_manager)

    def test_a_company_has_four_reasons_to_begin_with(self):
        self.assertEqual(self.reasons.mapped("name"), ["Team", "Artist", "Spilt", "Goodwill"])
        self.assertEqual(
            self.env["tibillet.offer.reason"].search_count(
                [("company_id", "=", self.other_company.id)]
            ),
            4,
        )
        self.reasons.active = False
        self.reasons._ensure_usual(self.company)
        self.assertFalse(self.reasons.search([("company_id", "=", self.company.id)]))

    def test_a_manager_offers(self):
        order = self.give()
        self.assertEqual((order.state, order.amount_total), ("paid", 0.0))
        self.assertEqual(order.lines.tibillet_offer_reason_id, self.team)
        self.assertFalse(order.payment_ids)
        self.assertEqual(self.free(), 2000, "no card paid anything")

    def test_a_cashier_does_not(self):
        with self.assertRaisesRegex(ValidationError, "Only a till manager offers"):
            self.give(self.cashier)

    def test_a_cashier_within_the_limit_of_the_till(self):
        self.config.tibillet_offer_limit = 10
        self.give(self.till_manager)  # by other hands
        self.draft_of_beer()  # nobody has offered it yet
        self.assertEqual(self.give(self.cashier).state, "paid")
        too_much = self.assertRaisesRegex(ValidationError, "up to .*10.00.* makes .*12.00")
        with too_much, self.env.cr.savepoint():
            self.give(self.cashier)
        self.assertEqual(self.give(self.cashier, price=4.0).state, "paid", "up to the cent")
        self.assertEqual(self.give(self.till_manager).state, "paid", "counts for its own hands")

    def draft_of_beer(self):
        values = self.order_values([], [(self.beer, 1, 0.0)], state="draft", amount_paid=0)
        values["lines"][0][2].update(
            {"price_unit": 6.0, "discount": 100, "tibillet_offer_reason_id": self.team.id}
        )
        return self.sync(values, self.cashier)

    def test_each_session_has_its_limit(self):
        self.config.tibillet_offer_limit = 10
        self.give(self.cashier)
        self.closing_session.post_closing_cash_details(0)
        self.assertTrue(self.closing_session.close_session_from_ui()["successful"])
        self.pair(self.open_session())
        self.assertEqual(self.give(self.cashier).state, "paid")

    def by_employee(self, employee, user=None):
        values = self.order_values([], [(self.beer, 1, 0.0)], employee_id=employee.id)
        values["lines"][0][2].update(
            {"price_unit": 6.0, "discount": 100, "tibillet_offer_reason_id": self.team.id}
        )
        return self.sync(values, user or self.cashier)

    def test_each_employee_has_a_limit_and_a_managers_own_has_none(self):
        employees_sudo = self.env["hr.employee"].sudo()  # nobody of ours keeps employees
        ana, bo, boss, other_boss = employees_sudo.create(
            [{"name": name, "company_id": self.company.id} for name in ("Ana", "Bo", "Z", "Y")]
        )
        self.config.write(
            {
                "module_pos_hr": True,
                "tibillet_offer_limit": 10,
                "basic_employee_ids": [(6, 0, (ana | bo | boss).ids)],
                "advanced_employee_ids": [(6, 0, other_boss.ids)],
            }
        )
        boss.user_id = self.till_manager  # since: the till's list does not name them yet
        self.assertEqual(self.by_employee(ana).state, "paid")
        self.assertEqual(self.by_employee(bo).state, "paid")
        with self.assertRaisesRegex(ValidationError, "A cashier offers up to"):
            with self.env.cr.savepoint():
                self.by_employee(ana)
        for manager in (boss, other_boss):
            for _time in range(2):
                self.assertEqual(self.by_employee(manager, self.till_manager).state, "paid")

    def test_what_has_no_price_is_nobodys_offer(self):
        order = self.give(self.cashier, reason=False, price=0.0, product=self.crisps)
        self.assertEqual(order.state, "paid")
        figures = self.env["tibillet.figures"]._compute_figures(self.till_session)
        self.assertEqual(figures["events"]["offered"], 0)

    def test_half_a_price_and_what_is_not_paid_are_no_offers(self):
        self.draft_of_beer()
        half = self.order_values([(self.cash, 3.0, None)], [(self.beer, 1, 3.0)])
        half["lines"][0][2].update({"price_unit": 6.0, "discount": 50})
        self.sync(half, self.till_manager)
        figures = self.env["tibillet.figures"]._compute_figures(self.till_session)
        self.assertEqual(figures["offers"], [])

    def test_an_employee_below_a_manager_offers_nothing_on_the_managers_login(self):
        employees_sudo = self.env["hr.employee"].sudo()  # nobody of ours keeps employees
        employee = employees_sudo.create({"name": "Volunteer", "company_id": self.company.id})
        self.config.write({"module_pos_hr": True, "basic_employee_ids": [(4, employee.id)]})
        values = self.order_values([], [(self.beer, 1, 0.0)])
        values["employee_id"] = employee.id
        values["lines"][0][2].update(
            {"price_unit": 6.0, "discount": 100, "tibillet_offer_reason_id": self.team.id}
        )
        with self.assertRaisesRegex(ValidationError, "Only a till manager offers"):
            self.sync(values, self.till_manager)

    def test_without_a_reason(self):
        with self.assertRaisesRegex(ValidationError, "“Beer” is offered without a reason"):
            self.give(reason=False)

    def test_a_reason_of_another_company(self):
        theirs = self.env["tibillet.offer.reason"].search(
            [("company_id", "=", self.other_company.id)], limit=1
        )
        with self.assertRaisesRegex(ValidationError, "without a reason"):
            self.give(reason=theirs)

    def test_a_cup_is_not_offered(self):
        cup = self.env["product.product"].create(
            {
                "name": "Cup",
                "list_price": 1,
                "available_in_pos": True,
                "tibillet_deposit": True,
                "company_id": self.company.id,
                "taxes_id": False,
            }
        )
        with self.assertRaisesRegex(ValidationError, "“Cup” is not offered"):
            self.give(product=cup, price=1.0)

    def test_beside_goods_that_a_card_pays(self):
        """The card pays the crisps alone; what a cashier may not offer is noted, not lost."""
        self.tap(lines=[{"product_id": self.crisps.id, "amount_minor": 250}])
        payments = [(self.method, 2.5, self.key)]
        order = self.give(
            self.cashier,
            payments=payments,
            lines=[(self.beer, 1, 0.0), (self.crisps, 1, 2.5)],
        )
        self.assertEqual((order.state, order.amount_total), ("paid", 2.5))
        self.assertEqual(self.free(), 1750)
        self.assertIn("Only a till manager", order.tibillet_law_note)

    def test_reason_by_reason_in_the_figures(self):
        self.give()
        self.give(price=2.5, product=self.crisps)
        self.give(reason=self.reasons[2], price=1.5)
        figures = self.env["tibillet.figures"]._compute_figures(self.till_session)
        self.assertEqual(
            figures["offers"],
            [
                {"reason": "Team", "qty": 2.0, "amount": 850},
                {"reason": "Spilt", "qty": 1.0, "amount": 150},
            ],
        )
        self.assertEqual(figures["events"]["offered"], 1000)
        self.assertEqual(figures["turnover"]["gross"], 0)

    def test_what_is_taken_back_is_taken_off(self):
        order = self.give()
        line = order.lines
        back = self.order_values([], [(self.beer, -1, 0.0)])
        back["lines"][0][2].update(
            {"price_unit": 6.0, "discount": 100, "refunded_orderline_id": line.id}
        )
        self.sync(back, self.till_manager)
        figures = self.env["tibillet.figures"]._compute_figures(self.till_session)
        self.assertEqual(figures["offers"], [{"reason": "Team", "qty": 0.0, "amount": 0}])


@tagged("post_install", "-at_install")
class TestOfferTours(TourCase, OfferCase):
    def test_offer(self):
        """A manager: a line, taken back, the whole basket; then a line beside a tap."""
        self.run_till("tibillet_offer")
        self.env.invalidate_all()
        orders = self.till_session.order_ids.filtered(lambda order: order.state == "paid")
        whole, part = orders.sorted("amount_total")
        self.assertEqual(whole.amount_total, 0.0)
        self.assertEqual(whole.lines.tibillet_offer_reason_id.mapped("name"), ["Artist"])
        self.assertEqual(part.amount_total, 2.5)
        self.assertEqual(part.lines.mapped("tibillet_offer_reason_id.name"), ["Spilt"])
        self.assertEqual(self.free(), 1750)

    def test_a_cashier_may_not(self):
        """No key, and 100 % that is typed is refused; a limit opens it up to the cent."""
        self.run_till("tibillet_offer_refused", self.cashier)
        self.assertUntouched()
