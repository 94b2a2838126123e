"""The counter of L'Amarre: the demo's bar, its till and its cards, as `make run` gives them."""

import copy
import os
import random
import time

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError

from tools.demo import desk, people, products
from tools.demo.builder import CONTEXT, XMLID_MODULE, Builder
from tools.demo.orders import FLOAT_IN_DRAWER
from tools.demo.territory import BAR, PASSWORD

CASHIER = people.login(BAR.slug, "caisse")
BEER = next(article for article in products.BAR if article.key == "blonde")
BEER_MINOR = round(100 * BEER.price)
DRAWER = FLOAT_IN_DRAWER

__all__ = ["BEER", "BEER_MINOR", "CASHIER", "DRAWER", "PASSWORD", "Counter"]


class Counter:
    """Ids found in the demo, and questions to the database that everyone else writes.

    Nothing is made but a paired till for this machine, as the manager makes one: the goods, the
    prices, the accounts, the cards and what they hold are the demo's.

    :param database: a `tests.support.database.Database`, a copy of the demo
    """

    def __init__(self, database):
        self.database = database
        with database.env() as env:
            self._find(env)
        self.goods_before = self.stock()
        self.orders_before = self.database.value("SELECT max(id) FROM pos_order")

    def _find(self, env):
        def demo(name):
            return env.ref(f"{XMLID_MODULE}.{name}")

        company, config = demo("company_bar"), demo("till_bar")
        assert config._tibillet_methods(), "the demo's till takes cards"
        self.company_id, self.config_id = company.id, config.id
        self.beer_id = demo("product_bar_blonde").id
        manager = demo("user_bar_gerance")
        device = env["tibillet.device"].with_user(manager)
        self.device_id = device.create({"name": "Comptoir", "config_id": config.id}).id
        self.manager_id = manager.id
        # The first card of the batch has its beer, the third has less.
        euros = demo("asset_fed")
        cards = [demo(f"card_{number:02}") for number in (1, 3)]
        self.uid, self.short_uid = (card.uid for card in cards)
        accounts = [env["tibillet.account"]._get(card.wallet_id, euros) for card in cards]
        self.accounts = {card.uid: a.id for card, a in zip(cards, accounts, strict=True)}
        self.loaded = {card.uid: a.balance_minor for card, a in zip(cards, accounts, strict=True)}
        assert self.loaded[self.short_uid] < BEER_MINOR < self.loaded[self.uid]

    def at(self, database):
        """The same counter in a copy of its database."""
        other = copy.copy(self)
        other.database = database
        return other

    # -- acting ------------------------------------------------------------------------

    def pairing_code(self):
        """What the manager reads aloud so that a browser may take cards."""
        with self.database.env(company_id=self.company_id) as env:
            device = env["tibillet.device"].browse(self.device_id)
            return device.with_user(self.manager_id)._new_code()

    def write_books(self):
        """Write the ledger's entries up to now, in all three places."""
        with self.database.env() as env:
            env = env(su=True)
            companies = env["res.company"].search([])
            env["tibillet.books"]._write_pending(companies, include_today=True)

    def refusal(self, uid, amount_minor):
        """Whether the card could pay this now: "" or the code of the refusal; nothing is kept."""
        try:
            with self.database.env(company_id=self.company_id) as env:
                env = env(user=SUPERUSER_ID)
                ledger = env["tibillet.ledger"]
                operation = ledger._spend(
                    env["tibillet.card"]._by_uid(uid).wallet_id,
                    env["res.company"].browse(self.company_id),
                    [(None, amount_minor, None)],
                    key=f"try-{amount_minor}-{fields.Datetime.now():%H%M%S%f}",
                    origin="test",
                    hold_until=fields.Datetime.add(fields.Datetime.now(), hours=1),
                )
                ledger._void(operation)
        except UserError as refusal:
            return refusal.code
        return ""

    def spend_elsewhere(self, uid, slug, articles):
        """Have the card's holder buy at another place of the demo, through a whole session."""
        with self.database.env() as env:
            builder = Builder(env(user=SUPERUSER_ID, context=CONTEXT), port=0)
            card = builder.env["tibillet.card"]._by_uid(uid)
            till = desk.Till(builder, slug)
            till.dice = random.Random("elsewhere")  # else its orders are the demo's own again
            for article in articles:
                till.tap(card, article)
            till.close()

    def expire_in(self):
        """Seconds until the till's only live hold runs out."""
        return float(
            self.database.value(
                "SELECT extract(epoch FROM expires_at - tibillet_now()) FROM tibillet_hold"
            )
        )

    def set_clock(self, seconds):
        """Have every connection opened from now on, here and by a server started from now on,
        read this much later. (To set it for the database takes a superuser.)"""
        os.environ["PGOPTIONS"] = f"-c tibillet.clock_offset={seconds:.0f}s"
        self.database.close()  # the connections of this process too

    def wait_until_quiet(self, seconds=10):
        """Wait until no session of this database is at work; gives up in silence."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.database.value(
            """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                AND pid <> pg_backend_pid() AND state <> 'idle'"""
        ):
            time.sleep(0.2)

    # -- what the database says ----------------------------------------------------------

    def account(self, uid):
        """(balance, held) of a card's federated euros, in minor units."""
        return self.database.query(
            "SELECT balance_minor, held_minor FROM tibillet_account WHERE id = %s",
            self.accounts[uid],
        )[0]

    def operations(self):
        """(key, code, state) of this till's operations, oldest first."""
        return self.database.query(
            "SELECT key, code, state FROM tibillet_operation WHERE origin = %s ORDER BY id",
            f"device:{self.device_id}",
        )

    def moved(self, key):
        """What the transfers of an operation of the till moved, in minor units."""
        return int(
            self.database.value(
                """SELECT COALESCE(sum(t.amount_minor), 0)
                     FROM tibillet_transfer t JOIN tibillet_operation o ON o.id = t.operation_id
                    WHERE o.origin = %s AND o.key = %s""",
                f"device:{self.device_id}",
                key,
            )
        )

    def sold(self):
        """Beers that left the shelf since the evening began."""
        return self.goods_before - self.stock()

    def stock(self):
        """Beers in the bar."""
        return float(
            self.database.value(
                """SELECT sum(q.quantity) FROM stock_quant q
                     JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
                    WHERE q.product_id = %s AND q.company_id = %s""",
                self.beer_id,
                self.company_id,
            )
        )

    def stock_moves(self):
        """(quantity, state) of the beers that this evening's orders moved off the shelf."""
        rows = self.database.query(
            """SELECT m.quantity, m.state FROM stock_move m
                 JOIN stock_picking p ON p.id = m.picking_id
                 JOIN pos_order o ON o.id = p.pos_order_id
                WHERE o.id > %s AND o.config_id = %s AND m.product_id = %s ORDER BY m.id""",
            self.orders_before,
            self.config_id,
            self.beer_id,
        )
        return [(float(quantity), state) for quantity, state in rows]

    def orders(self):
        """(state, total, paid) of this evening's orders with goods, oldest first."""
        rows = self.database.query(
            """SELECT state, amount_total, amount_paid FROM pos_order o
                WHERE config_id = %s AND id > %s
                  AND EXISTS (SELECT FROM pos_order_line l WHERE l.order_id = o.id)
                ORDER BY id""",
            self.config_id,
            self.orders_before,
        )
        return [(state, float(total), float(paid)) for state, total, paid in rows]

    def tables_paid(self):
        """Numbers of the tables of this evening's closed orders, oldest first."""
        rows = self.database.query(
            """SELECT t.table_number FROM pos_order o JOIN restaurant_table t ON t.id = o.table_id
                WHERE o.config_id = %s AND o.id > %s AND o.state = 'done' ORDER BY o.id""",
            self.config_id,
            self.orders_before,
        )
        return [number for (number,) in rows]

    def payments(self):
        """{method: amount in cents} over this evening's orders."""
        rows = self.database.query(
            """SELECT COALESCE(m.use_payment_terminal, j.type), sum(p.amount)
                 FROM pos_payment p
                 JOIN pos_payment_method m ON m.id = p.payment_method_id
                 LEFT JOIN account_journal j ON j.id = m.journal_id
                 JOIN pos_order o ON o.id = p.pos_order_id
                WHERE o.config_id = %s AND o.id > %s AND o.state <> 'cancel' GROUP BY 1""",
            self.config_id,
            self.orders_before,
        )
        return {method: round(100 * amount) for method, amount in rows}

    def closed_sessions(self):
        """How many sessions of the till are closed (the till opens a new one at once)."""
        return self.database.value(
            "SELECT count(*) FROM pos_session WHERE config_id = %s AND state = 'closed'",
            self.config_id,
        )

    def cash_in_drawer(self):
        """What a true count of the open drawer finds: what it began with and cash since."""
        return self.database.value(
            """SELECT session.cash_register_balance_start
                    + COALESCE((SELECT sum(payment.amount) FROM pos_payment payment
                                  JOIN pos_payment_method method
                                    ON method.id = payment.payment_method_id
                                   AND method.is_cash_count
                                 WHERE payment.session_id = session.id), 0)
                    + COALESCE((SELECT sum(move.amount) FROM account_bank_statement_line move
                                 WHERE move.pos_session_id = session.id), 0)
                 FROM pos_session session
                WHERE session.config_id = %s AND session.state != 'closed'""",
            self.config_id,
        )

    # -- the books -----------------------------------------------------------------------

    def book(self, account_id):
        """Posted balance of an account of the general ledger, debit positive, in cents."""
        return int(
            100
            * self.database.value(
                """SELECT COALESCE(sum(balance), 0) FROM account_move_line
                    WHERE account_id = %s AND parent_state = 'posted'""",
                account_id,
            )
        )

    def owed_by_cards(self):
        """What the bar's account of claims on holders says, in cents; 0 when there is none."""
        rows = self.database.query(
            "SELECT account_id FROM tibillet_book_account WHERE company_id = %s AND role = 'claim'",
            self.company_id,
        )
        return sum(self.book(account_id) for (account_id,) in rows)

    def check_books(self):
        """What must hold on every evening, once the ledger's entries are written."""
        self.write_books()
        unbalanced = self.database.query(
            "SELECT move_id FROM account_move_line GROUP BY move_id "
            "HAVING abs(sum(balance)) > 0.001"
        )
        assert unbalanced == []
        self._check_entries()
        for name, clearing_id in self.database.query(
            "SELECT name, tibillet_clearing_account_id FROM res_company"
        ):
            assert self.book(clearing_id) == 0, f"something waits on clearing at {name}"
        debts = self.database.query(
            """SELECT s.code, s.liability_account_id, COALESCE(sum(a.balance_minor), 0)
                 FROM tibillet_asset s
                 LEFT JOIN (tibillet_account a JOIN tibillet_wallet w
                            ON w.id = a.wallet_id AND w.kind IN ('person', 'card'))
                   ON a.asset_id = s.id
                WHERE s.backed AND s.vat_nature <> 'single' GROUP BY s.id"""
        )  # of single-purpose money the books owe the net: the control compares it
        assert len(debts) >= 2, "the federated euro and the house token"
        for code, account_id, held_minor in debts:
            assert self.book(account_id) == -held_minor, f"liability and cards differ: {code}"

    def _check_entries(self):
        """Every operation of the till stands in a daily entry that is posted."""
        missing = self.database.query(
            """SELECT o.key FROM tibillet_operation o
                WHERE o.origin = %s AND o.state = 'posted' AND NOT EXISTS (
                      SELECT FROM tibillet_ledger_entry_operation l
                        JOIN tibillet_ledger_entry e ON e.id = l.entry_id
                        JOIN account_move m ON m.id = e.move_id AND m.state = 'posted'
                       WHERE l.operation_id = o.id AND l.company_id = %s)""",
            f"device:{self.device_id}",
            self.company_id,
        )
        assert missing == []
