from odoo.fields import Command
from odoo.tests import tagged

from .cardpage_common import CardActs
from .common import OTHER_UID
from .test_books import BooksCase


@tagged("post_install", "-at_install")
class TestBooksCents(CardActs, BooksCase):
    """Rounding of an order with several rates never touches the money that only moves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_calculation_rounding_method = "round_globally"
        book_tax = cls.beer.taxes_id.copy({"name": "Book 5.5 %", "amount": 5.5})
        common = {"available_in_pos": True, "company_id": cls.company.id}
        cls.juice, cls.book, cls.cup = cls.env["product.product"].create(
            [
                {**common, "name": name, "list_price": price, "taxes_id": [Command.set(taxes)]}
                for name, price, taxes in (
                    ("Juice", 2.7, book_tax.ids),
                    ("Book", 12.35, book_tax.ids),
                    ("Cup", 20.0, []),
                )
            ]
        )
        cls.cup.tibillet_deposit = True
        # 17.75 at 5.5 %: rounded as a whole, a cent is left over, and goes to the dearest line
        cls.goods = [(cls.juice, 2, 2.7), (cls.book, 1, 12.35)]

    def posted(self, account):
        lines = self.till_session.sudo().move_id.line_ids
        return sum(lines.filtered(lambda line: line.account_id == account).mapped("credit"))

    def test_a_top_up_beside_goods(self):
        self.promise(1950, uid=OTHER_UID)
        values = self.mixed_values([(self.bank, 37.25, False)], self.goods, [(self.key, 19.5)])
        self.sync(values)
        self.close()
        self.assertEqual(self.posted(self.company.tibillet_clearing_account_id), 19.5)
        self.write_books()
        self.assertClearing(0)

    def test_a_deposit_beside_goods(self):
        values = self.order_values([(self.cash, 37.75, False)], [*self.goods, (self.cup, 1, 20.0)])
        self.sync(values)
        self.close(37.75)
        accounts = self.env["tibillet.book.account"]
        self.assertEqual(self.posted(accounts._account(self.company, "deposit")), 20.0)

    def test_an_invoice_too(self):
        """What is on the invoice is what the ledger moved."""
        partner = self.env["res.partner"].create({"name": "Association des Dunes"})
        self.promise(1950, uid=OTHER_UID)
        values = self.mixed_values([(self.bank, 37.25, False)], self.goods, [(self.key, 19.5)])
        order = self.sync(values | {"to_invoice": True, "partner_id": partner.id})
        clearing = self.company.tibillet_clearing_account_id
        lines = order.account_move.line_ids.filtered(lambda line: line.account_id == clearing)
        self.assertEqual(sum(lines.mapped("credit")), 19.5)
