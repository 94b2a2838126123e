"""One user per role of an addon, and what its ladder of groups must be."""

from odoo.tests import TransactionCase, new_test_user

# Whose groups a ladder tells: ours, and those of the addons of Odoo that ours stand on.
ROOMS = ("tibillet_", "event.")


class RoleCase(TransactionCase):
    """`user_<role>` for each role of the addon, and `user_employee` without any."""

    ADDON = ""
    ROLES = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = {"employee": "base.group_user", **{role: cls.group(role) for role in cls.ROLES}}
        for role, group in groups.items():
            user = new_test_user(
                cls.env,
                login=f"{cls.ADDON}_{role}",
                groups=group,
                context={"no_reset_password": True},
            )
            setattr(cls, f"user_{role}", user)

    @classmethod
    def group(cls, role):
        return f"{cls.ADDON}.{cls.ADDON}_group_{role}"


class GroupLadder:
    """Mixed into a `RoleCase`: each role implies what the table says, and nothing else.

    `LADDER` names, from the lowest step to the highest, what each role implies; a group of the
    addon's own by its role.
    """

    LADDER = {}

    def _ours(self, groups):
        """External ids of those groups that are ours or of the addons we stand on."""
        names = groups._get_external_ids()
        return {name for ids in names.values() for name in ids if name.startswith(ROOMS)}

    def _group_ids(self, names):
        return {name if "." in name else self.group(name) for name in names}

    def test_the_ladder_has_every_role(self):
        self.assertEqual(set(self.LADDER), set(self.ROLES))

    def test_each_role_implies_what_the_ladder_says_and_nothing_else(self):
        for role, implied in self.LADDER.items():
            with self.subTest(role=role):
                expected = self._group_ids({role, *implied})
                group = self.env.ref(self.group(role))
                self.assertEqual(self._ours(group.all_implied_ids), expected)
                user = getattr(self, f"user_{role}")
                self.assertEqual(self._ours(user.all_group_ids), expected)
                self.assertTrue(user.has_group("base.group_user"))
                self.assertFalse(user.has_group("base.group_system"))
                self.assertFalse(user.has_group("base.group_erp_manager"))

    def test_an_employee_without_a_role_has_none_of_this_room(self):
        names = self._ours(self.user_employee.all_group_ids)
        self.assertFalse({name for name in names if name.startswith(f"{self.ADDON}.")})

    def test_the_administrator_stands_on_the_top_step(self):
        top = list(self.LADDER)[-1]
        self.assertTrue(self.env.ref("base.user_admin").has_group(self.group(top)))

    def test_the_roles_are_offered_as_one_choice_under_tibillet(self):
        privilege = self.env.ref(f"{self.ADDON}.{self.ADDON}_privilege")
        category = self.env.ref("tibillet_wallet.module_category_tibillet")
        self.assertEqual(privilege.category_id, category)
        self.assertEqual(self._ours(privilege.group_ids), self._group_ids(self.ROLES))
