from odoo.tests import TransactionCase, new_test_user


class FederationCommon(TransactionCase):
    """One user per role, and one employee without any."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_employee = new_test_user(
            cls.env, login="federation_employee", groups="base.group_user"
        )
        cls.user_user = new_test_user(
            cls.env,
            login="federation_user",
            groups="tibillet_federation.tibillet_federation_group_user",
        )
        cls.user_steward = new_test_user(
            cls.env,
            login="federation_steward",
            groups="tibillet_federation.tibillet_federation_group_steward",
        )
