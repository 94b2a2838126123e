from odoo.addons.tibillet_wallet.tests.roles import RoleCase


class EventCommon(RoleCase):
    """One user per role, and one employee without any."""

    ADDON = "tibillet_event"
    ROLES = ("gate", "user", "manager")
