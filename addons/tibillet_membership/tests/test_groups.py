from odoo.tests import tagged

from odoo.addons.tibillet_wallet.tests.roles import GroupLadder

from .common import MembershipCommon


@tagged("post_install", "-at_install")
class TestGroups(GroupLadder, MembershipCommon):
    LADDER = {
        "user": {"tibillet_wallet.tibillet_wallet_group_user"},
        "manager": {"user", "tibillet_wallet.tibillet_wallet_group_user"},
    }
