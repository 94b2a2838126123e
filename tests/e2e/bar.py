"""A French bar that takes cards: what a first tap needs, made in a fresh database."""

import copy
import uuid

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command

UID = "04A1B2C3D4E5F6"
SHORT_UID = "04112233445566"
LOADED = {UID: 2000, SHORT_UID: 200}
PASSWORD = "a-long-password-for-tests"
CASHIER = "camille"
STOCK = 100
FLOAT = 50.0


class Bar:
    """Ids of what was made, and questions to the database that everyone else writes.

    :param database: a `tests.support.database.Database`
    """

    def __init__(self, database):
        self.database = database
        with database.env() as env:
            self._build(env)

    # -- building ----------------------------------------------------------------------

    def _build(self, env):
        euro = env.ref("base.EUR")
        euro.active = True
        company = env["res.company"].create({"name": "Le Quai", "currency_id": euro.id})
        groups = (
            "point_of_sale.group_pos_manager",
            "account.group_account_manager",
            "stock.group_stock_manager",
            "tibillet_wallet.tibillet_wallet_group_manager",
        )
        env.user.write(
            {
                "company_ids": [Command.link(company.id)],
                "group_ids": [Command.link(env.ref(group).id) for group in groups],
            }
        )
        env["account.chart.template"].try_loading("fr", company, install_demo=False)
        env = env(context={"allowed_company_ids": [company.id], "tracking_disable": True})
        company = company.with_env(env)
        company.account_sale_tax_id.price_include_override = "tax_included"
        self.company_id = company.id
        self._build_goods(env, company)
        self._build_till(env, company)
        self._build_cards(env, company)
        self._receive_topups(env, company)
        cashier = env["res.users"].create(
            {
                "name": "Camille",
                "login": CASHIER,
                "password": PASSWORD,
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.link(env.ref("point_of_sale.group_pos_user").id)],
            }
        )
        self.cashier_id = cashier.id

    def _build_goods(self, env, company):
        env["product.product"].search([("available_in_pos", "=", True)]).available_in_pos = False
        beer = env["product.product"].create(
            {
                "name": "Bière du port",
                "list_price": 6,
                "available_in_pos": True,
                "is_storable": True,
                "company_id": company.id,
                "taxes_id": [Command.set(company.account_sale_tax_id.ids)],
            }
        )
        shelf = self._warehouse(env, company).lot_stock_id
        env["stock.quant"]._update_available_quantity(beer, shelf, STOCK)
        self.beer_id, self.shelf_id = beer.id, shelf.id

    @staticmethod
    def _warehouse(env, company):
        warehouses = env["stock.warehouse"]
        return warehouses.search([("company_id", "=", company.id)], limit=1) or warehouses.create(
            {"name": "Quai", "code": "QUAI", "company_id": company.id}
        )

    def _build_till(self, env, company):
        journal = env["account.journal"].create(
            {"name": "Caisse", "type": "cash", "code": "CQQ", "company_id": company.id}
        )
        cash = env["pos.payment.method"].create(
            {"name": "Espèces", "journal_id": journal.id, "company_id": company.id}
        )
        config = env["pos.config"].create(
            {
                "name": "Comptoir",
                "company_id": company.id,
                "module_pos_restaurant": False,
                "payment_method_ids": [Command.set(cash.ids)],
                "iface_print_auto": False,
                "tibillet_reader": "bridge",
            }
        )
        config.tibillet_wallet = True
        device = env["tibillet.device"].create({"name": "Comptoir", "config_id": config.id})
        self.config_id, self.device_id = config.id, device.id
        self.clearing_id = company.tibillet_clearing_account_id.id

    def _build_cards(self, env, company):
        asset = env["tibillet.asset"].create(
            {
                "name": "Jeton du Quai",
                "code": "jeton-quai",
                "kind": "local",
                "company_id": company.id,
            }
        )
        self.asset_id, self.liability_id = asset.id, asset.liability_account_id.id
        self.accounts = {}
        for uid, amount_minor in LOADED.items():
            card = env["tibillet.card"].create(
                {"uid": uid, "company_id": company.id, "state": "anonymous"}
            )
            account = env["tibillet.account"]._get(card.wallet_id, asset)
            self.accounts[uid] = account.id
            issuer = env["tibillet.account"]._get(asset.issuer_wallet_id, asset)
            env["tibillet.ledger"]._post(
                [
                    {
                        "key": str(uuid.uuid4()),
                        "origin": "test",
                        "code": "topup",
                        "transfers": [(issuer.id, account.id, amount_minor)],
                        "company_id": company.id,
                    }
                ]
            )

    def _receive_topups(self, env, company):
        """The desk's receipt: the money that the cards were loaded with is in the safe."""
        safe = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        total = sum(LOADED.values()) / 100
        move = env["account.move"].create(
            {
                "journal_id": safe.id,
                "line_ids": [
                    Command.create({"account_id": safe.default_account_id.id, "debit": total}),
                    Command.create({"account_id": self.clearing_id, "credit": total}),
                ],
            }
        )
        move.action_post()

    def at(self, database):
        """The same bar in a copy of its database."""
        other = copy.copy(self)
        other.database = database
        return other

    # -- acting ------------------------------------------------------------------------

    def env(self):
        """The manager's environment at the bar."""
        return self.database.env(company_id=self.company_id)

    def pairing_code(self):
        """What the manager reads aloud so that a browser may take cards."""
        with self.env() as env:
            return env["tibillet.device"].browse(self.device_id)._new_code()

    def write_books(self):
        """Write the ledger's entries up to now."""
        with self.env() as env:
            company = env["res.company"].browse(self.company_id)
            env["tibillet.books"]._write_pending(company, include_today=True)

    def take(self, uid, amount_minor, *, only_try=False):
        """Spend from a card as another till would; `only_try` gives it back at once.

        :return: "" or the code of the refusal
        """
        try:
            with self.env() as env:
                ledger = env["tibillet.ledger"]
                operation = ledger._spend(
                    env["tibillet.card"]._by_uid(uid).wallet_id,
                    env["res.company"].browse(self.company_id),
                    [(None, amount_minor, None)],
                    key=str(uuid.uuid4()),
                    origin="test",
                    hold_until=fields.Datetime.add(fields.Datetime.now(), hours=1),
                )
                (ledger._void if only_try else ledger._capture)(operation)
        except UserError as refusal:
            return refusal.code
        return ""

    def expire_in(self):
        """Seconds until the till's only live hold runs out."""
        return float(
            self.database.value(
                "SELECT extract(epoch FROM expires_at - tibillet_now()) FROM tibillet_hold"
            )
        )

    def set_clock(self, offset):
        """Have every connection opened from now on read this much later: `6 minutes`."""
        self.database.query(
            f'ALTER DATABASE "{self.database}" SET tibillet.clock_offset = %s', offset
        )
        self.database.close()  # the connections of this process too

    # -- what the database says ----------------------------------------------------------

    def account(self, uid=UID):
        """(balance, held) of a card, in minor units."""
        return self.database.query(
            "SELECT balance_minor, held_minor FROM tibillet_account WHERE id = %s",
            self.accounts[uid],
        )[0]

    def operations(self):
        """(key, code, state) of the till's operations, oldest first."""
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

    def held_in_total(self):
        """Balances of all persons and cards in the bar's asset: the debt of the issuer."""
        return int(
            self.database.value(
                """SELECT sum(a.balance_minor) FROM tibillet_account a
                     JOIN tibillet_wallet w ON w.id = a.wallet_id
                    WHERE a.asset_id = %s AND w.kind IN ('person', 'card')""",
                self.asset_id,
            )
        )

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

    def unbalanced(self):
        """Entries whose debits and credits differ: there are none."""
        return self.database.query(
            "SELECT move_id FROM account_move_line GROUP BY move_id "
            "HAVING abs(sum(balance)) > 0.001"
        )

    def stock(self):
        """Beers on the shelf."""
        return float(
            self.database.value(
                "SELECT sum(quantity) FROM stock_quant WHERE product_id = %s AND location_id = %s",
                self.beer_id,
                self.shelf_id,
            )
        )

    def orders(self):
        """(state, total, paid) of the till's orders, oldest first."""
        rows = self.database.query(
            """SELECT state, amount_total, amount_paid FROM pos_order
                WHERE config_id = %s ORDER BY id""",
            self.config_id,
        )
        return [(state, float(total), float(paid)) for state, total, paid in rows]

    def payments(self):
        """{method: amount in cents} over all orders of the till."""
        rows = self.database.query(
            """SELECT COALESCE(m.use_payment_terminal, 'cash'), sum(p.amount)
                 FROM pos_payment p
                 JOIN pos_payment_method m ON m.id = p.payment_method_id
                 JOIN pos_order o ON o.id = p.pos_order_id
                WHERE o.config_id = %s GROUP BY 1""",
            self.config_id,
        )
        return {method: round(100 * amount) for method, amount in rows}

    def check_books(self):
        """What must hold on every evening, once the ledger's entries are written."""
        self.write_books()
        assert self.unbalanced() == []
        assert self.book(self.clearing_id) == 0, "something waits on clearing"
        assert self.book(self.liability_id) == -self.held_in_total()

    def closed_sessions(self):
        """How many sessions of the till are closed (the till opens a new one at once)."""
        return self.database.value(
            "SELECT count(*) FROM pos_session WHERE config_id = %s AND state = 'closed'",
            self.config_id,
        )
