"""pytest plugin: scenarios that take a `seed`, and the seeds that once failed.

A test with an argument `seed` runs for 20 seeds (or as many as `@pytest.mark.seeds(n)` says), and
for every seed that ever failed it: those stand in `tests/seeds.txt`, one `test seed` a line, and
stay there for ever. `make soak` gives other seeds (`SOAK_SEEDS`, written `first:step:count`); then
tests without seed are played again as often, except controls, and each result is told to the
parent process on the file descriptor `SOAK_REPORT`.
"""

import json
import os

import pytest

from .layout import ROOT

RECORDED = ROOT / "tests" / "seeds.txt"
DEFAULT = 20


def recorded(test, path=None):
    """Seeds that once failed a test (its path and name, without brackets)."""
    path = path or recorded_file()
    lines = path.read_text().splitlines() if path.exists() else []
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return [int(seed) for name, seed in rows if name == test]


def record(test, seed, path=None):
    """Keep a seed that failed; says whether it is new."""
    path = path or recorded_file()
    if seed in recorded(test, path):
        return False
    with path.open("a") as file:
        file.write(f"{test} {seed}\n")
    return True


def recorded_file():
    """Where the seeds stand (tests of this file name another one)."""
    return type(ROOT)(os.environ.get("SOAK_RECORDED") or RECORDED)


def asked():
    """The seeds that the soak gives this process, or None outside of it."""
    text = os.environ.get("SOAK_SEEDS")
    if not text:
        return None
    first, step, count = map(int, text.split(":"))
    return range(first, first + step * count, step)


def pytest_configure(config):
    config.addinivalue_line("markers", "seeds(n): how many seeds `make test` gives a scenario")


def pytest_generate_tests(metafunc):
    seeds = asked()
    if "seed" not in metafunc.fixturenames:
        if seeds is None or not _may_be_repeated(metafunc):
            return
        metafunc.fixturenames.append("seed")
    if seeds is None:
        mark = metafunc.definition.get_closest_marker("seeds")
        seeds = range(1, 1 + (mark.args[0] if mark else DEFAULT))
    test = metafunc.definition.nodeid
    seeds = [*seeds, *(seed for seed in recorded(test) if asked() is None and seed not in seeds)]
    metafunc.parametrize("seed", seeds, ids=[f"seed{seed}" for seed in seeds])


def _may_be_repeated(metafunc):
    return metafunc.fixturenames and not metafunc.function.__name__.startswith("test_control")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if asked() is None:
        return
    # In the order of the seeds, so that all scenarios are seen early.
    items[:] = [item for item in items if "seed" in getattr(item, "callspec", _None).params]
    items.sort(key=lambda item: item.callspec.params["seed"])
    _tell({"collected": len(items)})


class _None:
    params = ()


def pytest_runtest_makereport(item, call):
    """Remember the seed on the item's report, where the next hook finds it."""
    if asked() is not None:
        item.user_properties.append(("seed", item.callspec.params["seed"]))


def pytest_runtest_logreport(report):
    if asked() is None or (report.passed and report.when != "call"):
        return
    _tell(
        {
            "test": report.nodeid.partition("[")[0],
            "node": report.nodeid,
            "seed": dict(report.user_properties)["seed"],
            "outcome": report.outcome,
            "when": report.when,
            "said": "" if report.passed else str(report.longrepr),
        }
    )


def _tell(content):
    os.write(int(os.environ["SOAK_REPORT"]), (json.dumps(content) + "\n").encode())
