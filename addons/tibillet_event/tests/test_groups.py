from odoo.tests import tagged

from odoo.addons.tibillet_wallet.tests.roles import GroupLadder

from .common import EventCommon


@tagged("post_install", "-at_install")
class TestGroups(GroupLadder, EventCommon):
    LADDER = {
        "gate": {"event.group_event_registration_desk"},
        "user": {"gate", "event.group_event_registration_desk", "event.group_event_user"},
        "manager": {
            "gate",
            "user",
            "event.group_event_registration_desk",
            "event.group_event_user",
            "event.group_event_manager",
        },
    }
