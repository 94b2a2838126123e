"""A merchant's till in one act: the till, how it takes money, its cashier, its first articles."""

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

MANAGERS = ("tibillet_wallet.tibillet_wallet_group_manager", "point_of_sale.group_pos_manager")
SHORTEST_PASSWORD = 8


class TibilletMerchant(models.Model):
    _inherit = "tibillet.merchant"

    @api.model
    def _may_set_up(self):
        return all(self.env.user.has_group(group) for group in MANAGERS)

    def _check_may_set_up(self):
        if not self._may_set_up():
            raise AccessError(
                self.env._("A manager of the wallet and of the tills sets up a merchant's till.")
            )

    def action_set_till_up(self):
        """Ask what the till needs, see ``tibillet.merchant.till``."""
        self.ensure_one()
        self._check_may_set_up()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("A till for %s", self.name),
            "res_model": "tibillet.merchant.till",
            "view_mode": "form",
            "target": "new",
            "context": {"default_merchant_id": self.id},
        }

    def _payment_methods(self):
        """How its till takes money: cards always, cash and bank cards as agreed."""
        self.ensure_one()
        methods_sudo = self.env["pos.payment.method"].sudo().with_company(self.company_id)
        found_sudo = methods_sudo.browse()
        if self.cash_means == "held":
            found_sudo |= self._new_drawer()
        elif self.cash_means == "own":
            found_sudo |= self._own_method(self.env._("Cash of %s", self.name))
        if self.bank_card_means == "held":
            bank_sudo = methods_sudo.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("journal_id.type", "=", "bank"),
                    ("use_payment_terminal", "in", (False, "")),
                    ("split_transactions", "=", False),
                ],
                limit=1,
            )
            if not bank_sudo:
                raise UserError(
                    self.env._(
                        "%s takes no bank card at its tills: make that payment method first.",
                        self.company_id.name,
                    )
                )
            found_sudo |= bank_sudo
        elif self.bank_card_means == "own":
            found_sudo |= self._own_method(self.env._("Bank card of %s", self.name))
        return found_sudo

    def _new_drawer(self):
        """A drawer of the organiser's for this stand: Odoo wants one journal for each."""
        journals_sudo = self.env["account.journal"].sudo().with_company(self.company_id)
        taken = set(
            journals_sudo.with_context(active_test=False)
            .search([("company_id", "=", self.company_id.id)])
            .mapped("code")
        )
        code = next(code for n in range(1, 1000) if (code := f"ST{n}") not in taken)
        journal_sudo = journals_sudo.create(
            {
                "name": self.env._("Cash of the stand %s", self.name),
                "type": "cash",
                "code": code,
                "company_id": self.company_id.id,
            }
        )
        return (
            self.env["pos.payment.method"]
            .sudo()
            .create(
                {
                    "name": self.env._("Cash"),
                    "journal_id": journal_sudo.id,
                    "company_id": self.company_id.id,
                }
            )
        )

    def _own_method(self, name):
        """What the merchant takes itself: noted, without a journal here."""
        account = self.env["tibillet.book.account"]._account(
            self.company_id, "merchant", self.partner_id
        )
        return (
            self.env["pos.payment.method"]
            .sudo()
            .create(
                {
                    "name": name,
                    "company_id": self.company_id.id,
                    "journal_id": False,
                    "split_transactions": False,
                    "receivable_account_id": account.id,
                    "tibillet_merchant_id": self.id,
                }
            )
        )


