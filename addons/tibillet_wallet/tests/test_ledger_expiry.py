"""What expires is taken back first in, first out, and nothing else is."""

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WalletCase

MONTH = 31 * 24 * 60


@tagged("post_install", "-at_install")
class TestExpiry(WalletCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift.expiry_months = 2

    def expire(self):
        self.ledger._expire_batch(self.env)
        self.env.invalidate_all()

    def test_what_was_received_too_long_ago_goes_back_to_its_issuer(self):
        self.load(500, self.gift, code="gift")
        self.wait(MONTH)
        self.expire()
        self.assertEqual(self.balance(self.gift), 500)
        self.load(300, self.gift, code="gift")
        self.wait(MONTH + 2 * 24 * 60)
        self.expire()
        self.assertEqual(self.balance(self.gift), 300)
        self.assertEqual(self.issuer(self.gift)._balance(), -300)
        self.expire()
        self.assertEqual(self.balance(self.gift), 300, "once")
        self.assertEqual(self.ledger._audit(), {})

    def test_what_was_spent_was_the_oldest(self):
        self.load(500, self.gift, code="gift")
        self.wait(MONTH)
        self.load(300, self.gift, code="gift")
        self.spend(450)
        self.wait(MONTH + 2 * 24 * 60)
        self.expire()
        self.assertEqual(self.balance(self.gift), 300)

    def test_what_a_till_holds_waits_for_its_end(self):
        self.load(500, self.gift, code="gift")
        self.wait(3 * MONTH)
        held = self.spend(200, hold_until=self.in_minutes(5))
        self.expire()
        self.assertEqual(self.balance(self.gift), 0)
        self.ledger._void(held)
        self.wait(24 * 60)
        self.expire()
        self.assertEqual(self.account(self.wallet, self.gift).balance_minor, 0)

    def test_nothing_else_expires(self):
        self.load(500)
        self.load(60, self.hours, code="issue")
        self.wait(40 * MONTH)
        self.expire()
        self.assertEqual((self.balance(), self.balance(self.hours)), (500, 60))

    def test_a_frozen_wallet_waits_and_stops_nobody_else(self):
        other = self.env["tibillet.card"].create({"company_id": self.bar.id}).wallet_id
        self.load(500, self.gift, code="gift")
        self.load(500, self.gift, other, code="gift")
        self.wait(3 * MONTH)
        self.wallet.frozen = True
        self.expire()
        self.assertEqual(self.balance(self.gift), 500)
        self.assertEqual(self.balance(self.gift, other), 0)

    @mute_logger("odoo.sql_db")
    def test_what_is_refunded_in_money_has_no_such_period(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.token.expiry_months = 12
            self.env.flush_all()
