from datetime import datetime, timedelta

from odoo.tests import tagged

from .settlement_common import SettlementCase

#: 04:30 in Paris, after the evening of the fifteenth.
MORNING = datetime(2026, 1, 16, 3, 30)


@tagged("post_install", "-at_install")
class TestTakenHome(SettlementCase):
    """What an issuer's own tills took circulates no more from the next morning on."""

    def setUp(self):
        super().setUp()
        self.at(MORNING)

    def at(self, moment):
        """Move the database's clock to a moment."""
        self.wait(round((moment - self.in_minutes(0)).total_seconds() / 60))

    def home(self, company=None):
        return self.ledger._take_home(company or self.bar)

    def by_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_wallet.ir_cron_take_home").method_direct_trigger()

    def taken(self, company=None, asset=None):
        account = self.place(company or self.bar, asset or self.token)
        self.env.cr.execute("SELECT tibillet_account_sum(%s)", [account.id])
        return self.env.cr.fetchone()[0]

    def issued(self, asset=None):
        self.env.cr.execute(
            "SELECT -tibillet_account_sum(%s)", [self.issuer(asset or self.token).id]
        )
        return self.env.cr.fetchone()[0]

    def test_one_operation_per_asset_and_day(self):
        self.topup(5_000)
        self.sale(1_200)
        self.sale(300)
        self.sale(800, company=self.coop)  # another's place: settled with it, not by this
        gift = self.account(self.wallet, self.gift)
        self.put("gift", (self.issuer(self.gift), gift, 900))
        self.sale(400, self.gift)
        done = self.home()
        self.assertEqual(done.mapped("code"), ["settle", "settle"])
        self.assertEqual(sorted(done.transfer_ids.mapped("amount_minor")), [400, 1_500])
        self.assertEqual((self.taken(), self.taken(self.coop)), (0, 800))
        self.assertEqual(self.issued(), 5_000 - 1_500, "held and what others took")
        self.assertFalse(self.home(), "asked again on that day")

    def test_a_late_operation_goes_home_the_day_after(self):
        self.topup(5_000)
        self.sale(1_200)
        self.home()
        self.sale(300)  # of the evening before, known only now
        self.assertFalse(self.home())
        self.assertEqual(self.taken(), 300)
        self.at(MORNING + timedelta(days=1))
        self.assertEqual(self.home().transfer_ids.amount_minor, 300)

    def test_what_is_taken_this_morning_waits(self):
        self.topup(5_000)
        self.sale(1_200)
        self.sale(300, at=MORNING - timedelta(minutes=10))
        self.assertEqual(self.home().transfer_ids.amount_minor, 1_200)
        self.assertEqual(self.taken(), 300)

    def test_the_places_own_hour(self):
        """Half an hour before the day ends, the evening is not over."""
        self.topup(5_000)
        self.sale(1_200)
        self.at(MORNING - timedelta(hours=1))
        self.assertFalse(self.home())
        self.at(MORNING)
        self.assertTrue(self.home())

    def test_never_more_than_is_there(self):
        """A sale undone this morning, of the evening before: that much less goes home."""
        self.topup(5_000)
        sale = self.sale(1_200)
        self.put(
            "undo",
            (self.place(self.bar, self.token), self.account(self.wallet, self.token), 1_000),
            names_id=sale.id,
            at=MORNING - timedelta(minutes=5),
        )
        self.assertEqual(self.home().transfer_ids.amount_minor, 200)

    def test_undone_after_it_went_home(self):
        """The place owes its issuer the next day's takings: nothing is lost on the way."""
        self.topup(5_000)
        sale = self.sale(1_200)
        self.home()
        self.put(
            "undo",
            (self.place(self.bar, self.token), self.account(self.wallet, self.token), 1_200),
            names_id=sale.id,
            at=MORNING,
        )
        self.sale(2_000, at=MORNING)
        self.at(MORNING + timedelta(days=1))
        self.assertEqual(self.home().transfer_ids.amount_minor, 800)
        self.assertEqual((self.taken(), self.issued()), (0, 3_000))
        self.assertEqual(self.ledger._audit(), {})

    def test_the_books_and_the_control_page(self):
        self.topup(5_000)
        self.sale(1_200)
        self.sale(800, company=self.coop)
        before = self.lines(self.write())
        self.home()
        self.assertFalse(self.write(today=True), "no entry: the liability fell with the sale")
        after = self.env["tibillet.control"]._look(self.bar)
        token = after.line_ids.filtered(lambda line: line.asset_id == self.token)
        self.assertEqual((token.books, token.ledger, token.rest), (30.0, 30.0, 0))
        self.assertEqual(token.at_places, 8.0, "what is of others")
        self.assertEqual(before[self.bar, self.token.liability_account_id], -30.0)
        self.assertEqual(self.ledger._audit(), {})
        self.assertEqual(self.owed(), {(self.token, self.coop): 800})

    def test_every_place_by_the_cron(self):
        self.topup(5_000)
        self.sale(1_200)
        self.topup(3_000, self.euro, company=self.coop)
        self.sale(700, self.euro, company=self.coop)
        self.by_cron()
        self.assertEqual((self.taken(), self.taken(self.coop, self.euro)), (0, 0))
        self.by_cron()
        self.assertEqual(self.issued(), 3_800)
