"""What `make test` counts, leaves out and ends with."""

import os
import subprocess

import pytest

from tools.testing import needs, readers, shards
from tools.testing.layout import ROOT
from tools.testing.report import Total, failures
from tools.testing.run import PYTEST_SUMMARY, Outcome
from tools.testing.shards import Shard


def _total(*outcomes):
    total = Total()
    for number, (counts, returncode) in enumerate(outcomes):
        total.add(Outcome(f"shard-{number}", counts, 1.0, returncode))
    return total


def _last_line(total, capsys):
    code = total.finish(75.5)
    return code, capsys.readouterr().out.strip().splitlines()[-1]


def test_the_last_line_is_the_sum_of_all_shards(capsys):
    total = _total(({"passed": 40}, 0), ({"passed": 2}, 0))
    assert _last_line(total, capsys) == (0, "===== 42 passed in 75.50s (0:01:15) =====")


@pytest.mark.parametrize(
    ("counts", "returncode", "words"),
    [
        ({"passed": 3, "failed": 1}, 1, "1 failed, 4 passed"),
        ({"passed": 3, "error": 1}, 1, "4 passed, 1 error"),
        ({"passed": 3, "skipped": 1}, 0, "4 passed, 1 skipped, 1 error"),
        ({"passed": 3, "deselected": 2}, 0, "4 passed, 1 error"),
        ({}, 5, "1 passed, 1 error"),
        ({"passed": 3}, 3, "4 passed, 1 error"),
    ],
)
def test_anything_but_passed_tests_fails_the_run(capsys, counts, returncode, words):
    code, line = _last_line(_total(({"passed": 1}, 0), (counts, returncode)), capsys)
    assert code == 1
    assert line == f"===== {words} in 75.50s (0:01:15) ====="


def test_a_run_without_any_test_fails(capsys):
    assert _last_line(Total(), capsys) == (1, "===== no tests ran in 75.50s (0:01:15) =====")


def test_faults_of_lint_fail_the_run(capsys):
    total = _total(({"passed": 1}, 0))
    total.add_lint(1)
    code, line = _last_line(total, capsys)
    assert (code, "1 error" in line) == (1, True)


def test_the_last_page_names_each_test_that_failed_and_why(tmp_path, capsys):
    (tmp_path / "tests-one.xml").write_text(
        '<testsuites><testsuite><testcase classname="one.two" name="good"/>'
        '<testcase classname="one.two" name="bad"><failure message="it was&#10;  7">x</failure>'
        '</testcase><testcase classname="one.two" name="broken"><error message="no"/></testcase>'
        "</testsuite></testsuites>"
    )
    total = _total(({"passed": 1, "failed": 1, "error": 1}, 1))
    shards_run = [Shard("tests/one", "process"), Shard("tests/never-ran", "process")]
    total.finish(75.5, failures(tmp_path, shards_run))
    page = capsys.readouterr().out.strip().splitlines()
    assert page[-3:-1] == [
        "ERROR tests/one: one.two.bad: it was 7",
        "ERROR tests/one: one.two.broken: no",
    ]
    assert page[-1].startswith("===== 1 failed, 1 passed, 1 error in ")


@pytest.mark.parametrize(
    "line",
    [
        "===== 3 passed in 0.12s =====",
        "3 passed in 0.12s",
        "1 failed, 409 passed, 2 warnings in 803.22s (0:13:23)",
        "4 passed, 2 warnings, 2 subtests passed in 3.11s",
    ],
)
def test_the_last_lines_of_single_shards_are_not_shown(line):
    assert PYTEST_SUMMARY.match(line)


def test_an_ordinary_line_is_shown():
    assert not PYTEST_SUMMARY.match("FAILED tests/x.py::test_it - 3 passed the gate in time")


# -- shards --------------------------------------------------------------------------------------


def test_each_addon_and_each_folder_of_tests_is_a_shard():
    names = [shard.name for shard in shards.every_shard()]
    assert "addons/tibillet_wallet" in names
    assert "tests/quality" in names
    assert len(names) == len(set(names))


def test_an_addon_with_tours_is_two_shards_that_leave_nothing_out():
    both = shards.chosen(["addons/tibillet_pos_nfc"])
    names = [shard.name for shard in both]
    assert "addons/tibillet_pos_nfc" in names and "addons/tibillet_pos_nfc (tours)" in names
    files = [path for shard in both if shard.kind == "addon" for path in shard.paths]
    there = ROOT / "addons" / "tibillet_pos_nfc" / "tests"
    assert sorted(files) == sorted(there.glob("test_*.py"))
    assert len({shard.slug for shard in both}) == len(both)
    assert all(shards.is_whole(shard) for shard in both)


