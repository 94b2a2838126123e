from odoo.tests import tagged

from .merchant_common import SIRET, MerchantCase


@tagged("post_install", "-at_install")
class TestStory07(MerchantCase):
    """Story 7, the food truck: own SIRET, arrives Friday 16:00, leaves Sunday."""

    def test_the_food_truck(self):
        cup = self.env["product.product"].create(
            {
                "name": "Cup",
                "available_in_pos": True,
                "list_price": 1.0,
                "taxes_id": False,
                "tibillet_deposit": True,
                "company_id": self.company.id,
            }
        )
        deposits = self.env["tibillet.book.account"]._account(self.company, "deposit")
        cup.property_account_income_id = deposits
        self.load(self.card, 4000)
        self.load(self.card, 500, self.gift)

        # selling in ten minutes: one act makes till, cashier and articles
        self.set_till_up()
        self.open_stand()

        # sees only its sales
        self.assertEqual(self.env["pos.config"].with_user(self.zoe_user).search([]), self.config)

        # 5.00 of it a gift of the festival, 6.00 of it tokens
        self.serve()
        self.serve([(self.galette, 2, 11.0), (self.water, 1, 2.11)])
        self.serve([(self.galette, 1, 11.0), (cup, 1, 1.0)])
        self.serve(cash=11.0)
        undone = self.serve([(self.water, 1, 2.11)])
        self.serve([(self.galette, 1, 11.0)], bank=11.0)
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), "undo-1", undone.uuid, "Wrong bottle"
        )
        self.assertTrue(answer["ok"], answer)
        session = self.close_stand(11.0)

        # own receipts and Z
        data = self.config.with_user(self.zoe_user)._load_pos_data_read(self.config, self.config)
        self.assertIn(f"SIRET {SIRET}", data[0]["receipt_header"])
        closing = self.env["tibillet.closing"].search([("session_id", "=", session.id)])
        content = closing.content
        self.assertEqual((content["company"], content["registry"]), ("Zoé SARL", SIRET))
        self.assertEqual(content["turnover"]["gross"], 6811)
        self.assertEqual(
            [(row["rate"], row["gross"]) for row in content["vat"]], [(5.5, 211), (10.0, 6600)]
        )

        # none of it is the organiser's turnover or VAT, in the books or in Odoo's analysis
        self.write_books()
        self.assertEqual(self.turnover(), 0)
        self.assertFalse(session.move_id.line_ids.tax_ids | session.move_id.line_ids.tax_line_id)
        self.assertFalse(self.env["report.pos.order"].search([("session_id", "=", session.id)]))
        self.assertEqual(
            -self.role_balance("due_to", self.zoe) - self.role_balance("merchant", self.zoe), 68.11
        )
        self.assertEqual(self.balance_of(deposits), -1.0)
        self.assertControl()

        # Monday: gross, VAT per rate, 15 % commission invoiced with VAT
        statement = self.statement()
        self.assertEqual((statement.gross, statement.due), (68.11, 68.11))
        self.assertEqual(
            [(row["rate"], row["gross"], row["vat"]) for row in statement.content["vat"]],
            [(5.5, 211, 11), (10.0, 6600, 600)],
        )
        invoice = statement.invoice_id
        self.assertEqual(invoice.move_type, "out_invoice")
        self.assertEqual(invoice.partner_id, self.zoe)
        self.assertEqual(invoice.amount_untaxed, 10.22)
        self.assertEqual(invoice.amount_tax, 2.04)
        self.assertEqual(statement.net, 55.85)
        statement.with_user(self.accountant).action_agree()
        self.assertEqual(invoice.state, "posted")
        self.assertTrue(statement._pdf().startswith(b"%PDF-"))
        self.assertEqual(
            {
                name: statement._credit_transfer()[name]
                for name in ("iban", "amount_minor", "currency")
            },
            {"iban": self.iban.sanitized_acc_number, "amount_minor": 5585, "currency": "EUR"},
        )
        statement.with_user(self.accountant).action_pay()

        # organiser's books: 0 in P, the commission is the only turnover, rest 0.00
        self.assertEqual(statement.state, "paid")
        self.assertEqual(self.role_balance("due_to", self.zoe), 0)
        self.assertEqual(self.role_balance("merchant", self.zoe), 0)
        self.assertEqual(self.turnover(), 10.22)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertTrue(statement.settle_operation_id)
        balance = self.trial_balance()
        self.assertEqual(round(sum(balance.values()), 2), 0)
        given = self.env["tibillet.book.account"]._account(self.company, "gift_expense")
        self.assertEqual(balance[given], 5.0)
        # what was loaded by hand above has no document and waits there, named; nothing else
        self.assertEqual(balance[self.company.tibillet_clearing_account_id], 60.0)
        self.assertControl()


@tagged("post_install", "-at_install")
class TestMerchantOwnMoney(MerchantCase):
    """A truck that keeps its own cash drawer and terminal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.merchant.write({"cash_means": "own", "bank_card_means": "none"})
        cls.set_till_up()

    def test_what_it_takes_itself_is_in_no_books_here(self):
        self.open_stand()
        self.serve(cash=11.0)
        self.serve()
        session = self.close_stand()
        self.write_books()
        self.assertFalse(session.move_id)
        self.assertEqual(set(session.order_ids.mapped("state")), {"done"})
        self.assertEqual(self.turnover(), 0)
        self.assertEqual(self.role_balance("due_to", self.zoe), -11.0)
        statement = self.statement()
        # the commission is on all of it; what it has already is not paid twice
        self.assertEqual((statement.gross, statement.due), (22.0, 11.0))
        self.assertEqual(statement.commission, 3.96)
        self.assertEqual(statement.net, 7.04)
        statement.with_user(self.accountant).action_agree()
        statement.with_user(self.accountant).action_pay()
        self.assertEqual(self.role_balance("due_to", self.zoe), 0)
        self.assertEqual(self.turnover(), 3.3)
        self.assertControl()

    def test_cash_alone_leaves_the_commission_to_be_paid(self):
        self.iban.unlink()
        self.open_stand()
        self.serve(cash=11.0)
        self.close_stand()
        statement = self.statement()
        self.assertEqual((statement.due, statement.net), (0, -1.98))
        statement.with_user(self.accountant).action_agree()
        statement.with_user(self.accountant).action_pay()
        self.assertEqual(statement.invoice_id.amount_residual, 1.98)
        self.assertFalse(statement._credit_transfer())
        self.assertEqual(statement.merchant_id.asset_ids, self.token | self.gift)
        self.assertControl()

    def test_change_of_means_waits_for_the_session(self):
        self.open_stand()
        with self.assertRaisesRegex(Exception, "Close the session"):
            self.merchant.cash_means = "held"
