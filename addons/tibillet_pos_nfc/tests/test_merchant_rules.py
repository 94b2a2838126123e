"""What a merchant's till, its people and its statements may not do, and what they survive."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .common import OTHER_UID
from .merchant_common import MerchantCase


@tagged("post_install", "-at_install")
class TestMerchantRules(MerchantCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_till_up()

    def tap_galette(self, **values):
        lines = [{"product_id": self.galette.id, "amount_minor": 1100}]
        return self.tap(lines=lines, **values)

    def test_a_rate_that_the_chart_has_asleep_is_woken(self):
        """Most rates of a chart sleep: an article of one would be sold without VAT."""
        self.ten.active = False
        form = self.env["tibillet.merchant.till"].create(
            {
                "merchant_id": self.merchant.id,
                "cashier_name": "Yann",
                "cashier_login": "yann",
                "cashier_password": "galette-complete",
                "line_ids": [Command.create({"name": "Cake", "price": 4, "tax_id": self.ten.id})],
            }
        )
        form.action_confirm()
        self.assertTrue(self.ten.active)
        cake = self.merchant.product_ids.filtered(lambda one: one.name == "Cake")
        self.assertEqual(cake.taxes_id, self.ten)

    # -- its people ----------------------------------------------------------------------

    def test_its_cashier_sees_the_merchants_only(self):
        self.open_stand()
        self.serve()
        stand = self.till_session
        self.use_bar()
        self.sell()
        mine = self.env(user=self.zoe_user.id)
        self.assertEqual(mine["pos.config"].search([]), stand.config_id)
        self.assertEqual(mine["pos.session"].search([]).ids, stand.ids)
        self.assertEqual(mine["pos.order"].search([]).session_id.ids, stand.ids)
        self.assertEqual(mine["pos.order.line"].search([]).product_id.ids, self.galette.ids)
        self.assertEqual(mine["pos.payment"].search([]).session_id.ids, stand.ids)
        self.assertEqual(
            set(mine["product.product"].search([]).ids), set((self.galette | self.water).ids)
        )
        for model in ("account.move", "account.move.line", "report.pos.order", "stock.picking"):
            self.assertFalse(mine[model].search([]), model)
        self.assertEqual(mine["tibillet.device"].search([]).config_id, stand.config_id)
        with self.assertRaises(AccessError):
            mine["tibillet.merchant"].search([])
        # and everybody else sees what they saw
        self.assertIn(self.bar_config, self.env["pos.config"].with_user(self.cashier).search([]))

    def use_bar(self):
        self.config, self.method = self.bar_config, self.bar_method
        self.pair(self.open_session())

    def test_its_cashier_opens_no_other_till(self):
        with self.assertRaises(AccessError):
            self.bar_config.with_user(self.zoe_user).open_ui()
        with self.assertRaises(AccessError):
            self.env["pos.session"].with_user(self.zoe_user).create(
                {"config_id": self.bar_config.id}
            )
        self.assertFalse(self.bar_config.current_session_id)

    def test_our_cashiers_do_not_open_its_till(self):
        with self.assertRaisesRegex(UserError, "its own people"):
            self.config.with_user(self.cashier).open_ui()
        self.config.with_user(self.till_manager).open_ui()
        self.assertTrue(self.config.current_session_id)

    def test_who_says_whose_cashier_and_till(self):
        with self.assertRaises(AccessError):
            self.cashier.with_user(self.cashier).tibillet_merchant_id = self.merchant
        with self.assertRaises(AccessError):
            self.zoe_user.with_user(self.zoe_user).tibillet_merchant_id = False
        with self.assertRaises(AccessError):
            self.bar_config.with_user(self.cashier).tibillet_merchant_id = self.merchant
        self.use_bar()
        with self.assertRaisesRegex(UserError, "sold already"):
            self.bar_config.tibillet_merchant_id = self.merchant

    def test_its_till_loads_with_its_own_articles(self):
        self.open_stand()
        data = self.till_session.load_data([])
        names = {row["name"] for row in data["product.template"]}
        self.assertEqual(names, {"Galette", "Bottled water"})
        [company] = data["res.company"]
        self.assertEqual((company["name"], company["vat"]), ("Zoé SARL", "FR44732829320"))
        self.assertEqual(company["street"], "3 quai du Four")
        self.use_bar()
        data = self.till_session.load_data([])
        names = {row["name"] for row in data["product.template"]}
        self.assertIn("Beer", names)
        self.assertNotIn("Galette", names)
        self.assertNotEqual(data["res.company"][0]["name"], "Zoé SARL")

    # -- at its till ---------------------------------------------------------------------

    def test_it_takes_what_its_contract_names(self):
        self.merchant.asset_ids = self.gift
        self.open_stand()
        self.assertEqual(self.tap_galette()["code"], "asset_not_accepted")
        self.assertEqual(self.free(), 2000)
        self.merchant.asset_ids = self.token
        self.assertTrue(self.tap_galette()["ok"])

    def test_outside_its_contract_nothing_is_taken(self):
        self.open_stand()
        now = fields.Datetime.now()
        for values, said in (
            ({"suspended": True}, "suspended"),
            ({"suspended": False, "date_to": now - timedelta(minutes=1)}, "ended"),
            ({"date_from": now + timedelta(hours=1), "date_to": now + timedelta(days=1)}, "from"),
            ({"date_from": now - timedelta(days=1), "signed_on": False}, "not signed"),
        ):
            self.merchant.write(values)
            self.env.flush_all()  # a tap reads in a transaction of its own
            answer = self.tap_galette()
            self.assertEqual(answer["code"], "not_allowed")
            self.assertIn(said, answer["message"])
        self.assertEqual(self.free(), 2000)
        self.till_session.sudo().write({"state": "closed"})
        with self.assertRaises(LedgerError):
            self.config.with_user(self.zoe_user).open_ui()

    def test_a_payment_granted_before_is_repeated_after_it_ends(self):
        self.open_stand()
        seq = self.next_seq()
        self.assertTrue(self.tap_galette(seq=seq)["ok"])
        self.merchant.action_suspend()
        self.env.flush_all()
        self.assertTrue(self.tap_galette(seq=seq, key=self.key)["ok"])
        order = self.sync(self.stand_values([(self.method, 11.0, self.key)]), user=self.zoe_user)
        self.assertEqual(order.state, "paid")

    def test_articles_stay_at_their_till(self):
        self.open_stand()
        answer = self.tap(6.0)
        self.assertEqual((answer["code"], answer["why"]), ("not_for_this", "goods_gone"))
        self.use_bar()
        answer = self.tap_galette()
        self.assertEqual((answer["code"], answer["why"]), ("not_for_this", "goods_gone"))
        self.assertEqual(self.free(), 2000)

    def test_its_till_is_no_card_desk(self):
        self.open_stand()
        answer = self.till_session.tibillet_card_act(
            self.credential,
            self.next_seq(),
            "load-1",
            OTHER_UID,
            "topup",
            {"asset_id": self.token.id, "price_minor": 1000},
        )
        self.assertEqual(answer["code"], "not_allowed")
        self.assertIn("organiser's desk", answer["message"])
        self.assertEqual(self.free(self.other_card), 0)

    def test_a_sale_is_undone_where_it_was_made(self):
        self.open_stand()
        order = self.serve()
        self.use_bar()
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), "undo-elsewhere", order.uuid, "Wrong"
        )
        self.assertEqual(answer["code"], "not_allowed")
        answer = self.tap(
            lines=[
                {
                    "product_id": self.galette.id,
                    "amount_minor": -1100,
                    "refunded_line_id": order.lines.id,
                }
            ]
        )
        self.assertEqual(answer["code"], "not_allowed")
        self.assertEqual(self.free(), 900)

    def test_a_gift_of_the_place_is_owed_not_lowered(self):
        self.load(self.card, 500, self.gift)
        self.open_stand()
        order = self.serve()
        self.assertEqual(order.lines.tibillet_gift, 0)
        self.assertEqual(order.payment_ids.tibillet_gift, 0)
        self.close_stand()
        self.write_books()
        self.assertEqual(self.role_balance("due_to", self.zoe), -11.0)
        self.assertEqual(self.role_balance("gift_expense"), 5.0)
        self.assertEqual(self.turnover(), 0)
        self.assertControl()

    def test_no_invoice_of_ours(self):
        self.open_stand()
        values = self.stand_values(
            [(self.stand_cash, 11.0, False)], to_invoice=True, partner_id=self.zoe.id
        )
        order = self.sync(values, user=self.zoe_user)
        self.assertEqual(order.state, "paid")
        self.assertFalse(order.account_move)
        with self.assertRaisesRegex(UserError, "its own"):
            order.action_pos_order_invoice()

    def test_our_own_turnover_is_untouched_beside_it(self):
        self.open_stand()
        self.serve(cash=11.0)
        self.close_stand(11.0)
        self.use_bar()
        self.sell()
        session = self.till_session.sudo()
        self.till_session.with_user(self.till_manager).post_closing_cash_details(0)
        self.till_session.with_user(self.till_manager).close_session_from_ui()
        self.write_books()
        self.assertEqual(self.turnover(), 6.0)  # this tax has no account of its own
        self.assertEqual(self.role_balance("merchant", self.zoe), -11.0)
        details = self.env["report.point_of_sale.report_saledetails"].get_sale_details(
            "2026-11-20 00:00:00", "2026-11-21 23:00:00"
        )
        sold = [line["product_name"] for one in details["products"] for line in one["products"]]
        self.assertEqual(sold, ["Beer"])
        live = self.env["tibillet.live"].with_user(self.till_manager).tibillet_live()
        self.assertEqual(live["figures"]["turnover"]["gross"], 600)
        self.assertEqual(session.state, "closed")

    # -- statements ----------------------------------------------------------------------

    def sold(self):
        self.open_stand()
        self.serve()
        self.close_stand()

    def test_no_statement_while_a_session_is_open(self):
        self.open_stand()
        self.serve()
        with self.assertRaisesRegex(UserError, "Close the till first"):
            self.statement()

    def test_no_statement_of_nothing(self):
        with self.assertRaisesRegex(UserError, "sold nothing"):
            self.statement()
        self.sold()
        statement = self.statement()
        with self.assertRaisesRegex(UserError, "not paid yet"):
            self.statement()
        statement.action_agree()
        statement.action_pay()
        with self.assertRaisesRegex(UserError, "sold nothing"):
            self.statement()

    def test_no_payment_without_an_account(self):
        self.sold()
        statement = self.statement()
        statement.action_agree()
        self.merchant.bank_id = False
        with self.assertRaisesRegex(UserError, "IBAN"):
            statement.action_pay()
        self.assertEqual(statement.state, "agreed")
        self.merchant.bank_id = self.iban
        statement.action_pay()
        with self.assertRaisesRegex(UserError, "nothing was changed"):
            statement.action_pay()
        self.assertEqual(self.role_balance("due_to", self.zoe), 0)
        rows = self.env["tibillet.treasury"].search(
            [("company_id", "=", self.company.id), ("means", "=", "transfer")]
        )
        self.assertAlmostEqual(sum(rows.mapped("money_out")), statement.net)
        self.assertGreater(statement.net, 0)

    def test_a_withdrawn_statement_frees_its_sessions(self):
        self.sold()
        first = self.statement()
        invoice = first.invoice_id
        first.action_withdraw()
        self.assertFalse(invoice.exists())
        second = self.statement()
        self.assertEqual((second.gross, second.number), (11.0, 2))
        with self.assertRaisesRegex(UserError, "nothing was changed"):
            first.action_agree()

    def test_more_given_back_than_sold(self):
        self.open_stand()
        sold = self.serve()
        self.close_stand()
        statement = self.statement()
        statement.action_agree()
        statement.action_pay()
        self.pair(self.open_session(self.zoe_user))
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), "undo-late", sold.uuid, "Burnt"
        )
        self.assertTrue(answer["ok"], answer)
        self.serve([(self.water, 1, 2.11)])
        self.close_stand()
        second = self.statement()
        self.assertEqual((second.due, second.commission), (-8.89, 0))
        second.action_agree()
        second.action_pay()
        self.assertEqual(second.remit_operation_id.code, "remit")
        self.assertEqual(self.role_balance("due_to", self.zoe), 0)
        self.assertControl()
        receivable = self.zoe.with_company(self.company).property_account_receivable_id
        self.assertEqual(self.balance_of(receivable), 8.89)

    def test_who_makes_a_statement(self):
        self.sold()
        for user in (self.cashier, self.till_manager, self.zoe_user):
            with self.assertRaises(AccessError):
                self.merchant.with_user(user).action_make_statement()
        statement = self.statement()
        for act in ("action_agree", "action_pay", "action_withdraw", "action_print"):
            with self.assertRaises(AccessError):
                getattr(statement.with_user(self.till_manager), act)()
        with self.assertRaises(AccessError):
            statement.with_user(self.accountant).state = "paid"
        stranger = new_test_user(
            self.env,
            login="accountant_elsewhere",
            groups="account.group_account_manager,tibillet_wallet.tibillet_wallet_group_accountant",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        with self.assertRaises(AccessError):
            statement.with_user(stranger).action_agree()

    def test_the_pdf_is_the_accountants(self):
        self.sold()
        statement = self.statement()
        url = f"/tibillet/merchant/statement/{statement.id}.pdf"
        self.authenticate("till_accountant", "till_accountant")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"%PDF-"))
        self.authenticate("till_cashier", "till_cashier")
        self.assertEqual(self.url_open(url).status_code, 404)

    # -- making the till -----------------------------------------------------------------

    def test_who_makes_a_till(self):
        for user in (self.cashier, self.till_manager, self.accountant):
            with self.assertRaises(AccessError):
                self.merchant.with_user(user).action_set_till_up()
        self.merchant.signed_on = False
        with self.assertRaisesRegex(UserError, "signed"):
            self.set_till_up(cashier_login="zoe2")

    def test_a_short_or_taken_login(self):
        with self.assertRaisesRegex(ValidationError, "eight characters"):
            self.set_till_up(cashier_login="zoe3", cashier_password="zoe")
        with self.assertRaisesRegex(ValidationError, "signs in"):
            self.set_till_up()
        self.env.invalidate_all()
        self.assertEqual(len(self.merchant.config_ids), 1)

    def test_its_articles_are_no_stock_of_ours(self):
        with self.assertRaises(ValidationError):
            self.galette.is_storable = True
        self.open_stand()
        order = self.serve()
        self.assertFalse(order.picking_ids)
