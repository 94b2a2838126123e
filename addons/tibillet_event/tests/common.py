from odoo.tests import TransactionCase, new_test_user


class EventCommon(TransactionCase):
    """One user per role, and one employee without any."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_employee = new_test_user(cls.env, login="event_employee", groups="base.group_user")
        cls.user_gate = new_test_user(
            cls.env, login="event_gate", groups="tibillet_event.tibillet_event_group_gate"
        )
        cls.user_user = new_test_user(
            cls.env, login="event_user", groups="tibillet_event.tibillet_event_group_user"
        )
        cls.user_manager = new_test_user(
            cls.env, login="event_manager", groups="tibillet_event.tibillet_event_group_manager"
        )
