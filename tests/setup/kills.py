"""Where `make run` is killed: each named step, and what is taken away so that it has work."""

import json
import shutil
import time

from tests.setup.running import PAGE, Running


def without(*stamps):
    """Return what takes stamps away, so that their steps run again."""

    def undo(venue):
        for stamp in stamps:
            (venue.root / ".data" / "state" / f"{stamp}.json").unlink(missing_ok=True)

    return undo


def nothing_yet(_venue):
    """Nothing is there yet: the checkout is new."""


def no_odoo(venue):
    """Take Odoo out of the environment."""
    site = next(venue.root.glob(".venv/lib/python3*/site-packages"))
    (site / "odoo").rename(venue.root.parent / f"odoo-{time.time_ns()}")
    without("odoo")(venue)


def some_packages_lost(venue):
    """Take packages away that Odoo needs, half of one included."""
    site = next(venue.root.glob(".venv/lib/python3*/site-packages"))
    for name in ("werkzeug", "lxml"):
        shutil.rmtree(site / name)
    for info in (*site.glob("[wW]erkzeug-*"), *site.glob("lxml-*")):
        shutil.rmtree(info)
    without("requirements")(venue)


def no_secret(venue):
    """Take the key away (nothing is encrypted with it here)."""
    (venue.root / ".data" / "secret.key").unlink()


def no_cluster(venue):
    """Take the whole database server away."""
    venue.tools("stop")
    shutil.rmtree(venue.root / ".data" / "pg")


def no_database(venue):
    """Take the database away."""
    venue.sql('DROP DATABASE "tibillet" WITH (FORCE)')
    venue.tools("stop")


def no_demo(venue):
    """Make the demo run again."""
    mark = json.loads(venue.sql("SELECT shobj_description(oid, 'pg_database') FROM pg_database "
                                "WHERE datname = 'tibillet'"))  # fmt: skip
    mark["tibillet"]["demo"] = ""
    quoted = json.dumps(mark).replace("'", "''")
    venue.sql(f"COMMENT ON DATABASE tibillet IS '{quoted}'")
    venue.sql("DROP TABLE probe_demo", database="tibillet")
    venue.tools("stop")


def nothing(_venue):
    """Leave everything as it is."""


# step, what is taken away before, seconds into the step at which the kill comes
KILLS = (
    ("python", nothing_yet, 0.8),
    ("odoo", no_odoo, 2.0),
    ("requirements", some_packages_lost, 1.5),
    ("secret", no_secret, 0.0),
    ("postgres", no_cluster, 0.3),
    ("database", no_database, 0.05),
    ("modules", no_database, 2.5),
    ("demo", no_demo, 0.8),
    ("serve", nothing, 0.4),
    ("check", nothing, 0.0),
)
# So short that a kill right after their first line may come when they are already done.
MOMENTS = {"check", "secret", "database"}


def killed_inside(venue, step, undo, delay):
    """Kill a run inside the step; sooner, when the machine was quicker than the kill."""
    for wait in (delay, delay / 3, delay / 10):
        undo(venue)
        killed = Running(venue)
        killed.wait_for(f"== {step}")
        time.sleep(wait)
        killed.kill()
        if f"== {step}: done" not in killed.said and PAGE not in killed.said:
            break
    return killed
