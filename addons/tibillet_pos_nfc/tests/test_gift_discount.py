from odoo.fields import Command
from odoo.tests import tagged

from .common import OTHER_UID, UID
from .test_books import BooksCase


class GiftCase(BooksCase):
    """A beer at 20 %, a soup at 10 %, cards with gifts, and what Odoo posts for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.food_tax = cls.beer.taxes_id.copy({"name": "Food 10 %", "amount": 10})
        cls.food = cls.env["product.category"].create({"name": "Food"})
        cls.soup = cls.env["product.product"].create(
            {
                "name": "Soup",
                "available_in_pos": True,
                "list_price": 4.0,
                "categ_id": cls.food.id,
                "taxes_id": [Command.set(cls.food_tax.ids)],
                "company_id": cls.company.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.owed = self.env["account.account"].create(
            {"name": "VAT due", "code": "445799", "account_type": "liability_current"}
        )
        taxes = self.beer.taxes_id | self.food_tax
        lines = taxes.invoice_repartition_line_ids | taxes.refund_repartition_line_ids
        lines.filtered(lambda line: line.repartition_type == "tax").account_id = self.owed

    def give(self, amount_minor, card=None, asset=None):
        self.load(card or self.card, amount_minor, asset or self.gift)

    def basket(self, *lines):
        return [
            {"product_id": product.id, "amount_minor": round(qty * price * 100), "qty": qty}
            for product, qty, price in lines
        ]

    def buy(self, *lines, cards=(UID,), **values):
        """Each card pays what it can, one after the other, then the order is sent."""
        total = sum(round(qty * price * 100) for _product, qty, price in lines)
        payments, also, self.told = [], [], []
        for uid in cards:
            answer = self.tap(lines=self.basket(*lines), uid=uid, up_to=total, facts={"also": also})
            self.assertTrue(answer["ok"], answer)
            self.told = answer.get("gifts", [])
            payments.append((self.method, answer["amount_minor"] / 100, self.key))
            also.append(self.key)
            total -= answer["amount_minor"]
        if total:
            payments.append((self.cash, total / 100, False))
        return self.sync(self.order_values(payments, list(lines), **values))

    def posted(self, accounts):
        """Credit of some accounts, less what was debited."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "in", accounts.ids),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company.id),
            ]
        )
        return -round(sum(lines.mapped("balance")), 2)

    def assertBooked(self, revenue, vat, clearing):
        """All that Odoo posted; clearing as it is before the ledger's entry."""
        income = self.beer._get_product_accounts()["income"]
        self.assertEqual((self.posted(income), self.posted(self.owed)), (revenue, vat))
        self.assertClearingMoved(clearing)
        self.write_books()
        self.assertClearing(0)

    def assertClearingMoved(self, amount):
        balance = self.control()["clearing"]["balance_minor"] - self.before
        self.assertEqual(balance, round(amount * 100))

    def lines_given(self, order):
        return [(line.tibillet_gift, line.tibillet_gift_net) for line in order.lines]


