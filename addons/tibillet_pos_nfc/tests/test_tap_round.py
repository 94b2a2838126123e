"""One order paid by several cards, the server counting; giving all of it up at once."""

import json
import uuid

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OTHER_UID, UID, TillCase

THIRD_UID = "04998877665544"


class RoundCase(TillCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())
        self.load(self.other_card, 1000)
        self.third_card = self.env["tibillet.card"].create(
            {
                "uid": THIRD_UID,
                "number": "TEST4444",
                "company_id": self.company.id,
                "state": "anonymous",
            }
        )
        self.load(self.third_card, 300)

    def part(self, amount_minor, uid, also=(), elsewhere=0, lines=None, asked=True):
        """A card that pays a part of a basket of 34.00, beside others."""
        lines = lines or [{"product_id": self.beer.id, "amount_minor": 3400, "qty": 1}]
        how = {"asked": asked, "also": list(also), "elsewhere_minor": elsewhere}
        self.key = str(uuid.uuid4())
        self.env.flush_all()  # the till's transaction is one of its own
        return self.till_session.tibillet_hold(
            self.credential, self.next_seq(), self.key, uid, lines, amount_minor, how
        )


@tagged("post_install", "-at_install")
class TestRound(RoundCase):
    def test_the_server_says_what_is_missing(self):
        first = self.part(1000, UID)
        self.assertEqual((first["amount_minor"], first["rest_minor"]), (1000, 2400))
        one = self.key
        second = self.part(2400, OTHER_UID, also=[one])
        self.assertEqual((second["amount_minor"], second["rest_minor"]), (1000, 1400))
        two = self.key
        third = self.part(800, THIRD_UID, also=[one, two], elsewhere=600)
        self.assertEqual((third["amount_minor"], third["rest_minor"]), (300, 500))

    def test_a_refusal_says_what_is_missing_of_the_order(self):
        self.part(1000, UID)
        answer = self.part(2400, "04FFFFFFFFFFFF", also=[self.key])
        self.assertEqual((answer["code"], answer["rest_minor"]), ("card_unknown", 2400))
        empty = self.env["tibillet.card"].create(
            {"uid": "04000000000001", "number": "TEST5", "company_id": self.company.id}
        )
        empty.sudo().state = "anonymous"
        answer = self.part(600, "04000000000001")
        self.assertEqual((answer["code"], answer["missing_minor"]), ("insufficient_funds", 600))

    def test_asked_again_with_the_same_key(self):
        self.part(1000, UID)
        one = self.key
        first = self.part(1000, OTHER_UID, also=[one])
        how = {"asked": True, "also": [one], "elsewhere_minor": 0}
        lines = [{"product_id": self.beer.id, "amount_minor": 3400, "qty": 1}]
        again = self.till_session.tibillet_hold(
            self.credential, self.seq, self.key, OTHER_UID, lines, 1000, how
        )
        self.assertEqual(again["amount_minor"], first["amount_minor"])
        self.assertEqual(self.free(self.other_card), 0)

    def test_a_payment_that_is_over_does_not_count(self):
        self.part(1000, UID)
        one = self.key
        self.till_session.tibillet_void(self.credential, self.next_seq(), one)
        answer = self.part(2400, OTHER_UID, also=[one])
        self.assertEqual((answer["code"], answer["rest_minor"]), ("hold_expired", 3400))
        self.assertEqual(self.free(self.other_card), 1000)

    def test_another_tills_payment_is_none(self):
        answer = self.part(2400, OTHER_UID, also=["somebody-elses-key"])
        self.assertEqual(answer["code"], "hold_expired")

    def test_money_for_food_pays_food_once(self):
        """Two vouchers for food, a meal at 10 and a beer at 6: the second buys no beer."""
        food = self.env["product.category"].create({"name": "Food"})
        self.crisps.categ_id = food
        voucher = self.env["tibillet.asset"].create(
            {
                "name": "Repas",
                "code": "repas",
                "kind": "gift",
                "company_id": self.company.id,
                "product_category_ids": food.ids,
            }
        )
        for card in (self.third_card, self.other_card):
            self.load(card, 1000, voucher)
        lines = [
            {"product_id": self.beer.id, "amount_minor": 600, "qty": 1},
            {"product_id": self.crisps.id, "amount_minor": 1000, "qty": 1},
        ]
        first = self.part(1000, THIRD_UID, lines=lines)
        self.assertEqual(
            [(p["asset"], p["amount_minor"]) for p in first["split"]], [("repas", 1000)]
        )
        second = self.part(600, OTHER_UID, also=[self.key], lines=lines)
        self.assertEqual(
            [(p["asset"], p["amount_minor"]) for p in second["split"]], [("jeton", 600)]
        )
        self.assertEqual(self.free(self.other_card, voucher), 1000)

    def test_the_same_round_is_split_alike(self):
        splits = []
        for _again in range(2):
            keys = []
            for amount, uid in ((1000, UID), (700, OTHER_UID), (300, THIRD_UID)):
                answer = self.part(amount, uid, also=keys)
                keys.append(self.key)
                splits.append((len(keys), answer["split"], answer["rest_minor"]))
            acts = [{"seq": self.next_seq(), "key": key} for key in keys]
            self.till_session.tibillet_release(self.credential, acts)
        self.assertEqual(splits[:3], splits[3:])

    def test_giving_up_releases_everything_in_one_request(self):
        keys = []
        for amount, uid in ((1000, UID), (1000, OTHER_UID), (300, THIRD_UID)):
            self.part(amount, uid, also=keys)
            keys.append(self.key)
        acts = [{"seq": self.next_seq(), "key": key} for key in keys]
        answer = self.till_session.tibillet_release(self.credential, acts)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(answer["kept"], [])
        cards = (self.card, self.other_card, self.third_card)
        self.assertEqual([self.free(card) for card in cards], [2000, 1000, 300])
        self.assertEqual({self.operation(key).state for key in keys}, {"voided"})
        self.assertFalse(self.device.gap_ids)

    def test_what_was_paid_is_kept_and_said(self):
        self.sell(6.0)
        paid = self.key
        self.part(1000, OTHER_UID)
        acts = [{"seq": self.next_seq(), "key": key} for key in (paid, self.key)]
        answer = self.till_session.tibillet_release(self.credential, acts)
        self.assertEqual([(k["key"], k["code"]) for k in answer["kept"]], [(paid, "hold_resolved")])
        self.assertEqual(self.free(self.other_card), 1000)
        self.assertEqual(self.free(), 1400)

    def test_giving_up_is_the_devices_own(self):
        self.part(1000, UID)
        key = self.key
        other = self.env["tibillet.device"].create({"name": "x", "config_id": self.config.id})
        code = other.with_user(self.till_manager)._new_code()
        credential = self.till_session.tibillet_pair(code)["credential"]
        self.till_session.tibillet_release(credential, [{"seq": 1, "key": key}])
        self.assertEqual(self.operation(key).state, "pending")

    def test_giving_up_that_cannot_be(self):
        for acts in (None, [None], [{"seq": 1}], [{"seq": 1, "key": "a b"}], [{}] * 101):
            answer = self.till_session.tibillet_release(self.credential, acts)
            self.assertEqual(answer["code"], "invalid", acts)
        for how in (
            "x",
            {"also": "x"},
            {"also": [1]},
            {"elsewhere_minor": "1"},
            {"also": ["k"] * 101},
        ):
            answer = self.till_session.tibillet_hold(
                self.credential, self.seq + 1, "k", UID, [], None, how
            )
            self.assertEqual(answer["code"], "invalid", how)


