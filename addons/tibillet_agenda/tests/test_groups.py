from odoo.tests import tagged

from odoo.addons.tibillet_wallet.tests.roles import GroupLadder

from .common import AgendaCommon


@tagged("post_install", "-at_install")
class TestGroups(GroupLadder, AgendaCommon):
    LADDER = {
        "user": set(),
        "editor": {
            "user",
            "tibillet_event.tibillet_event_group_gate",
            "tibillet_event.tibillet_event_group_user",
            "event.group_event_registration_desk",
            "event.group_event_user",
        },
    }
