from odoo.tests import TransactionCase, tagged

from ..models.cash.amounts import MAX_MINOR, read_amount


@tagged("post_install", "-at_install")
class TestCashAmounts(TransactionCase):
    """What people type at a till, with a comma or a point, is one amount or none."""

    def test_read(self):
        for typed, minor in {
            "150,50": 15050,
            "150.50": 15050,
            "150,5": 15050,
            "150,": 15000,
            "1 500,05": 150005,
            "1\u202f500,05 €": 150005,
            "1.500,05": 150005,
            "1,500.05": 150005,
            "1'500.05": 150005,
            "0": 0,
            150.5: 15050,
            150: 15000,
            0.1 + 0.2: 30,
        }.items():
            with self.subTest(typed):
                self.assertEqual(read_amount(typed), minor)

    def test_refused(self):
        for typed in (
            "",
            "abc",
            "-5",
            -5,
            "1.500",
            "1,500",
            "12,345",
            "1,50,",
            "1e5",
            True,
            None,
            float("nan"),
            float("inf"),
            MAX_MINOR + 1,
            "99999999999",
            [],
            {},
        ):
            with self.subTest(repr(typed)), self.assertRaises(ValueError):
                read_amount(typed)

    def test_a_currency_without_cents(self):
        self.assertEqual(read_amount("1500", 0), 1500)
        with self.assertRaises(ValueError):
            read_amount("1500,5", 0)
