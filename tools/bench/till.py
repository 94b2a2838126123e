"""Figures of the till, over HTTP on a real server with several workers."""

import contextlib
import os
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
    """``act(number)`` again and again from so many clients: times in ms, failures, rate.

    An act may answer its own time in ms, when part of it only prepares what is measured.
    """
    times, failures = [], []
    ends = time.perf_counter() + seconds

    def work(number):
        while time.perf_counter() < ends:
            started, took = time.perf_counter(), None
            try:
                took = act(number)
            # Any error is one answer that a customer did not get; the figure names them.
            except Exception as error:
                failures.append(f"{type(error).__name__}: {error}"[:200])
            times.append(took or (time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, failures, len(times) / seconds


class _Counter:
    """The tills of a figure and the browsers that stand at them; acts are numbered."""

    def __init__(self, made, server):
        self.made = made
        self.clients = [Rpc(server, bar.LOGIN, bar.PASSWORD) for _client in range(CLIENTS)]
        self.seqs = [0] * CLIENTS

    def ask(self, number, method, *args):
        """One RPC of the till's session; a refusal is a failure of the figure."""
        till = self.made.tills[number]
        answer = self.clients[number].call(
            "pos.session", method, [[till.session], till.credential, *args]
        )
        if not answer["ok"]:
            raise AssertionError(answer["code"])

    def seq(self, number):
        self.seqs[number] += 1
        return self.seqs[number]

    def uid(self, number):
        """Another card each time, never one that another till has."""
        turn = self.seq(number) * CLIENTS + number
        return self.made.uids[turn % len(self.made.uids)]


def _beside_cheapest(database, act):
    """``act(counter, number)`` by eight clients, beside the cheapest authenticated RPC."""
    with _serving(database, tills=CLIENTS) as (_base, made, server):
        counter = _Counter(made, server)
        for number, client in enumerate(counter.clients):
            client.call("res.users", "context_get")
            act(counter, number)
        cheap, _failed, cheap_rate = _drive(
            CLIENTS,
            SECONDS,
            lambda number: counter.clients[number].call("res.users", "context_get") and None,
        )
        times, failures, rate = _drive(CLIENTS, SECONDS, lambda number: act(counter, number))
        extra = {
            "rate": round(rate, 1),
            "p50": round(statistics.median(times), 1),
            "failures": len(failures),
            "first_failure": failures[0] if failures else None,
            "cheapest_rate": round(cheap_rate, 1),
            "load": round(os.getloadavg()[0], 2),
        }
        limit = percentile(cheap, 0.95)
        return Figure(percentile(times, 0.95), "ms p95", "cheapest RPC, p95", limit, extra)


def hold(database):
    """The RPC of a tap."""

    def take(counter, number):
        uid = counter.uid(number)
        basket = [{"product_id": counter.made.tills[number].beer, "amount_minor": 1}]
        counter.ask(
            number, "tibillet_hold", counter.seqs[number], secrets.token_hex(8), uid, basket
        )

    return _beside_cheapest(database, take)


def card_page(database):
    """The RPC that opens a card's page."""
    return _beside_cheapest(
        database,
        lambda counter, number: counter.ask(number, "tibillet_card_page", counter.uid(number)),
    )


def undo(database):
    """The RPC that undoes the last sale; the sale itself is made before and not measured."""

    def take_back(counter, number):
        sale = counter.made.tills[number].order()
        sale |= {
            "tibillet_device_id": counter.made.tills[number].device,
            "tibillet_device_seq": counter.seq(number),
        }
        counter.clients[number].call("pos.order", "sync_from_ui", [[sale]])
        started = time.perf_counter()
        key = secrets.token_hex(8)
        counter.ask(number, "tibillet_undo", counter.seq(number), key, sale["uuid"], False)
        return (time.perf_counter() - started) * 1000

    return _beside_cheapest(database, take_back)


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


FIGURES = {
    "till.hold": hold,
    "till.order": order,
    "till.card_page": card_page,
    "till.undo": undo,
}
