import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .common import TillCase


class DrawerCase(TillCase):
    """A till with a drawer, a float of 150.00 and a cashier who sells for cash."""

    def setUp(self):
        super().setUp()
        self.start()

    def start(self, opening=150.0, user=None):
        self.config.with_user(user or self.cashier).open_ui()
        session = self.config.current_session_id.with_user(user or self.cashier)
        session.set_opening_control(opening, "")
        self.pair(session)
        return session

    def cash_sale(self, amount=6.0):
        return self.sync(self.order_values([(self.cash, amount, False)], [(self.beer, 1, amount)]))

    def count(self, amount, key="count-1"):
        answer = self.till_session.tibillet_cash_count(key, {}, amount)
        self.env.invalidate_all()
        return answer

    def drop(self, amount=50, bag="0417", key="drop-1", person="Ana", witness="Luc"):
        return self.till_session.tibillet_cash_drop(key, amount, bag, person, witness)

    def close(self, counted):
        details = self.closing_session.post_closing_cash_details(counted)
        self.assertTrue(details["successful"], details)
        result = self.closing_session.close_session_from_ui()
        self.assertTrue(result["successful"], result)
        self.env.invalidate_all()
        return self.env["tibillet.closing"].search([("session_id", "=", self.till_session.id)])

    @property
    def shifts(self):
        return self.till_session.sudo().tibillet_shift_ids.sorted("number")