class TibilletMerchantTill(models.TransientModel):
    """What is asked once, and made at once: all of it, or nothing."""

    _name = "tibillet.merchant.till"
    _description = "Make a merchant's till"

    merchant_id = fields.Many2one("tibillet.merchant", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="merchant_id.company_id")
    name = fields.Char(
        string="Till",
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    cash_means = fields.Selection(related="merchant_id.cash_means")
    bank_card_means = fields.Selection(related="merchant_id.bank_card_means")
    cashier_name = fields.Char(string="Cashier")
    cashier_login = fields.Char(string="Login", help="Left empty, no cashier is made.")
    cashier_password = fields.Char(
        string="Password", help="At least eight characters; hand it over with the tablet."
    )
    line_ids = fields.One2many("tibillet.merchant.till.line", "till_id", string="Articles")

    @api.depends("merchant_id")
    def _compute_name(self):
        for till in self:
            till.name = till.merchant_id.name

    def action_confirm(self):
        """Make the till, its cashier and its articles, then show what there is.

        :raises UserError: with what is missing; nothing is made then
        """
        self.ensure_one()
        merchant = self.merchant_id
        merchant._check_may_set_up()
        merchant.check_access("write")
        merchant._check_number()
        if not merchant.signed_on:
            raise UserError(
                self.env._("Note first when the contract of %s was signed.", merchant.name)
            )
        self._check_cashier()
        merchant.company_id.sudo()._tibillet_ensure_accounts()  # a manager is no accountant
        config = self._make_till()
        self._make_articles()
        self._make_cashier()
        return {
            "type": "ir.actions.act_window",
            "res_model": "tibillet.merchant",
            "res_id": merchant.id,
            "view_mode": "form",
            "context": {"tibillet_made": config.id},
        }

    def _make_till(self):
        merchant = self.merchant_id
        # Journals, methods and the till belong to the organiser: checked above.
        config_sudo = (
            self.env["pos.config"]
            .sudo()
            .with_company(merchant.company_id)
            .create(
                {
                    "name": self.name,
                    "company_id": merchant.company_id.id,
                    "module_pos_restaurant": False,
                    "module_pos_hr": False,
                    "payment_method_ids": [Command.set(merchant._payment_methods().ids)],
                    "tibillet_merchant_id": merchant.id,
                    "iface_tipproduct": False,
                    "tip_product_id": False,
                }
            )
        )
        config_sudo._tibillet_ensure_payment_method()
        return config_sudo.sudo(False)

    def _make_articles(self):
        merchant = self.merchant_id
        # Charts bring most rates asleep; an article of one would be sold without VAT.
        self.line_ids.tax_id.filtered(lambda tax: not tax.active).sudo().active = True
        products_sudo = self.env["product.template"].sudo().with_company(merchant.company_id)
        products_sudo.create(
            [
                {
                    "name": line.name,
                    "list_price": line.price,
                    "taxes_id": [Command.set(line.tax_id.ids)],
                    "supplier_taxes_id": [Command.clear()],
                    "company_id": merchant.company_id.id,
                    "tibillet_merchant_id": merchant.id,
                    "available_in_pos": True,
                    "purchase_ok": False,
                    "type": "consu",
                    "is_storable": False,
                    "tibillet_alcohol": line.alcohol,
                }
                for line in self.line_ids
            ]
        )

    def _check_cashier(self):
        """:raises ValidationError: for a password too short, or a login that is taken"""
        if not self.cashier_login:
            return
        if len(self.cashier_password or "") < SHORTEST_PASSWORD:
            raise ValidationError(
                self.env._("The cashier's password has at least eight characters.")
            )
        users_sudo = self.env["res.users"].sudo()  # of every company
        if users_sudo.with_context(active_test=False).search_count(
            [("login", "=", self.cashier_login)]
        ):
            raise ValidationError(
                self.env._("Somebody signs in as “%s” already.", self.cashier_login)
            )

    def _make_cashier(self):
        if not self.cashier_login:
            return
        users_sudo = self.env["res.users"].sudo()  # a manager makes this one kind of user
        company = self.merchant_id.company_id
        users_sudo.with_context(no_reset_password=True).create(
            {
                "name": self.cashier_name or self.merchant_id.name,
                "login": self.cashier_login,
                "password": self.cashier_password,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref("base.group_user").id,
                            self.env.ref("point_of_sale.group_pos_user").id,
                        ]
                    )
                ],
                "tibillet_merchant_id": self.merchant_id.id,
            }
        )
        self.cashier_password = False


class TibilletMerchantTillLine(models.TransientModel):
    _name = "tibillet.merchant.till.line"
    _description = "Article of a merchant's new till"

    till_id = fields.Many2one("tibillet.merchant.till", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="till_id.merchant_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(string="Article", required=True)
    price = fields.Monetary(required=True)
    tax_id = fields.Many2one(
        "account.tax",
        string="VAT",
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', company_id)]",
        help="The merchant's rate. Left empty when it pays no VAT.",
    )
    alcohol = fields.Boolean(help="A drink with alcohol: the law of the till looks at it.")

    _price = models.Constraint("CHECK (price >= 0)", "An article costs nothing or more.")
