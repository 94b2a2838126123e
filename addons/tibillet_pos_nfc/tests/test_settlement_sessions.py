from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_deposit_rules import DepositCase


@tagged("post_install", "-at_install")
class TestSettlementSessions(DepositCase):
    """What two places owe each other is not settled while a till may still bring some of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Festival d'à côté", "currency_id": cls.company.currency_id.id}
        )
        cls.env["account.chart.template"].try_loading("generic_coa", cls.other, install_demo=False)
        cls.other.currency_id = cls.company.currency_id  # the generic chart sells in dollars
        cls.settlements = cls.env["tibillet.settlement"]
        cls.env.cr.execute("SELECT tibillet_business_day(%s)", [cls.company.id])
        cls.today = cls.env.cr.fetchone()[0]

    def propose(self):
        pair = self.company | self.other
        until_day, due_date = self.settlements._usual_days(pair)
        return self.settlements._propose(*pair, self.company.currency_id, until_day, due_date)

    def test_an_open_session_of_those_days_is_named(self):
        self.till_session.start_at -= timedelta(days=2)
        with self.assertRaisesRegex(
            UserError, f"Still open: {self.till_session.name} .{self.company.name}"
        ):
            self.propose()

    def test_a_session_that_began_later_is_in_nobodys_way(self):
        with self.assertRaisesRegex(UserError, "owe each other nothing"):
            self.propose()

    def test_a_closed_one_neither(self):
        self.till_session.start_at -= timedelta(days=2)
        pair = self.company | self.other
        yesterday = self.today - timedelta(days=1)
        self.assertEqual(
            self.settlements._open_sessions(pair, yesterday),
            [f"{self.till_session.name} ({self.company.name})"],
        )
        self.till_session.write({"state": "closed"})
        self.assertEqual(self.settlements._open_sessions(pair, yesterday), [])
