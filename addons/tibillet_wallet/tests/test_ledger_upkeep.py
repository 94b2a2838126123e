import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestLedgerUpkeep(WalletCase):
    def test_health_tells_holds(self):
        self.load(1000)
        health = self.env["tibillet.health"]
        live = health._part_holds()["live"]
        self.spend(100, hold_until=self.in_minutes(5))
        part = health._report()["parts"]["holds"]
        self.assertEqual((part["ok"], part["live"], part["run_out"]), (True, live + 1, 0))
        self.assertTrue(part["oldest"].endswith("Z"))
        self.wait(6)
        self.assertEqual(health._part_holds()["run_out"], 1)
        self.assertNotIn("warning", health._part_holds())
        self.wait(20)
        self.assertIn("sweep", health._part_holds()["warning"])
        self.ledger._release_batch(self.env)
        self.assertEqual(health._part_holds()["live"], live)

    @mute_logger("odoo.sql_db")
    def test_a_migration_passes_the_guards_and_it_is_recorded(self):
        op = self.load(100)
        change = "UPDATE tibillet_operation SET key = 'moved' WHERE id = %s"
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            self.env.cr.execute(change, [op.id])
        with self.ledger._guards_open("test: memo of old operations"):
            self.env.cr.execute(change, [op.id])
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            self.env.cr.execute(change, [op.id])
        self.env.cr.execute("SELECT reason FROM tibillet_guard_passage ORDER BY id DESC LIMIT 1")
        self.assertEqual(self.env.cr.fetchone()[0], "test: memo of old operations")
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            with self.ledger._guards_open("why"):
                pass

    def test_uninstall_is_refused_while_money_circulates(self):
        self.load(100)
        wallet = self.env["ir.module.module"].search([("name", "=", "tibillet_wallet")])
        with self.assertRaisesRegex(UserError, "jeton"), self.env.cr.savepoint():
            wallet.button_uninstall()
        payment = self.env["ir.module.module"].search([("name", "=", "account_payment")])
        with self.assertRaisesRegex(UserError, "jeton"), self.env.cr.savepoint():
            payment.button_uninstall()
        self.post("refund", (self.account(self.wallet, self.token), self.issuer(self.token), 100))
        others = wallet._tibillet_circulating()
        self.assertNotIn("jeton", others)
