"""Running the hoot tests of an addon's browser code, all of them and none in silence."""

import logging
import re
from pathlib import Path

from odoo.modules.module import get_module_path
from odoo.tests import HttpCase

TEST = re.compile(r"^\s*test(?:\.\w+(?:\([^)]*\))?)*\(", re.M)
ALONE = re.compile(r"\b(?:test|describe)(?:\.\w+)*\.(?:only|debug|skip|todo)\b")
PASSED = re.compile(r"Passed (\d+) tests")


class HootCase(HttpCase):
    """Mixed into nothing: inherit it and call `run_hoot("my_addon")` in a test."""

    def run_hoot(self, addon, timeout=600):
        """Run `static/tests/unit/**/*.test.js` of the addon in Chromium.

        Fails when a test fails, when fewer tests passed than the files hold, and when a file
        leaves tests out by `only`, `skip` or the like.
        """
        folder = Path(get_module_path(addon), "static", "tests", "unit")
        texts = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.test.js")}
        for path, text in texts.items():
            self.assertFalse(ALONE.search(text), f"{path.name} leaves tests out")
        written = sum(len(TEST.findall(text)) for text in texts.values())
        self.assertGreater(written, 0, f"{addon} has no hoot test")
        seen = _Listener(self._logger.getChild("browser"))
        with seen:
            self.browser_js(
                f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
                f"&id={_hash('@' + addon)}",
                "",
                "",
                login="admin",
                timeout=timeout,
                success_signal="[HOOT] Test suite succeeded",
                error_checker=lambda message: "[HOOT]" not in message,
            )
        passed = [int(number) for line in seen.lines for number in PASSED.findall(line)]
        self.assertTrue(passed, "the browser did not say how many tests passed")
        self.assertGreaterEqual(passed[-1], written)


class _Listener(logging.Handler):
    """Keeps what the browser's console says while the block runs; nothing is held back."""

    def __init__(self, logger):
        super().__init__(logging.INFO)
        self.logger, self.level_before, self.lines = logger, logger.level, []

    def emit(self, record):
        self.lines.append(record.getMessage())

    def __enter__(self):
        self.logger.addHandler(self)
        self.logger.setLevel(logging.INFO)

    def __exit__(self, *error):
        self.logger.removeHandler(self)
        self.logger.setLevel(self.level_before)


def _hash(text):
    """How hoot names a suite in its address: the 32-bit string hash of Java, in hexadecimal."""
    total = 0
    for character in text:
        total = (31 * total + ord(character)) & 0xFFFFFFFF
    return f"{total:08x}"
