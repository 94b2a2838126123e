"""The colours of the house: said once, and readable in a dark bar and in full sun."""

import re
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import BaseCase

ADDON = Path(__file__).parents[1]
PALETTE = ADDON / "static/src/palette.scss"
COLOUR = re.compile(r"\$tb-([a-z]+): (#[0-9a-f]{6});")
WHITE = "#ffffff"


def luminance(colour):
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one, other):
    """How far two colours stand apart, from 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


class TestPalette(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colours = dict(COLOUR.findall(PALETTE.read_text()))

    def test_results_stand_out_seven_times(self):
        self.assertGreaterEqual(contrast(WHITE, "#000000"), 20.9)
        for name in ("yes", "no", "look", "card"):
            with self.subTest(name):
                self.assertGreaterEqual(contrast(self.colours[name], WHITE), 7)
        self.assertGreaterEqual(contrast(self.colours["ink"], self.colours["paper"]), 7)

    def test_all_other_text_is_read(self):
        for name in ("accent", "second"):
            self.assertGreaterEqual(contrast(self.colours[name], WHITE), 4.5, name)
        for name in ("ink", "muted", "accent", "second", "yes", "no", "look", "card"):
            for ground in ("paper", "quiet"):
                with self.subTest(f"{name} on {ground}"):
                    self.assertGreaterEqual(contrast(self.colours[name], self.colours[ground]), 4.5)

    def test_a_colour_is_said_once(self):
        for sheet in (ADDON / "static/src").rglob("*.scss"):
            if sheet == PALETTE:
                continue
            text = sheet.read_text()
            self.assertNotRegex(text, r"\$tb-[a-z-]+:", sheet.name)
            for name, colour in self.colours.items():
                self.assertNotIn(colour, text.lower(), f"{sheet.name} repeats $tb-{name}")

    def test_it_comes_before_what_uses_it(self):
        address = f"{ADDON.name}/{PALETTE.relative_to(ADDON).as_posix()}"
        bundles = Manifest.for_addon(ADDON.name)["assets"]
        for name in (
            "point_of_sale._assets_pos",
            "web.assets_backend",
            "point_of_sale.customer_display_assets",
        ):
            self.assertEqual(bundles[name][0], address, name)
