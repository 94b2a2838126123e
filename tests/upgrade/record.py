"""Record a database of this version, for the tests of every later one.

Run inside the environment of the tests, once per tagged version; see `tests/README.md`.
The dump holds invented data only, and no attachments: Odoo makes its bundles again.
"""

import ast
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

from tests.support.database import copy_of
from tools.testing import template
from tools.testing.layout import ROOT
from tools.testing.postgres import program

from . import history

DUMPS = Path(__file__).parent / "dumps"
# Names of settings that servers older than the one which dumps do not know.
UNKNOWN = ("SET transaction_timeout",)


def version():
    """The version that this checkout's wallet says it is."""
    manifest = ROOT / "addons" / "tibillet_wallet" / "__manifest__.py"
    return ast.literal_eval(manifest.read_text(encoding="utf-8"))["version"]


def main():
    """Fill a copy of the template and write `<version>.sql.xz` and `<version>.json`."""
    _core, full = template.ensure()
    os.environ["TIBILLET_TEST_TEMPLATE"] = full
    database = copy_of(full, f"{template.PREFIX}_record")
    try:
        with database.env() as env:
            history.fill(env)
        said = history.facts(database)
        database.close()
        done = subprocess.run(
            [
                *(program("pg_dump"), "--no-owner", "--no-privileges"),
                *("--exclude-table-data=ir_attachment", database.name),
            ],
            check=True,
            capture_output=True,
        )
    finally:
        database.close()
        template.databases.drop(database.name)
    rows = done.stdout.decode().splitlines(keepends=True)
    text = "".join(row for row in rows if not row.startswith(UNKNOWN))
    target = DUMPS / f"{version()}.sql.xz"
    target.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    target.with_name(f"{version()}.json").write_text(json.dumps(said) + "\n")
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
