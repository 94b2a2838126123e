"""The template database that every test database is copied from, in two layers.

`core` holds Odoo's own modules with French loaded and no demo data; `full` is a copy of it with
all our addons installed. Each is keyed by a hash of what went into it, so a change of our code
rebuilds the small layer only, and a change of a test or a script of the browser rebuilds none.
A layer is built under another name and renamed when it is finished: a killed build leaves nothing
that could be mistaken for a template.
"""

import importlib.metadata
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

from . import databases
from .layout import (
    ADDONS,
    DATA,
    OUTSIDE_THE_DATABASE,
    ROOT,
    core_modules,
    digest,
    files_below,
    own_addons,
    requirement_files,
)

LANGUAGE = "en_US,fr_FR"  # the first is what users start with
# Two checkouts may share a server given by PG* variables: each has names of its own.
PREFIX = f"tbt_{digest([str(ROOT)])[:6]}"


class TemplateFailed(RuntimeError):
    """Odoo could not install the modules; the message ends with the log's last lines."""


def odoo_version():
    """Version of the installed Odoo with its package date, as far as it tells."""
    return importlib.metadata.version("odoo")


def core_key():
    """Hash of what the core layer is made of."""
    return digest(
        [odoo_version(), sys.version_info[:2], LANGUAGE, *core_modules(), *requirement_files()]
    )


def full_key():
    """Hash of the core layer and of the part of our addons that reaches the database."""
    parts = [core_key(), DATA / "secret.key"]
    for folder in own_addons().values():
        parts.extend(files_below(folder, leave_out=OUTSIDE_THE_DATABASE))
    return digest(parts)


def ensure(say=print):
    """Build what is missing; returns (core, full), the names of the two templates.

    `TIBILLET_TEST_CORE` names a core database that exists already (with its data folder in
    `TIBILLET_TEST_CORE_DATA`), to spare a developer the first build.
    """
    _use_key_file()
    given = os.environ.get("TIBILLET_TEST_CORE")
    core = given or f"{PREFIX}_core_{core_key()}"
    full = f"{PREFIX}_full_{full_key()}"
    if not given and not databases.exists(core):
        _build(core, None, core_modules(), say)
    if not databases.exists(full):
        _build(full, core, sorted(own_addons()), say)
    _prune({core, full})
    return core, full


# Bundles of scripts and styles that the tests' pages load: made once here, else by each test.
BUNDLES = """
for name in ("web.assets_web", "web.assets_frontend_minimal", "web.assets_frontend_lazy",
             "web.assets_tests", "web.__assets_tests_call__", "web.assets_unit_tests_setup",
             "web.assets_unit_tests", "point_of_sale.assets_prod", "point_of_sale.assets_debug"):
    env["ir.qweb"]._get_asset_bundle(name, css=False, js=True).js()
for name in ("web.assets_web", "web.assets_web_print", "web.assets_frontend",
             "web.assets_unit_tests_setup", "point_of_sale.assets_prod"):
    env["ir.qweb"]._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()
print("@@" + "made")
"""


def ensure_bundles(full, say=print):
    """Have the bundles of the browser ready in the full layer; quick when nothing changed."""
    parts = [full]
    for folder in own_addons().values():
        if (folder / "static").is_dir():
            parts.extend(files_below(folder / "static"))
    key = digest(parts)
    described = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    if databases.execute(described, full)[0][0] == key:
        return
    started = time.monotonic()
    say(f"template {full}: making the bundles of the browser")
    command = odoo_command(full)
    command.insert(command.index("odoo") + 1, "shell")
    done = subprocess.run(
        [*command, "--no-http", "--shell-interface", "python"],
        input=BUNDLES,
        capture_output=True,
        text=True,
    )
    if "@@made" not in done.stdout:
        raise TemplateFailed(f"bundles of {full}:\n{done.stdout}\n{done.stderr}")
    databases.execute(f"COMMENT ON DATABASE \"{full}\" IS '{key}'")
    say(f"template {full}: bundles ready after {time.monotonic() - started:.0f} s")


def _use_key_file():
    """The key file under which the template's places keep their keys, for all that follows."""
    path = DATA / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32) + "\n")
    os.environ["TIBILLET_KEY_FILE"] = str(path)


def core_filestore(core):
    """Where the attachments of the core layer are."""
    given = os.environ.get("TIBILLET_TEST_CORE_DATA")
    return Path(given, "filestore", core) if given else databases.filestore(core)


def install_log(name):
    """Log of the installation that made this template."""
    return DATA / "log" / f"{name}.log"


def _build(name, base, modules, say):
    started = time.monotonic()
    part = f"{name}_part"
    say(f"template {name}: installing {len(modules)} modules")
    if base:
        databases.copy(base, part, core_filestore(base))
    else:
        databases.drop(part)
        databases.execute(f"CREATE DATABASE \"{part}\" TEMPLATE template0 ENCODING 'UTF8'")
    log = install_log(name)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    command = [*odoo_command(part, log=log), "-i", ",".join(modules), "--stop-after-init"]
    if not base or os.environ.get("TIBILLET_TEST_CORE"):
        command += ["--load-language", LANGUAGE]
    done = subprocess.run([*command, "--no-http"], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:]
        databases.drop(part)
        raise TemplateFailed(
            "\n".join([f"template {name} failed, from {log}:", *tail, done.stderr])
        )
    databases.rename(part, name)
    say(f"template {name}: ready after {time.monotonic() - started:.0f} s")


def odoo_command(database, log=None):
    """Command line of an Odoo that works on one database of the tests' server."""
    command = [
        *(sys.executable, "-m", "odoo", "--config", os.devnull, "--database", database),
        *("--addons-path", str(ADDONS), "--data-dir", str(databases.DATA_DIR)),
        *("--db-filter", f"^{database}$", "--no-database-list"),
        *("--http-interface", "127.0.0.1"),
    ]
    for option, variable in (
        ("--db_host", "PGHOST"),
        ("--db_port", "PGPORT"),
        ("--db_user", "PGUSER"),
        ("--db_password", "PGPASSWORD"),
    ):
        if os.environ.get(variable):
            command += [option, os.environ[variable]]
    return [*command, "--logfile", str(log)] if log else command


def _prune(in_use):
    """Drop the layers of older code, and what a killed run left behind."""
    for name in databases.names(f"{PREFIX}_"):
        if name not in in_use and (name.endswith("_part") or "_core_" in name or "_full_" in name):
            databases.drop(name)
            install_log(name).unlink(missing_ok=True)
