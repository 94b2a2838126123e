from odoo.fields import Command
from odoo.tests import tagged

from .test_cash_drawer import DrawerCase


@tagged("post_install", "-at_install")
class TestCashDevice(DrawerCase):
    """Which paired device an act at the drawer came from, and who may not touch the drawer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ana, cls.luc, cls.kim = (
            cls.env["hr.employee"]
            .sudo()
            .create(
                [{"name": name, "company_id": cls.company.id} for name in ("Ana", "Luc", "Kim")]
            )
        )
        cls.config.write(
            {
                "module_pos_hr": True,
                "basic_employee_ids": [Command.set(cls.ana.ids)],
                "minimal_employee_ids": [Command.set(cls.kim.ids)],
                "advanced_employee_ids": [Command.set(cls.luc.ids)],
            }
        )

    def by(self, employee=None, credential=None):
        return {
            "device": self.credential if credential is None else credential,
            "employee_id": employee.id if employee else False,
        }

    def drop_by(self, by, bag="0417", key="drop-1"):
        return self.till_session.tibillet_cash_drop(key, 50, bag, "Ana", "Luc", by=by)

    @property
    def bags(self):
        return self.env["tibillet.cash.drop"].search([("session_id", "=", self.till_session.id)])

    # -- which device ------------------------------------------------------------------------

    def test_each_act_names_its_device(self):
        by = self.by(self.ana)
        self.assertTrue(self.drop_by(by)["ok"])
        self.till_session.tibillet_drawer_opened("sale", by=by)
        answer = self.till_session.tibillet_cash_count("count-1", {}, 100, by=by)
        self.assertTrue(answer["ok"], answer)
        answer = self.till_session.tibillet_cash_accept(None, self.luc.id, "", by=by)
        self.assertTrue(answer["ok"], answer)
        self.env.invalidate_all()
        first, second = self.shifts
        self.assertEqual(first.counted_device_id, self.device)
        self.assertEqual(second.device_id, self.device)
        self.assertEqual(self.bags.device_id, self.device)
        openings = self.env["tibillet.drawer.opening"].search(
            [("session_id", "=", self.till_session.id)]
        )
        self.assertEqual(openings.device_id, self.device)
        content = self.close(100).content
        self.assertEqual(content["shifts"][0]["device"], self.device.name)
        self.assertEqual(content["bags"][0]["device"], self.device.name)

    def test_a_credential_that_proves_nothing_names_nobody(self):
        other = self.config.copy({"name": "Other bar"})
        elsewhere = self.env["tibillet.device"].create({"name": "X", "config_id": other.id})
        for number, credential in enumerate(
            ("", "wrong", f"{self.device.id}.wrong", elsewhere.sudo()._give_credential())
        ):
            answer = self.drop_by(self.by(self.ana, credential), f"bag-{number}", f"k-{number}")
            self.assertTrue(answer["ok"], answer)
        self.assertEqual(len(self.bags), 4)
        self.assertFalse(self.bags.device_id)

    def test_a_revoked_tablet_still_counts_its_drawer(self):
        self.device.with_user(self.till_manager).action_revoke()
        answer = self.till_session.tibillet_cash_count("count-1", {}, 150, by=self.by(self.ana))
        self.assertTrue(answer["ok"], answer)
        self.env.invalidate_all()
        self.assertFalse(self.shifts[0].counted_device_id)

    # -- minimal rights ----------------------------------------------------------------------

    def test_minimal_rights_end_at_the_drawer(self):
        by = self.by(self.kim)
        session = self.till_session
        for answer in (
            session.tibillet_cash(by=by),
            session.tibillet_cash_count("count-1", {}, 150, by=by),
            session.tibillet_cash_accept("Kim", by=by),
            self.drop_by(by),
        ):
            self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"), answer)
            self.assertIn("Kim", answer["message"])
        self.env.invalidate_all()
        self.assertEqual(self.shifts.mapped("state"), ["open"])
        self.assertFalse(self.bags)
        self.assertTrue(session.tibillet_drawer_opened("other", by=by)["ok"], "it is open: noted")

    def test_a_drawer_is_not_handed_to_minimal_rights(self):
        self.till_session.tibillet_cash_count("count-1", {}, 150, by=self.by(self.ana))
        answer = self.till_session.tibillet_cash_accept(None, self.kim.id, "", by=self.by(self.ana))
        self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"))
        self.env.invalidate_all()
        self.assertFalse(self.shifts[-1].person)

    def test_minimal_rights_do_not_close(self):
        self.till_session.tibillet_cash_count("count-1", {}, 150, by=self.by(self.ana))
        self.env.invalidate_all()
        self.till_session.sudo().employee_id = self.kim  # as Odoo's till writes it at the log-in
        self.assertTrue(self.till_session.post_closing_cash_details(150)["successful"])
        result = self.till_session.close_session_from_ui()
        self.assertFalse(result["successful"])
        self.assertIn("Kim", result["message"])
        self.assertEqual(self.till_session.state, "opened")
        # a colleague at another tablet says who closes, and does
        self.assertTrue(self.till_session.tibillet_cash(by=self.by(self.luc))["ok"])
        self.assertTrue(self.till_session.close_session_from_ui()["successful"])

    def test_an_unknown_employee_is_nobody(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        stranger = self.env["hr.employee"].sudo().create({"name": "Eve", "company_id": other.id})
        for employee_id in (stranger.id, True, "1", -1, 2**70):
            by = {"device": self.credential, "employee_id": employee_id}
            answer = self.till_session.tibillet_cash_count("count-1", {}, 150, by=by)
            self.assertEqual((answer["ok"], answer["code"]), (False, "invalid"))

    def test_who_is_of_the_managers_group_is_no_minimal(self):
        self.kim.user_id = self.till_manager
        answer = self.till_session.tibillet_cash_count("count-1", {}, 150, by=self.by(self.kim))
        self.assertTrue(answer["ok"], answer)
