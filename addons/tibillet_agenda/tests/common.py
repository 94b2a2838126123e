from odoo.addons.tibillet_wallet.tests.roles import RoleCase


class AgendaCommon(RoleCase):
    """One user per role, and one employee without any."""

    ADDON = "tibillet_agenda"
    ROLES = ("user", "editor")
