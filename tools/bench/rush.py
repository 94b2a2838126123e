"""Two hundred want fifty seats over HTTP: by the website and paid, by JSON-2, at a till."""

import time

from tests.concurrency import rush, till_rush
from tests.support.database import Database
from tests.support.odoo_process import OdooServer
from tools.testing.layout import DATA

from .figure import Figure

SEATS = 50
BY_WEBSITE = 140
BY_API = 40
AT_THE_TILL = 20
WORKERS = 4
TOKEN = (
    "UPDATE sale_order SET access_token = COALESCE(access_token, gen_random_uuid()::text)"
    " WHERE state = 'draft' AND id IN ("
    "   SELECT sale_order_id FROM event_registration WHERE event_id = %s)"
    " RETURNING id, access_token"
)


def sell(database):
    """Seats sold when four times as many people want one; nobody else is charged."""
    base = Database(database)
    with base.env() as env:
        facts = till_rush.rush_with_till(env, SEATS)
    concert = rush.Concert(facts)
    log = DATA / "log" / "servers" / f"bench-{database}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    server = OdooServer(database, log, workers=WORKERS).start(timeout=180)
    try:
        started = time.perf_counter()
        answers = rush.together(
            [lambda: _choose(server, concert)] * BY_WEBSITE
            + [lambda: rush.register_by_api(server.url, facts["key"], concert)] * BY_API
            + [lambda: till_rush.sell(server.url, facts)] * AT_THE_TILL
        )
        chosen = time.perf_counter() - started
        baskets = [
            {"id": order, "token": token}
            for order, token in sorted(base.query(TOKEN, concert.event))
        ]
        paid = rush.together([lambda order=order: _pay(server, order, facts) for order in baskets])
        for answer in paid:
            if not isinstance(answer, Exception):
                rush.look(answer)
        seconds = time.perf_counter() - started
    finally:
        server.stop()
    sold = base.value(
        "SELECT count(*) FROM event_registration WHERE event_id = %s AND state IN ('open', 'done')",
        concert.event,
    )
    charged = base.value("SELECT count(*) FROM payment_transaction WHERE state = 'done'")
    base.close()
    return Figure(
        sold,
        "seats sold",
        "seats there are",
        SEATS,
        {
            "buyers": BY_WEBSITE + BY_API + AT_THE_TILL,
            "charged": charged,
            "baskets": len(baskets),
            "by_api": sum(answer[0] == 200 for answer in answers if isinstance(answer, tuple)),
            "at_the_till": answers[-AT_THE_TILL:].count("sold"),
            "lost_connections": sum(isinstance(answer, Exception) for answer in answers),
            "seconds_to_choose": round(chosen, 1),
            "seconds": round(seconds, 1),
        },
    )


def _choose(server, concert):
    visitor = rush.Visitor(server.url)
    token = rush.choose(visitor, concert)
    return bool(token) and rush.confirm(visitor, concert, token)


def _pay(server, order, facts):
    visitor = rush.Visitor(server.url)
    reference, error = rush.begin_to_pay(visitor, order, facts["provider"])
    if not error:
        rush.succeed(visitor, reference)
    return visitor


FIGURES = {"sale.rush": sell}
