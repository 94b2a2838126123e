"""`make soak` stops at the first seed that fails, keeps it, and says how to play it again."""

import os
import re
import subprocess
import sys

import pytest

from tools.testing import seeds
from tools.testing.layout import ROOT

PLANTED = """
import pytest

def test_every_seventh_fails(seed):
    assert seed % 7

@pytest.mark.seeds(3)
def test_three_are_enough(seed):
    pass

def test_without_seed(tmp_path):
    pass

def test_control_is_not_repeated(tmp_path):
    raise AssertionError("a control was played by the soak")
"""


@pytest.fixture
def suite(tmp_path):
    """A suite with a planted failure, and a file of its own for the seeds that failed."""
    (tmp_path / "test_planted.py").write_text(PLANTED)
    recorded = tmp_path / "seeds.txt"

    def soak(**variables):
        return _run(["-m", "tools.testing.soak", str(tmp_path)], recorded, **variables)

    soak.folder, soak.recorded = tmp_path, recorded
    return soak


def _run(words, recorded, **variables):
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("SEED", "SEEDS", "SOAK_SEEDS", "JOBS")
    }
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**clean, "PYTHONPATH": str(ROOT), "SOAK_RECORDED": str(recorded), **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _pytest(suite):
    words = ["-m", "pytest", "-q", "-c", str(ROOT / "tests" / "pytest.ini"), "--color=no"]
    return _run([*words, f"--rootdir={ROOT}", "-rf", str(suite.folder)], suite.recorded)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_first_failure_ends_it_and_is_kept(suite, jobs):
    done = suite(SEED="1", SEEDS="40", JOBS=jobs)
    assert done.returncode == 1, done.stdout + done.stderr
    [line] = suite.recorded.read_text().splitlines()
    test, _space, seed = line.partition(" ")
    assert test.endswith("test_planted.py::test_every_seventh_fails")
    # Of two processes, either may be the first to meet one of its own.
    assert seed == "7" if jobs == "1" else int(seed) % 7 == 0
    assert f"test_every_seventh_fails[seed{seed}] failed" in done.stdout
    assert f"make soak SUITE={suite.folder} SEED={seed}" in done.stdout


def test_the_command_that_is_printed_plays_it_again(suite):
    done = suite(SEED="7")
    assert done.returncode == 1
    assert "seed 7, 1 processes" in done.stdout
    assert suite(SEED="8").returncode == 0


def test_make_test_plays_what_ever_failed(suite):
    """Outside of the soak: the usual seeds, and those of the file."""
    suite(SEED="700")
    said = _pytest(suite).stdout
    assert set(re.findall(r"FAILED .*\[seed(\d+)\]", said)) == {"7", "14", "700"}
    # 20 seeds and the kept one, three, one without seed; the control fails here as planted.
    assert "4 failed, 22 passed" in said


def test_a_sound_suite(suite):
    done = suite(SEED="8", SEEDS="6")
    assert done.returncode == 0, done.stdout + done.stderr
    # Two scenarios with a seed and one without, six times each; the control not at all.
    assert "18 scenarios passed" in done.stdout


@pytest.mark.parametrize(
    ("suite_name", "variables", "words"),
    [
        ("nothing", {}, "there is no such suite"),
        ("simulation", {"SEEDS": "0"}, "1 or more"),
    ],
)
def test_a_wrong_question_has_an_answer(tmp_path, suite_name, variables, words):
    done = _run(["-m", "tools.testing.soak", suite_name], tmp_path / "seeds.txt", **variables)
    assert (done.returncode, words in done.stdout) == (2, True), done.stdout + done.stderr


def test_a_seed_is_kept_once(tmp_path):
    path = tmp_path / "seeds.txt"
    assert seeds.record("tests/x.py::test_y", 5, path)
    assert not seeds.record("tests/x.py::test_y", 5, path)
    assert seeds.record("tests/x.py::test_y", 6, path)
    assert seeds.recorded("tests/x.py::test_y", path) == [5, 6]
    assert seeds.recorded("tests/x.py::test_z", path) == []


def test_the_seeds_of_this_repository_are_of_tests_that_exist():
    for line in seeds.RECORDED.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, seed = line.split()
            path, _colon, test = name.partition("::")
            assert f"def {test}(" in (ROOT / path).read_text(), name
            assert int(seed) >= 0
