from odoo.addons.tibillet_wallet.tests.roles import RoleCase


class FederationCommon(RoleCase):
    """One user per role, and one employee without any."""

    ADDON = "tibillet_federation"
    ROLES = ("user", "steward")
