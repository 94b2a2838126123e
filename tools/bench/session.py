"""One run of the benchmark, inside the environment."""

import json
import os
import platform
import sys
import time
from datetime import UTC, datetime

from tools.testing import databases, template
from tools.testing.layout import ROOT

from . import gate, ledger, live, prints, rush, tap, till
from .figure import Figure

FIGURES = {
    **ledger.FIGURES,
    **till.FIGURES,
    **tap.FIGURES,
    **live.FIGURES,
    **rush.FIGURES,
    **gate.FIGURES,
    **prints.FIGURES,
}
RESULTS = ROOT / "bench" / "results.json"
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


def main(prefixes):
    """Measure the figures whose names start with a prefix (all when there is none)."""
    off = [name for name in DURABLE if _setting(name) != "on"]
    if off:
        print(f"The database does not keep what it promises ({', '.join(off)} off): refused.")
        return 2
    wanted = {
        name: measure
        for name, measure in FIGURES.items()
        if not prefixes or any(name.startswith(prefix) for prefix in prefixes)
    }
    if not wanted:
        print(f"No such figure. There are: {', '.join(FIGURES)}.")
        return 2
    _core, full = template.ensure()
    figures = {}
    for name, measure in wanted.items():
        started = time.monotonic()
        print(f"{name} …", flush=True)
        work = f"{template.PREFIX}_run_bench_{os.getpid()}"
        databases.copy(full, work, databases.filestore(full))
        try:
            figures[name] = measure(work)
        finally:
            databases.drop(work)
        print(f"{name}: {figures[name]} in {time.monotonic() - started:.0f} s", flush=True)
    _write(figures)
    _table(figures)
    return 0


def _setting(name):
    return databases.execute(f"SHOW {name}")[0][0]


def _write(figures: dict[str, Figure]):
    known = {}
    if RESULTS.exists():
        known = json.loads(RESULTS.read_text()).get("figures", {})
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps(
            {
                "machine": {
                    "cores": os.cpu_count(),
                    "processor": platform.processor() or platform.machine(),
                    "python": platform.python_version(),
                    "postgresql": _setting("server_version"),
                    "load": os.getloadavg()[0],
                    "at": datetime.now(UTC).isoformat(timespec="seconds"),
                },
                "figures": known | {name: figure.as_json() for name, figure in figures.items()},
            },
            indent=2,
        )
        + "\n"
    )


def _table(figures):
    print(f"\n{'figure':<20}{'value':>12} {'unit':<10}{'ratio':>7}   beside")
    for name, figure in figures.items():
        print(
            f"{name:<20}{figure.value:>12.1f} {figure.unit:<10}{figure.ratio:>7.2f}"
            f"   {figure.limit:.1f} {figure.limit_name}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
