from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .cardpage_common import CardActs
from .common import OTHER_UID
from .test_books import BooksCase

CLOSED_MEANWHILE = "odoo.addons.point_of_sale.models.pos_order"


@tagged("post_install", "-at_install")
class TestStory11(CardActs, BooksCase):
    """The accountant, on the 5th. One till still open, one late order of last month, a gift
    campaign, a drink-token stand at one rate.

    The perpetual total and deferred income come with what they stand on: seal and seats.
    """

    def test_the_accountant_on_the_fifth(self):
        self.last_month_at_the_bar()
        self.last_month_on_the_terrace()
        self.on_the_fifth()

        # one till still open: named, and nothing else is on clearing
        control = self.look()
        self.assertEqual(control.rest, 0)
        waiting = control.reason_ids.filtered(lambda one: one.kind in ("session", "order"))
        self.assertEqual(waiting.mapped("amount"), [-6.0])
        self.assertIn("Terrace", waiting.name)
        self.assertIn("still open", waiting.name)

        # gifts as discounts, top-ups absent from turnover: 3 beers less 2.50 of gifts
        self.assertBooked(revenue=12.92, vat=2.58, bank=30.0, cash=26.0)
        self.assertEqual(self.analysed(self.bar_session), 15.5)
        self.assertFile()

        # the late order of last month arrives
        self.late_order_arrives()
        control = self.look()
        self.assertEqual(control.rest, 0)
        waiting = control.reason_ids.filtered(lambda one: one.kind in ("session", "order"))
        self.assertFalse(waiting.filtered(lambda one: "Terrace" not in one.name))
        self.assertBooked(revenue=17.92, vat=3.58, bank=30.0, cash=26.0)

        # and the terrace is closed at last
        self.till_session = self.terrace_session
        answer = self.closing_session.close_session_from_ui()
        self.assertTrue(answer["successful"], answer)
        self.assertFalse(self.look().reason_ids.filtered(lambda one: one.kind == "session"))
        self.assertBooked(revenue=22.92, vat=4.58, bank=30.0, cash=26.0)
        self.assertClearing(0)
        self.assertFile()

        # e-reporting: the four beers and the late one, less the gifts; no top-up in any rate
        self.assertEqual(self.reported(), {20.0: (2292, 458)})

    def test_a_drink_token_stand_at_one_rate(self):
        """The tax is due when the token is sold, and not again when it is drunk."""
        self.set_tax_account()
        drink = self.env["tibillet.asset"].create(
            {
                "name": "Drink",
                "code": "drink",
                "kind": "local",
                "company_id": self.company.id,
                "vat_nature": "single",
                "vat_tax_id": self.beer.taxes_id.id,
                "spend_sequence": 5,
            }
        )
        self.load_by("cash", 1200, uid=OTHER_UID, asset=drink)
        self.close(12)
        self.write_books()
        self.assertEqual(self.balance(self.owed), -2.0)
        self.assertEqual(self.balance(drink.liability_account_id), -10.0)
        self.pair(self.open_session())
        self.sell(uid=OTHER_UID)
        self.close()
        self.write_books()
        income = self.beer._get_product_accounts()["income"]
        self.assertEqual((self.balance(self.owed), self.balance(income)), (-2.0, -5.0))
        self.assertEqual(self.balance(drink.liability_account_id), -5.0)
        self.assertClearing(0)
        self.assertEqual(self.look().rest, 0)
        self.assertFile()

    def set_tax_account(self):
        owed = self.env["account.account"].create(
            {"name": "VAT due", "code": "445799", "account_type": "liability_current"}
        )
        lines = self.beer.taxes_id.invoice_repartition_line_ids
        lines |= self.beer.taxes_id.refund_repartition_line_ids
        lines.filtered(lambda line: line.repartition_type == "tax").account_id = owed
        self.owed = owed

    # -- the month -------------------------------------------------------------------------

    def last_month_at_the_bar(self):
        """A beer by card, one with 2.50 of the campaign, one in cash, 20 + 30 on cards; and
        one whose order stays on a tablet without network."""
        self.bar_session, self.bar_device = self.till_session, self.device
        self.set_tax_account()
        self.sell()
        self.load(self.card, 250, self.gift)
        self.sell()
        self.sync(self.order_values([(self.cash, 6.0, False)]))
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.load_by("bank", 3000, uid=OTHER_UID)
        self.assertTrue(self.tap(6.0, uid=OTHER_UID)["ok"])
        self.late = self.order_values([(self.method, 6.0, self.key)])
        self.close(26)

    def last_month_on_the_terrace(self):
        bar = self.config
        self.config = bar.copy({"name": "Terrace"})
        self.config.payment_method_ids = bar.payment_method_ids.filtered(
            lambda method: method.type != "cash"
        )
        self.pair(self.open_session())
        self.sell()
        self.terrace_session = self.till_session
        self.config = bar

    def on_the_fifth(self):
        """Time goes on, for Odoo and for the ledger, and the night's job has run."""
        now = datetime.now()
        fifth = (now.replace(day=1) + timedelta(days=32)).replace(day=5, hour=9)
        frozen = freeze_time(fifth)
        frozen.start()
        self.addCleanup(frozen.stop)
        self.env.cr._now = fifth
        self.wait(round((fifth - now).total_seconds() / 60))
        self.env["tibillet.books"]._write_pending(self.company)

    def late_order_arrives(self):
        """The tablet is heard of; its session was closed, the bar's new one takes the order."""
        self.pair_again()
        with mute_logger(CLOSED_MEANWHILE):
            order = self.sync(self.late)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.operation(f"{self.late_key}/late").state, "posted")
        self.close()
        self.write_books()

    @property
    def late_key(self):
        return self.late["payment_ids"][0][2]["transaction_id"]

    def pair_again(self):
        self.till_session, self.device = self.open_session(), self.bar_device

    # -- what the accountant looks at ------------------------------------------------------

    def look(self):
        return self.env["tibillet.control"]._look(self.company)

    def balance(self, accounts):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "in", accounts.ids),
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def assertBooked(self, revenue, vat, bank, cash):
        """Turnover and tax, and money where money came: no bank that nobody paid into."""
        income = self.beer._get_product_accounts()["income"]
        self.assertEqual((-self.balance(income), -self.balance(self.owed)), (revenue, vat))
        self.assertEqual(self.balance(self.cash_journal.default_account_id), cash)
        journal = self.bank.journal_id
        methods = journal.inbound_payment_method_line_ids
        accounts = journal.default_account_id | methods.payment_account_id
        accounts |= self.bank.outstanding_account_id
        accounts |= self.company.account_default_pos_receivable_account_id
        self.assertEqual(self.balance(accounts), bank)

    def reported(self):
        """Base and tax of the daily totals of both months, by rate."""
        today, sums = date.today(), {}
        for day in self.env["tibillet.daily.totals"]._days(
            self.company, today - timedelta(days=90), today + timedelta(days=1)
        ):
            for rate in day["rates"]:
                base, vat = sums.get(rate["rate"], (0, 0))
                sums[rate["rate"]] = (base + rate["base_minor"], vat + rate["vat_minor"])
        return sums

    def analysed(self, session):
        """What Odoo's analysis of sales says was sold, with tax."""
        self.env.flush_all()
        rows = self.env["report.pos.order"].search([("session_id", "=", session.id)])
        return round(sum(rows.mapped("price_total")), 2)

    def assertFile(self):
        """What the file for the inspector is made of: each entry balanced, each line on one
        side, the ledger's own never on an account of money. The file itself is checked where
        the French addon that writes it is sure to be: ``tests/demo/test_books.py``."""
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("balance", "!=", 0),
            ]
        )
        for move, some in lines.grouped("move_id").items():
            self.assertEqual(round(sum(some.mapped("balance")), 2), 0, move.name)
        self.assertFalse(lines.filtered(lambda line: bool(line.debit) == bool(line.credit)))
        own = lines.filtered(lambda line: line.journal_id == self.company.tibillet_journal_id)
        self.assertTrue(own)
        self.assertFalse(own.filtered(lambda line: line.account_id.account_type == "asset_cash"))
