"""Entry of ``python3 -m tools <command>``. This file parses on any Python, so that a wrong one
gets a sentence instead of a syntax error: keep it free of annotations and f-strings."""

import sys

OLDEST = (3, 11)
NEWEST = (3, 13)


def main():
    found = sys.version_info[:2]
    if not OLDEST <= found <= NEWEST:
        sys.stderr.write(
            "Python %d.%d runs here, TiBillet needs Python 3.11, 3.12 or 3.13: "
            "name one that you have, for example `make run PYTHON=python3.12`.\n" % found
        )
        return 2
    from tools.commands import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
