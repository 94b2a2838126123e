from odoo.tests import tagged

from .common import FederationCommon

ROOMS = ("tibillet_", "event.")
LADDER = {
    "user": set(),
    "steward": {
        "tibillet_federation.tibillet_federation_group_user",
        "tibillet_wallet.tibillet_wallet_group_accountant",
        "tibillet_wallet.tibillet_wallet_group_user",
    },
}


@tagged("post_install", "-at_install")
class TestGroups(FederationCommon):
    def _ours(self, groups):
        """External ids of those groups that are ours or of the addons we stand on."""
        names = groups._get_external_ids()
        return {name for ids in names.values() for name in ids if name.startswith(ROOMS)}

    def test_each_role_implies_what_the_ladder_says_and_nothing_else(self):
        for role, expected in LADDER.items():
            with self.subTest(role=role):
                xml_id = f"tibillet_federation.tibillet_federation_group_{role}"
                group = self.env.ref(xml_id)
                self.assertEqual(self._ours(group.all_implied_ids), {xml_id} | expected)
                user = getattr(self, f"user_{role}")
                self.assertEqual(self._ours(user.all_group_ids), {xml_id} | expected)
                self.assertTrue(user.has_group("base.group_user"))
                self.assertFalse(user.has_group("base.group_system"))
                self.assertFalse(user.has_group("base.group_erp_manager"))

    def test_an_employee_without_a_role_has_none_of_this_room(self):
        self.assertFalse(
            {
                n
                for n in self._ours(self.user_employee.all_group_ids)
                if n.startswith("tibillet_federation.")
            }
        )

    def test_the_administrator_stands_on_the_top_step(self):
        admin = self.env.ref("base.user_admin")
        self.assertTrue(admin.has_group("tibillet_federation.tibillet_federation_group_steward"))

    def test_the_roles_are_offered_as_one_choice_under_tibillet(self):
        privilege = self.env.ref("tibillet_federation.tibillet_federation_privilege")
        self.assertEqual(
            privilege.category_id, self.env.ref("tibillet_wallet.module_category_tibillet")
        )
        self.assertEqual(
            self._ours(privilege.group_ids),
            {f"tibillet_federation.tibillet_federation_group_{role}" for role in LADDER},
        )
