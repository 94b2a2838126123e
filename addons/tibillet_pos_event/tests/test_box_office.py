from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.tibillet_pos_nfc.tests.common import TillCase, TourCase

from .common import SeatsCase


@tagged("post_install", "-at_install")
class TestBoxOffice(TillCase):
    """Places sold from the event's form: an order of an open till, or nothing and a sentence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SeatsCase.make_concert.__func__(cls)
        cls.clerk = new_test_user(
            cls.env,
            "office-clerk",
            "point_of_sale.group_pos_user,tibillet_event.tibillet_event_group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def form(self, **values):
        action = self.event.with_user(self.clerk).action_tibillet_sell()
        office = self.env["tibillet.box.office"].with_user(self.clerk)
        return office.with_context(**action["context"]).create(values)

    def order(self):
        return self.env["pos.order"].search([("company_id", "=", self.company.id)])

    def left(self):
        return self.env["tibillet.seats"]._left(self.event, [(False, self.rate.id)])[0]

    def test_sold_for_cash(self):
        """A paid order of the open till, its seat, its number, its money in the drawer."""
        session = self.open_session(self.clerk)
        form = self.form()
        self.assertEqual((form.ticket_id, form.quantity), (self.rate, 1))
        self.assertEqual(form.session_id, session)
        self.assertEqual(form.total, 12, "10.00 and the tax that Odoo puts on it")
        told = form.action_cash()
        order = self.order()
        self.assertEqual((order.state, order.session_id), ("paid", session))
        self.assertEqual(order.payment_ids.payment_method_id, self.cash)
        self.assertEqual((order.amount_total, order.payment_ids.amount), (12, 12))
        self.assertTrue(order.pos_reference)
        place = order.lines.event_registration_ids
        self.assertEqual((place.state, place.tibillet_channel), ("open", "till"))
        self.assertTrue(place.tibillet_number)
        self.assertIn(place.tibillet_number, told["params"]["message"])
        self.assertEqual(self.left(), 1)
        ticket = session.tibillet_tickets(order.uuid)["tickets"][0]
        self.assertIn("12.00", ticket["price"])

    def test_the_money_is_in_the_closing(self):
        session = self.open_session(self.clerk)
        self.form().action_cash()
        self.form(quantity=1).action_card()
        session.sudo().action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        self.env.flush_all()
        move = session.sudo().move_id
        self.assertTrue(move)
        self.assertEqual(move.state, "posted")
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)
        sold = move.line_ids.filtered(lambda line: line.account_id.account_type == "income")
        self.assertEqual(sum(sold.mapped("credit")), 20)

    def test_no_till_is_open(self):
        form = self.form()
        self.assertFalse(form.session_id)
        with self.assertRaisesRegex(UserError, "No till is open"):
            form.action_cash()
        self.assertFalse(self.order())

    def test_sold_out_sells_nothing(self):
        self.open_session(self.clerk)
        with self.assertRaisesRegex(UserError, "Nothing was sold"), self.env.cr.savepoint():
            self.form(quantity=3).action_cash()
        self.assertFalse(self.order())
        self.assertEqual(self.left(), 2)
        with self.assertRaisesRegex(UserError, "one seat at least"):
            self.form(quantity=0).action_cash()

    def test_rules_of_the_rate_bind(self):
        self.open_session(self.clerk)
        self.rate.end_sale_datetime = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        with self.assertRaisesRegex(UserError, "ended"):
            self.form().action_cash()
        self.rate.end_sale_datetime = False
        self.rate.write({"tibillet_free_price": True, "price": 5})
        with self.assertRaisesRegex(UserError, "at least 5.00"):
            self.form(price=4).action_cash()
        self.form(price=7.5).action_cash()
        self.assertEqual(self.order().amount_total, 9, "7.50 and its tax")
        self.rate.tibillet_free_price = False
        self.form(price=1).action_cash()
        self.assertEqual(self.order().sorted("id")[-1].amount_total, 6, "the rate's own price")

    def test_invited(self):
        self.rate.write({"price": 0, "tibillet_invitation": True})
        form = self.form(quantity=2)
        form.action_invite()
        places = self.event.registration_ids
        self.assertEqual(places.mapped("state"), ["open", "open"])
        self.assertTrue(all(places.mapped("tibillet_number")))
        self.assertFalse(self.order())
        self.rate.tibillet_invitation = False
        with self.assertRaisesRegex(UserError, "no invitation"):
            self.form().action_invite()

    def test_who_may_sell(self):
        stranger = new_test_user(self.env, "office-stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["tibillet.box.office"].with_user(stranger).create(
                {"event_id": self.event.id, "ticket_id": self.rate.id}
            )


@tagged("post_install", "-at_install")
class TestBoxOfficeForm(TourCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SeatsCase.make_concert.__func__(cls)

    def test_three_clicks_from_the_event(self):
        self.till_manager.group_ids |= self.env.ref("tibillet_event.tibillet_event_group_user")
        self.open_session(self.till_manager)
        self.start_tour(
            f"/odoo/action-event.action_event_view/{self.event.id}",
            "tibillet_box_office_form",
            login=self.till_manager.login,
            timeout=90,
        )
        self.env.invalidate_all()
        place = self.event.registration_ids
        self.assertEqual((place.state, place.pos_order_id.state), ("open", "paid"))
        self.assertTrue(place.tibillet_number)
