from odoo.addons.tibillet_wallet.tests.roles import RoleCase


class MembershipCommon(RoleCase):
    """One user per role, and one employee without any."""

    ADDON = "tibillet_membership"
    ROLES = ("user", "manager")
