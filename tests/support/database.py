"""A test database: a copy of the template, dropped when the test ends."""

import contextlib
import json
import subprocess

import psycopg2

from tools.testing import databases
from tools.testing.template import odoo_command


class Database:
    """A database of one test, read and written by plain SQL, by the ORM or by a script.

    `str(database)` is its name. Everything here commits for real: what a test shows, another
    process sees.
    """

    def __init__(self, name):
        self.name = name

    def __str__(self):
        return self.name

    def connect(self):
        """A plain psycopg2 connection (the caller commits and closes)."""
        return psycopg2.connect(dbname=self.name)

    def query(self, statement, *values):
        """Run one statement in a transaction of its own; returns its rows (or None)."""
        with (
            contextlib.closing(self.connect()) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else None

    def value(self, statement, *values):
        """First column of the only row of a statement."""
        rows = self.query(statement, *values)
        assert len(rows) == 1, f"{len(rows)} rows from: {statement}"
        return rows[0][0]

    @contextlib.contextmanager
    def env(self, login="admin", company_id=None):
        """An Odoo environment in this process; commits when the block ends without an error.

        Caches are brought up to date first, so that what a server changed meanwhile is seen.
        """
        from odoo.api import SUPERUSER_ID, Environment

        registry = self.registry
        registry.check_signaling()
        with registry.cursor() as cursor:
            env = Environment(cursor, SUPERUSER_ID, {})
            user = env["res.users"].search([("login", "=", login)])
            assert user, f"no user {login} in {self.name}"
            context = {"allowed_company_ids": [company_id]} if company_id else {}
            yield env(user=user.id, context=context)
        registry.signal_changes()

    @property
    def registry(self):
        """Odoo's registry of it in this process."""
        from odoo.modules.registry import Registry

        from .odoo_process import configure_this_process

        configure_this_process(self.name)
        return Registry(self.name)

    def close(self):
        """Let go of the connections that `env` keeps in this process."""
        from odoo.modules.registry import Registry
        from odoo.sql_db import close_db

        Registry.delete(self.name)
        close_db(self.name)

    def shell(self, script, timeout=300):
        """Run a script in an Odoo shell of its own process.

        The script sees `env` and may put a JSON value in `result`, which is returned. It is
        rolled back unless it calls `env.cr.commit()`. A script that raises fails the test.
        """
        wrapped = (
            "result = None\n" + script + "\nimport json as _json\n"
            "print('\\n@@result@@' + _json.dumps(result))\n"
        )
        command = odoo_command(self.name)
        command.insert(command.index("odoo") + 1, "shell")
        done = subprocess.run(
            [*command, "--no-http", "--shell-interface", "python"],
            input=wrapped,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        marker = done.stdout.rpartition("@@result@@")
        assert done.returncode == 0 and marker[1], f"shell failed:\n{done.stdout}\n{done.stderr}"
        return json.loads(marker[2].splitlines()[0])


def copy_of(template, name, source=None):
    """A `Database` copied from a template."""
    databases.copy(template, name, source)
    return Database(name)
