from odoo.tests import TransactionCase, tagged

from ..models.places.amounts import TooPrecise, parse_minor

NBSP = "\N{NO-BREAK SPACE}"
ENGLISH = {"decimal_point": ".", "thousands_sep": ","}
FRENCH = {"decimal_point": ",", "thousands_sep": NBSP}
GERMAN = {"decimal_point": ",", "thousands_sep": "."}


@tagged("post_install", "-at_install")
class TestAmounts(TransactionCase):
    """What people type, to the last minor unit; no float on the way."""

    def test_understood(self):
        for text, scale, marks, minor in (
            ("250", 2, ENGLISH, 25_000),
            ("250.00", 2, ENGLISH, 25_000),
            (f"250.00{NBSP}€", 2, ENGLISH, 25_000),
            ("€ 250", 2, ENGLISH, 25_000),
            ("250,50", 2, ENGLISH, 25_050),
            ("1,250", 2, ENGLISH, 125_000),
            ("1,250.5", 2, ENGLISH, 125_050),
            ("1250,5", 2, FRENCH, 125_050),
            (f"1{NBSP}250,50{NBSP}€", 2, FRENCH, 125_050),
            ("250.5", 2, FRENCH, 25_050),
            ("1.250,50", 2, GERMAN, 125_050),
            ("1.250", 2, GERMAN, 125_000),
            ("0,29", 2, FRENCH, 29),
            (".5", 2, ENGLISH, 50),
            ("1.10", 1, ENGLISH, 11),
            ("20000000.07", 2, ENGLISH, 2_000_000_007),
            ("1.234", 3, FRENCH, 1_234),
            ("500", 0, ENGLISH, 500),
            ("", 2, ENGLISH, 0),
            (False, 2, ENGLISH, 0),
            ("  ", 2, ENGLISH, 0),
        ):
            with self.subTest(text=text, scale=scale):
                self.assertEqual(parse_minor(text, scale, unit="€", **marks), minor)

    def test_refused(self):
        for text in ("abc", "-5", "1.2.3", "5 USD", "1e3", "٣", "12,34,56", "1/2", "."):
            with self.subTest(text), self.assertRaises(ValueError) as caught:
                parse_minor(text, 2, unit="€", **ENGLISH)
            self.assertNotIsInstance(caught.exception, TooPrecise)

    def test_no_digit_is_lost(self):
        for text, scale in (("0.001", 2), ("1.5", 0), ("10.9999", 3)):
            with self.subTest(text), self.assertRaises(TooPrecise):
                parse_minor(text, scale, **ENGLISH)
