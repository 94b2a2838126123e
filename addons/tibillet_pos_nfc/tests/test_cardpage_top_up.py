from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .cardpage_common import CardPageCase
from .common import OTHER_UID, UID


@tagged("post_install", "-at_install")
class TestTopUp(CardPageCase):
    """A top-up is promised, paid in money on any order, and credited once."""

    # -- the promise ------------------------------------------------------------------------

    def test_nothing_is_loaded_before_it_is_paid(self):
        answer = self.promise(2000)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(answer["product_id"], self.topup_product.id)
        self.assertEqual((answer["price_minor"], answer["key"]), (2000, self.key))
        self.assertIn("2345", answer["note"])
        self.assertEqual(self.free(), 2000)
        self.assertFalse(self.operations_of(self.key))

    def test_the_same_key_promises_once(self):
        self.promise(2000)
        key, seq = self.key, self.seq
        self.assertTrue(self.promise(2000, key=key, seq=seq)["ok"])
        self.assertEqual(self.promise(2100, key=key, seq=seq)["code"], "key_conflict")
        topups = self.env["tibillet.topup"].search([("key", "=", key)])
        self.assertEqual(topups.mapped("price_minor"), [2000])

    def test_bad_amounts(self):
        for price in (0, -5, 12.5, "20", None, True, 2**40):
            with self.subTest(price=price):
                self.assertEqual(self.promise(price)["code"], "invalid")

    def test_the_ceiling_is_said_before_anybody_pays(self):
        answer = self.promise(13001)  # 20.00 are there, an anonymous card stores 150.00
        self.assertEqual(answer["code"], "limit_exceeded")
        self.assertIn("130", answer["message"])
        self.assertTrue(self.promise(13000)["ok"])

    def test_the_ceiling_counts_what_stands_on_the_same_order(self):
        self.promise(8000)
        first = self.key
        self.assertEqual(self.promise(8000, beside=[first])["code"], "limit_exceeded")
        self.assertTrue(self.promise(5000, beside=[first])["ok"])
        self.assertTrue(self.promise(8000, uid=OTHER_UID, beside=[first])["ok"])

    def test_what_is_not_loaded_here(self):
        self.assertEqual(self.promise(1000, self.foreign)["code"], "asset_not_accepted")
        self.assertEqual(self.promise(1000, self.gift)["code"], "not_allowed")
        self.assertEqual(self.act("topup", {"asset_id": 0, "price_minor": 5})["code"], "invalid")

    def test_an_agreement_to_take_is_none_to_load(self):
        terms = self.agree(may_load=False)
        answer = self.promise(1000, self.foreign)
        self.assertEqual(answer["code"], "not_allowed")
        self.assertIn("Another place", answer["message"])
        terms.sudo().may_load = True
        self.assertTrue(self.promise(1000, self.foreign)["ok"])

    def agree(self, **terms):
        return (
            self.env["tibillet.acceptance"]
            .sudo()
            .create(
                {
                    "asset_id": self.foreign.id,
                    "company_id": self.company.id,
                    "contract_date": "2020-01-01",
                    "countersigned_by_id": self.env.uid,
                    "state": "active",
                    **terms,
                }
            )
        )

    def test_the_page_says_what_may_be_loaded_and_how_much(self):
        page = self.till_session.tibillet_card_page(self.credential, UID)
        self.assertEqual([load["name"] for load in page["loads"]], ["Jeton"])
        self.assertEqual(page["loads"][0]["room_minor"], 13000)
        self.assertEqual(page["express"], [1000, 2000, 3000, 5000])

    def test_lost_and_unknown_cards(self):
        self.card.sudo().state = "lost"
        self.assertEqual(self.promise(1000)["code"], "card_lost")
        self.assertEqual(self.promise(1000, uid="04FFFFFFFFFFFF")["code"], "card_unknown")

    def test_roles(self):
        self.assertTrue(self.promise(1000, user=self.till_manager)["ok"])
        with self.assertRaises(AccessError):
            self.promise(1000, user=self.stranger)

    def test_an_act_that_is_none(self):
        for name in ("steal", None, "_do"):
            self.assertEqual(self.act(name)["code"], "invalid")

    def test_a_key_given_up_before_it_arrived(self):
        self.till_session.tibillet_void(self.credential, self.next_seq(), "early")
        answer = self.promise(1000, key="early")
        self.assertEqual(answer["code"], "hold_resolved")
        self.assertFalse(self.env["tibillet.topup"].search([("key", "=", "early")]))
        self.assertFalse(self.device.gap_ids)

    # -- paid ---------------------------------------------------------------------------------

    def test_paid_in_cash(self):
        self.load_by("cash", 2000)
        [operation] = self.operations_of(self.key)
        self.assertEqual((operation.code, operation.state), ("topup", "posted"))
        self.assertEqual((operation.means, operation.card_id), ("cash", self.card))
        self.assertEqual(self.free(), 4000)

    def test_paid_by_bank_card(self):
        self.load_by("bank", 2000)
        self.assertEqual(self.operations_of(self.key).means, "bank_card")

    def test_change_given_back_is_not_received(self):
        self.promise(2000)
        values = self.mixed_values([(self.cash, 50.0, False)], topups=[(self.key, 20.0)])
        values["payment_ids"].append(
            Command.create(
                {
                    "payment_method_id": self.cash.id,
                    "amount": -30.0,
                    "is_change": True,
                    "name": "return",
                }
            )
        )
        values["amount_paid"] = 20.0
        self.sync(values)
        self.assertEqual(self.free(), 4000)

    def test_paid_by_both_ways_keeps_both(self):
        self.promise(2000)
        key = self.key
        self.sync(
            self.mixed_values(
                [(self.bank, 12.0, False), (self.cash, 8.0, False)], topups=[(key, 20.0)]
            )
        )
        operations = self.operations_of(key)
        self.assertEqual(
            [(operation.key, operation.means, operation.paid_minor) for operation in operations],
            [(key, "bank_card", 1200), (f"{key}/cash", "cash", 800)],
        )
        lots = self.env["tibillet.account"]._lots(self.card.wallet_id, self.token)
        self.assertEqual(lots.of_means("cash"), 800)

    def test_a_blank_card_is_handed_out_with_its_top_up(self):
        self.other_card.sudo().state = "blank"
        self.load_by("cash", 1000, uid=OTHER_UID)
        self.assertEqual(self.other_card.state, "anonymous")

    def test_sent_twice_is_credited_once(self):
        self.promise(2000)
        values = self.mixed_values([(self.cash, 20.0, False)], topups=[(self.key, 20.0)])
        self.sync(values)
        order = self.sync(values)
        order.sudo()._tibillet_settle_top_ups(order.lines)
        self.assertEqual(len(self.operations_of(self.key)), 1)
        self.assertEqual(self.free(), 4000)

    def test_one_key_is_on_one_order(self):
        self.load_by("cash", 2000)
        again = self.mixed_values([(self.cash, 20.0, False)], topups=[(self.key, 20.0)])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.sync(again)
        self.assertEqual(self.free(), 4000)

    def test_a_frozen_wallet_refuses_and_names_the_line(self):
        self.promise(2000)
        self.card.wallet_id.sudo().frozen = True
        values = self.mixed_values([(self.cash, 20.0, False)], topups=[(self.key, 20.0)])
        values["lines"][0][2].update(full_product_name="Recharge", customer_note="Jeton")
        self.assertRefused("Recharge Jeton: .*frozen", values)

    # -- one payment for everything ------------------------------------------------------------

    def test_drink_and_top_up_in_one_payment(self):
        self.promise(2000)
        key = self.key
        order = self.sync(
            self.mixed_values(
                [(self.cash, 26.0, False)], goods=[(self.beer, 1, 6.0)], topups=[(key, 20.0)]
            )
        )
        self.assertEqual((order.state, order.amount_total), ("paid", 26.0))
        self.assertEqual(self.free(), 4000)
        self.close()
        move = self.till_session.sudo().move_id
        clearing = self.company.tibillet_clearing_account_id
        self.assertEqual(self.balance(move, clearing), -20.0)
        income = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "income" and not line.tax_line_id
        )
        self.assertEqual(sum(income.mapped("balance")), -5.0)
        self.assertEqual(sum(move.line_ids.filtered("tax_line_id").mapped("balance")), -1.0)
        self.assertEqual(self.unexplained(), 0)

    def test_the_card_pays_the_drink_and_cash_its_top_up(self):
        self.promise(2000)
        topup = self.key
        self.assertTrue(self.tap(6)["ok"])
        self.sync(
            self.mixed_values(
                [(self.method, 6.0, self.key), (self.cash, 20.0, False)],
                goods=[(self.beer, 1, 6.0)],
                topups=[(topup, 20.0)],
            )
        )
        self.assertEqual(self.free(), 3400)
        self.close()
        self.assertEqual(self.unexplained(), 0)

    def test_two_cards_on_one_order(self):
        self.promise(1000)
        first = self.key
        self.promise(500, uid=OTHER_UID)
        self.sync(
            self.mixed_values([(self.cash, 15.0, False)], topups=[(first, 10.0), (self.key, 5.0)])
        )
        self.assertEqual((self.free(), self.free(self.other_card)), (3000, 500))

    # -- never by a wallet ---------------------------------------------------------------------

    def test_a_card_does_not_pay_it_at_the_tap(self):
        lines = [{"product_id": self.topup_product.id, "amount_minor": 500}]
        answer = self.tap(lines=lines)
        self.assertEqual(answer["code"], "not_for_this")
        self.assertEqual(self.free(), 2000)

    def test_a_card_does_not_pay_it_on_the_order(self):
        self.promise(1000)
        topup = self.key
        self.assertTrue(self.tap(10)["ok"])
        values = self.mixed_values(
            [(self.method, 10.0, self.key), (self.cash, 6.0, False)],
            goods=[(self.beer, 1, 6.0)],
            topups=[(topup, 10.0)],
        )
        self.assertRefused("never by a card of", values)
        self.assertFalse(self.operations_of(topup))

    def test_a_title_and_an_account_do_not_pay_it(self):
        self.promise(1000)
        values = self.mixed_values([(self.title, 10.0, False)], topups=[(self.key, 10.0)])
        self.assertRefused("a title or on account", values)
        with_goods = self.mixed_values(
            [(self.title, 6.0, False), (self.cash, 10.0, False)],
            goods=[(self.beer, 1, 6.0)],
            topups=[(self.key, 10.0)],
        )
        self.assertEqual(self.sync(with_goods).state, "paid")
        self.assertEqual(self.operations_of(self.key).means, "cash")

    # -- outside prices and refunds ------------------------------------------------------------

    def test_a_line_that_is_not_the_promise(self):
        self.promise(2000)
        for change in (
            {"price_unit": 10.0, "price_subtotal": 10.0, "price_subtotal_incl": 10.0},
            {"discount": 10.0},
            {"qty": 2.0},
            {"tax_ids": [Command.set(self.beer.taxes_id.ids)]},
        ):
            with self.subTest(change=change):
                values = self.mixed_values([(self.cash, 20.0, False)], topups=[(self.key, 20.0)])
                values["lines"][0][2].update(change)
                if "price_unit" in change:
                    values["amount_total"] = 10.0
                    values["payment_ids"][0][2]["amount"] = 10.0
                self.assertRefused("not the top-up that was asked for", values)

    def test_a_line_without_promise(self):
        values = self.mixed_values([(self.cash, 20.0, False)], topups=[(False, 20.0)])
        self.assertRefused("no card was chosen", values)
        values = self.mixed_values([(self.cash, 20.0, False)], topups=[("invented", 20.0)])
        self.assertRefused("no card was chosen", values)

    def test_odoos_refund_gives_nothing_back(self):
        order = self.load_by("cash", 2000)
        values = self.mixed_values([(self.cash, -20.0, False)], topups=[(False, 20.0)])
        values["lines"][0][2].update(
            qty=-1,
            price_subtotal=-20.0,
            price_subtotal_incl=-20.0,
            refunded_orderline_id=order.lines.id,
        )
        values["amount_total"] = -20.0
        self.assertRefused("from the card's page", values)
        self.assertEqual(self.free(), 4000)

    # -- settings --------------------------------------------------------------------------------

    def test_express_amounts(self):
        self.config.tibillet_express_amounts = "5 12,50 20.5"
        self.assertEqual(self.config._tibillet_express_minor(), [500, 1250, 2050])
        for text in ("ten", "5 -2", "0", "1 2 3 4 5 6 7 8 9", "1,234"):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.config.tibillet_express_amounts = text
        with self.assertRaises(AccessError):
            self.config.with_user(self.cashier).tibillet_express_amounts = "5"

    # -- helpers ---------------------------------------------------------------------------------

    def assertRefused(self, words, values):
        with self.assertRaisesRegex((UserError, ValidationError), words), self.env.cr.savepoint():
            self.sync(values)

    def close(self):
        payments_sudo = self.till_session.sudo().order_ids.payment_ids
        cash = payments_sudo.filtered("payment_method_id.is_cash_count")
        self.closing_session.post_closing_cash_details(sum(cash.mapped("amount")))
        result = self.closing_session.close_session_from_ui()
        self.assertTrue(result["successful"], result)

    def balance(self, move, account):
        lines = move.line_ids.filtered(lambda line: line.account_id == account)
        return sum(lines.mapped("balance"))

    def unexplained(self):
        books = self.env["tibillet.books"]
        books._write_pending(self.company, include_today=True)
        return books._control(self.company)["clearing"]["unexplained_minor"]
