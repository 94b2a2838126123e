from odoo.tests import tagged

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestRollUp(WalletCase):
    """What one transaction can show; ``tests/audit`` has the transactions that overlap."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute("DELETE FROM tibillet_rollup_mark")
        self.till = self.place(self.bar, self.token)
        self.load(1000)

    def row(self, account):
        self.env.cr.execute(
            "SELECT balance_minor FROM tibillet_rollup WHERE account_id = %s", [account.id]
        )
        return (self.env.cr.fetchone() or [None])[0]

    def let_everybody_finish(self):
        """This transaction is under way itself, so its own mark is never reached in it."""
        self.env.cr.execute("UPDATE tibillet_rollup_mark SET next_xid = '3'::xid8")

    def roll_up(self):
        self.ledger._roll_up()
        self.let_everybody_finish()
        self.ledger._roll_up()

    def test_the_sums_stay(self):
        for amount in (100, 200):
            self.spend(amount)
        self.roll_up()
        self.assertEqual((self.row(self.till), self.till._balance()), (300, 300))
        self.spend(50)
        self.assertEqual((self.row(self.till), self.till._balance()), (300, 350))
        self.let_everybody_finish()
        self.roll_up()
        self.assertEqual((self.row(self.till), self.till._balance()), (350, 350))
        self.post("settle", (self.till, self.issuer(self.token), 350))
        self.let_everybody_finish()
        self.roll_up()
        self.assertEqual((self.row(self.till), self.till._balance()), (0, 0))
        self.assertEqual(self.row(self.issuer(self.token)), -650)
        self.assertIsNone(self.row(self.account(self.wallet, self.token)), "holders have balances")
        self.assertEqual(self.ledger._audit(), {})

    def test_a_mark_waits_for_who_was_writing(self):
        self.spend(100)
        self.ledger._roll_up()
        self.assertIsNone(self.row(self.till))
        self.ledger._roll_up()
        self.assertIsNone(self.row(self.till), "this transaction itself is not done")
        self.env.cr.execute("SELECT done_id < next_id FROM tibillet_rollup_mark")
        self.assertTrue(self.env.cr.fetchone()[0])

    def test_a_mark_of_another_server_waits_for_nobody(self):
        """After a restore transaction numbers start again; those of the dump are all over."""
        self.spend(100)
        self.ledger._roll_up()
        self.env.cr.execute("UPDATE tibillet_rollup_mark SET next_xid = '9000000000000'::xid8")
        self.ledger._roll_up()
        self.assertEqual(self.row(self.till), 100)

    def test_only_what_is_new_is_summed_again(self):
        self.spend(100)
        self.roll_up()
        self.env.cr.execute(
            "UPDATE tibillet_rollup SET balance_minor = balance_minor + 7 WHERE account_id = %s",
            [self.till.id],
        )
        self.spend(50)
        self.let_everybody_finish()
        self.roll_up()
        self.assertEqual(self.row(self.till), 157, "a sum is continued, not made again")
        self.assertEqual(self.ledger._audit()["rollup"], [self.till.id])

    def test_sums_from_before_marks_are_made_again(self):
        self.spend(100)
        self.env.cr.execute(
            "INSERT INTO tibillet_rollup (account_id, transfer_id, balance_minor)"
            " VALUES (%s, 2000000000, 99) ON CONFLICT (account_id) DO UPDATE"
            " SET transfer_id = excluded.transfer_id, balance_minor = excluded.balance_minor",
            [self.till.id],
        )
        self.roll_up()
        self.assertEqual((self.row(self.till), self.till._balance()), (100, 100))

    def test_as_many_statements_for_many_as_for_few(self):
        for count in (1, 60):
            for _sale in range(count):
                self.spend(1)
            self.ledger._roll_up()
            self.let_everybody_finish()
            with self.assertQueryCount(3):
                self.ledger._roll_up()
            self.let_everybody_finish()