def test_what_races_has_the_machine_for_itself_and_what_is_long_comes_first():
    every = shards.chosen([])
    assert [shard.name for shard in every if shard.alone] == ["tests/concurrency"]
    assert set(shards.FIRST) <= {shard.name for shard in every}
    in_turn = sorted((shard for shard in every if not shard.alone), key=lambda shard: shard.turn)
    assert [shard.name for shard in in_turn][: len(shards.FIRST)] == list(shards.FIRST)


def test_a_path_narrows_to_what_it_names():
    whole = shards.chosen(["tests/quality"])
    assert [shard.name for shard in whole] == ["tests/quality"]
    assert shards.is_whole(whole[0])
    file = "addons/tibillet_pos_nfc/tests/test_tours.py"
    assert [shard.paths for shard in shards.chosen([file])] == [[ROOT / file]]
    one = shards.chosen(["tests/quality/test_runner.py::test_a_path_narrows_to_what_it_names"])
    assert [shard.name for shard in one] == ["tests/quality"]
    assert not shards.is_whole(one[0])


def test_a_folder_above_shards_names_them_all():
    names = {shard.name for shard in shards.chosen(["addons"])}
    assert "addons/tibillet_wallet" in names
    assert not any(name.startswith("tests/") for name in names)


@pytest.mark.parametrize("path", ["tests/nothing", "addons/tibillet_wallet/nothing", "tools"])
def test_a_path_without_tests_is_refused(path):
    with pytest.raises(ValueError, match="no test there"):
        shards.chosen([path])


def test_a_stamp_is_of_the_very_content(tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "STAMPS", tmp_path / "stamps")
    source = tmp_path / "addon" / "models.py"
    source.parent.mkdir()
    source.write_text("one")
    shard = shards.Shard("addons/x", "addon", [source.parent], [source.parent])
    assert not shard.passed_before()
    shard.remember(True)
    assert shard.passed_before()
    source.write_text("two")
    assert not shard.passed_before()
    shard.remember(True)
    shard.remember(False)
    assert not shard.passed_before()


def test_ci_leaves_nothing_out(monkeypatch, capsys):
    from tools.testing import session

    shard = shards.Shard("addons/x", "addon")
    monkeypatch.setattr(shards.Shard, "passed_before", lambda self: True)
    monkeypatch.setenv("ONLY_CHANGED", "1")
    monkeypatch.delenv("CI", raising=False)
    assert session._without_unchanged([shard], whole=True) == []
    assert "left out, unchanged since they passed: addons/x" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert session._without_unchanged([shard], whole=True) == [shard]
    assert "every shard runs" in capsys.readouterr().out


# -- the machine ---------------------------------------------------------------------------------


def test_without_root_the_one_line_is_said(monkeypatch, capsys):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert needs.install(["Chromium", "pcscd"]) is False
    out = capsys.readouterr().out
    assert "make test needs Chromium and pcscd" in out
    assert "sudo apt-get install --yes --no-install-recommends chromium pcscd" in out


def test_what_is_there_is_not_missing(monkeypatch):
    assert needs.missing() == []
    monkeypatch.setenv("PATH", "")
    assert "Chromium" in needs.missing()


def test_without_chromium_nothing_is_run(monkeypatch, capsys):
    import tools.testing as testing

    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(testing, "prepare", lambda: pytest.fail("it went on"))
    assert testing.main([]) == 2
    assert "Chromium" in capsys.readouterr().out


# -- the readers' service ------------------------------------------------------------------------


def test_the_readers_tests_have_a_service_folder_of_their_own():
    script = f"mkdir -p {readers.FOLDER} && touch {readers.FOLDER}/ours && ls {readers.FOLDER}"
    command = readers.apart("tests/nfc", ["sh", "-c", script])
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "ours\n"), done.stderr
    assert not (readers.FOLDER / "ours").exists(), "the machine's own folder is not touched"
    assert readers.apart("tests/books", ["true"]) == ["true"]


def test_without_root_and_without_a_place_of_their_own_they_are_refused_first(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(readers, "_prefix", lambda: [])
    assert readers.refused(["tests/books", "tests/nfc"]).startswith("tests/nfc start a card reader")
    assert readers.refused(["tests/books"]) == ""
    monkeypatch.setattr(readers, "_prefix", lambda: ["unshare"])
    assert readers.refused(["tests/nfc"]) == ""
