"""The demo database: created and changed aside, then renamed, so that it is whole or not there.

A comment on the database, in JSON, says which checkout made it and from what. Three names: the
database, ``<name>__set_up`` (being built) and ``<name>__old`` (just replaced).
"""

import ast
import json
import os
import shutil
import time

from tools import database, paths, process, say, stamps
from tools.say import Refusal

DEMO_MODULES = paths.ROOT / "tools" / "demo" / "modules.txt"
LANGUAGES = "fr_FR"


class Instance:
    """One database on one server."""

    def __init__(self, server, name):
        self.server = server
        self.name = name
        self.part = f"{name}__set_up"
        self.old = f"{name}__old"

    # -- what is there -------------------------------------------------------------------------

    def sql(self, text, name="postgres"):
        """Run SQL on the server, or in one of its databases."""
        return database.psql(self.server, text, name)

    def mark(self, name=None):
        """Return the JSON comment of a database: None when the database is not there."""
        found = self.sql(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '-') FROM pg_database "
            f"WHERE datname = '{name or self.name}'"
        )
        if not found:
            return None
        try:
            return json.loads(found)["tibillet"]
        except (ValueError, KeyError, TypeError):
            return {}

    def _set_mark(self, name, mark):
        text = json.dumps({"tibillet": mark}).replace("'", "''")
        self.sql(f"COMMENT ON DATABASE \"{name}\" IS '{text}'")

    def check_ours(self):
        """Refuse a database of our name that this checkout did not make."""
        for name in (self.name, self.part):
            mark = self.mark(name)
            if mark is None:
                continue
            if not mark and name == self.part and self._is_empty(name):
                continue  # cut short between its creation and its mark
            if not mark:
                raise Refusal(
                    f"A database named {name} is already there and TiBillet's set-up did not make "
                    "it: choose another name by `make run DB=…`."
                )
            maker = mark.get("checkout")
            if database.given() and maker != str(paths.ROOT):
                raise Refusal(
                    f"The database {name} belongs to the checkout {maker}: choose another name by "
                    "`make run DB=…`."
                )

    def _is_empty(self, name):
        return not self.sql(
            "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1", name
        )

    def installed_versions(self, name=None):
        """Return the recorded version of each installed module of a database."""
        rows = self.sql(
            "SELECT name, latest_version FROM ir_module_module WHERE state = 'installed'",
            name or self.name,
        )
        return dict(row.split("|") for row in rows.splitlines())

    # -- building ------------------------------------------------------------------------------

    def is_whole(self):
        """Say whether the database is there, finishing a replacement that was cut short."""
        part = self.mark(self.part)
        if part and part.get("whole"):
            self._put_in_place()
        return bool(self.mark())

    def create(self):
        """Create the empty database aside."""
        self._drop(self.part)
        self.sql(
            f"CREATE DATABASE \"{self.part}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'"
        )
        self._set_mark(self.part, {"checkout": str(paths.ROOT)})

    def install(self, configuration):
        """Fill the new database with every module of the demo, then put it in its place."""
        if self.sql("SELECT to_regclass('ir_module_module')", self.part):
            say.detail("an earlier set-up was cut short here: starting this database afresh")
            self.create()
        names = wanted_modules()
        self._odoo(configuration, ["-i", ",".join(names)], "modules")
        self._finish()

    def update(self, configuration, changes):
        """Install and update modules in a copy of the database, then put the copy in its place."""
        self._drop(self.part)
        self._only_us()
        self.sql(f'CREATE DATABASE "{self.part}" TEMPLATE "{self.name}"')
        self._set_mark(self.part, {"checkout": str(paths.ROOT)})
        self._copy_files(self.name, self.part)
        words = []
        if changes.new:
            words += ["-i", ",".join(changes.new)]
        if changes.changed:
            words += ["-u", ",".join(changes.changed)]
        self._odoo(configuration, words, "upgrade")
        mark = self.mark() or {}
        self._finish(demo=mark.get("demo"))

    def dump(self):
        """Write the database and its files below `.data/dumps/` and return the dump's path."""
        paths.DUMPS.mkdir(parents=True, exist_ok=True)
        paths.DUMPS.chmod(0o700)
        target = paths.DUMPS / f"{self.name}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.dump"
        part = target.with_suffix(".part")
        process.run(
            [database.binaries() / "pg_dump", "-Fc", "-f", part, self.name],
            why="Dumping the database",
            env={**process.environ(), **self.server},
        )
        files = _filestore(self.name)
        if files.exists():
            shutil.make_archive(str(target.with_suffix(".files")), "tar", files)
        part.rename(target)
        return target

    def note_demo(self, digest):
        """Remember that the demo territory stands, and from which code and port."""
        self._set_mark(self.name, {**(self.mark() or {}), "demo": digest})

    def _finish(self, **more):
        mark = {
            "checkout": str(paths.ROOT),
            "modules": sorted(wanted_modules()),
            "addons": {name: fingerprint(name) for name in our_addons()},
            "whole": True,
            **{name: value for name, value in more.items() if value},
        }
        self._set_mark(self.part, mark)
        self._put_in_place()

    def _put_in_place(self):
        """Rename the finished database and its files; may be cut short and called again."""
        self._only_us()
        if _filestore(self.part).exists():
            if _filestore(self.name).exists():
                shutil.rmtree(_filestore(self.old), ignore_errors=True)
                _filestore(self.name).rename(_filestore(self.old))
            _filestore(self.part).rename(_filestore(self.name))
        renames = f'ALTER DATABASE "{self.part}" RENAME TO "{self.name}";'
        if self.mark() is not None:
            self._drop(self.old)
            renames = f'ALTER DATABASE "{self.name}" RENAME TO "{self.old}"; {renames}'
        self.sql(f"BEGIN; {renames} COMMIT;")
        self._drop(self.old)

    def _drop(self, name):
        self._end_creation(name)
        # Not WITH (FORCE): it fails while the server's own vacuum is there; a plain DROP ends it.
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND usename = current_user AND pid <> pg_backend_pid()"
        )
        self.sql(f'DROP DATABASE IF EXISTS "{name}"')
        shutil.rmtree(_filestore(name), ignore_errors=True)

    def _end_creation(self, name):
        """End what the server still makes for a set-up that was killed: it goes on without its
        client, and the name would be taken a moment after it was found free."""
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            making = self.sql(
                "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity "
                f"WHERE query LIKE 'CREATE DATABASE \"{name}\"%' AND state = 'active' "
                "AND usename = current_user AND pid <> pg_backend_pid()"
            )
            if making == "0":
                return
            time.sleep(0.2)

    def _only_us(self):
        """Refuse to change a database that somebody else is connected to."""
        others = self.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            f"AND usename IS NOT NULL AND datname = '{self.name}'"  # the server's own have none
        )
        if others != "0":
            raise Refusal(
                f"{others} programs are connected to the database {self.name}: stop them (`make "
                "stop`, or leave the shell), then try again."
            )

    def _copy_files(self, source, target):
        """Copy a database's files as hard links: Odoo names them by content and never edits one."""
        if _filestore(source).exists():
            shutil.copytree(_filestore(source), _filestore(target), copy_function=_hard_link)

    def _odoo(self, configuration, words, log_name):
        log = paths.LOG / f"{log_name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        command = [paths.VENV_PYTHON, "-m", "odoo", "-c", configuration, "-d", self.part]
        command += [*words, f"--load-language={LANGUAGES}", "--stop-after-init", "--no-http"]
        _show_loading(command, log, self.server)


