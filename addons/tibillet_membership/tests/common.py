from odoo.tests import TransactionCase, new_test_user


class MembershipCommon(TransactionCase):
    """One user per role, and one employee without any."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_employee = new_test_user(
            cls.env, login="membership_employee", groups="base.group_user"
        )
        cls.user_user = new_test_user(
            cls.env,
            login="membership_user",
            groups="tibillet_membership.tibillet_membership_group_user",
        )
        cls.user_manager = new_test_user(
            cls.env,
            login="membership_manager",
            groups="tibillet_membership.tibillet_membership_group_manager",
        )
