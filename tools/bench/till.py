"""Figures of the till, over HTTP on a real server with several workers."""

import contextlib
import secrets
import statistics
import threading
import time
from datetime import UTC, datetime, timedelta

from tests.support.database import Database
from tests.support.odoo_process import OdooServer
from tests.support.rpc import Rpc
from tools.testing.layout import DATA

from . import bar
from .figure import Figure, percentile

WORKERS = 2
# As odoo.conf has it for two processors. It also sets how many connections may wait (8 each):
# with two workers, forty tills at once meet a full queue.
SHIPPED_WORKERS = 5
CLIENTS = 8
SECONDS = 12


@contextlib.contextmanager
def _serving(database, tills, workers=WORKERS):
    """A bar with open tills and its server."""
    base = Database(database)
    with base.env() as env:
        made = bar.build(env, tills=tills)
    base.close()
    log = DATA / "log" / "servers" / f"bench-{database}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    server = OdooServer(database, log, workers=workers).start()
    try:
        yield base, made, server
    finally:
        server.stop()
        base.close()


def _drive(clients, seconds, act):
    """``act(number)`` again and again from so many clients: times in ms, failures, rate."""
    times, failures = [], []
    ends = time.perf_counter() + seconds

    def work(number):
        while time.perf_counter() < ends:
            started = time.perf_counter()
            try:
                act(number)
            # Any error is one answer that a customer did not get; the figure names them.
            except Exception as error:
                failures.append(f"{type(error).__name__}: {error}"[:200])
            times.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, failures, len(times) / seconds


def hold(database):
    """The RPC of a tap, eight clients, beside the cheapest authenticated RPC."""
    with _serving(database, tills=CLIENTS) as (_base, made, server):
        clients = [Rpc(server, bar.LOGIN, bar.PASSWORD) for _client in range(CLIENTS)]
        for client in clients:
            client.call("res.users", "context_get")
        seqs = [0] * CLIENTS

        def take(number):
            till = made.tills[number]
            seqs[number] += 1
            turn = seqs[number] * CLIENTS + number
            answer = clients[number].call(
                "pos.session",
                "tibillet_hold",
                [
                    [till.session],
                    till.credential,
                    seqs[number],
                    secrets.token_hex(8),
                    made.uids[turn % len(made.uids)],
                    [{"product_id": till.beer, "amount_minor": 1}],
                ],
            )
            if not answer["ok"]:
                raise AssertionError(answer["code"])

        for number in range(CLIENTS):
            take(number)
        cheap, _failed, cheap_rate = _drive(
            CLIENTS, SECONDS, lambda number: clients[number].call("res.users", "context_get")
        )
        times, failures, rate = _drive(CLIENTS, SECONDS, take)
        limit = percentile(cheap, 0.95)
        extra = {
            "rate": round(rate, 1),
            "p50": round(statistics.median(times), 1),
            "failures": len(failures),
            "first_failure": failures[0] if failures else None,
            "cheapest_rate": round(cheap_rate, 1),
        }
        return Figure(percentile(times, 0.95), "ms p95", "cheapest RPC, p95", limit, extra)


def order(database):
    """Orders a second of one company, certification on, with and without a card payment.

    The figure is the worst of one, eight and forty tills, as a share of the same orders in
    cash.
    """
    measured = {}
    with _serving(database, tills=40, workers=SHIPPED_WORKERS) as (base, made, server):
        for tills in (1, 8, 40):
            clients = [Rpc(server, bar.LOGIN, bar.PASSWORD) for _till in range(tills)]
            rates = {}
            for kind in ("cash", "card"):
                orders = _orders(base, made, tills, kind == "card")

                def sync(number, orders=orders, clients=clients):
                    clients[number].call("pos.order", "sync_from_ui", [[orders[number].pop()]])

                _times, failures, _rate = _drive(tills, SECONDS, sync)
                done = len(_times) - len(failures)
                rates[kind] = done / SECONDS
                rates[f"{kind}_failures"] = failures[:3]
            measured[tills] = rates
    worst = min(measured, key=lambda tills: measured[tills]["card"] / measured[tills]["cash"])
    return Figure(
        measured[worst]["card"],
        "orders/s",
        f"the same without card, {worst} tills",
        measured[worst]["cash"],
        {str(tills): rates for tills, rates in measured.items()},
    )


def _orders(base, made, tills, by_card):
    """More orders than the time allows; those by card have their hold already."""
    count = max(10, 40 * SECONDS // tills)
    if not by_card:
        return [[made.tills[n].order() for _order in range(count)] for n in range(tills)]
    until = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)
    orders = []
    with base.env() as env:
        ledger = env["tibillet.ledger"]
        turn = 0
        cards = env["tibillet.card"].search([("uid", "in", made.uids)])
        for number in range(tills):
            till = made.tills[number]
            company = env["res.company"].browse(till.company)
            row = []
            for _order in range(count):
                key = secrets.token_hex(8)
                turn += 1
                card = cards[turn % len(cards)]
                ledger._spend(
                    card.wallet_id,
                    company,
                    [(None, 600, None)],
                    key=key,
                    origin=f"device:{till.device}",
                    hold_until=until,
                    card=card,
                )
                row.append(till.order(key))
            orders.append(row)
    base.close()
    return orders


FIGURES = {"till.hold": hold, "till.order": order}