def _show_loading(command, log, server):
    """Run Odoo, keep its log, and print now and then which module it has reached."""
    shown = 0.0
    problems = []
    env = {**process.environ(), **server}
    with (
        log.open("w", encoding="utf-8", errors="replace") as out,
        process.followed(command, env=env, cwd=paths.ROOT) as child,
    ):
        for raw in child.stdout:
            row = raw.decode("utf-8", "replace")
            out.write(row)
            if " ERROR " in row or " CRITICAL " in row:
                problems.append(row.strip())
            if " Loading module " in row and time.monotonic() - shown > 5:
                shown = time.monotonic()
                say.detail(row.split(" Loading module ")[1].strip())
    if child.returncode or problems:
        last = problems[0] if problems else process.tail(log)
        raise Refusal(
            f"Odoo could not set the modules up: {last[:300]} (the whole log is in "
            f"{log.relative_to(paths.ROOT)})"
        )


def _hard_link(source, target):
    os.link(source, target)


def _filestore(name):
    return paths.ODOO_DATA / "filestore" / name


def manifest(name):
    """Return the manifest of one of our addons."""
    return ast.literal_eval((paths.ADDONS / name / "__manifest__.py").read_text(encoding="utf-8"))


def our_addons():
    """Return the names of our installable addons."""
    names = sorted(path.parent.name for path in paths.ADDONS.glob("*/__manifest__.py"))
    return [name for name in names if manifest(name).get("installable", True)]


def wanted_modules():
    """Return every module of the demo: ours, and those of Odoo that `tools/demo` names."""
    rows = DEMO_MODULES.read_text(encoding="utf-8").splitlines() if DEMO_MODULES.exists() else []
    named = [row.partition("#")[0].strip() for row in rows]
    ours = our_addons()
    core = [name for name in named if name and not name.startswith("tibillet_")]
    return list(dict.fromkeys([*core, *ours])) or ["base"]


def fingerprint(name):
    """Return a hash of what an update of an addon would read."""
    folder = paths.ADDONS / name
    skip = {"__pycache__", "tests", "readme", "node_modules", "bridge"}
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not skip & set(path.relative_to(folder).parts)
    )
    parts = [part for path in files for part in (path.relative_to(folder).as_posix(), path)]
    return stamps.digest(*parts)[:16]
