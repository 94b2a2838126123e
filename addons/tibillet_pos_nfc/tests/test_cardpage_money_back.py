from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .cardpage_common import CardPageCase
from .common import OTHER_UID, UID

IBAN = "FR76 3000 6000 0112 3456 7890 189"


class MoneyBackCase(CardPageCase):
    """A drawer with 300.00 in it, and refunds as a cashier asks for them."""

    def setUp(self):
        super().setUp()
        self.till_session.sudo().cash_register_balance_start = 300

    def refund(self, price_minor, means="cash", uid=OTHER_UID, asset=None, **how):
        values = {
            "asset_id": (asset or self.token).id,
            "price_minor": price_minor,
            "means": means,
            **how.pop("values", {}),
        }
        return self.act("refund", values, uid=uid, **how)

    def transfer(self, price_minor, name="Ada Vidal", iban=IBAN, **how):
        values = {"holder_name": name, "iban": iban}
        return self.refund(price_minor, "transfer", values=values, **how)

    def ways(self, uid=OTHER_UID):
        return self.till_session.tibillet_card_ways(self.credential, uid)

    def drawer(self):
        self.till_session.invalidate_recordset()
        return self.till_session.sudo().cash_register_balance_end

    def close(self):
        payments_sudo = self.till_session.sudo().order_ids.payment_ids
        cash = payments_sudo.filtered("payment_method_id.is_cash_count")
        self.closing_session.post_closing_cash_details(300 + sum(cash.mapped("amount")))
        result = self.closing_session.close_session_from_ui()
        self.assertTrue(result["successful"], result)

    def clearing(self):
        books = self.env["tibillet.books"]
        books._write_pending(self.company, include_today=True)
        return books._control(self.company)["clearing"]


