from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.tibillet_wallet.exceptions import LedgerError
from odoo.addons.tibillet_wallet.ledger_roles import ACTS, TABLE

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTillRoles(TillCase):
    """The till's column of the table of roles, by the users who stand at tills."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())
        self.by_role = {
            "cashier": self.cashier,
            "till_manager": self.till_manager,
            "accountant": self.accountant,
            "employee": self.stranger,
            "public": self.env.ref("base.public_user"),
        }

    def test_the_table_role_by_role(self):
        for code, rows in {**TABLE, **ACTS}.items():
            for role, user in self.by_role.items():
                with self.subTest(code=code, role=role):
                    ledger = self.ledger.with_user(user)
                    if role in rows["till"].roles:
                        ledger._authorize(code, "till")
                        continue
                    with self.assertRaises(LedgerError) as refused:
                        ledger._authorize(code, "till")
                    self.assertEqual(refused.exception.code, "not_allowed")

    def test_a_till_role_moves_nothing_in_the_backend(self):
        for code, rows in {**TABLE, **ACTS}.items():
            for role in ("cashier", "till_manager"):
                self.assertNotIn(role, rows["backend"].roles | rows["backend"].where_asset_says)
                with self.assertRaises(LedgerError):
                    self.ledger.with_user(self.by_role[role])._authorize(code)

    def test_the_sentence_names_the_tills_roles(self):
        with self.assertRaises(LedgerError) as refused:
            self.ledger.with_user(self.stranger)._authorize("sale", "till")
        self.assertIn("cashier, till manager", str(refused.exception))

    def test_a_tap_by_each_role(self):
        """The button itself: who may gets a hold, who may not gets none."""
        for role, user in self.by_role.items():
            with self.subTest(role):
                till, free = self.till_session, self.free()
                self.till_session = till.with_user(user)
                try:
                    if role in TABLE["sale"]["till"].roles:
                        self.assertTrue(self.tap(1.0)["ok"])
                        self.assertEqual(self.free(), free - 100)
                    else:
                        with self.assertRaises(AccessError):
                            self.tap(1.0)
                        self.assertEqual(self.free(), free)
                finally:
                    self.till_session = till
