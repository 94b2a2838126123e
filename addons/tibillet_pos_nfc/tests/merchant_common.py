"""A festival with a bar of its own and a food truck that has its own company number."""

from datetime import timedelta

from odoo import Command, fields

from .common import UID, TillCase

#: A number whose key is right; the last digit of the other one is not.
SIRET, WRONG_SIRET = "73282932000074", "73282932000075"


class MerchantCase(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bar_config, cls.bar_method = cls.config, cls.method
        cls.env.user.group_ids |= cls.env.ref("base.group_erp_manager")
        cls.half, cls.ten = cls.env["account.tax"].create(
            [
                {
                    "name": f"Stand {rate} %",
                    "amount": rate,
                    "price_include_override": "tax_included",
                    "company_id": cls.company.id,
                    "country_id": cls.company.country_id.id,
                }
                for rate in (5.5, 10)
            ]
        )
        cls.zoe = cls.env["res.partner"].create(
            {
                "name": "Zoé SARL",
                "is_company": True,
                "company_registry": SIRET,
                "vat": "FR44732829320",
                "street": "3 quai du Four",
                "zip": "29000",
                "city": "Quimper",
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.iban = cls.env["res.partner.bank"].create(
            {"acc_number": "FR1420041010050500013M02606", "partner_id": cls.zoe.id}
        )
        now = fields.Datetime.now()
        cls.merchant = cls.env["tibillet.merchant"].create(
            {
                "name": "Les galettes de Zoé",
                "company_id": cls.company.id,
                "partner_id": cls.zoe.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(days=2),
                "signed_on": fields.Date.today(),
                "signed_by": "Zoé Le Gall",
                "contract_reference": "STAND-7",
                "asset_ids": [Command.set((cls.token | cls.gift).ids)],
                "commission_rate": 15,
                "bank_id": cls.iban.id,
                "cash_means": "held",
                "bank_card_means": "held",
            }
        )

    @classmethod
    def set_till_up(cls, **values):
        """What the manager does on Friday at 16:00, in one act."""
        form = cls.env["tibillet.merchant.till"].create(
            {
                "merchant_id": cls.merchant.id,
                "cashier_name": "Zoé",
                "cashier_login": "zoe",
                "cashier_password": "galette-complete",
                "line_ids": [
                    Command.create({"name": name, "price": price, "tax_id": tax.id})
                    for name, price, tax in (
                        ("Galette", 11.0, cls.ten),
                        ("Bottled water", 2.11, cls.half),
                    )
                ],
                **values,
            }
        )
        form.action_confirm()
        cls.use_till(cls.merchant.config_ids[-1:])
        cls.zoe_user = cls.merchant.user_ids
        cls.galette, cls.water = (
            cls.merchant.product_ids.filtered(lambda one, n=name: one.name == n).product_variant_id
            for name in ("Galette", "Bottled water")
        )

    @classmethod
    def use_till(cls, config):
        cls.config, cls.method = config, config._tibillet_methods()
        others = config.payment_method_ids - cls.method
        cls.stand_cash = others.filtered(lambda m: m.type == "cash" or "Cash of" in m.name)
        cls.stand_bank = others.filtered(lambda m: m.type == "bank")

    def open_stand(self):
        """The truck's own cashier opens the till; a manager pairs the tablet."""
        self.pair(self.open_session(self.zoe_user))

    def stand_values(self, payments, lines=None, **values):
        lines = lines or [(self.galette, 1, 11.0)]
        order = self.order_values(payments, lines, user_id=self.zoe_user.id, **values)
        tax = 0
        for command in order["lines"]:
            line = command[2]
            rate = sum(self.env["account.tax"].browse(line["tax_ids"][0][2]).mapped("amount"))
            line["price_subtotal"] = round(line["price_subtotal_incl"] / (1 + rate / 100), 2)
            tax += line["price_subtotal_incl"] - line["price_subtotal"]
        return order | {"amount_tax": round(tax, 2)}

    def serve(self, lines=None, uid=UID, cash=0, bank=0, **values):
        """Sell at the stand: what cash and bank card do not pay, the card pays."""
        lines = lines or [(self.galette, 1, 11.0)]
        total = sum(qty * price for _product, qty, price in lines)
        payments = [(self.stand_cash, cash, False), (self.stand_bank, bank, False)]
        payments = [payment for payment in payments if payment[1]]
        by_card = round(total - cash - bank, 2)
        if by_card:
            basket = [
                {"product_id": product.id, "amount_minor": round(qty * price * 100)}
                for product, qty, price in lines
            ]
            answer = self.tap(uid=uid, lines=basket, up_to=round(by_card * 100))
            self.assertTrue(answer["ok"], answer)
            payments.append((self.method, by_card, self.key))
        return self.sync(self.stand_values(payments, lines, **values), user=self.zoe_user)

    def close_stand(self, cash=0):
        session = self.till_session.with_user(self.till_manager)
        if session.config_id.cash_control:
            session.post_closing_cash_details(cash)
        result = session.close_session_from_ui()
        self.assertTrue(result["successful"], result)
        self.env.invalidate_all()
        return self.till_session.sudo()

    def write_books(self):
        self.env["tibillet.books"]._write_pending(self.company, include_today=True)

    def statement(self):
        merchant = self.merchant.with_user(self.accountant)
        action = merchant.action_make_statement()
        return self.env["tibillet.merchant.statement"].browse(action["res_id"])

    def role_balance(self, role, partner=None):
        account = self.env["tibillet.book.account"]._account(self.company, role, partner)
        return self.balance_of(account)

    def balance_of(self, accounts):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "in", accounts.ids),
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def trial_balance(self):
        """``{account: balance}`` of the organiser, without what is zero."""
        self.env.flush_all()
        sums = dict(
            self.env["account.move.line"]._read_group(
                [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
                ["account_id"],
                ["balance:sum"],
            )
        )
        return {account: round(sums[account], 2) for account in sums if round(sums[account], 2)}

    def turnover(self):
        """What the organiser's profit and loss says it earned."""
        balance = self.trial_balance()
        return -round(
            sum(
                amount
                for account, amount in balance.items()
                if account.account_type in ("income", "income_other")
            ),
            2,
        )

    def assertControl(self):
        """Books and ledger agree, and the control page's rest is 0.00."""
        books = self.env["tibillet.books"]
        control = books._control(self.company)
        self.assertTrue(control["ok"], control)
        for row in books._control_rows(self.company):
            self.assertEqual(row.rest_minor, 0, row)
