"""The anchor of the ledger's figures: PostgreSQL's own TPC-B, on the same server and disk."""

import re
import subprocess
import sys

from tools.testing.postgres import program


def _program():
    try:
        return program("pgbench")
    except FileNotFoundError as error:
        sys.exit(f"{error}: the figures would have no limit beside them.")


def prepare(database):
    """Tables of TPC-B, ten branches."""
    subprocess.run([_program(), "-i", "-q", "-s", "10", database], check=True, capture_output=True)


def rate(database, clients, seconds):
    """Transactions a second."""
    done = subprocess.run(
        [_program(), "-c", str(clients), "-j", "2", "-T", str(seconds), "-n", database],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(re.search(r"tps = ([0-9.]+)", done.stdout).group(1))
