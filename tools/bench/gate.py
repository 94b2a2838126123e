"""Figures of the gate: scans over HTTP by eight phones; checks of tickets in the browser."""

import itertools
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.concurrency import gates
from tests.support import camera_film
from tests.support.database import Database
from tests.support.odoo_process import OdooServer
from tests.support.rpc import Rpc
from tools.testing.layout import DATA

from .figure import Figure, percentile
from .till import CLIENTS, SECONDS, WORKERS, _drive

TICKETS = 6000
QUEUE = 50
PASSWORD = "gate-bench"  # noqa: S105  of a database that lives for a minute
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]
# How many are in; the volunteer's thumb sends away who is shown a second time.
INSIDE = """count => {
    document.querySelector(".result.no .next")?.click();
    return parseInt(document.querySelector(".foot .counts")?.innerText || "0") >= count;
}"""
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
            link = env["tibillet.gate.list"].browse(self.facts["list"]).pairing_ids[:1]
            self.token = link._token()
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
            executable_path=CHROMIUM, args=FLAGS
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


def camera(database):
    """Fifty tickets held before a phone's camera, two seconds each, until all are in."""
    with (
        _Evening(database, QUEUE) as evening,
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
    ):
        film = camera_film.shoot(Path(folder) / "queue.y4m", evening.facts["texts"])
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, *camera_film.flags(film)]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844}, bypass_csp=True)
        page.goto(f"{evening.server.url}/tibillet/gate#p={evening.token}")
        page.fill("#name", "Anna")
        page.click(".join .main")
        page.wait_for_function(INSIDE, arg=1, timeout=60_000)
        began = time.perf_counter()
        page.wait_for_function(INSIDE, arg=QUEUE, timeout=300_000)
        took = time.perf_counter() - began
        browser.close()
        entered = evening.base.value("SELECT count(*) FROM tibillet_gate_scan WHERE code = 'entry'")
    if entered != QUEUE:
        raise AssertionError(f"{entered} entries were counted for {QUEUE} tickets")
    return Figure(
        round(took, 1),
        "s for 50 by camera",
        "asked for",
        100,
        {"load": round(os.getloadavg()[0], 2)},
    )


FIGURES = {"gate.redeem": redeem, "gate.camera": camera, "ticket.verify": verify}
