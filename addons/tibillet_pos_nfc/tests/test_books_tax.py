from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_books import BooksCase


@tagged("post_install", "-at_install")
class TestBooksTax(BooksCase):
    """The tax of an article changes in the middle of a month, or of an evening."""

    def revenue(self, tax):
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("tax_ids", "in", tax.ids),
            ]
        )
        return -round(sum(lines.mapped("balance")), 2)

    def test_a_rate_is_not_changed_under_an_open_session(self):
        self.sell()
        with self.assertRaisesRegex(UserError, "forbidden to modify a tax used in a POS order"):
            self.beer.taxes_id.amount = 10

    def test_each_sale_keeps_the_tax_it_was_sold_with(self):
        """One beer at 20 %, one at 10 %, and one that was rung up before and arrives after."""
        old = self.beer.taxes_id
        self.sell()
        self.assertTrue(self.tap()["ok"])
        late = self.order_values([(self.method, 6.0, self.key)])
        new = old.copy({"name": "Bar 10 %", "amount": 10})
        self.beer.taxes_id = [Command.set(new.ids)]
        self.assertTrue(self.tap()["ok"])
        values = self.order_values([(self.method, 6.0, self.key)])
        values["lines"][0][2]["price_subtotal"] = 5.45
        self.sync(values | {"amount_tax": 0.55})
        self.sync(late)
        self.close()
        self.assertEqual((self.revenue(old), self.revenue(new)), (10.0, 5.45))
        self.write_books()
        self.assertClearing(0)

    def test_what_is_taken_back_goes_back_with_its_own_tax(self):
        old = self.beer.taxes_id
        order = self.sell()
        self.close()
        self.pair(self.open_session())
        self.beer.taxes_id = [Command.set(old.copy({"name": "Bar 10 %", "amount": 10}).ids)]
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), "undo-key", order.uuid, "Wrong basket"
        )
        self.assertTrue(answer["ok"], answer)
        self.close()
        self.assertEqual(self.revenue(old), 0)
        self.write_books()
        self.assertClearing(0)
