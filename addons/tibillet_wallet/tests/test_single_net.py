import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestSingleNet(BooksCase):
    """The ledger notes what of a single-purpose asset is without tax, transfer by transfer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.bar.account_sale_tax_id.copy(
            {"name": "20 % TTC", "amount": 20, "price_include_override": "tax_included"}
        )
        cls.drink = cls.make_asset(
            "boisson", "local", cls.bar, vat_nature="single", vat_tax_id=cls.tax.id
        )

    def nets(self):
        """Signed nets of the holder's account, in their order."""
        self.env.cr.execute(
            "SELECT net_minor FROM tibillet_single WHERE account_id = %s ORDER BY transfer_id",
            [self.account(self.wallet, self.drink).id],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def row(self):
        control = self.books._control(self.bar)
        [row] = [row for row in control["assets"] if row["asset_id"] == self.drink.id]
        return row["books_minor"], row["taxed_minor"], row["held_now_minor"]

    def test_what_is_spent_is_a_share_and_an_empty_account_owes_nothing(self):
        self.topup(750, self.drink)
        for _time in range(3):
            self.sale(250, self.drink)
        self.assertEqual(self.nets(), [625, -208, -209, -208])
        self.write()
        self.assertEqual(self.row(), (0, 0, 0))

    def test_ten_thousand_sips_leave_nothing(self):
        """Rounded alone, 2.08 each, they would leave 3.33 of a thousand euros' worth."""
        self.drink.load_cap_minor = 10**6
        self.topup(250_000, self.drink)
        account, place = (
            self.account(self.wallet, self.drink).id,
            self.place(self.bar, self.drink).id,
        )
        requests = [
            {
                "key": f"sip-{number}",
                "origin": "test",
                "code": "sale",
                "transfers": [(account, place, 250)],
                "company_id": self.bar.id,
            }
            for number in range(1000)
        ]
        self.ledger._post(requests)
        nets = self.nets()
        self.assertEqual((nets[0], sum(nets)), (208_333, 0))
        self.assertLessEqual(set(nets[1:]), {-208, -209})

    def test_an_undo_is_the_exact_opposite(self):
        self.topup(500, self.drink)
        first = self.sale(250, self.drink)
        second = self.sale(250, self.drink)
        account, place = self.account(self.wallet, self.drink), self.place(self.bar, self.drink)
        for sale in (first, second):
            for amount in (100, 150):
                self.put("undo", (place, account, amount), names_id=sale.id)
        nets = self.nets()
        self.assertEqual(nets[:3], [417, -209, -208])
        self.assertEqual((nets[3] + nets[4], nets[5] + nets[6]), (209, 208))
        self.write()
        self.assertEqual(self.row(), (417, 83, 500))

    def test_notes_are_never_changed(self):
        self.topup(500, self.drink)
        for statement in (
            "UPDATE tibillet_single SET net_minor = 0",
            "DELETE FROM tibillet_single",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(psycopg2.errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_other_assets_have_none(self):
        self.topup(500)
        self.env.cr.execute(
            "SELECT count(*) FROM tibillet_single WHERE account_id = %s",
            [self.account(self.wallet, self.token).id],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)
