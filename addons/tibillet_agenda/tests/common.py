from odoo.tests import TransactionCase, new_test_user


class AgendaCommon(TransactionCase):
    """One user per role, and one employee without any."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_employee = new_test_user(
            cls.env, login="agenda_employee", groups="base.group_user"
        )
        cls.user_user = new_test_user(
            cls.env, login="agenda_user", groups="tibillet_agenda.tibillet_agenda_group_user"
        )
        cls.user_editor = new_test_user(
            cls.env, login="agenda_editor", groups="tibillet_agenda.tibillet_agenda_group_editor"
        )
