from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TourCase


@tagged("post_install", "-at_install")
class TestCashTours(TourCase):
    """The drawer in a browser, by who may and who may not; the live page."""

    def run_drawer(self, tour, user=None, opening=900.0, before=None):
        user = user or self.cashier
        self.config.with_user(user).open_ui()
        session = self.config.current_session_id.with_user(user)
        session.set_opening_control(opening, "")
        self.till_session = session
        if before:
            before()
        self.start_tour(
            f"/pos/ui/{self.config.id}",
            tour,
            login=user.login,
            timeout=90,
            ready=f"odoo.isTourReady('{tour}') && !!document.querySelector('.open-register-btn')",
        )
        self.env.invalidate_all()

    @property
    def shifts(self):
        return self.till_session.sudo().tibillet_shift_ids.sorted("number")

    def test_story_15_shift_change(self):
        """21:00: 800 € in bag 0417, a blind count, the next one at the till, under a minute."""
        self.run_drawer("tibillet_story_15_shift_change")
        first, second = self.shifts
        drop = self.env["tibillet.cash.drop"].search([("session_id", "=", self.till_session.id)])
        self.assertEqual((drop.bag, drop.amount), ("0417", 800))
        self.assertEqual((drop.person, drop.witness), (self.cashier.name, "Luc"))
        self.assertEqual(
            (first.person, first.expected, first.counted), (self.cashier.name, 100, 99)
        )
        self.assertEqual((first.difference, first.blind), (-1, True))
        self.assertEqual((second.person, second.opening, second.state), ("Luc", 99, "open"))
        order = self.till_session.sudo().order_ids.filtered(lambda order: order.state == "paid")
        self.assertEqual(order.tibillet_shift_id, second, "what comes after is the next one's")
        self.assertLess(second.write_date - first.closed_at, timedelta(minutes=1))
        self.assertEqual(self.till_session.state, "opened", "the same session goes on")
        self.till_session.tibillet_cash_count("last", {}, second._expected())
        self.till_session.post_closing_cash_details(105)
        self.assertTrue(self.till_session.close_session_from_ui()["successful"])
        self.env.invalidate_all()
        content = (
            self.env["tibillet.closing"].search([("session_id", "=", self.till_session.id)]).content
        )
        self.assertEqual(
            [(row["person"], row["difference"]) for row in content["shifts"]],
            [(self.cashier.name, -100), ("Luc", 0)],
        )

    def test_close_after_a_blind_count(self):
        self.run_drawer("tibillet_cash_close", opening=150.0)
        self.assertEqual(self.till_session.sudo().state, "closed")
        self.assertEqual(self.shifts.mapped("difference"), [-0.5])
        self.assertEqual(self.till_session.sudo().cash_register_balance_end_real, 149.5)

    def test_close_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.cashier.lang = "fr_FR"
        self.run_drawer("tibillet_cash_close", opening=150.0)
        self.assertEqual(self.till_session.sudo().state, "closed")

    def test_float_with_a_comma(self):
        self.config.with_user(self.cashier).open_ui()
        self.till_session = self.config.current_session_id
        self.start_tour(
            f"/pos/ui/{self.config.id}", "tibillet_cash_float", login=self.cashier.login
        )
        self.env.invalidate_all()
        self.assertEqual(self.till_session.cash_register_balance_start, 150.5)
        [line] = self.till_session.statement_line_ids
        self.assertEqual((line.amount, line.tibillet_kind), (20.5, "move"))

    def test_a_missing_tablet_is_named(self):
        device = self.env["tibillet.device"].create(
            {"name": "Tablet 7", "config_id": self.config.id}
        )

        def lose():
            self.env["tibillet.device.act"].sudo()._record(device, 3, "void", "lost")

        self.run_drawer("tibillet_cash_missing", before=lose)
        self.assertEqual(len(self.shifts), 1)

    def test_refusals_are_sentences(self):
        self.run_drawer("tibillet_cash_refused")
        drops = self.env["tibillet.cash.drop"].search([("session_id", "=", self.till_session.id)])
        self.assertEqual(len(drops), 1)

    def name_the_evening(self):
        now = fields.Datetime.now()
        self.env["tibillet.evening"].create(
            {
                "name": "Fest-noz",
                "company_id": self.company.id,
                "begins_at": fields.Datetime.subtract(now, hours=1),
                "ends_at": fields.Datetime.add(now, hours=5),
            }
        )

    def test_live_page(self):
        self.name_the_evening()
        self.open_session(self.cashier)
        self.start_tour("/odoo/till-live", "tibillet_live_page", login=self.till_manager.login)

    def test_live_page_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.till_manager.lang = "fr_FR"
        self.name_the_evening()
        self.open_session(self.cashier)
        self.start_tour("/odoo/till-live", "tibillet_live_page", login=self.till_manager.login)

    @mute_logger("odoo.http")  # the refusal is what is looked for
    def test_live_page_is_not_for_cashiers(self):
        self.start_tour("/odoo/till-live", "tibillet_live_refused", login=self.cashier.login)

    def test_live_page_teaches(self):
        self.start_tour("/odoo/till-live", "tibillet_live_empty", login=self.till_manager.login)
