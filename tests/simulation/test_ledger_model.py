"""Property test: the ledger and a model of some hundred lines live the same lives."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from tests.support.database import copy_of
from tools.testing import databases, template

from .machine import ACTS, machine_on, make_assets

LIVES_A_SEED = 2


@pytest.fixture(scope="module")
def machine(template_database):
    """The state machine on a database of its own; every life is rolled back."""
    database = copy_of(template_database, f"{template.PREFIX}_run_{os.getpid()}_lives")
    try:
        with database.env() as env:
            registry, assets = env.registry, make_assets(env)
            env.cr.commit()
        yield machine_on(registry, 1, assets)  # the superuser: roles have tests of their own
    finally:
        database.close()
        databases.drop(database.name)


def live(machine, seed):
    """Some random lives, the same for the same seed."""
    run_state_machine_as_test(
        seeded(seed)(machine),
        settings=settings(
            max_examples=LIVES_A_SEED,
            stateful_step_count=40,
            deadline=None,
            database=None,
            print_blob=True,
            # Not shrunk: a step costs twenty queries, and the steps of the life are printed.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_ledger_lives_as_its_model(machine, seed):
    live(machine, seed)


def test_the_lives_reach_every_code(machine):
    """What no life ever posts is not shown: more lives are led until every code was."""
    every = {*ACTS, "undo", "correct"}
    for seed in range(1_000, 1_020):
        if machine.lived >= every:
            break
        live(machine, seed)
    assert every - machine.lived == set()


def test_the_model_stays_small():
    lines = Path(__file__).with_name("model.py").read_text().splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith("#")]
    assert len(code) <= 125
