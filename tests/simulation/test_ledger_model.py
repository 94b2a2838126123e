"""Property test: the ledger and a model of a hundred lines live the same lives."""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import machine_on

EXAMPLES = int(os.environ.get("SEEDS") or 20)


def test_ledger_lives_as_its_model(database):
    with database.env() as env:
        machine = machine_on(env.registry, env.uid)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            derandomize="SEEDS" not in os.environ,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_model_stays_small():
    lines = Path(__file__).with_name("model.py").read_text().splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith("#")]
    assert len(code) <= 100
