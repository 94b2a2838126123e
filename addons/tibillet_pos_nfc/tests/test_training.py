from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTraining(TillCase):
    """A practised sale leaves no trace: a manager puts a till into training, nobody else."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def begin(self, user, **by):
        session = self.till_session.with_user(user)
        return session.tibillet_training({"device": self.credential, **by})

    def notes(self):
        return self.till_session.sudo().message_ids.filtered(lambda note: "Training" in note.body)

    def assertAllowed(self, answer, person):
        self.assertTrue(answer["ok"], answer)
        self.assertIn(person, self.notes()[0].body)

    def assertRefused(self, answer):
        self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"), answer)
        self.assertIn("manager", answer["message"])
        self.assertFalse(self.notes())

    def test_a_manager_may(self):
        self.assertAllowed(self.begin(self.till_manager), self.till_manager.name)

    def test_a_cashier_may_not(self):
        self.assertRefused(self.begin(self.cashier))
        with self.assertRaises(AccessError):
            self.begin(self.stranger)

    def test_the_employee_at_the_till_has_to_be_one_too(self):
        """The manager is signed in, who stands there is somebody else."""
        ana, luc, kim = (
            self.env["hr.employee"]
            .sudo()
            .create(
                [{"name": name, "company_id": self.company.id} for name in ("Ana", "Luc", "Kim")]
            )
        )
        self.config.sudo().write(
            {
                "module_pos_hr": True,
                "basic_employee_ids": [Command.set(luc.ids)],
                "advanced_employee_ids": [Command.set(ana.ids)],
                "minimal_employee_ids": [Command.set(kim.ids)],
            }
        )
        self.assertRefused(self.begin(self.till_manager, employee_id=luc.id))
        answer = self.begin(self.till_manager, employee_id=kim.id)
        self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"), answer)
        self.assertRefused(self.begin(self.cashier, employee_id=ana.id))
        self.assertAllowed(self.begin(self.till_manager, employee_id=ana.id), "Ana")
