from odoo.tests import tagged

from odoo.addons.tibillet_wallet.tests.roles import GroupLadder

from .common import FederationCommon


@tagged("post_install", "-at_install")
class TestGroups(GroupLadder, FederationCommon):
    LADDER = {
        "user": set(),
        "steward": {
            "user",
            "tibillet_wallet.tibillet_wallet_group_accountant",
            "tibillet_wallet.tibillet_wallet_group_reader",
            "tibillet_wallet.tibillet_wallet_group_user",
        },
    }
