"""The outside accountant reads budgets, backing and what providers took, and writes none of it."""

from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..exceptions import LedgerError
from .books_common import DAY
from .test_exports_books import AuditorCase


@tagged("post_install", "-at_install")
class TestTreasuryReader(AuditorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bar.tibillet_second_factor = False
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.bar.id), ("type", "=", "bank")], limit=1
        )
        cls.budget = cls.env["tibillet.budget"].create(
            {
                "name": "Fest-noz",
                "company_id": cls.bar.id,
                "date_from": DAY,
                "date_to": DAY,
                "line_ids": [
                    Command.create(
                        {"name": "Bar", "kind": "income", "codes": "707", "planned": 100}
                    )
                ],
            }
        )
        cls.page = cls.env["tibillet.backing"]._ensure(cls.bar)

    def setUp(self):
        super().setUp()
        common = {
            "company_id": self.bar.id,
            "date": DAY,
            "journal": str(self.bank.id),
            "reason": "Contested",
        }
        desk = self.env(user=self.accountant_bar.id)
        desk["tibillet.provider.fee"].create(
            {**common, "provider_ref": "INV-1", "fee": 1.2}
        ).action_note()
        topup = self.topup(2000, means="bank_card", card_id=self.card.id)
        desk["tibillet.act.chargeback"].create(
            {
                **common,
                "date": DAY + timedelta(days=1),
                "operation_id": topup.id,
                "asset_id": self.token.id,
                "amount": 5.0,
                "provider_ref": "dp_1",
            }
        ).action_confirm()
        self.charges = self.env["tibillet.provider.charge"].search(
            [("company_id", "=", self.bar.id)]
        )
        self.contested = self.charges.filtered(lambda charge: charge.kind == "chargeback")
        self.assertEqual((len(self.charges), len(self.contested)), (2, 1))

    def test_he_reads_them(self):
        mine = self.env(user=self.auditor.id)
        self.assertEqual(mine["tibillet.budget"].search([]), self.budget)
        self.assertEqual(mine["tibillet.budget.line"].search([]).planned, 100)
        self.assertEqual(mine["tibillet.backing"].search([]), self.page)
        self.assertEqual(mine["tibillet.backing.bank"].search([]), self.page.bank_ids)
        self.assertEqual(mine["tibillet.backing"].action_open()["res_id"], self.page.id)
        charges = mine["tibillet.provider.charge"].search([])
        self.assertEqual(charges, self.charges)
        self.assertEqual(sorted(charges.mapped("amount")), [0, 5.0])

    def test_his_screens_ask_for_nothing_more(self):
        """Every page opens, each column is read, and no button of an act is on it."""
        for records in (self.budget, self.page, self.charges):
            mine = records.with_user(self.auditor)
            for kind in ("list", "form"):
                view = mine.get_view(view_type=kind)
                for button in ("action_won", "Note a chargeback", "Note a fee"):
                    self.assertNotIn(button, view["arch"])
                names = {
                    node.get("name")
                    for node in etree.fromstring(view["arch"]).iter("field")
                    if not any(parent.tag == "field" for parent in node.iterancestors())
                }
                self.assertEqual(len(mine.web_read({name: {} for name in names})), len(mine))
        shown = self.charges.with_user(self.accountant_bar).get_view(view_type="form")["arch"]
        self.assertIn("action_won", shown)

    def test_he_writes_nothing(self):
        budget, page, charges, contested = (
            records.with_user(self.auditor)
            for records in (self.budget, self.page, self.charges, self.contested)
        )
        mine = self.env(user=self.auditor.id)
        acts = (
            lambda: budget.write({"name": "x"}),
            lambda: budget.line_ids.write({"planned": 1}),
            budget.line_ids.unlink,
            budget.unlink,
            budget.copy,
            lambda: page.bank_ids.write({"backs": True}),
            lambda: page.write({"told_state": "short"}),
            page.unlink,
            lambda: charges.write({"reason": "x"}),
            charges.unlink,
            lambda: mine["tibillet.provider.fee"].create({"provider_ref": "INV-2"}),
            lambda: mine["tibillet.act.chargeback"].create({"provider_ref": "dp_2"}),
        )
        for number, act in enumerate(acts):
            with self.subTest(number), self.assertRaises(AccessError):
                act()
        with self.assertRaises(LedgerError):
            contested.action_won()
        self.assertEqual((self.contested.state, len(self.charges.exists())), ("noted", 2))

    def test_another_company_is_not_his(self):
        others = self.env["tibillet.backing"]._ensure(self.coop)
        mine = self.env(user=self.auditor.id)
        self.assertNotIn(others, mine["tibillet.backing"].search([]))
        with self.assertRaises(AccessError):
            others.with_user(self.auditor).read(["state"])
