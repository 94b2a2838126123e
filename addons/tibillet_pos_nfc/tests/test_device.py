from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestDevice(TillCase):
    """A till is paired once by a manager, proves itself at each act, and numbers its acts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.device = cls.env["tibillet.device"].create(
            {"name": "Bar left", "config_id": cls.config.id}
        )

    def setUp(self):
        super().setUp()
        self.till_session = self.open_session()

    def code(self):
        return self.device.with_user(self.till_manager)._new_code()

    def test_code_pairs_once(self):
        code = self.code()
        answer = self.till_session.tibillet_pair(f"{code[:5].lower()}-{code[5:]}")
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.device.state, "paired")
        again = self.till_session.tibillet_pair(code)
        self.assertEqual((again["ok"], again["code"]), (False, "not_allowed"))

    def test_code_expires(self):
        code = self.code()
        self.device.sudo().code_expires_at = "2020-01-01 00:00:00"
        self.assertFalse(self.till_session.tibillet_pair(code)["ok"])

    def test_code_of_another_till(self):
        other = self.env["pos.config"].create(
            {"name": "Elsewhere", "payment_method_ids": [(6, 0, self.bank.ids)]}
        )
        device = self.env["tibillet.device"].create({"name": "x", "config_id": other.id})
        self.assertFalse(self.till_session.tibillet_pair(device._new_code())["ok"])

    def test_cashier_does_not_pair_without_code(self):
        self.assertEqual(self.till_session.tibillet_pair()["code"], "not_allowed")
        with self.assertRaises(AccessError):
            self.device.with_user(self.cashier)._new_code()

    def test_manager_pairs_on_the_spot(self):
        answer = self.till_session.with_user(self.till_manager).tibillet_pair()
        self.assertTrue(answer["ok"], answer)
        self.assertNotEqual(answer["device"]["id"], self.device.id)

    def test_secret_is_stored_hashed_and_hidden(self):
        _device, credential = self.pair(self.till_session)
        secret = credential.split(".", 1)[1]
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(d)::text FROM tibillet_device d")
        stored = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertNotIn(secret, stored)
        for user in (self.cashier, self.till_manager):
            with self.assertRaises(AccessError):
                self.device.with_user(user).read(["secret_hash"])

    def test_credential_is_asked(self):
        self.pair(self.till_session)
        for wrong in ("", None, "1", "1.", f"{self.device.id}.wrong", "é.x", [1], {"id": 1}):
            answer = self.till_session.tibillet_lookup(wrong, "04A1B2C3D4E5F6")
            self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"), wrong)
        self.assertTrue(self.till_session.tibillet_lookup(self.credential, "04A1B2C3D4E5F6")["ok"])

    def test_revoked_is_refused_at_once(self):
        device, _credential = self.pair(self.till_session)
        device.with_user(self.till_manager).action_revoke()
        answer = self.tap()
        self.assertEqual((answer["code"], answer["unpaired"]), ("not_allowed", True))
        self.assertFalse(self.operation())

    def test_pairing_again_forgets_the_old_secret(self):
        device, former = self.pair(self.till_session)
        answer = self.till_session.tibillet_pair(device.with_user(self.till_manager)._new_code())
        self.assertEqual(self.till_session.tibillet_lookup(former, "04A1B2C3D4E5F6")["ok"], False)
        self.assertTrue(
            self.till_session.tibillet_lookup(answer["credential"], "04A1B2C3D4E5F6")["ok"]
        )

    def test_acts_are_numbered_and_gaps_are_seen(self):
        device, _credential = self.pair(self.till_session)
        self.tap(seq=1)
        self.tap(1.0, seq=4)
        self.env.invalidate_all()
        gaps = device.with_user(self.till_manager).gap_ids
        self.assertEqual([(gap.first_seq, gap.last_seq) for gap in gaps], [(2, 3)])
        self.assertEqual(device.last_seq, 4)
        self.tap(1.0, seq=2)
        self.tap(1.0, seq=3)
        self.env.invalidate_all()
        self.assertFalse(device.with_user(self.till_manager).gap_ids)

    def test_a_number_belongs_to_one_act(self):
        self.pair(self.till_session)
        self.tap(seq=1)
        free = self.free()
        answer = self.tap(seq=1)
        self.assertEqual(answer["code"], "key_conflict")
        self.assertEqual(self.free(), free)

    def test_impossible_numbers(self):
        self.pair(self.till_session)
        for seq in (0, -1, 2**31, True, "1", None, 1.5):
            answer = self.till_session.tibillet_void(self.credential, seq, "a-key")
            self.assertEqual(answer["code"], "invalid", seq)

    def test_refused_tap_keeps_its_number(self):
        device, _credential = self.pair(self.till_session)
        self.assertFalse(self.tap(uid="04FFFFFFFFFFFF")["ok"])
        self.env.invalidate_all()
        self.assertEqual(device.last_seq, 1)

    def acts(self, card="04FFFFFFFFFFFF"):
        """One act of each kind, with a key of its own, to do under a number."""
        session, credential = self.till_session, self.credential
        return [
            lambda seq: self.tap(seq=seq, key="hold-key", uid=card),
            lambda seq: session.tibillet_void(credential, seq, "void-key"),
            lambda seq: session.tibillet_card_act(credential, seq, "card-key", card, "gift", {}),
            lambda seq: session.tibillet_undo(credential, seq, "undo-key", "no such sale"),
            lambda seq: session.tibillet_loss(credential, seq, "loss-key", 0, 1, 1),
        ]

    def test_a_number_that_was_not_written_is_told(self):
        """Refused before it was: the till uses it again, and nothing looks lost."""
        device, _credential = self.pair(self.till_session)
        self.tap(1.0, seq=1)
        session_sudo = self.till_session.sudo()
        session_sudo.state = "closing_control"
        for act in self.acts():
            answer = act(2)
            self.assertEqual((answer["code"], answer["unnumbered"]), ("not_allowed", True))
        session_sudo.state = "opened"
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("tibillet_pos_nfc.acts_per_minute", 1)
        for act in self.acts():
            answer = act(2)
            self.assertEqual((answer["code"], answer["unnumbered"]), ("rate_limited", True))
        parameters.set_param("tibillet_pos_nfc.acts_per_minute", 240)
        self.env.flush_all()  # the tap reads it in a transaction of its own
        answer = self.tap(1.0, seq=2)
        self.assertTrue(answer["ok"], answer)
        self.env.invalidate_all()
        self.assertEqual((device.last_seq, device.gap_ids.ids), (2, []))

    def test_a_refusal_that_was_written_keeps_its_number(self):
        device, _credential = self.pair(self.till_session)
        for seq, act in enumerate(self.acts(), 1):
            answer = act(seq)
            self.assertFalse(answer.get("unnumbered"), answer)
        self.env.invalidate_all()
        self.assertEqual((device.last_seq, device.gap_ids.ids), (5, []))
        conflict = self.tap(seq=1)
        self.assertEqual((conflict["code"], conflict.get("unnumbered")), ("key_conflict", None))

    def test_a_number_that_nobody_uses_is_told_as_given_up(self):
        device, _credential = self.pair(self.till_session)
        self.tap(1.0, seq=1)
        self.tap(1.0, seq=3)
        told = self.till_session.tibillet_release(self.credential, [{"seq": 2, "key": "unused"}])
        self.assertEqual((told["ok"], told["kept"]), (True, []))
        self.env.invalidate_all()
        self.assertFalse(device.gap_ids)
        late = self.tap(1.0, seq=2, key="unused")
        self.assertEqual(late["code"], "key_conflict", "the question that was still on its way")

    def test_rate_limit(self):
        self.pair(self.till_session)
        self.env["ir.config_parameter"].set_param("tibillet_pos_nfc.lookups_per_minute", 3)
        codes = [
            self.till_session.tibillet_lookup(self.credential, "04FFFFFFFFFF01")["code"]
            for _tap in range(5)
        ]
        self.assertEqual(codes, ["card_unknown"] * 3 + ["rate_limited"] * 2)

    def test_stranger_and_closed_till(self):
        self.pair(self.till_session)
        with self.assertRaises(AccessError):
            self.till_session.with_user(self.stranger).tibillet_lookup(self.credential, "04")
        self.till_session.sudo().state = "closing_control"
        self.assertEqual(self.tap()["code"], "not_allowed")

    def test_journal_is_read_only(self):
        self.pair(self.till_session)
        self.tap()
        act = self.env["tibillet.device.act"].search([("device_id", "=", self.device.id)])
        for call in (lambda: act.write({"seq": 9}), act.unlink, lambda: act.create([{}])):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(UserError):
            self.device.with_user(self.till_manager).unlink()

    def test_rights(self):
        devices = self.env["tibillet.device"]
        self.assertTrue(devices.with_user(self.cashier).has_access("read"))
        self.assertFalse(devices.with_user(self.cashier).has_access("write"))
        self.assertTrue(devices.with_user(self.till_manager).has_access("create"))
        self.assertFalse(devices.with_user(self.stranger).has_access("read"))
        acts = self.env["tibillet.device.act"]
        self.assertFalse(acts.with_user(self.cashier).has_access("read"))
        self.assertTrue(acts.with_user(self.till_manager).has_access("read"))
        self.assertTrue(acts.with_user(self.accountant).has_access("read"))
        self.assertFalse(acts.with_user(self.accountant).has_access("write"))

    def test_other_company_sees_nothing(self):
        self.till_manager.write(
            {"company_ids": [(4, self.other_company.id)], "company_id": self.other_company.id}
        )
        self.assertFalse(
            self.env["tibillet.device"]
            .with_user(self.till_manager)
            .with_context(allowed_company_ids=self.other_company.ids)
            .search([("id", "=", self.device.id)])
        )

    def test_wallet_method_is_what_it_must_be(self):
        self.assertEqual(self.method.type, "pay_later")
        self.assertFalse(self.method.hide_use_payment_terminal)
        self.assertEqual(
            self.method.receivable_account_id, self.company.tibillet_clearing_account_id
        )
        for wrong in (
            {"journal_id": self.bank.journal_id.id},
            {"split_transactions": True},
            {"receivable_account_id": False},
        ):
            self.till_session.sudo().state = "closed"
            with self.assertRaises(ValidationError):
                self.method.write(wrong)
                self.env.flush_all()
            self.till_session.sudo().state = "opened"

    def test_a_paired_till_stays_where_it_is(self):
        other = self.config.copy({"name": "Elsewhere"})
        device, _credential = self.pair(self.till_session)
        with self.assertRaises(UserError):
            device.with_user(self.till_manager).config_id = other

    def test_demo_cards_only_in_demonstrations(self):
        with self.assertRaises(AccessError):
            self.till_session.tibillet_demo_cards()
        self.env["ir.config_parameter"].set_param("tibillet_pos_nfc.simulated_reader", "test")
        self.assertIn("04A1B2C3D4E5F6", [c["uid"] for c in self.till_session.tibillet_demo_cards()])
