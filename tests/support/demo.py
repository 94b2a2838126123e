"""The demo territory for tests: built once per version of the code, then copied."""

import configparser
import fcntl
import os
import subprocess
import sys
import time

from tools.testing import databases, template
from tools.testing.layout import DATA, ROOT, digest, files_below

DEMO = ROOT / "tools" / "demo"
# Odoo shows a website by its name with its port left out, when no port fits: any port serves.
PORT = 8069


def demo_template(full):
    """Name of a database with the demo territory, made from the template ``full`` on need.

    One folder of tests builds it, the others wait for it.
    """
    name = f"{template.PREFIX}_demo_{digest([full, *files_below(DEMO)])}"
    DATA.mkdir(parents=True, exist_ok=True)
    with (DATA / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not databases.exists(name):
            for old in databases.names(f"{template.PREFIX}_demo_"):
                databases.drop(old)
            part = f"{name}_part"
            databases.copy(full, part)
            build(part)
            databases.rename(part, name)
    return name


def build(name, *options):
    """Run the builder on a database; returns what it printed and how many seconds it took."""
    began = time.monotonic()
    command = [sys.executable, "-m", "tools.demo", "--config", str(configuration())]
    command += ["--database", str(name), "--port", str(PORT), *options]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout
    return done.stdout, time.monotonic() - began


def configuration():
    """An Odoo configuration file for the tests' own server."""
    path = DATA / "demo.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    parser = configparser.ConfigParser(interpolation=None)
    parser["options"] = {
        "addons_path": str(ROOT / "addons"),
        "data_dir": str(databases.DATA_DIR),
        "list_db": "False",
        **{
            option: os.environ[variable]
            for option, variable in (
                ("db_host", "PGHOST"),
                ("db_port", "PGPORT"),
                ("db_user", "PGUSER"),
                ("db_password", "PGPASSWORD"),
            )
            if os.environ.get(variable)
        },
    }
    with path.open("w", encoding="utf-8") as stream:
        parser.write(stream)
    path.chmod(0o600)
    return path
