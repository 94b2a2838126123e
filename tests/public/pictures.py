"""Copy the screenshots that the README shows: ``python -m tests.public.pictures``.

Run ``make test TESTS=tests/public`` first: it takes them.
"""

import shutil
import sys

from tools.testing.layout import DATA, ROOT

SHOTS = DATA / "screenshots" / "test_home_pages"
# name in docs/images: name of the screenshot
WANTED = {
    "bar-desk-fr": "bar-desk-fr",
    "festival-desk-fr": "festival-desk-fr",
    "coop-desk-fr": "coop-desk-fr",
}


def main():
    """Copy each picture to ``docs/images``; name the first that is missing."""
    target = ROOT / "docs" / "images"
    target.mkdir(parents=True, exist_ok=True)
    for name, shot in WANTED.items():
        source = SHOTS / f"{shot}.png"
        if not source.exists():
            print(f"{shot}.png is not there: run `make test TESTS=tests/public` first.")
            return 1
        shutil.copyfile(source, target / f"{name}.png")
        print(f"docs/images/{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
