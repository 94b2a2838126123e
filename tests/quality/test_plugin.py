"""The pytest plugin fails a test on a warning, on a skip, and on a list without reasons.

Each test here runs pytest in a process of its own on a planted file.
"""

import json

import pytest

from tools.testing.layout import ROOT

pytest_plugins = ["pytester"]

LOG = "import logging\n_logger = logging.getLogger('odoo.addons.planted')\n"


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest with the plugin on a planted test file; returns (result, counts)."""

    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def planted(source, known="", *arguments):
        pytester.makepyfile(test_planted=LOG + source)
        pytester.makefile(".txt", known=known)
        counts = pytester.path / "counts.json"
        result = pytester.runpytest_subprocess(
            *("-p", "no:odoo", "-p", "tools.testing.plugin", "--known-warnings=known.txt"),
            *(f"--counts={counts}", *arguments),
        )
        return result, json.loads(counts.read_text()) if counts.exists() else None

    return planted


def test_silence_passes(run):
    result, counts = run("def test_it():\n    _logger.info('all is well')\n")
    result.assert_outcomes(passed=1)
    assert result.ret == 0
    assert counts == {"passed": 1, "error": 0}


@pytest.mark.parametrize("level", ["warning", "error", "critical", "exception"])
def test_a_warning_fails_the_test_in_which_it_appears(run, level):
    result, counts = run(
        f"def test_before():\n    pass\n"
        f"def test_loud():\n    _logger.{level}('the %s is low', 'paper')\n"
        f"def test_after():\n    pass\n"
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*odoo.addons.planted: the paper is low*"])
    assert counts["failed"] == 1


def test_a_warning_of_a_thread_fails_the_test(run):
    result, _ = run(
        "import threading\n"
        "def test_loud():\n"
        "    thread = threading.Thread(target=_logger.warning, args=('from a thread',))\n"
        "    thread.start()\n"
        "    thread.join()\n"
    )
    result.assert_outcomes(failed=1)


def test_a_warning_in_a_fixture_fails_too(run):
    result, _ = run(
        "import pytest\n"
        "@pytest.fixture\n"
        "def early():\n    _logger.warning('while setting up')\n"
        "@pytest.fixture\n"
        "def late():\n    yield\n    _logger.warning('while tearing down')\n"
        "def test_early(early):\n    pass\n"
        "def test_late(late):\n    pass\n"
    )
    result.assert_outcomes(passed=1, errors=2)


def test_a_warning_in_set_up_class_fails_too(run):
    result, _ = run(
        "import unittest\n"
        "class TestIt(unittest.TestCase):\n"
        "    @classmethod\n"
        "    def setUpClass(cls):\n        _logger.warning('in setUpClass')\n"
        "    def test_it(self):\n        pass\n"
    )
    result.assert_outcomes(errors=1)


def test_a_warning_at_import_fails_the_session(run):
    result, counts = run("_logger.warning('imported')\ndef test_it():\n    pass\n")
    assert result.ret == 1
    assert counts["error"] == 1
    result.stdout.fnmatch_lines(["*logged outside any test*", "*imported*"])


def test_a_listed_warning_is_accepted(run):
    known = "WARNING odoo.addons.planted: the \\w+ is low ## the printer says so at every start\n"
    result, _ = run("def test_loud():\n    _logger.warning('the paper is low')\n", known)
    result.assert_outcomes(passed=1)


def test_a_listed_warning_accepts_no_other(run):
    known = "the paper is low ## the printer says so at every start\n"
    result, _ = run("def test_loud():\n    _logger.warning('the ink is low')\n", known)
    result.assert_outcomes(failed=1)


@pytest.mark.parametrize(
    "known", ["paper\n", "paper ## \n", "paper ## known\n", "pap(er ## a b c\n"]
)
def test_a_listed_warning_without_a_reason_fails_the_run(run, known):
    result, _ = run("def test_it():\n    pass\n", known)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*known.txt:1:*"])


def test_an_expected_line_is_accepted_and_must_come(run):
    result, _ = run(
        "import pytest\n"
        "expected = pytest.mark.expects_log('low', reason='the tray was emptied before')\n"
        "@expected\n"
        "def test_comes():\n    _logger.warning('the paper is low')\n"
        "@expected\n"
        "def test_stays_away():\n    pass\n"
        "@expected\n"
        "def test_other():\n    _logger.warning('the paper is low')\n    _logger.warning('fire')\n"
    )
    result.assert_outcomes(passed=2, failed=1, errors=1)


def test_an_expected_line_needs_a_reason(run):
    result, _ = run("import pytest\n@pytest.mark.expects_log('low')\ndef test_it():\n    pass\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*expects_log(*reason=*"])


def test_assert_logs_keeps_its_record(run):
    result, _ = run(
        "import unittest\n"
        "class TestIt(unittest.TestCase):\n"
        "    def test_it(self):\n"
        "        with self.assertLogs('odoo.addons.planted', 'WARNING'):\n"
        "            _logger.warning('expected')\n"
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "source",
    [
        "import pytest\ndef test_it():\n    pytest.skip('no browser')\n",
        "import pytest\n@pytest.mark.skip(reason='later')\ndef test_it():\n    pass\n",
        "import unittest\nclass TestIt(unittest.TestCase):\n"
        "    def test_it(self):\n        self.skipTest('no browser')\n",
        "import unittest\nclass TestIt(unittest.TestCase):\n"
        "    @classmethod\n    def setUpClass(cls):\n        raise unittest.SkipTest('none')\n"
        "    def test_it(self):\n        pass\n",
        "import pytest\n@pytest.mark.xfail(reason='broken')\ndef test_it():\n    assert False\n",
        "import pytest\npytest.skip('all', allow_module_level=True)\ndef test_it():\n    pass\n",
        "import pytest\npytest.importorskip('no_such_package')\ndef test_it():\n    pass\n",
    ],
)
def test_nothing_is_skipped_in_silence(run, source):
    result, counts = run(source)
    assert result.ret == 1
    assert counts.get("passed", 0) == 0
    assert counts.get("failed", 0) + counts["error"] >= 1


def test_the_log_of_another_process_is_read(run):
    result, _ = run(
        "from tools.testing.plugin import watch_log\n"
        "def test_it(tmp_path):\n"
        "    watch_log(tmp_path / 'odoo.log')\n"
        "    (tmp_path / 'odoo.log').write_text(\n"
        "        '2026-01-01 10:00:00,000 7 INFO tb odoo.http: fine\\n'\n"
        "        '2026-01-01 10:00:00,100 7 ERROR tb odoo.http: broken\\nTraceback: here\\n')\n"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["ERROR odoo.http: broken", "Traceback: here"])


def test_a_log_level_that_hides_warnings_fails_the_session(run):
    source = "logging.getLogger('odoo').setLevel('CRITICAL')\ndef test_it():\n    pass\n"
    result, _ = run(source)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*the log level hides warnings*"])
