import uuid

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.tibillet_device import digest
from .common import OTHER_UID, TourCase


@tagged("post_install", "-at_install")
class TestTours(TourCase):
    """The till in a browser: each state is seen, left by one key, and leaves nothing behind."""

    # -- states of the card ----------------------------------------------------------------

    def test_insufficient_funds(self):
        self.run_till("tibillet_state_insufficient_funds")
        self.assertUntouched()

    def test_card_unknown(self):
        self.run_till("tibillet_state_card_unknown")
        self.assertUntouched()

    def test_not_our_card(self):
        self.run_till("tibillet_state_not_our_card")
        self.assertUntouched()

    def test_card_blocked(self):
        self.card.sudo().state = "blocked"
        self.run_till("tibillet_state_card_blocked")
        self.assertUntouched()

    def test_card_lost(self):
        self.card.sudo().state = "lost"
        self.run_till("tibillet_state_card_lost")
        self.assertUntouched()

    def test_wallet_frozen(self):
        self.card.wallet_id.sudo().frozen = True
        self.run_till("tibillet_state_wallet_frozen")
        self.assertUntouched()

    def test_asset_not_accepted(self):
        card = self.env["tibillet.card"].create({"number": "TEST9999", "state": "anonymous"})
        self.other_card.sudo().uid = False  # the chip of the other one is what the tour taps
        card.sudo().uid = OTHER_UID
        self.load(card, 2000, self.foreign)
        self.run_till("tibillet_state_asset_not_accepted")
        self.assertUntouched()

    def test_limit_exceeded(self):
        self.company.tibillet_tap_limit_minor = 500
        self.run_till("tibillet_state_limit_exceeded")
        self.assertUntouched()

    # -- states of the reader ----------------------------------------------------------------

    def test_two_cards(self):
        self.run_till("tibillet_state_two_cards")
        self.assertSold()

    def test_card_withdrawn(self):
        self.run_till("tibillet_state_card_withdrawn")
        self.assertSold()

    def test_reader_unplugged(self):
        self.run_till("tibillet_state_reader_unplugged")
        self.assertUntouched()

    def test_bridge_absent(self):
        self.run_till("tibillet_state_bridge_absent")
        self.assertUntouched()

    def test_permission_refused(self):
        self.run_till("tibillet_state_permission_refused")
        self.assertUntouched()

    def test_reader_that_waits_for_somebody(self):
        self.run_till("tibillet_states_of_linking")
        self.assertUntouched()

    def test_reader_that_waits_for_somebody_in_french(self):
        self.till_manager.lang = "fr_FR"
        self.run_till("tibillet_states_of_linking")
        self.assertUntouched()

    def test_why_the_till_does_not_read(self):
        self.run_till("tibillet_why_no_reading")
        self.assertUntouched()

    def test_training_writes_nothing(self):
        """Nothing of a practice sale is in any record, stock, counter, live page or Z."""
        self.env["product.product"].create(
            {
                "name": "Cider",
                "available_in_pos": True,
                "type": "consu",
                "list_price": 4.0,
                "taxes_id": [Command.set(self.beer.taxes_id.ids)],
                "company_id": self.company.id,
                "tibillet_alcohol": True,
            }
        )
        watched = (
            *("pos_order", "pos_order_line", "pos_payment", "stock_move", "stock_quant"),
            *("tibillet_operation", "tibillet_transfer", "tibillet_hold", "tibillet_refund"),
            *("tibillet_device_act", "tibillet_topup", "tibillet_deposit_mirror"),
            *("tibillet_drawer_opening", "tibillet_cash_drop", "tibillet_closing"),
            "account_move",
        )

        def written():
            self.env.flush_all()
            self.env.invalidate_all()
            return [
                self.env.execute_query(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
                for table in watched
            ] + [self.config.order_seq_id.number_next_actual, self.device_seqs()]

        before = written()
        self.run_till("tibillet_training", timeout=180)
        self.assertUntouched()
        self.assertEqual(written()[:-1], before[:-1])
        self.assertEqual(set(self.device_seqs()), {0}, "no act has a number")
        self.assertEqual(self.till_session.state, "opened")
        pages = self.env["tibillet.live"].with_user(self.till_manager)
        live = pages.with_company(self.company).tibillet_live()
        self.assertEqual(live["open"], 1)
        self.assertEqual((live["quarters"], live["figures"]["methods"]), ([], []))
        self.assertEqual(live["figures"]["habits"]["cards"], 0)
        self.till_session.sudo().order_ids.filtered(lambda o: o.state == "draft").unlink()
        self.till_session.post_closing_cash_details(0)
        self.assertTrue(self.till_session.close_session_from_ui()["successful"])
        closing = self.env["tibillet.closing"].search([("session_id", "=", self.till_session.id)])
        content = closing.content
        self.assertEqual((content["turnover"]["gross"], content["perpetual"]), (0, 0))
        for section in ("products", "moved", "methods", "operations", "bags", "moves"):
            self.assertEqual(content[section], [], section)
        self.assertEqual(content["events"]["drawer_openings"], 0)
        self.assertEqual(content["events"]["undone"], 0)

    def device_seqs(self):
        devices = self.env["tibillet.device"].search([("config_id", "=", self.config.id)])
        return devices.mapped("last_seq")

    # -- states of the server ----------------------------------------------------------------

    def test_server_slow(self):
        self.run_till("tibillet_state_server_slow")
        self.assertSold()

    def test_server_slow_left(self):
        self.run_till("tibillet_state_server_slow_left")
        self.assertUntouched()

    def test_server_gone(self):
        self.run_till("tibillet_state_server_gone")
        self.assertSold()

    # -- journeys ----------------------------------------------------------------------------

    def test_first_tap(self):
        self.run_till("tibillet_first_tap")
        order = self.assertSold()
        self.assertEqual(order.picking_ids.move_ids.product_id, self.beer)

    def test_double_tap(self):
        self.run_till("tibillet_double_tap")
        self.assertSold()
        self.assertEqual(self.free(), 1400)

    def test_payment_screen(self):
        self.run_till("tibillet_payment_screen")
        self.assertSold()

    def test_dropped_line(self):
        self.run_till("tibillet_dropped_line")
        self.assertUntouched()

    def test_dropped_in_flight(self):
        self.run_till("tibillet_dropped_in_flight")
        self.assertUntouched()

    def test_short_then_cash(self):
        self.run_till("tibillet_short_then_cash")
        order = self.assertSold(120)
        self.assertEqual(sorted(order.payment_ids.mapped("amount")), [1.2, 4.8])

    def test_short_then_other_card(self):
        self.run_till("tibillet_short_then_other_card")
        self.assertSold()
        self.assertEqual((self.free(), self.free(self.other_card)), (1520, 0))

    def test_next_customer_before_storage(self):
        self.load(self.other_card, 2000)
        self.run_till("tibillet_next_customer_before_storage")
        orders = self.till_session.order_ids
        self.assertEqual(orders.mapped("state"), ["paid", "paid"])
        self.assertEqual(self.free(), 1400)

    def test_reload_with_unsent_orders(self):
        self.run_till("tibillet_reload_unsent")
        self.env.invalidate_all()
        orders = self.till_session.order_ids.filtered("lines")
        self.assertEqual(orders.mapped("state"), ["paid", "paid"])
        self.assertEqual(sorted(orders.mapped("amount_total")), [2.5, 6.0])
        self.assertEqual(sorted(orders.payment_ids.mapped("amount")), [2.5, 6.0])
        operations = self.env["tibillet.operation"].search([("origin", "=like", "device:%")])
        self.assertEqual(sorted(operations.mapped("paid_minor")), [250, 600])
        self.assertEqual(set(operations.mapped("state")), {"posted"})
        self.assertEqual(self.free(), 2000 - 850)
        self.assertFalse(orders.tibillet_device_id.gap_ids)

    def test_pairing(self):
        self.env["ir.config_parameter"].set_param("tibillet_pos_nfc.simulated_reader", "")
        device = self.env["tibillet.device"].create({"name": "x", "config_id": self.config.id})
        device.with_user(self.till_manager)._new_code()
        device.sudo().code_hash = digest("ABCDEFGH12")
        self.run_till("tibillet_pairing", user=self.cashier)
        self.assertEqual(device.state, "paired")

    def test_a_locked_till_shows_and_takes_nothing(self):
        self.run_till("tibillet_locked")
        self.assertUntouched()

    def test_minimal_cashier(self):
        slate = self.env["pos.payment.method"].create(
            {"name": f"Slate {uuid.uuid4().hex[:4]}", "split_transactions": True}
        )
        self.config.payment_method_ids |= slate
        self.run_till("tibillet_minimal_cashier")
