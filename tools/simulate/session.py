"""One night, inside the environment: venue, server, tills, comparison, report."""

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.database import Database
from tests.support.odoo_process import OdooServer
from tools.testing import databases, known_warnings, template
from tools.testing.layout import DATA, ROOT

from . import venue
from .compare import differences
from .evening import Evening

TILLS = 40
MINUTES = 4
ACTS_A_MINUTE = 4
# As odoo.conf has it for two processors.
WORKERS = 5
COLLISION = re.compile(
    "could not (serialize access|obtain lock on row)|deadlock detected"
    '|unique constraint "tibillet_cash_drop_key_uniq"'
)


def main(_words=()):
    """Play the night that the variables ask for; 0 when everything adds up."""
    seed = os.environ.get("SEED") or str(random.randrange(10**6))
    tills = int(os.environ.get("TILLS") or TILLS)
    minutes = float(os.environ.get("MINUTES") or MINUTES)
    say(f"simulate: SEED={seed} TILLS={tills} MINUTES={minutes:g}, load {os.getloadavg()[0]:.2f}")
    _core, full = template.ensure(say)
    work = f"{template.PREFIX}_run_simulate_{os.getpid()}"
    databases.copy(full, work, databases.filestore(full))
    base = Database(work)
    try:
        return _night(base, seed, tills, minutes)
    finally:
        base.close()
        databases.drop(work)


def say(line):
    print(line, flush=True)


def _night(base, seed, tills, minutes):
    with base.env() as env:
        made = venue.build(env, tills, cards=2 * tills, poor=tills)
    base.close()
    log = DATA / "log" / "servers" / f"{base}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    server = OdooServer(base, log, workers=WORKERS).start()
    started = time.perf_counter()
    try:
        acts = max(1, round(minutes * ACTS_A_MINUTE))
        evening = Evening(made, server, seed, acts, 60 * minutes, say=say)
        evening.play()
    finally:
        server.stop()
    wrong, collisions = warned(server)
    found = differences(evening, base) + verified(base) + wrong
    report(evening, time.perf_counter() - started)
    say(f"collisions that were tried again: {collisions}")
    if found:
        say(f"\n{len(found)} things do not add up (SEED={seed}):")
        for one in found[:40]:
            say(f"  {one}")
        return 1
    say("\nEverything adds up: tills, orders, cards, drawers, Z, ledger and books, to the cent.")
    return 0


def warned(server):
    """(What the server logged as wrong, how many collisions): two tills at one row are none of
    it, PostgreSQL refuses one of them and Odoo tries it again."""
    known = known_warnings.load(ROOT / "tests" / "known_warnings.txt")
    lines = [line for line in server.warnings() if not known_warnings.matches(known, line)]
    wrong = [line for line in lines if not COLLISION.search(line)]
    return [f"log: {line[:2000]}" for line in wrong], len(lines) - len(wrong)


def verified(base):
    """The ledger's export, checked without Odoo as `make audit` does: what it found wrong."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "ledger.jsonl"
        with base.env() as env, target.open("wb") as file:
            env["tibillet.ledger"].sudo()._export(file.write)
        verifier = ROOT / "tools" / "verify_ledger.py"
        done = subprocess.run(
            [sys.executable, "-I", str(verifier), str(target)], capture_output=True, text=True
        )
    said = (done.stdout + done.stderr).strip()
    return [f"export: {said[-500:]}"] if done.returncode else []


def report(evening, seconds):
    """The figures of the night."""
    tills = evening.tills
    orders = [kept for till in tills for kept in till.orders.values()]
    wallets = {till.place.wallet for till in tills}
    paid = sum(kept.minor for kept in orders)
    by_card = sum(kept.by_method.get(key, 0) for kept in orders for key in wallets)
    say(f"\n{len(tills)} tills, {len(orders)} orders, {paid / 100:.2f} paid,")
    say(f"of it {by_card / 100:.2f} by cards; {seconds:.0f} s in all:")
    say("  " + ", ".join(f"{name} {took:.0f} s" for name, took in evening.took.items()))
    total = sum(count for kind, count in evening.done.items() if kind != "desk")
    say(
        "acts: "
        + ", ".join(
            f"{kind} {count}" + (f" ({100 * count / total:.0f} %)" if kind != "desk" else "")
            for kind, count in sorted(evening.done.items(), key=lambda one: -one[1])
        )
    )
    for line, count in sorted(evening.outcomes.items()):
        say(f"  {line:<40}{count:>6}")
    late = sorted(evening.late_s)
    say(f"behind the clock: median {late[len(late) // 2]:.1f} s, worst {late[-1]:.1f} s")
    say(
        f"network: {sum(till.wire.asked for till in tills)} requests, "
        f"{evening.network('lost')} lost on the way, {evening.network('sent_again')} sent again"
    )
    say(f"{'RPC':<42}{'count':>7}{'p50 ms':>9}{'p95 ms':>9}")
    for method, (count, median, high) in evening.times().items():
        say(f"{method:<42}{count:>7}{median:>9.0f}{high:>9.0f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
