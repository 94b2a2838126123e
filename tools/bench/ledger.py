"""Figures of the ledger: sales a second, each durable, beside TPC-B of the same minute."""

import secrets
import statistics
import time
from multiprocessing import get_context

from tests.support.odoo_process import configure_this_process
from tools.testing import databases

from . import history, pgbench
from .figure import Figure

HOLDERS = 1_000
SECONDS = 10
GROWN = 1_000_000
GROWTH_TURNS = 7
TURN_SECONDS = 3
FORK = get_context("fork")


class Shop:
    """A database with a thousand loaded cards and one merchant."""

    def __init__(self, database):
        configure_this_process(database)
        from odoo.modules.registry import Registry

        self.database = database
        self.registry = Registry(database)
        with self.registry.cursor() as cr:
            env = self.env(cr)
            company = env.company
            company.tibillet_stored_limit_minor = 0  # what is measured is no card's ceiling
            asset = env["tibillet.asset"].create({"name": "Bench", "code": "bench"})
            Account = env["tibillet.account"]
            cards = env["tibillet.card"].create([{"company_id": company.id}] * HOLDERS)
            self.company = company.id
            self.place = Account._get(env["tibillet.wallet"]._of_place(company), asset).id
            self.asset = asset.id
            issuer = self.issuer = Account._get(asset.issuer_wallet_id, asset).id
            self.purses = [Account._get(wallet, asset).id for wallet in cards.wallet_id]
            env["tibillet.ledger"]._post(
                [
                    {
                        "key": secrets.token_hex(8),
                        "origin": "bench",
                        "code": "topup",
                        "transfers": [(issuer, purse, 15_000)],
                    }
                    for purse in self.purses
                ]
            )

    def env(self, cr):
        from odoo.api import SUPERUSER_ID, Environment

        return Environment(cr, SUPERUSER_ID, {})

    def sale(self, purse):
        return {
            "key": secrets.token_hex(8),
            "origin": "device:1",
            "code": "sale",
            "company_id": self.company,
            "transfers": [(purse, self.place, 1)],
        }

    def conserved(self):
        """Whether the sweep of all invariants finds nothing."""
        with self.registry.cursor() as cr:
            return self.env(cr)["tibillet.ledger"]._audit() == {}

    def let_go(self):
        from odoo.modules.registry import Registry
        from odoo.sql_db import close_db

        Registry.delete(self.database)
        close_db(self.database)


