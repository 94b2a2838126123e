"""Creating, copying and dropping test databases and their file stores (needs psycopg2).

The server is the one the `PG*` variables name. A database and its file store go together: Odoo
keeps attachments on disk, under `<data>/odoo/filestore/<database>`. Odoo never changes such a
file in place, so a copy is a tree of hard links.
"""

import contextlib
import os
import shutil
import time

import psycopg2
from psycopg2 import sql

from .layout import DATA

DATA_DIR = DATA / "odoo"


def connect(name="postgres"):
    """A connection in autocommit mode to a database of the tests' server."""
    connection = psycopg2.connect(dbname=name)
    connection.autocommit = True
    return connection


def execute(statement, *values, name="postgres"):
    """Run one statement; returns the rows, or None when there are none to return."""
    with contextlib.closing(connect(name)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


def exists(name):
    """Whether a database of this name is there."""
    return bool(execute("SELECT 1 FROM pg_database WHERE datname = %s", name))


def names(prefix):
    """Databases whose name starts with the prefix."""
    rows = execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1", prefix
    )
    return [row[0] for row in rows]


def filestore(name):
    """Folder of a database's attachments."""
    return DATA_DIR / "filestore" / name


def drop(name):
    """Remove a database, whoever of us is connected to it, and its attachments.

    Not `WITH (FORCE)`: it fails when the server's own vacuum is at work there, which a plain
    DROP waits for.
    """
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    for patience in (0.2, 0.5, 1, 2, None):
        execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
            name,
        )
        try:
            execute(statement)
            break
        except psycopg2.errors.ObjectInUse:
            if patience is None:
                raise
            time.sleep(patience)
    shutil.rmtree(filestore(name), ignore_errors=True)


def rename(old, new):
    """Give a database and its attachments another name; the database last, as it is the proof."""
    if filestore(old).exists():
        shutil.rmtree(filestore(new), ignore_errors=True)
        filestore(old).rename(filestore(new))
    execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
    )


def copy(template, name, template_filestore=None):
    """Copy a template, with its attachments, under a new name (an older one is dropped)."""
    drop(name)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    for attempt in range(20):
        try:
            execute(statement)
            break
        except psycopg2.errors.ObjectInUse:
            # Another shard is copying the same template: CREATE DATABASE wants it idle.
            if attempt == 19:
                raise
            time.sleep(0.5)
    source = template_filestore or filestore(template)
    if source.exists():
        filestore(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, filestore(name), copy_function=_link)


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
