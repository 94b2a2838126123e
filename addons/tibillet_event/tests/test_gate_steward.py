"""The steward's page: figures, phones, refusals; the same number of queries for many gates."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestGateSteward(GateCase):
    def live(self):
        return self.env["tibillet.gate.list"].tibillet_steward([self.list.id])["lists"][0]

    def test_figures(self):
        first, second = self.ticket(), self.ticket()
        self.scan(first)
        self.scan(first, self.other_phone)
        self.scan(second, self.other_phone)
        self.ask("state", {"queue": 4, "battery": 0.15})
        shown = self.live()
        self.assertEqual((shown["entries"], shown["expected"]), (2, 2))
        gates = [(gate["name"], gate["entries"], sum(gate["minutes"])) for gate in shown["gates"]]
        self.assertEqual(gates, [("North", 1, 1), ("South", 1, 1)])
        anna = next(phone for phone in shown["phones"] if phone["name"] == "Anna")
        self.assertEqual((anna["waiting"], anna["battery"], anna["look"]), (4, 15, False))
        [refusal] = shown["refusals"]
        self.assertEqual((refusal["reason"], refusal["phone"]), ("Already used", "Yann"))

    def test_a_silent_phone_stands_first(self):
        self.env.cr.execute(
            "UPDATE tibillet_gate_device SET seen_at = seen_at - interval '5 minutes'"
            " WHERE name = 'Yann'"
        )
        self.env.invalidate_all()
        self.assertEqual([phone["name"] for phone in self.live()["phones"]], ["Yann", "Anna"])
        self.assertTrue(self.live()["phones"][0]["look"])

    def test_the_same_queries_for_many(self):
        def cost(lists):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["tibillet.gate.list"].tibillet_steward(lists.ids)
            return self.env.cr.sql_log_count - before

        few = self.list
        many = few
        for number in range(8):
            one = few.copy({"name": f"List {number}", "event_ids": [(6, 0, self.event.ids)]})
            gate = self.env["tibillet.gate"].create({"name": "Door", "list_id": one.id})
            self.pair(gate, f"Volunteer {number}")
            many |= one
        cost(few)
        self.assertEqual(cost(many), cost(few))

    def test_of_ones_own_company(self):
        other = self.env["res.company"].create({"name": "Le Quai"})
        stranger = new_test_user(
            self.env,
            "gate_stranger",
            groups="tibillet_event.tibillet_event_group_gate",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        lists = self.env["tibillet.gate.list"].with_user(stranger)
        lists = lists.with_context(allowed_company_ids=other.ids)
        self.assertEqual(lists.tibillet_steward([self.list.id])["lists"], [])
        nobody = new_test_user(
            self.env,
            "gate_nobody",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["tibillet.gate.list"].with_user(nobody).tibillet_steward()
