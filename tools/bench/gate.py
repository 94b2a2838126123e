"""Figures of the gate: scans over HTTP by eight phones; checks of tickets in the browser."""

import itertools
import os
import statistics
import time

from playwright.sync_api import sync_playwright

from tests.concurrency import gates
from tests.support.database import Database
from tests.support.odoo_process import OdooServer
from tests.support.rpc import Rpc
from tools.testing.layout import DATA

from .figure import Figure, percentile
from .till import CLIENTS, SECONDS, WORKERS, _drive

TICKETS = 6000
PASSWORD = "gate-bench"  # noqa: S105  of a database that lives for a minute
CHROMIUM = "/usr/bin/chromium"
VERIFY = """async ([base, jwk, texts, seconds]) => {
    const { readTicket } = await import(`${base}/cose.js`);
    const { Signatures } = await import(`${base}/signatures.js`);
    const signatures = new Signatures();
    const ends = performance.now() + seconds * 1000;
    let done = 0, good = 0;
    while (performance.now() < ends) {
        const { signature, signed } = readTicket(texts[done % texts.length]);
        good += await signatures.check(jwk, signature, signed);
        done += 1;
    }
    return { done, good };
}"""


class _Evening:
    def __init__(self, database, tickets):
        self.base = Database(database)
        with self.base.env() as env:
            env.ref("base.user_admin").password = PASSWORD
            self.facts = gates.gate_evening(env, tickets)
            event = env["event.registration"].browse(self.facts["people"][0]).event_id
            self.keys = env["tibillet.gate.config"]._keys(event._tibillet_place())
            env.cr.commit()
        log = DATA / "log" / "servers" / f"bench-{database}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        self.server = OdooServer(database, log, workers=WORKERS).start()

    def __enter__(self):
        return self

    def __exit__(self, *_why):
        self.server.stop()
        self.base.close()


def redeem(database):
    """Eight phones scan tickets that have not entered; beside the cheapest authenticated RPC."""
    with _Evening(database, TICKETS) as evening:
        clients = [Rpc(evening.server, "admin", PASSWORD) for _client in range(CLIENTS)]
        for client in clients:
            client.call("res.users", "context_get")
        cheap, _failed, cheap_rate = _drive(
            CLIENTS,
            SECONDS,
            lambda number: clients[number].call("res.users", "context_get") and None,
        )
        texts = itertools.cycle(evening.facts["texts"])
        phones = evening.facts["phones"]
        codes = []

        def scan(number):
            answer = gates.redeem(evening.server.url, phones[number], next(texts))
            codes.append(answer["code"])

        times, failures, rate = _drive(CLIENTS, SECONDS, scan)
    return Figure(
        percentile(times, 0.95),
        "ms p95",
        "cheapest RPC, p95",
        percentile(cheap, 0.95),
        {
            "rate": round(rate, 1),
            "p50": round(statistics.median(times), 1),
            "entries": codes.count("entry"),
            "refused": len(codes) - codes.count("entry"),
            "failures": len(failures),
            "first_failure": failures[0] if failures else None,
            "cheapest_rate": round(cheap_rate, 1),
            "load": round(os.getloadavg()[0], 2),
        },
    )


def verify(database):
    """How many tickets a browser checks in a second, one after the other."""
    with _Evening(database, 200) as evening, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(bypass_csp=True)
        page.goto(f"{evening.server.url}/tibillet/gate")
        page.wait_for_selector("#link")
        base = page.evaluate("() => document.querySelector('script[type=module]').src")
        base = base.rpartition("/")[0]
        seconds = 5
        began = time.perf_counter()
        done = page.evaluate(VERIFY, [base, evening.keys[0], evening.facts["texts"], seconds])
        took = time.perf_counter() - began
        browser.close()
    if done["good"] != done["done"]:
        raise AssertionError("a good ticket was not verified")
    return Figure(
        round(done["done"] / took, 1),
        "checks/s",
        "asked for, per second",
        500,
        {"checked": done["done"]},
    )


FIGURES = {"gate.redeem": redeem, "ticket.verify": verify}