def single(database):
    """One connection, a commit for each sale."""
    shop = Shop(database)
    pgbench.prepare(database)
    limit = [pgbench.rate(database, 1, SECONDS // 2)]
    with shop.registry.cursor() as cr:
        ledger = shop.env(cr)["tibillet.ledger"]
        for turn in range(200):
            ledger._post([shop.sale(shop.purses[turn])])
            cr.commit()
        done, started = 0, time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            ledger._post([shop.sale(shop.purses[done % HOLDERS])])
            cr.commit()
            done += 1
        rate = done / (time.perf_counter() - started)
    limit.append(pgbench.rate(database, 1, SECONDS // 2))
    extra = {"money_conserved": shop.conserved(), "pgbench": limit}
    shop.let_go()
    return Figure(rate, "sales/s", "pgbench TPC-B, 1 client", sum(limit) / 2, extra)


def batch(database):
    """A thousand operations a batch, a commit for each batch."""
    shop = Shop(database)
    pgbench.prepare(database)
    limit = pgbench.rate(database, 1, SECONDS // 2)
    with shop.registry.cursor() as cr:
        ledger = shop.env(cr)["tibillet.ledger"]
        done, started = 0, time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            ledger._post([shop.sale(purse) for purse in shop.purses])
            cr.commit()
            done += HOLDERS
        rate = done / (time.perf_counter() - started)
    extra = {"money_conserved": shop.conserved()}
    shop.let_go()
    return Figure(rate, "ops/s", "pgbench TPC-B, 1 client", limit, extra)


def concurrent(database, workers=8):
    """Eight processes, random holders, one merchant."""
    from odoo.sql_db import close_all

    shop = Shop(database)
    pgbench.prepare(database)
    limit = pgbench.rate(database, 8, SECONDS // 2)
    close_all()
    answers, processes = FORK.Queue(), []
    for number in range(workers):
        process = FORK.Process(target=_sell, args=(shop, number, answers))
        process.start()
        processes.append(process)
    results = [answers.get(timeout=120) for _worker in processes]
    for process in processes:
        process.join(30)
    limit = (limit + pgbench.rate(database, 8, SECONDS // 2)) / 2
    extra = {
        "failures_shown": sum(result["failures"] for result in results),
        "money_conserved": shop.conserved(),
    }
    shop.let_go()
    rate = sum(result["done"] for result in results) / SECONDS
    return Figure(rate, "sales/s", "pgbench TPC-B, 8 clients", limit, extra)


def _sell(shop, number, answers):
    import random

    draw = random.Random(number)
    done = failures = 0
    with shop.registry.cursor() as cr:
        ledger = shop.env(cr)["tibillet.ledger"]
        ends = time.perf_counter() + SECONDS
        while time.perf_counter() < ends:
            sale = shop.sale(draw.choice(shop.purses))
            try:
                ledger._short(lambda env, sale=sale: env["tibillet.ledger"]._post([sale]).id)
                done += 1
            # Whatever the reason, it is a sale that did not go through: the figure says how many.
            except Exception:
                failures += 1
    answers.put({"done": done, "failures": failures})
    answers.close()
    answers.join_thread()


def growth(database):
    """The sales of ``ledger.single`` in a ledger of a million operations and in one of a
    thousand, turn by turn, so that both see the same machine."""
    young_name = f"{database}_young"
    databases.copy(database, young_name, databases.filestore(database))
    try:
        old, young = Shop(database), Shop(young_name)
        grown = _grow(old)
        databases.execute("VACUUM ANALYZE", name=young_name)
        turns = [(_turn(old), _turn(young)) for _number in range(GROWTH_TURNS)]
        rates = [statistics.median(side) for side in zip(*turns, strict=True)]
        extra = {
            "operations": grown["operations"],
            "turns": [[round(rate) for rate in turn] for turn in turns],
            "money_conserved": old.conserved() and young.conserved(),
            "fill_s": grown["fill_s"],
            "old": _other_figures(old),
            "young": _other_figures(young),
        }
        old.let_go()
        young.let_go()
    finally:
        databases.drop(young_name)
    return Figure(rates[0], "sales/s", "the same at 1,000 operations", rates[1], extra)


def _grow(shop):
    """Give a shop two years of history; returns how much it is and how long it took."""
    started = time.perf_counter()
    with shop.registry.cursor() as cr:
        history.fill(cr, shop.asset, shop.issuer, shop.place, shop.company, GROWN)
        shop.env(cr)["tibillet.ledger"]._roll_up()
    # As the server's own upkeep would have left it, and nothing left to write behind.
    databases.execute("VACUUM ANALYZE", name=shop.database)
    databases.execute("CHECKPOINT")
    with shop.registry.cursor() as cr:
        shop.env(cr)["tibillet.ledger"]._roll_up()
        cr.execute("SELECT count(*) FROM tibillet_operation")
        return {
            "operations": cr.fetchone()[0],
            "fill_s": round(time.perf_counter() - started, 1),
        }


def _turn(shop):
    """Sales a second over a few seconds."""
    with shop.registry.cursor() as cr:
        ledger = shop.env(cr)["tibillet.ledger"]
        for number in range(30):
            ledger._post([shop.sale(shop.purses[number])])
            cr.commit()
        done, started = 0, time.perf_counter()
        while time.perf_counter() - started < TURN_SECONDS:
            ledger._post([shop.sale(shop.purses[done % HOLDERS])])
            cr.commit()
            done += 1
        return done / (time.perf_counter() - started)


def _other_figures(shop):
    """What else could grow with the past: sums, payouts, holds, the sweep, the roll-up."""
    with shop.registry.cursor() as cr:
        env = shop.env(cr)
        ledger, account = env["tibillet.ledger"], env["tibillet.account"].browse(shop.place)

        def settle():
            transfers = [(shop.place, shop.issuer, 1)]
            request = {"key": secrets.token_hex(8), "origin": "bench", "code": "settle"}
            ledger._post([{**request, "company_id": shop.company, "transfers": transfers}])

        return {
            "sum_ms": _milliseconds(cr, account._balance),
            "payout_ms": _milliseconds(cr, settle),
            "roll_up_ms": _milliseconds(cr, ledger._roll_up, times=3),
            "sweep_ms": _milliseconds(cr, ledger._audit, times=1),
        }


def _milliseconds(cr, work, times=20):
    """Median time of some work and its commit."""
    taken = []
    for _number in range(times):
        started = time.perf_counter()
        work()
        cr.commit()
        taken.append(1000 * (time.perf_counter() - started))
    return round(statistics.median(taken), 2)


FIGURES = {
    "ledger.single": single,
    "ledger.batch": batch,
    "ledger.concurrent": concurrent,
    "ledger.growth": growth,
}