@tagged("post_install", "-at_install")
class TestRefund(MoneyBackCase):
    """Money goes back the way it came, once, and never more than came that way."""

    def test_cash_that_came_in_cash(self):
        self.load_by("cash", 740, uid=OTHER_UID)
        before = self.drawer()
        answer = self.refund(740)
        self.assertTrue(answer["ok"], answer)
        operation = self.operation()
        self.assertEqual((operation.code, operation.means), ("refund", "cash"))
        self.assertEqual(operation.state, "posted")
        self.assertEqual(self.free(self.other_card), 0)
        self.assertAlmostEqual(self.drawer(), before - 7.40)
        order = self.till_session.sudo().order_ids.sorted("id")[-1]
        self.assertEqual((order.state, order.amount_total), ("paid", -7.40))
        self.assertEqual(order.lines.tibillet_operation_key, self.key)
        self.assertEqual(order.payment_ids.payment_method_id, self.cash)

    def test_the_same_key_pays_once(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        first = self.refund(500)
        key, seq = self.key, self.seq
        orders = len(self.till_session.sudo().order_ids)
        again = self.refund(500, key=key, seq=seq)
        self.assertTrue(again["ok"], again)
        self.assertEqual(again["receipt"]["at"], first["receipt"]["at"])
        self.assertEqual(self.free(self.other_card), 1500)
        self.assertEqual(len(self.till_session.sudo().order_ids), orders)
        self.assertEqual(self.refund(600, key=key, seq=seq)["code"], "key_conflict")
        self.assertEqual(self.free(self.other_card), 1500)

    def test_what_was_done_is_told_after_it_was_given_up(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.refund(500)
        key, seq = self.key, self.seq
        void = self.till_session.tibillet_void(self.credential, self.next_seq(), key)
        self.assertEqual(void["code"], "hold_resolved")
        self.assertTrue(self.refund(500, key=key, seq=seq)["ok"])

    def test_given_up_before_it_arrived(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.till_session.tibillet_void(self.credential, self.next_seq(), "late")
        self.assertEqual(self.refund(500, key="late")["code"], "hold_resolved")
        self.assertEqual(self.free(self.other_card), 2000)

    def test_bank_money_does_not_leave_in_cash(self):
        self.load_by("bank", 6000, uid=OTHER_UID)
        answer = self.refund(6000)
        self.assertEqual((answer["code"], answer["missing_minor"]), ("limit_exceeded", 6000))
        self.assertEqual(self.free(self.other_card), 6000)
        answer = self.refund(6000, "bank_card")
        self.assertTrue(answer["ok"], answer)
        order = self.till_session.sudo().order_ids.sorted("id")[-1]
        self.assertEqual(order.payment_ids.payment_method_id, self.bank)

    def test_cash_money_does_not_go_to_a_bank_card(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.assertEqual(self.refund(2000, "bank_card")["code"], "limit_exceeded")

    def test_cash_is_spent_last(self):
        self.load_by("cash", 1000, uid=OTHER_UID)
        self.load_by("bank", 1000, uid=OTHER_UID)
        self.sell(8.0, uid=OTHER_UID)
        row = self.ways()["assets"][0]
        self.assertEqual((row["cash"], row["bank_card"], row["transfer"]), (1000, 200, 1200))
        self.assertTrue(self.refund(1000)["ok"])
        self.assertEqual(self.refund(200)["code"], "limit_exceeded")

    def test_identity_above_fifty_in_cash(self):
        self.load_by("cash", 9000, uid=OTHER_UID)
        self.assertEqual(self.ways()["assets"][0]["identity_above_minor"], 5000)
        answer = self.refund(5001)
        self.assertEqual(answer["code"], "not_allowed")
        self.assertIn("identity", answer["message"])
        self.assertTrue(self.refund(4000)["ok"])
        self.assertEqual(self.ways()["assets"][0]["identity_above_minor"], 1000)
        self.assertEqual(self.refund(2000)["code"], "not_allowed")
        paper = {"values": {"identity": "CNI 12 Vidal"}}
        self.assertTrue(self.refund(2000, **paper)["ok"])
        self.assertIn("CNI 12 Vidal", self.operation().memo)

    def test_a_drawer_that_is_short(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.till_session.sudo().cash_register_balance_start = -5
        answer = self.refund(2000)
        self.assertEqual(answer["code"], "limit_exceeded")
        self.assertIn("not enough in the drawer", answer["message"])
        self.assertNotRegex(str(answer), "15|5.00", "what is in it is counted blind")
        self.assertFalse(answer.get("missing_minor"))
        self.assertEqual(self.free(self.other_card), 2000)
        self.assertTrue(self.transfer(2000)["ok"])

    def test_the_drawer_alert_is_told_before(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        session_sudo = self.till_session.sudo()
        for opening, told in ((200, "enough"), (199.99, "low"), (0, "low"), (-0.01, "short")):
            session_sudo.cash_register_balance_start = opening
            ways = self.ways()
            self.assertEqual(ways["assets"][0]["drawer"], told)
        self.assertTrue(ways["by_bank"])

    def test_what_the_drawer_should_hold_is_not_told(self):
        """319.95: neither before a refund, nor with it, nor when it is refused."""
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.till_session.sudo().cash_register_balance_start = 299.95
        paid, refused = {"key": "refund-a"}, {"key": "refund-b"}
        answers = [
            self.ways(),
            self.refund(700, **paid),
            self.ways(),
            self.refund(9900, **refused),
        ]
        for answer, drawer in zip(answers, (319.95, 319.95, 312.95, 312.95), strict=True):
            self.assertNotRegex(str(answer), f"{drawer}|{round(drawer * 100)}|{drawer - 7:.2f}")
            self.assertFalse([name for name in answer if "drawer" in name], answer)

    def test_what_is_not_paid_back(self):
        self.load(self.other_card, 500, self.gift)
        self.assertEqual(self.refund(500, asset=self.gift)["code"], "not_allowed")
        self.assertEqual(self.ways()["assets"], [])
        self.assertEqual(self.refund(100)["code"], "insufficient_funds")
        self.load_by("cash", 1000, uid=OTHER_UID)
        self.assertEqual(self.refund(1001)["code"], "insufficient_funds")
        self.assertEqual(self.refund(500, "by pigeon")["code"], "invalid")
        for price in (0, -1, 2.5, None):
            self.assertEqual(self.refund(price)["code"], "invalid")

    def test_another_issuers_money(self):
        terms = (
            self.env["tibillet.acceptance"]
            .sudo()
            .create(
                {
                    "asset_id": self.foreign.id,
                    "company_id": self.company.id,
                    "contract_date": "2020-01-01",
                    "countersigned_by_id": self.env.uid,
                    "state": "active",
                    "may_load": True,
                }
            )
        )
        self.load_by("cash", 2000, uid=OTHER_UID, asset=self.foreign)
        [row] = self.ways()["assets"]
        self.assertIn("Another place", row["refusal"])
        self.assertEqual(self.refund(500, asset=self.foreign)["code"], "not_allowed")
        terms.write({"may_refund": True, "refund_day_ceiling_minor": 1200})
        self.assertFalse(self.ways()["assets"][0]["refusal"])
        self.assertTrue(self.refund(1000, asset=self.foreign)["ok"])
        self.assertEqual(self.refund(300, asset=self.foreign)["code"], "limit_exceeded")
        self.assertTrue(self.refund(200, asset=self.foreign)["ok"])

    def test_lost_and_frozen_cards(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.other_card.wallet_id.sudo().frozen = True
        self.assertEqual(self.refund(500)["code"], "wallet_frozen")
        self.other_card.wallet_id.sudo().frozen = False
        self.other_card.sudo().state = "lost"
        self.assertEqual(self.refund(500)["code"], "card_lost")
        self.assertEqual(self.ways()["code"], "card_lost")

    def test_what_is_on_hold_stays(self):
        self.load_by("cash", 1000, uid=OTHER_UID)
        self.assertTrue(self.tap(6, uid=OTHER_UID)["ok"])
        self.assertEqual(self.refund(500)["code"], "insufficient_funds")
        self.assertTrue(self.refund(400)["ok"])

    def test_roles(self):
        self.load_by("cash", 1000, uid=OTHER_UID)
        self.assertTrue(self.refund(500, user=self.till_manager)["ok"])
        with self.assertRaises(AccessError):
            self.refund(500, user=self.stranger)

    def test_the_receipt(self):
        self.load_by("cash", 1000, uid=OTHER_UID)
        receipt = self.refund(400)["receipt"]
        self.assertEqual((receipt["tail"], receipt["key"]), ("6789", self.key))
        self.assertIn("4", receipt["amount"])
        self.assertEqual([left["name"] for left in receipt["left"]], ["Jeton"])
        self.assertIn("cash", receipt["way"].lower())

    def test_the_books_are_straight(self):
        self.load_by("cash", 3000, uid=OTHER_UID)
        self.load_by("bank", 1000, uid=OTHER_UID)
        self.refund(740)
        self.refund(1000, "bank_card")
        self.close()
        control = self.clearing()
        self.assertEqual(control["unexplained_minor"], 0)

    def test_a_session_of_refunds_only(self):
        self.load_by("cash", 3000, uid=OTHER_UID)
        self.close()
        self.pair(self.open_session())
        self.till_session.sudo().cash_register_balance_start = 300
        self.assertTrue(self.refund(3000)["ok"])
        self.close()
        move = self.till_session.sudo().move_id
        clearing = self.company.tibillet_clearing_account_id
        lines = move.line_ids.filtered(lambda line: line.account_id == clearing)
        self.assertEqual(sum(lines.mapped("balance")), 30.0)
        self.assertEqual(self.clearing()["unexplained_minor"], 0)


@tagged("post_install", "-at_install")
class TestTransfer(MoneyBackCase):
    """“By transfer instead”: the card is debited now, the accountant has the rest."""

    def setUp(self):
        super().setUp()
        self.before_minor = self.clearing()["balance_minor"]  # loaded by no till
        self.load_by("bank", 6000, uid=OTHER_UID)

    def paybacks(self):
        return self.env["tibillet.payback"].search([])

    def test_by_transfer_instead(self):
        answer = self.transfer(6000)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.operation().means, "transfer")
        self.assertEqual(self.free(self.other_card), 0)
        payback = self.paybacks()
        self.assertEqual((payback.holder_name, payback.amount), ("Ada Vidal", 60.0))
        self.assertEqual(payback.iban, IBAN.replace(" ", ""))
        self.assertEqual((payback.state, payback.asked_by_id), ("todo", self.cashier))
        self.assertNotIn("Ada", str(answer["receipt"]))

    def test_bad_names_and_accounts(self):
        for name, iban in (
            ("", IBAN),
            ("Ada", ""),
            ("Ada", "FR76 3000 6000 0112 3456 7890 188"),
            ("Ada", "XX12"),
            (None, None),
        ):
            with self.subTest(name=name, iban=iban):
                self.assertEqual(self.transfer(1000, name, iban)["code"], "invalid")
        self.assertEqual(self.free(self.other_card), 6000)
        self.assertFalse(self.paybacks())

    def test_the_same_key_asks_once(self):
        self.transfer(1000)
        self.transfer(1000, key=self.key, seq=self.seq)
        self.assertEqual(len(self.paybacks()), 1)

    def test_it_leaves_and_stands_in_the_books(self):
        self.transfer(6000)
        self.close()
        self.assertEqual(self.clearing()["unexplained_minor"], 0)
        payback = self.paybacks().with_user(self.accountant)
        with self.assertRaises(UserError):
            payback.action_done()
        payback.journal_id = self.company_data["default_journal_bank"]
        payback.action_done()
        self.assertEqual((payback.state, payback.move_id.state), ("done", "posted"))
        control = self.clearing()
        self.assertEqual(control["unexplained_minor"], 0)
        self.assertEqual(control["balance_minor"], self.before_minor)
        payback.action_done()
        self.assertEqual(len(payback.move_id), 1)

    def test_roles_and_guards(self):
        self.transfer(6000)
        payback = self.paybacks()
        for user in (self.cashier, self.till_manager, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                payback.with_user(user).read(["iban"])
        mine = payback.with_user(self.accountant)
        for values in ({"iban": "x"}, {"amount": 1}, {"state": "done"}):
            with self.assertRaises(AccessError):
                mine.write(values)
        with self.assertRaises(AccessError):
            self.env["tibillet.payback"].with_user(self.accountant).create({"holder_name": "x"})
        with self.assertRaises(UserError):
            payback.sudo().unlink()


@tagged("post_install", "-at_install")
class TestGiveAndGift(MoneyBackCase):
    """Leaving the rest to the place, and giving what nobody pays for."""

    def test_the_rest_is_given(self):
        answer = self.act("give", {"asset_id": self.token.id, "price_minor": 120})
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.operation().code, "give")
        self.assertEqual(self.free(), 1880)
        self.assertIn("Donation of", answer["receipt"]["note"])

    def test_no_more_than_is_free(self):
        answer = self.act("give", {"asset_id": self.token.id, "price_minor": 2001})
        self.assertEqual(answer["code"], "insufficient_funds")
        self.assertEqual(self.act("give", {"asset_id": self.token.id})["code"], "invalid")

    def gift_of(self, amount_minor, reason="Thanks", user=None, asset=None, **how):
        values = {
            "asset_id": (asset or self.gift).id,
            "amount_minor": amount_minor,
            "reason": reason,
        }
        return self.act("gift", values, user=user or self.till_manager, **how)

    def test_a_manager_gives_with_a_reason(self):
        answer = self.gift_of(500)
        self.assertTrue(answer["ok"], answer)
        operation = self.operation()
        self.assertEqual((operation.code, operation.memo), ("gift", "Thanks"))
        self.assertEqual(self.free(asset=self.gift), 500)
        self.assertEqual(answer["receipt"]["key"], self.key)

    def test_a_cashier_does_not(self):
        answer = self.gift_of(500, user=self.cashier)
        self.assertEqual(answer["code"], "not_allowed")
        self.assertIn("till manager", answer["message"])
        self.assertEqual(self.free(asset=self.gift), 0)

    def test_refusals(self):
        self.assertEqual(self.gift_of(500, reason="  ")["code"], "invalid")
        self.assertEqual(self.gift_of(0)["code"], "invalid")
        self.assertEqual(self.gift_of(500, asset=self.token)["code"], "not_allowed")

    def test_once_per_key(self):
        self.gift_of(500)
        self.gift_of(500, key=self.key, seq=self.seq)
        self.assertEqual(self.free(asset=self.gift), 500)

    def test_the_page_offers_it_to_managers(self):
        page = self.till_session.tibillet_card_page(self.credential, UID)
        self.assertEqual((page["may"]["gift"], page["gifts"]), (False, []))
        session = self.till_session.with_user(self.till_manager)
        page = session.tibillet_card_page(self.credential, UID)
        self.assertEqual([gift["name"] for gift in page["gifts"]], ["Cadeau"])