@tagged("post_install", "-at_install")
class TestGiftDiscount(GiftCase):
    """A gift spent where it was given is a discount: on each line, in its tax, everywhere."""

    # -- a sale ------------------------------------------------------------------------

    def test_it_lowers_the_line_its_tax_and_what_was_received(self):
        self.give(250)
        order = self.buy((self.beer, 1, 6.0))
        self.assertEqual(self.told, [[0, 250]])
        self.assertEqual(self.lines_given(order), [(2.5, 2.08)])
        payment = order.payment_ids
        self.assertEqual((payment.amount, payment.tibillet_gift), (6.0, 2.5))
        self.assertEqual((self.free(), self.free(asset=self.gift)), (1650, 0))
        self.close()
        self.assertBooked(2.92, 0.58, 3.5)

    def test_all_of_it_given_books_nothing(self):
        self.give(600)
        self.buy((self.beer, 1, 6.0))
        self.close()
        self.assertBooked(0, 0, 0)

    def test_each_line_bears_its_share_in_its_own_tax(self):
        self.give(300)
        order = self.buy((self.beer, 1, 6.0), (self.soup, 2, 4.0))
        self.assertEqual(self.told, [[0, 129], [1, 171]])
        self.assertEqual(self.lines_given(order), [(1.29, 1.07), (1.71, 1.55)])
        self.close()
        # 4.71 at 20 %, 6.29 at 10 %
        self.assertBooked(round(3.93 + 5.72, 2), round(0.78 + 0.57, 2), 11.0)

    def test_a_gift_for_food_lowers_food(self):
        self.gift.product_category_ids = [Command.set(self.food.ids)]
        self.give(300)
        order = self.buy((self.beer, 1, 6.0), (self.soup, 1, 4.0))
        self.assertEqual([given for given, _net in self.lines_given(order)], [0, 3.0])
        self.close()
        self.assertBooked(round(5.0 + 0.91, 2), round(1.0 + 0.09, 2), 7.0)

    def test_two_cards_bring_gifts_to_one_order(self):
        self.give(200)
        self.give(100, self.other_card)
        order = self.buy((self.beer, 4, 6.0), cards=(UID, OTHER_UID))
        self.assertEqual(sum(order.payment_ids.mapped("tibillet_gift")), 3.0)
        self.assertEqual([given for given, _net in self.lines_given(order)], [3.0])
        self.assertEqual(self.told, [[0, 300]], "the last answer knows the other card's gift")
        by_cash = order.payment_ids.filtered(lambda paid: paid.payment_method_id == self.cash)
        cash = sum(by_cash.mapped("amount"))
        self.close(cash)
        self.assertBooked(17.5, 3.5, 21.0 - cash)

    def test_another_giver_pays(self):
        other = self.env["tibillet.asset"].create(
            {
                "name": "Sponsor",
                "code": "sponsor",
                "kind": "gift",
                "company_id": self.other_company.id,
            }
        )
        self.env["tibillet.acceptance"].sudo().create(
            {
                "asset_id": other.id,
                "company_id": self.company.id,
                "contract_date": "2020-01-01",
                "countersigned_by_id": self.env.uid,
                "state": "active",
            }
        )
        self.give(250, asset=other)
        order = self.buy((self.beer, 1, 6.0))
        self.assertEqual(self.free(), 1650)
        self.assertEqual((self.told, self.lines_given(order)), ([], [(0, 0)]))
        self.close()
        self.assertBooked(5.0, 1.0, 6.0)

    def test_prices_without_tax(self):
        """Where taxes come on top, the cent goes where the total says."""
        self.beer.taxes_id.price_include_override = "tax_excluded"
        self.give(250)
        values = {"amount_total": 7.2}
        answer = self.tap(7.2)
        values = self.order_values([(self.method, 7.2, self.key)], **values)
        values["lines"][0][2].update({"price_subtotal": 6.0, "price_subtotal_incl": 7.2})
        order = self.sync(values)
        self.assertEqual((answer["gifts"], self.lines_given(order)), ([[0, 250]], [(2.5, 2.08)]))
        self.close()
        self.assertBooked(3.92, 0.78, 4.7)

    def test_cash_rounding_is_no_gift(self):
        accounts = self.company_data
        self.config.current_session_id.sudo().state = "opened"
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "profit_account_id": accounts["default_account_revenue"].copy().id,
                "loss_account_id": accounts["default_account_expense"].copy().id,
            }
        )
        self.config.sudo().write({"rounding_method": rounding.id})
        self.env.cr.execute(
            "UPDATE pos_config SET cash_rounding = true, only_round_cash_method = true"
            " WHERE id = %s",
            [self.config.id],
        )
        self.config.invalidate_recordset()
        self.give(250)
        self.buy((self.beer, 1, 6.0))
        self.close()
        used = rounding.profit_account_id | rounding.loss_account_id
        self.assertEqual(self.posted(used), 0)
        self.assertBooked(2.92, 0.58, 3.5)

    def test_a_till_that_counts_by_article_counts_each_once(self):
        self.config.is_closing_entry_by_product = True
        self.give(250)
        self.buy((self.beer, 2, 6.0))
        self.close()
        [line] = self.till_session.sudo().move_id.line_ids.filtered(
            lambda line: line.product_id == self.beer
        )
        self.assertEqual((line.quantity, line.balance), (2, -7.92))

    # -- what is taken back ------------------------------------------------------------

    def back(self, order, amount, **values):
        lines = [
            {
                "product_id": self.beer.id,
                "amount_minor": -round(amount * 100),
                "refunded_line_id": order.lines[0].id,
            }
        ]
        answer = self.tap(lines=lines)
        self.assertTrue(answer["ok"], answer)
        self.told = answer.get("gifts", [])
        values = self.order_values(
            [(self.method, -amount, self.key)],
            [(self.beer, -amount / 6, 6.0)],
            is_refund=True,
            **values,
        )
        values["lines"][0][2]["refunded_orderline_id"] = order.lines[0].id
        self.sync(values)
        return self.env["pos.order"].search([("uuid", "=", values["uuid"])])

    def test_an_undone_sale_leaves_nothing(self):
        self.give(250)
        order = self.buy((self.beer, 1, 6.0))
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), "undo-key", order.uuid, "Wrong basket"
        )
        self.assertTrue(answer["ok"], answer)
        undone = order.tibillet_undo_ids
        self.assertEqual(self.lines_given(undone), [(-2.5, -2.08)])
        self.assertEqual((self.free(), self.free(asset=self.gift)), (2000, 250))
        self.close()
        self.assertBooked(0, 0, 0)

    def test_a_part_taken_back_gives_the_money_first(self):
        self.give(250)
        order = self.buy((self.beer, 2, 6.0))
        first = self.back(order, 6.0)
        self.assertEqual((self.told, self.lines_given(first)), ([], [(0, 0)]))
        second = self.back(order, 6.0)
        self.assertEqual(self.told, [[0, -250]])
        self.assertEqual(self.lines_given(second), [(-2.5, -2.08)])
        self.assertEqual((self.free(), self.free(asset=self.gift)), (2000, 250))
        self.close()
        self.assertBooked(0, 0, 0)

    # -- invoices ----------------------------------------------------------------------

    def customer(self):
        return self.env["res.partner"].create({"name": "Customer"})

    def test_an_invoice_says_it(self):
        self.give(250)
        order = self.buy((self.beer, 1, 6.0), to_invoice=True, partner_id=self.customer().id)
        invoice = order.account_move
        self.assertEqual((invoice.amount_total, invoice.amount_tax), (3.5, 0.58))
        self.assertEqual(invoice.amount_residual, 0)
        self.assertIn("Gift of", invoice.invoice_line_ids[-1].name)
        self.close()
        self.assertBooked(2.92, 0.58, 3.5)

    def test_an_invoice_of_nothing(self):
        self.give(600)
        order = self.buy((self.beer, 1, 6.0), to_invoice=True, partner_id=self.customer().id)
        self.assertEqual((order.account_move.amount_total, order.account_move.state), (0, "posted"))
        self.close()
        self.assertBooked(0, 0, 0)

    def test_an_invoice_after_the_closing(self):
        self.give(250)
        order = self.buy((self.beer, 1, 6.0))
        self.close()
        order.partner_id = self.customer()
        order.with_user(self.env.user).action_pos_order_invoice()
        self.assertEqual(order.account_move.amount_total, 3.5)
        self.assertEqual(order.account_move.amount_residual, 0)
        self.assertBooked(2.92, 0.58, 3.5)

    def test_the_credit_note_of_an_invoice(self):
        self.give(250)
        customer = self.customer().id
        order = self.buy((self.beer, 1, 6.0), to_invoice=True, partner_id=customer)
        back = self.back(order, 6.0, to_invoice=True, partner_id=customer)
        self.assertEqual(self.lines_given(back), [(-2.5, -2.08)])
        self.assertEqual(back.account_move.move_type, "out_refund")
        self.assertEqual(back.account_move.amount_total, 3.5)
        self.assertEqual(back.account_move.amount_residual, 0)
        self.assertEqual((self.free(), self.free(asset=self.gift)), (2000, 250))
        self.close()
        self.assertBooked(0, 0, 0)

    # -- figures and doors --------------------------------------------------------------

    def test_the_z_and_the_live_page_say_the_same(self):
        self.give(250)
        self.buy((self.beer, 1, 6.0))
        figures = self.env["tibillet.figures"]._compute_figures(self.till_session)
        self.assertEqual(
            figures["turnover"], {"gross": 350, "net": 292, "vat": 58, "given": 250, "orders": 1}
        )
        self.assertEqual((figures["rounding"], figures["products"][0]["gross"]), (0, 350))
        self.assertEqual(figures["checks"], {"orders": 600, "payments": 600})
        self.assertEqual(figures["tills"][0]["amount"], 350)
        live = self.env["tibillet.figures"]._live_sum(self.till_session)
        self.assertEqual(live["amount"], 350)

    def test_nobody_else_writes_it(self):
        values = self.order_values([(self.cash, 6.0, False)])
        values["lines"][0][2].update({"tibillet_gift": 6.0, "tibillet_gift_net": 5.0})
        values["payment_ids"][0][2]["tibillet_gift"] = 6.0
        order = self.sync(values)
        order.lines.write({"tibillet_gift": 6.0})
        order.payment_ids.write({"tibillet_gift": 6.0})
        self.assertEqual(self.lines_given(order), [(0, 0)])
        self.assertEqual(order.payment_ids.tibillet_gift, 0)
