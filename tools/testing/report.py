"""Adding up the shards: the printed table, the last line, one JUnit file."""

import threading
from xml.etree import ElementTree

FAULT_LENGTH = 600  # what a line of the last page shows of a fault; the whole is in the log


class Total:
    """Counts over all shards, and what makes the run fail besides failed tests."""

    def __init__(self):
        self.outcomes = []
        self.errors = []
        self._lock = threading.Lock()

    def add(self, outcome):
        """Take in a shard and say in one line how it went."""
        with self._lock:
            self.outcomes.append(outcome)
            kinds = ", ".join(
                f"{number} {kind}" for kind, number in outcome.counts.items() if number
            )
            state = "ok" if outcome.passed else "FAILED"
            print(f"--- {outcome.name}: {state}, {kinds}, {outcome.seconds:.0f} s", flush=True)
            if outcome.passed:
                return
            if not outcome.tests:
                self.errors.append(f"{outcome.name}: no test was found")
                return
            for kind in ("skipped", "deselected"):
                if outcome.counts.get(kind):
                    self.errors.append(f"{outcome.name}: {outcome.counts[kind]} tests {kind}")
            if outcome.returncode and not self._count(outcome, "failed", "error"):
                self.errors.append(f"{outcome.name}: pytest ended with {outcome.returncode}")

    def add_lint(self, returncode):
        """Take in the result of lint."""
        if returncode:
            self.add_error("lint found faults (above)")

    def add_error(self, sentence):
        """Something outside a test went wrong."""
        with self._lock:
            print(f"--- {sentence}", flush=True)
            self.errors.append(sentence)

    @staticmethod
    def _count(outcome, *kinds):
        return sum(outcome.counts.get(kind, 0) for kind in kinds)

    def finish(self, seconds, failures=()):
        """Print the table, what failed and the last line; returns the exit code."""
        print("\nshard                                 tests  seconds")
        for outcome in sorted(self.outcomes, key=lambda one: -one.seconds):
            print(f"{outcome.name:<36}{outcome.tests:>7}{outcome.seconds:>9.0f}")
        for sentence in [*failures, *self.errors]:
            print(f"ERROR {sentence}")
        count = {
            kind: sum(self._count(outcome, kind) for outcome in self.outcomes)
            for kind in ("failed", "passed", "skipped", "error")
        }
        count["error"] += len(self.errors)
        good = count["passed"] > 0 and not (count["failed"] or count["error"] or count["skipped"])
        parts = [f"{count[kind]} {kind}" for kind in ("failed", "passed", "skipped") if count[kind]]
        if count["error"]:
            parts.append(f"{count['error']} error{'s' if count['error'] > 1 else ''}")
        minutes = f" ({int(seconds // 3600)}:{int(seconds // 60 % 60):02}:{int(seconds % 60):02})"
        line = f"{', '.join(parts) or 'no tests ran'} in {seconds:.2f}s"
        print(f"===== {line}{minutes if seconds >= 60 else ''} =====", flush=True)
        return 0 if good else 1


def failures(folder, shards):
    """A line for each test that failed: its name, and the end of what it said."""
    lines = []
    for shard in shards:
        path = folder / f"{shard.slug}.xml"
        if not path.exists():
            continue
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            for fault in [*case.iter("failure"), *case.iter("error")]:
                said = " ".join((fault.get("message") or "").split())
                name = f"{case.get('classname')}.{case.get('name')}"
                lines.append(f"{shard.name}: {name}: {said[:FAULT_LENGTH]}")
    return lines


def merge_junit(folder, target, shards):
    """One JUnit file with a suite per shard."""
    root = ElementTree.Element("testsuites", name="tibillet")
    for shard in shards:
        path = folder / f"{shard.slug}.xml"
        if path.exists():
            root.extend(ElementTree.parse(path).getroot().iter("testsuite"))
    ElementTree.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)
