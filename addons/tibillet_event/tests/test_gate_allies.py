"""Tickets of an allied venue at our gate: only where a list names the venue."""

from odoo.tests import tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestGateAllies(GateCase):
    def setUp(self):
        super().setUp()
        other = self.env["res.company"].create({"name": "Le Quai"})
        self.env.user.company_ids |= other
        self.env = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        event = self.env["event.event"].create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "date_begin": self.event.date_begin,
                "date_end": self.event.date_end,
            }
        )
        one = self.env["event.registration"].create({"event_id": event.id, "name": "Gwenn"})
        self.text = one._tibillet_tickets_ensure().tibillet_ticket_text
        number = event._tibillet_place().number
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.company.ids})
        self.list = self.list.with_env(self.env)
        self.ally = self.env["tibillet.gate.ally"].create(
            {"name": "Le Quai", "place_number": number, "company_id": self.company.id}
        )
        self.ally.sudo()._fetch()

    def test_only_where_the_list_names_the_venue(self):
        said = self.scan(self.text)
        self.assertEqual((said["code"], said["name"]), ("signature", ""))  # not ours to tell
        self.list.ally_ids = self.ally
        said = self.scan(self.text)
        self.assertEqual((said["code"], said["name"]), ("entry", "Le Quai"))
        self.assertEqual(self.code(self.text, self.other_phone), "already_used")
        self.assertEqual(self.list._counts()[self.list.id], (1, 1))

    def test_a_phone_has_the_keys_of_the_lists_venues(self):
        self.assertEqual(self.ask("state", {})["config"]["allies"], [])
        self.list.ally_ids = self.ally
        [ally] = self.ask("state", {})["config"]["allies"]
        self.assertEqual(ally["name"], "Le Quai")
        self.assertTrue(ally["keys"])
