"""Every door of the till, called by who has no business there."""

import inspect

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .cardpage_common import CardActs
from .common import UID
from .test_cash_drawer import DrawerCase

#: What stands for an argument of this name; anything else is None.
ASKED = {
    "uid": UID,
    "seq": 90,
    "key": "hostile-key",
    "keys": ["hostile-key"],
    "acts": [{"seq": 91, "key": "hostile-key"}],
    "lines": [],
    "act": "gift",
    "values": {},
    "coins": {"100": 1},
    "amount": 5,
    "bag": "1",
    "person": "Ana",
    "witness": "Luc",
    "order_uuid": "x",
}


@tagged("post_install", "-at_install")
class TestHostileRpc(CardActs, DrawerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("tibillet_pos_nfc.simulated_reader", "test")
        cls.portal = new_test_user(cls.env, login="hostile_portal", groups="base.group_portal")
        cls.elsewhere = new_test_user(
            cls.env,
            login="hostile_elsewhere",
            groups="point_of_sale.group_pos_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )

    def doors(self, session):
        """Name → call with arguments that a till would send."""
        for name in dir(type(session)):
            method = getattr(type(session), name)
            if not name.startswith("tibillet_") or not inspect.isfunction(method):
                continue
            names = list(inspect.signature(method).parameters)[1:]
            args = [self.credential if one == "device" else ASKED.get(one) for one in names]
            yield name, lambda name=name, args=args: getattr(session, name)(*args)

    def traces(self):
        return {
            model: self.env[model].sudo().search_count([])
            for model in (
                "tibillet.operation",
                "tibillet.device.act",
                "tibillet.topup",
                "tibillet.payback",
                "tibillet.cash.drop",
                "tibillet.cash.shift",
                "tibillet.drawer.opening",
                "pos.order",
                "tibillet.device",
            )
        }

    def test_nobody_else_gets_in(self):
        before = self.traces()
        for user in (self.portal, self.stranger, self.accountant, self.elsewhere):
            doors = list(self.doors(self.till_session.with_user(user)))
            self.assertGreater(len(doors), 12)
            for name, call in doors:
                with self.subTest(door=name, user=user.login), self.assertRaises(AccessError):
                    with self.env.cr.savepoint():
                        call()
        self.assertEqual(self.traces(), before)

    def test_not_by_a_session_that_is_closed(self):
        self.count("150")
        self.close(150)
        before = self.traces()
        for name, call in self.doors(self.till_session):
            if name == "tibillet_demo_cards":  # reads only, in a demonstration only
                continue
            with self.subTest(door=name):
                answer = call()
                self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"))
        self.assertEqual(self.traces(), before)

    def test_not_with_another_tills_device(self):
        """The session is mine, the credential was taken off another till."""
        mine, taken = self.till_session, self.credential
        other = self.config.copy({"name": "Other bar"})
        other.with_user(self.till_manager).open_ui()
        session = other.current_session_id.with_user(self.till_manager)
        session.set_opening_control(0, "")
        before = self.traces()
        for name, call in self.doors(session):
            method = getattr(type(session), name)
            if "device" not in inspect.signature(method).parameters:
                continue
            with self.subTest(door=name):
                answer = call()
                self.assertEqual((answer["ok"], answer.get("unpaired")), (False, True), answer)
        self.assertEqual(self.traces(), before)
        self.assertTrue(mine.tibillet_lookup(taken, UID)["ok"])

    def test_a_stolen_device_is_refused_from_the_moment_it_is_revoked(self):
        self.device.with_user(self.till_manager).action_revoke()
        before = self.traces()
        for name, call in self.doors(self.till_session):
            if "device" in inspect.signature(getattr(type(self.till_session), name)).parameters:
                with self.subTest(door=name):
                    self.assertTrue(call().get("unpaired"))
        self.assertEqual(self.traces(), before)

    def test_rubbish_gets_a_sentence(self):
        rubbish = (None, "", "x" * 5000, -1, 2**70, True, 1.5, [], {}, [{}], [[]], "\x00", "'; --")
        for name in dir(type(self.till_session)):
            method = getattr(type(self.till_session), name)
            if not name.startswith("tibillet_") or not inspect.isfunction(method):
                continue
            names = list(inspect.signature(method).parameters)[1:]
            if name == "tibillet_demo_cards":
                continue
            for at, bad in ((at, bad) for at in range(len(names)) for bad in rubbish):
                args = [self.credential if one == "device" else ASKED.get(one) for one in names]
                args[at] = bad
                with self.subTest(door=name, argument=names[at], bad=str(bad)[:10]):
                    self.env.cr.execute("DELETE FROM tibillet_rate_hit")
                    answer = getattr(self.till_session, name)(*args)
                    self.assertIn("ok", answer)
                    self.assertTrue(answer["ok"] or answer["message"])

    def test_codes_are_not_guessed(self):
        session = self.till_session
        codes = [session.tibillet_pair("AAAAAAAAAA")["code"] for _try in range(40)]
        self.assertIn("rate_limited", codes)
