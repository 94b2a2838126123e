from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestEventBudget(TransactionCase):
    """A budget of an event: its name, its days, and who opens it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.concert = cls.env["event.event"].create(
            {
                "name": "Concert",
                "date_tz": "Europe/Paris",
                "date_begin": "2026-11-28 20:00:00",
                "date_end": "2026-11-28 23:30:00",
            }
        )
        cls.accountant, cls.programme = (
            new_test_user(cls.env, login=login, groups=groups)
            for login, groups in (
                ("budget_accountant", "tibillet_wallet.tibillet_wallet_group_accountant"),
                ("budget_programme", "tibillet_event.tibillet_event_group_user"),
            )
        )

    def test_it_takes_the_name_and_the_days_of_its_event(self):
        budget = self.env["tibillet.budget"].create({"event_id": self.concert.id})
        self.assertEqual(budget.name, "Concert")
        # 23:30 by the server is half past midnight in Paris.
        self.assertEqual(
            (budget.date_from, budget.date_to), (date(2026, 11, 28), date(2026, 11, 29))
        )

    def test_what_is_written_stays(self):
        budget = self.env["tibillet.budget"].create(
            {
                "name": "Bar of the concert",
                "event_id": self.concert.id,
                "date_to": "2026-12-05",
                "line_ids": [Command.create({"name": "Bar", "kind": "income", "planned": 900})],
            }
        )
        self.assertEqual((budget.name, budget.planned), ("Bar of the concert", 900))
        self.assertEqual(budget.date_to, date(2026, 12, 5))

    def test_from_the_event_by_who_keeps_the_books(self):
        events = self.concert.with_user(self.accountant)
        groups = "event.group_event_registration_desk"
        self.accountant.write({"group_ids": [Command.link(self.env.ref(groups).id)]})
        action = events.action_tibillet_budget()
        self.assertEqual(action["context"]["default_event_id"], self.concert.id)
        budget = self.env["tibillet.budget"].create({"event_id": self.concert.id})
        self.assertEqual(events.action_tibillet_budget()["res_id"], budget.id)
        with self.assertRaises(AccessError):
            self.concert.with_user(self.programme).action_tibillet_budget()