@tagged("post_install", "-at_install")
class TestStaffCard(RoundCase):
    def setUp(self):
        super().setUp()
        employee = (
            self.env["hr.employee"]
            .sudo()
            .create({"name": "Nolwenn", "company_id": self.company.id})
        )
        self.card.sudo().partner_id = employee.work_contact_id
        self.card.wallet_id.sudo().partner_id = employee.work_contact_id

    def test_never_pays_unless_asked(self):
        answer = self.part(None, UID, asked=False)
        self.assertEqual((answer["code"], answer["why"]), ("not_allowed", "staff_card"))
        self.assertEqual(self.free(), 2000)
        answer = self.part(600, UID, asked=True)
        self.assertEqual(answer["amount_minor"], 600)

    def test_a_visitors_card_and_another_companys_employee(self):
        answer = self.part(600, OTHER_UID, asked=False)
        self.assertTrue(answer["ok"])
        employees = self.env["hr.employee"].sudo().search([("name", "=", "Nolwenn")])
        employees.sudo().company_id = self.other_company
        answer = self.part(600, UID, asked=False)
        self.assertTrue(answer["ok"], answer)

    def test_the_users_own_card(self):
        self.env["hr.employee"].sudo().create(
            {"name": "Erwan", "company_id": self.company.id, "user_id": self.cashier.id}
        )
        self.other_card.wallet_id.sudo().partner_id = self.cashier.partner_id
        answer = self.part(600, OTHER_UID, asked=False)
        self.assertEqual(answer.get("why"), "staff_card", answer)


@tagged("post_install", "-at_install")
class TestLeaving(RoundCase):
    """The browser is closed in the middle: its last word releases everything."""

    def leave(self, acts, device=None, user=None, session=None):
        self.authenticate((user or self.cashier).login, (user or self.cashier).login)
        body = {
            "session": session or self.till_session.id,
            "device": device or self.credential,
            "acts": acts,
        }
        return self.url_open("/tibillet/till/leave", data=json.dumps(body), timeout=30)

    def test_everything_is_released(self):
        self.part(1000, UID)
        one = self.key
        self.part(1000, OTHER_UID, also=[one])
        acts = [{"seq": self.next_seq(), "key": key} for key in (one, self.key)]
        self.assertEqual(self.leave(acts).json()["kept"], [])
        self.assertEqual((self.free(), self.free(self.other_card)), (2000, 1000))

    @mute_logger("odoo.http")  # the refusal is what is looked for
    def test_a_stranger_and_a_made_up_device_release_nothing(self):
        self.part(1000, UID)
        acts = [{"seq": self.next_seq(), "key": self.key}]
        self.assertFalse(self.leave(acts, device="1.made-up").json()["ok"])
        self.assertEqual(self.leave(acts, user=self.stranger).status_code, 403)
        self.assertEqual(self.operation().state, "pending")

    def test_words_that_cannot_be(self):
        self.authenticate(self.cashier.login, self.cashier.login)
        for body in ("", "no json", "[]", '{"session": "x"}', '{"session": 0}', "x" * 40000):
            response = self.url_open("/tibillet/till/leave", data=body or b" ", timeout=30)
            self.assertEqual(response.status_code, 400, body[:20])
