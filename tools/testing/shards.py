"""Cutting the suite into shards: one per addon, one per folder of `tests/`.

A shard is the unit that is run with a database of its own, counted, and, when asked, left out
because nothing that it depends on has changed since it last passed.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from .layout import DATA, ROOT, digest, files_below, own_addons, own_dependencies
from .template import core_key

# What a test that needs the bundles of the browser is written with.
PAGES = re.compile(r"\b(HttpCase|HootCase|\w*TourCase|\w+HttpCommon|start_tour|new_page|browser)\b")
# Files of an addon's tests that mostly wait for a browser: a shard of their own.
TOURS = re.compile(r"\b(HootCase|\w*TourCase|start_tour)\b")
# They show races by making processes meet: the machine is theirs.
ALONE = ("tests/concurrency",)
# Those that take longest, in this order: nothing should wait for one of them at the end.
FIRST = (
    "addons/tibillet_pos_nfc (tours)",
    "addons/tibillet_pos_nfc",
    "tests/e2e",
    "addons/tibillet_wallet",
    "tests/setup",
    "tests/rooms",
    "tests/public",
)
STAMPS = DATA / "stamps"
TOURS_NAME = " (tours)"


@dataclass
class Shard:
    """Some paths that one pytest process runs."""

    name: str
    kind: str  # "addon": pytest-odoo on a copy of the template; "process": plain pytest
    paths: list = field(default_factory=list)
    folders: list = field(default_factory=list)  # what the result depends on

    @property
    def slug(self):
        """The name as part of a file name."""
        return re.sub(r"[^\w.-]+", "-", self.name).strip("-")

    @property
    def key(self):
        """Hash of everything that the outcome depends on."""
        parts = [core_key(), *_shared_files()]
        for folder in self.folders:
            parts.extend(files_below(folder))
        return digest(parts)

    @property
    def _stamp(self):
        return STAMPS / f"{self.slug}"

    def opens_pages(self):
        """Whether a test of the shard loads pages of Odoo in a browser."""
        texts = []
        for path in self.paths:
            path = Path(str(path).partition("::")[0])
            files = path.rglob("*.py") if path.is_dir() else [path]
            texts += [file.read_text(encoding="utf-8") for file in files if file.is_file()]
        return bool(PAGES.search("\n".join(texts)))

    @property
    def alone(self):
        """Whether the machine must be its own."""
        return self.name in ALONE

    @property
    def turn(self):
        """When it starts: a lower number is sooner."""
        return FIRST.index(self.name) if self.name in FIRST else len(FIRST)

    def parts(self):
        """The shard, or, for an addon with tours, its rules and its tours apart."""
        tests = ROOT / self.name / "tests"
        if self.kind != "addon" or list(map(Path, self.paths)) != [tests]:
            return [self]
        rules, tours = [], []
        for file in sorted(tests.glob("test_*.py")):
            (tours if TOURS.search(file.read_text(encoding="utf-8")) else rules).append(file)
        if not (rules and tours):
            return [self]
        return [
            Shard(f"{self.name}{suffix}", self.kind, paths, self.folders)
            for suffix, paths in (("", rules), (TOURS_NAME, tours))
        ]

    def passed_before(self):
        """Whether this very content passed on this machine."""
        return self._stamp.exists() and self._stamp.read_text() == self.key

    def remember(self, passed):
        """Note that this content passed, or forget that an earlier one did."""
        if passed:
            STAMPS.mkdir(parents=True, exist_ok=True)
            self._stamp.write_text(self.key)
        else:
            self._stamp.unlink(missing_ok=True)


def _shared_files():
    tools = [*(ROOT / "tools" / "testing").glob("*.py"), ROOT / "pyproject.toml"]
    return sorted(path for path in [*tools, ROOT / "tests" / "known_warnings.txt"] if path.exists())


def every_shard():
    """All shards, in the order in which a failure is most useful to hear of."""
    addons = own_addons()
    order = sorted(addons, key=lambda name: (len(own_dependencies(name, addons)), name))
    shards = []
    for name in order:
        folders = [addons[name], *(addons[needed] for needed in own_dependencies(name, addons))]
        shards.append(Shard(f"addons/{name}", "addon", [addons[name] / "tests"], folders))
        bridge = addons[name] / "bridge" / "tests"
        if bridge.is_dir():
            shards.append(Shard(f"addons/{name}/bridge", "process", [bridge], [bridge.parent]))
    for folder in sorted(path for path in (ROOT / "tests").iterdir() if path.is_dir()):
        if any(folder.rglob("test_*.py")):
            watched = [ROOT / "addons", ROOT / "tests", ROOT / "tools"]
            shards.append(Shard(f"tests/{folder.name}", "process", [folder], watched))
    return shards


def chosen(paths):
    """The shards that the given paths ask for; no path means all. Raises on an unknown path.

    A path may be an addon, a folder or a file of tests, also with `::name` behind it.
    """
    shards = every_shard()
    if not paths:
        return _parts(shards)
    result = {}
    for text in paths:
        path = (ROOT / text.partition("::")[0]).resolve()
        found = [shard for shard in shards if _covers(shard, path)]
        if not path.exists() or not found:
            raise ValueError(f"TESTS={text}: no test there (known: {_names(shards)})")
        for shard in found:
            asked = result.setdefault(shard.name, Shard(shard.name, shard.kind, [], shard.folders))
            inside = any(path.is_relative_to(whole) for whole in shard.paths)
            asked.paths.extend([ROOT / text] if inside else shard.paths)
    return _parts(result.values())


def _parts(shards):
    return [part for shard in shards for part in shard.parts()]


def _covers(shard, path):
    home = ROOT / shard.name
    if shard.name.endswith("/bridge"):
        return path.is_relative_to(home) or home.is_relative_to(path)
    in_bridge = (home / "bridge") in (path, *path.parents)
    return (path.is_relative_to(home) and not in_bridge) or home.is_relative_to(path)


def _names(shards):
    return ", ".join(shard.name for shard in shards)


def is_whole(shard):
    """Whether the shard runs all of its tests, so that passing may be remembered."""
    return any(
        shard.name == whole.name and list(map(Path, shard.paths)) == whole.paths
        for whole in _parts(every_shard())
    )