@tagged("post_install", "-at_install")
class TestCashDrawer(DrawerCase):
    # -- float -------------------------------------------------------------------------

    def test_float_typed_with_a_comma(self):
        self.close(150)
        session = self.start("150,50")
        self.assertEqual(session.sudo().cash_register_balance_start, 150.5)
        self.assertEqual(self.shifts.opening, 150.5)

    def test_float_that_is_no_amount(self):
        self.close(150)
        self.config.with_user(self.cashier).open_ui()
        session = self.config.current_session_id.with_user(self.cashier)
        with self.assertRaises(UserError):
            session.set_opening_control("a lot", "")
        self.assertEqual(session.state, "opening_control")

    def test_float_carried_over_from_the_last_closing(self):
        self.cash_sale()
        self.count("156")
        self.close(156)
        self.config.with_user(self.cashier).open_ui()
        self.assertEqual(self.config.current_session_id.sudo().cash_register_balance_start, 156)

    # -- count -------------------------------------------------------------------------

    def test_nothing_is_said_before_the_count(self):
        self.cash_sale()
        state = self.till_session.tibillet_cash()
        self.assertTrue(state["to_count"])
        self.assertNotIn("expected", state)
        data = self.till_session.get_closing_control_data()
        details = data["default_cash_details"]
        self.assertEqual((details["amount"], details["payment_amount"]), (0, 0))
        self.assertEqual(data["orders_details"]["amount"], 0, "the total would tell it")
        self.assertTrue(details["tibillet_blind"])

    def test_count_by_coins_and_notes(self):
        self.cash_sale()
        answer = self.till_session.tibillet_cash_count(
            "count-1", {"5000": 3, "200": 2, "50": 3}, "0,20"
        )
        self.assertTrue(answer["ok"], answer)
        self.assertAlmostEqual(answer["counted"], 155.7)
        self.assertAlmostEqual(answer["expected"], 156)
        self.assertAlmostEqual(answer["difference"], -0.3)
        first = self.shifts[0]
        self.assertTrue(first.blind)
        self.assertEqual(first.coins, {"5000": 3, "200": 2, "50": 3})

    def test_count_sent_again_is_the_same(self):
        self.cash_sale()
        first = self.count("155,70")
        again = self.count("155,70")
        self.assertEqual(first, again)
        self.assertEqual(len(self.shifts), 2)
        other = self.count("156")
        self.assertEqual((other["ok"], other["code"]), (False, "key_conflict"))

    def test_refused_counts(self):
        for coins, loose in (
            ({"5000": -1}, 0),
            ({"5000": 1.5}, 0),
            ({"5000": True}, 0),
            ({"abc": 1}, 0),
            ({"-100": 1}, 0),
            ([], 0),
            ({}, "a lot"),
            ({}, -1),
        ):
            with self.subTest(coins=coins, loose=loose):
                answer = self.till_session.tibillet_cash_count("count-1", coins, loose)
                self.assertEqual((answer["ok"], answer["code"]), (False, "invalid"))
        self.assertEqual(self.shifts.mapped("state"), ["open"])

    def test_a_counted_part_never_changes(self):
        self.count("150")
        first = self.shifts[0]
        self.assertEqual(first.state, "closed")
        with self.assertRaises(AccessError):
            first.with_user(self.till_manager).write({"counted": 1})
        for statement in (
            "UPDATE tibillet_cash_shift SET counted = 1 WHERE id = %s",
            "DELETE FROM tibillet_cash_shift WHERE id = %s",
        ):
            with (
                self.assertRaises(psycopg2.errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [first.id])

    def test_difference_is_in_the_books_at_once(self):
        self.cash_sale()
        self.count("155")
        [line] = self.till_session.sudo().statement_line_ids
        self.assertEqual((line.amount, line.tibillet_kind), (-1, "difference"))
        self.assertIn(
            self.till_session.sudo().cash_journal_id.loss_account_id,
            line.move_id.line_ids.account_id,
        )

    # -- hand-over ---------------------------------------------------------------------

    def test_hand_over(self):
        self.cash_sale()
        self.count("155")
        state = self.till_session.tibillet_cash()
        self.assertTrue(state["waiting"])
        self.assertEqual(state["opening"], 155)
        state = self.till_session.tibillet_cash_accept("Luc")
        self.assertEqual((state["person"], state["waiting"]), ("Luc", False))
        self.cash_sale(4.0)
        answer = self.count("159", key="count-2")
        self.assertEqual(answer["person"], "Luc")
        self.assertEqual((answer["expected"], answer["difference"]), (159, 0))
        self.assertEqual(self.shifts[:2].mapped("difference"), [-1, 0])

    def test_who_has_the_drawer_counts_first(self):
        answer = self.till_session.tibillet_cash_accept("Luc")
        self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"))
        self.assertEqual(self.shifts.person, self.cashier.name)
        self.count("150")
        self.assertFalse(self.till_session.tibillet_cash_accept("")["ok"])
        self.assertFalse(self.till_session.tibillet_cash_accept("x" * 65)["ok"])

    def test_an_employee_takes_over_with_their_pin(self):
        luc = (
            self.env["hr.employee"]
            .sudo()
            .create({"name": "Luc", "pin": "4321", "company_id": self.company.id})
        )
        self.count("150")
        refused = self.till_session.tibillet_cash_accept(None, luc.id, "1111")
        self.assertEqual((refused["ok"], refused["code"]), (False, "not_allowed"))
        self.assertTrue(self.till_session.tibillet_cash_accept(None, luc.id, "4321")["ok"])
        self.assertEqual(self.shifts[-1].employee_id, luc)

    # -- bags --------------------------------------------------------------------------

    def test_drop(self):
        self.cash_sale()
        answer = self.drop("100,50")
        self.assertTrue(answer["ok"], answer)
        self.assertEqual((answer["drop"]["bag"], answer["drop"]["amount"]), ("0417", 100.5))
        self.assertEqual(self.drop("100,50")["drop"], answer["drop"])
        [line] = self.till_session.sudo().statement_line_ids
        self.assertEqual(line.amount, -100.5)
        counted = self.count("55,50")
        self.assertEqual((counted["expected"], counted["difference"]), (55.5, 0))

    def test_refused_drops(self):
        for values in (
            {"amount": "0"},
            {"amount": "x"},
            {"amount": -5},
            {"bag": " "},
            {"person": ""},
            {"witness": "ana"},
            {"witness": None},
            {"bag": "1" * 65},
        ):
            with self.subTest(values):
                self.assertFalse(self.drop(**values)["ok"])
        self.assertFalse(self.till_session.sudo().statement_line_ids)

    def test_a_bag_is_in_the_safe_once(self):
        self.drop()
        answer = self.drop(key="drop-2")
        self.assertEqual((answer["ok"], answer["code"]), (False, "invalid"))
        self.assertIn("0417", answer["message"])

    def test_remittance(self):
        self.drop()
        drop = self.env["tibillet.cash.drop"].search([("session_id", "=", self.till_session.id)])
        remittance = (
            self.env["tibillet.cash.remittance"]
            .with_user(self.till_manager)
            .create({"drop_ids": [fields.Command.set(drop.ids)], "company_id": self.company.id})
        )
        self.assertEqual(remittance.total, 50)
        self.assertEqual(remittance.display_name, "New slip")
        remittance.action_remit()
        self.assertEqual(remittance.display_name, "00001")
        self.assertEqual((remittance.state, remittance.number), ("done", 1))
        self.assertEqual(drop.remittance_id.id, remittance.id)
        pdf = self.env["tibillet.closing.page"]._remittance_pdf(remittance)
        self.assertTrue(pdf.startswith(b"%PDF"))
        with self.assertRaises(UserError):
            remittance.bank = "Elsewhere"
        with self.assertRaises(UserError):
            remittance.unlink()
        second = remittance.create(
            {"drop_ids": [fields.Command.set(drop.ids)], "company_id": self.company.id}
        )
        with self.assertRaises(UserError):
            second.action_remit()
        self.assertTrue(self.drop(key="drop-2")["ok"], "the number is free again")

    def test_cash_in_and_out_with_a_comma(self):
        extras = {"translatedType": "in", "formattedAmount": ""}
        self.till_session.try_cash_in_out("in", "20,50", "change", False, extras)
        self.till_session.try_cash_in_out("out", 10, "bread", False, extras)
        with self.assertRaises(UserError):
            self.till_session.try_cash_in_out("in", "much", "x", False, extras)
        with self.assertRaises(AccessError):
            self.till_session.with_user(self.stranger).try_cash_in_out("out", 1, "x", False, extras)
        self.assertEqual(self.count("160,50")["difference"], 0)

    def test_drawer_openings(self):
        self.assertTrue(self.till_session.tibillet_drawer_opened("sale")["ok"])
        self.assertTrue(self.till_session.tibillet_drawer_opened("anything")["ok"])
        openings = self.env["tibillet.drawer.opening"].search(
            [("session_id", "=", self.till_session.id)]
        )
        self.assertEqual(sorted(openings.mapped("reason")), ["other", "sale"])

    def test_a_drawer_opening_sent_again_counts_once(self):
        """Also when the answer was lost and the session ended meanwhile."""
        for key in ("opening-1", "opening-2", "opening-1"):
            self.assertTrue(self.till_session.tibillet_drawer_opened("sale", key=key)["ok"])
        first = self.till_session
        self.count("150")
        self.close(150)
        self.start()
        self.assertTrue(self.till_session.tibillet_drawer_opened("sale", key="opening-1")["ok"])
        openings = self.env["tibillet.drawer.opening"].search(
            [("session_id.config_id", "=", self.config.id)]
        )
        self.assertEqual(sorted(openings.mapped("key")), ["opening-1", "opening-2"])
        self.assertEqual(openings.session_id, first.sudo())
        answer = self.till_session.tibillet_drawer_opened("sale", key="two words")
        self.assertEqual((answer["ok"], answer["code"]), (False, "invalid"))

    # -- who may -----------------------------------------------------------------------

    def test_not_by_somebody_else(self):
        stranger = self.till_session.with_user(self.stranger)
        for act in (
            stranger.tibillet_cash,
            lambda: stranger.tibillet_cash_count("k", {}, 1),
            lambda: stranger.tibillet_cash_accept("Eve"),
            lambda: stranger.tibillet_cash_drop("k", 1, "b", "a", "c"),
            stranger.tibillet_drawer_opened,
        ):
            with self.assertRaises(AccessError):
                act()

    def test_not_in_a_closed_session(self):
        self.count("150")
        self.close(150)
        for answer in (
            self.count("150", key="late"),
            self.drop(),
            self.till_session.tibillet_cash(),
        ):
            self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"))

    # -- closing -----------------------------------------------------------------------

    def test_closing_after_a_count_agrees_to_the_cent(self):
        self.cash_sale()
        self.count("155,99")
        details = self.till_session.get_closing_control_data()["default_cash_details"]
        self.assertEqual(details["tibillet_counted"], 155.99)
        self.assertAlmostEqual(details["amount"], 155.99)
        closing = self.close(155.99)
        session = self.till_session.sudo()
        self.assertEqual(session.cash_register_balance_end_real, 155.99)
        self.assertAlmostEqual(session.cash_register_difference, 0)
        self.assertEqual(closing.content["cash"]["difference"], -1)
        self.assertEqual(len(self.shifts), 1)

    def test_another_sum_than_the_counted_one_is_refused(self):
        self.count("150")
        answer = self.till_session.post_closing_cash_details(149)
        self.assertFalse(answer["successful"])

    def test_a_sale_after_the_count_asks_for_another(self):
        self.count("150")
        self.assertFalse(self.till_session.tibillet_cash()["to_count"])
        self.cash_sale()
        self.assertTrue(self.till_session.tibillet_cash()["to_count"])

    def test_a_drop_after_the_count_needs_no_other(self):
        self.count("150")
        self.drop(100)
        closing = self.close(50)
        self.assertEqual(closing.content["cash"]["counted"], 5000)
        self.assertEqual(closing.content["cash"]["difference"], 0)

    def test_closed_by_another_user_from_the_backend(self):
        self.cash_sale()
        self.count("155")
        self.till_session.with_user(self.till_manager).action_pos_session_closing_control()
        self.env.invalidate_all()
        session = self.till_session.sudo()
        self.assertEqual(session.state, "closed")
        self.assertEqual(session.cash_register_balance_end_real, 155)
        self.assertAlmostEqual(session.cash_register_difference, 0)
        closing = self.env["tibillet.closing"].search([("session_id", "=", session.id)])
        self.assertEqual(closing.content["closed_by"], self.till_manager.name)
        self.assertEqual(closing.content["cash"]["difference"], -100)

    def test_a_cashier_does_not_close_without_a_blind_count(self):
        """Neither by what the closing screen sends nor by the button of the backend."""
        self.count("150")
        self.cash_sale()
        before = self.shifts.ids
        for answer in (
            self.till_session.post_closing_cash_details(156),
            self.till_session.close_session_from_ui(),
        ):
            self.assertFalse(answer["successful"])
            self.assertIn("Count the drawer first", answer["message"])
        with self.assertRaisesRegex(LedgerError, "Count the drawer first"):
            with self.env.cr.savepoint():
                self.till_session.action_pos_session_closing_control()
        self.env.invalidate_all()
        self.assertEqual((self.till_session.state, self.shifts.ids), ("opened", before))
        self.count("156", key="count-2")
        self.assertTrue(self.till_session.close_session_from_ui()["successful"])

    def test_closed_without_blind_count_by_a_manager(self):
        self.cash_sale()
        closing = self.close(155)
        [row] = closing.content["shifts"]
        self.assertEqual((row["blind"], row["difference"]), (False, -100))
        self.assertAlmostEqual(self.till_session.sudo().cash_register_difference, -1)

    def test_a_large_difference_needs_a_manager(self):
        self.config.write({"set_maximum_difference": True, "amount_authorized_diff": 5})
        self.count("100")
        refused = self.till_session.close_session_from_ui()
        self.assertFalse(refused["successful"])
        self.till_session = self.till_session.with_user(self.till_manager)
        self.assertTrue(self.close(100))

    def test_a_session_that_was_open_before(self):
        self.cash_sale()
        self.env.flush_all()
        self.env.cr.execute("UPDATE pos_order SET tibillet_shift_id = NULL")
        self.env.cr.execute("DELETE FROM tibillet_cash_shift")
        self.env.invalidate_all()
        self.assertEqual(self.count("156")["difference"], 0)

    def test_a_missing_tablet_is_named(self):
        self.seq += 1  # this act stays in the tablet
        self.sell()
        [missing] = self.till_session.tibillet_cash()["missing"]
        self.assertEqual((missing["device"], missing["acts"]), ("Bar left", 1))
        self.assertTrue(missing["seen"])
        self.count("150")
        closing = self.close(150)
        self.assertEqual(
            closing.content["missing"], [{"device": "Bar left", "first": 1, "last": 1}]
        )
