"""Build the demo territory in a database that already has the modules of ``modules.txt``.

Each part runs in one transaction and leaves a mark when it commits: a part that was killed half way
has left nothing behind and runs again, a part that is done is not run twice.
"""

import argparse
import logging
import sys
import time

from . import (
    assets,
    cards,
    companies,
    events,
    orders,
    pages,
    people,
    products,
    rows,
    tills,
    websites,
    weekend,
)
from .builder import Builder, opened

PARTS = (
    companies,
    people,
    products,
    tills,
    websites,
    events,
    pages,
    orders,
    assets,
    cards,
    rows,
    weekend,
)


def main(argv=None):
    """Build what is missing, print one line per part, and return 0."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--config", required=True, help="Odoo configuration file")
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, default=8069, help="port the places answer on")
    parser.add_argument("--verbose", action="store_true", help="show Odoo's own log")
    parser.add_argument("--check", action="store_true", help="exit 1 when a part is missing")
    options = parser.parse_args(argv)
    began = time.monotonic()
    with opened(options.config, options.database, verbose=options.verbose) as registry:
        missing = [part for part in PARTS if not Builder.is_done(registry, part)]
        if options.check:
            return 1 if missing else 0
        for number, part in enumerate(PARTS, 1):
            title = (part.__doc__ or part.__name__).splitlines()[0].rstrip(".")
            if part not in missing:
                continue
            print(f"[{number}/{len(PARTS)}] {title} ...", end=" ", flush=True)
            part_began = time.monotonic()
            said = Builder.run(registry, part, port=options.port)
            print(f"{said or 'done'} ({time.monotonic() - part_began:.1f} s)", flush=True)
        with Builder.on(registry, port=options.port) as builder:
            websites.set_port(builder)
    logging.shutdown()
    print(f"Demo territory ready in {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
