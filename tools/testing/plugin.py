"""pytest plugin of the house: a warning in the Odoo log, or a skip, fails the test.

- Any log record of level WARNING or worse that appears while a test runs (its set-up and
  tear-down included), in this process or in the log of a server the test started, fails that
  test, unless a line of `tests/known_warnings.txt` recognises it or the test says that it expects
  it: `@pytest.mark.expects_log(r"expression", reason="why")`, which must then appear.
  Inside Odoo test classes `assertLogs` and `mute_logger` work too: they keep the record away.
- A record outside any test (import, collection, end of the session) fails the session.
- A skipped or expected-to-fail test is a failed test: nothing is left out in silence.
- Counts are written as JSON to the file named by `--counts`, for the runner's last line.
"""

import json
import logging
import re
from pathlib import Path

import pytest

from . import known_warnings
from .layout import ROOT
from .log_files import LogFile

WATCHED = []


def watch_log(path):
    """Have the log of a process checked after each phase of the tests that follow."""
    WATCHED.append(LogFile(path))


class Collector(logging.Handler):
    """Keeps what was logged at WARNING or worse until somebody asks."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        try:
            message = record.getMessage()
        except (TypeError, ValueError) as error:
            message = f"{record.msg!r} cannot be formatted: {error}"
        if record.exc_info:
            message += "\n" + logging.Formatter().formatException(record.exc_info)
        self.lines.append(f"{record.levelname} {record.name}: {message}")

    def drain(self):
        """What was logged since the last call, here and in the watched files."""
        lines, self.lines = self.lines, []
        for log in WATCHED:
            lines.extend(log.new_warnings())
        return lines


class WarningsFail:
    """Holds the collector and the accepted lines for one session."""

    def __init__(self, known):
        self.known = known
        self.collector = Collector()
        self.outside = []

    def unlisted(self, lines):
        """Those of the lines that no entry of the list accepts."""
        return [line for line in lines if not known_warnings.matches(self.known, line)]

    # -- around tests ---------------------------------------------------------------------------
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item):
        self.outside += self.unlisted(self.collector.drain())
        result = yield
        self._check(item, "set-up")
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item):
        result = yield
        self._check(item, "run")
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item):
        result = yield
        self._check(item, "tear-down")
        for expectation in item.stash.get(EXPECTED, ()):
            if not expectation.seen:
                pytest.fail(f"expected in the log and not seen: {expectation.text}", pytrace=False)
        return result

    def _check(self, item, phase):
        lines = self.unlisted(self.collector.drain())
        for expectation in item.stash.get(EXPECTED, ()):
            lines = expectation.take(lines)
        if lines:
            pytest.fail(f"logged during the test's {phase}:\n" + "\n".join(lines), pytrace=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        if report.skipped or hasattr(report, "wasxfail"):
            reason = getattr(report, "wasxfail", "") or report.longrepr
            vars(report).pop("wasxfail", None)
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: skipped, and nothing may be skipped: {reason}"
        return report

    # -- around the session ---------------------------------------------------------------------
    def pytest_collectreport(self, report):
        if report.skipped:
            self.outside.append(f"{report.nodeid}: skipped as a whole: {report.longrepr}")

    def pytest_collection_modifyitems(self, items):
        for item in items:
            item.stash[EXPECTED] = [_Expectation(mark) for mark in item.iter_markers("expects_log")]

    def pytest_collection_finish(self):
        self.outside += self.unlisted(self.collector.drain())
        odoo_logger = logging.getLogger("odoo")
        if not odoo_logger.isEnabledFor(logging.WARNING):
            self.outside.append("the log level hides warnings: use --odoo-log-level=warn")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session):
        result = yield
        self.outside += self.unlisted(self.collector.drain())
        if self.outside and session.exitstatus in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return result

    def pytest_terminal_summary(self, terminalreporter, config):
        if self.outside:
            terminalreporter.section("logged outside any test")
            for line in self.outside:
                terminalreporter.write_line(line)
        counts = {
            kind: len(reports)
            for kind, reports in terminalreporter.stats.items()
            if kind in ("passed", "failed", "error", "skipped", "deselected")
        }
        counts["error"] = counts.get("error", 0) + bool(self.outside)
        if config.getoption("--counts"):
            Path(config.getoption("--counts")).write_text(json.dumps(counts), encoding="utf-8")


class _Expectation:
    """One `expects_log` mark and whether its line came."""

    def __init__(self, mark):
        self.text = mark.args[0] if mark.args else ""
        if not self.text or len(str(mark.kwargs.get("reason", "")).split()) < 3:
            raise pytest.UsageError('write expects_log(r"expression", reason="why it is normal")')
        self.seen = False

    def take(self, lines):
        """The lines that are not this one; remembers whether it was among them."""
        rest = [line for line in lines if not re.search(self.text, line)]
        self.seen = self.seen or len(rest) < len(lines)
        return rest


EXPECTED = pytest.StashKey()


def pytest_addoption(parser):
    """Options of the plugin; the defaults are the repository's."""
    group = parser.getgroup("tibillet")
    group.addoption("--known-warnings", default=str(ROOT / "tests" / "known_warnings.txt"))
    group.addoption("--counts", default="", help="write the outcome counts to this file")


def pytest_configure(config):
    """Start listening before anything of Odoo is imported by a test."""
    config.addinivalue_line(
        "markers", "expects_log(expression, reason): this log line must appear, and is normal"
    )
    try:
        known = known_warnings.load(config.getoption("--known-warnings"))
    except known_warnings.BadKnownWarning as error:
        raise pytest.UsageError(str(error)) from error
    keeper = WarningsFail(known)
    config.pluginmanager.register(keeper, "tibillet-warnings")
    logging.getLogger().addHandler(keeper.collector)


def pytest_unconfigure(config):
    """Stop listening."""
    keeper = config.pluginmanager.get_plugin("tibillet-warnings")
    if keeper:
        logging.getLogger().removeHandler(keeper.collector)
    WATCHED.clear()
