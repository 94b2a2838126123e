"""`make run` is killed inside each of its named steps and started again: it ends on its page.

A checkout with a tiny addon and a tiny demo, on the real sources: Odoo from Debian's package,
requirements by pip, a real PostgreSQL. Before each kill the step's result is taken away, so that
the step has work to be killed in.
"""

import pytest

from tests.setup.kills import KILLS, MOMENTS, killed_inside
from tests.setup.running import PAGE, Running, left_running


def test_every_step_is_killed(venue):
    """The list above is the list of `make run`."""
    done = venue.python("from tools.run import STEPS; print(*STEPS)")
    assert set(done.stdout.split()) == {step for step, _undo, _delay in KILLS}, done.stderr


@pytest.mark.parametrize(("step", "undo", "delay"), KILLS, ids=[kill[0] for kill in KILLS])
def test_killed_and_started_again(venue, step, undo, delay):
    """Killed inside the step, the next `make run` repairs it and ends on its page."""
    killed = killed_inside(venue, step, undo, delay)
    assert PAGE not in killed.said
    if step not in MOMENTS:
        assert f"== {step}: done" not in killed.said, killed.said

    again = Running(venue)
    try:
        again.reach_page()
        if step not in MOMENTS:
            assert f"== {step}: done" in again.said
        assert (venue.root / ".data" / "secret.key").stat().st_mode & 0o777 == 0o600
        assert venue.sql("SELECT string_agg(part::text, ',') FROM probe_demo", "tibillet") == "1,2"
        names = venue.sql("SELECT string_agg(datname, ' ') FROM pg_database")
        assert "__set_up" not in names
        assert "__old" not in names
    finally:
        again.end()
    assert not left_running(venue), "nothing runs on after Ctrl-C"
