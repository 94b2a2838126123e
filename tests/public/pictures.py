"""Copy the screenshots that the README shows: ``python -m tests.public.pictures``.

Run ``make test TESTS=tests/public`` first: it takes them.
"""

import shutil
import sys

from tools.testing.layout import DATA, ROOT

SHOTS = DATA / "screenshots" / "test_home_pages"
WANTED = (
    "bar-desk-fr",
    "festival-desk-fr",
    "coop-desk-fr",
    "bar-phone-fr",
    "demo-desk-fr",
    "till",
)


def main():
    """Copy each picture to ``docs/images``; name the first that is missing."""
    target = ROOT / "docs" / "images"
    target.mkdir(parents=True, exist_ok=True)
    for name in WANTED:
        source = SHOTS / f"{name}.png"
        if not source.exists():
            print(f"{name}.png is not there: run `make test TESTS=tests/public` first.")
            return 1
        shutil.copyfile(source, target / source.name)
        print(f"docs/images/{source.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
