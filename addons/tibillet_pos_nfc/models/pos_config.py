from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .pos_payment_method import TERMINAL

# The reader that exists only on screen is a tool of demonstrations and tests.
DEMO_PARAMETER = "tibillet_pos_nfc.simulated_reader"
DEMO_VALUES = ("demo", "test")
# How cards are taken. Odoo lets every cashier write on tills; these are a manager's to set.
MANAGERS_FIELDS = {
    "tibillet_wallet",
    "tibillet_tap_pays",
    "tibillet_reader",
    "tibillet_wedge_format",
    "tibillet_device_ids",
    "tibillet_licence",
    "tibillet_members_only",
    "tibillet_members_right",
    "tibillet_card_pricelist_id",
    "tibillet_member_pricelist_id",
    "tibillet_deposit_max",
    "tibillet_offer_limit",
    "tibillet_stock_by",
}


class PosConfig(models.Model):
    _inherit = "pos.config"

    tibillet_wallet = fields.Boolean(
        string="Card payments",
        compute="_compute_tibillet_wallet",
        inverse="_inverse_tibillet_wallet",
        help="Take payments by tapping a card. Closes with the wallet clearing account.",
    )
    tibillet_tap_pays = fields.Boolean(
        string="A tap pays the basket",
        default=True,
        help="A card tapped on the product screen pays at once. Off: it shows the card.",
    )
    tibillet_reader = fields.Selection(
        [
            ("bridge", "USB reader, by the bridge on this machine"),
            ("wedge", "Reader that types the number (keyboard wedge)"),
            ("both", "Both"),
            ("phone", "The phone's own reader (Chrome on Android)"),
        ],
        string="Reader",
        default="both",
        required=True,
    )
    tibillet_wedge_format = fields.Selection(
        [
            ("hex", "Hexadecimal"),
            ("hex_reversed", "Hexadecimal, last byte first"),
            ("decimal", "Decimal"),
            ("decimal_reversed", "Decimal, last byte first"),
        ],
        string="It types",
        default="hex",
        required=True,
        help="How the reader writes a card's number. Set wrongly, every card is unknown.",
    )
    tibillet_device_ids = fields.One2many("tibillet.device", "config_id", string="Paired tills")

    def write(self, vals):
        allowed = self.env.su or self.env.user.has_group(
            "tibillet_pos_nfc.tibillet_pos_nfc_group_manager"
        )
        if MANAGERS_FIELDS & vals.keys() and not allowed:
            raise AccessError(self.env._("Only a till manager sets how a till takes cards."))
        return super().write(vals)

    @api.depends("payment_method_ids.use_payment_terminal")
    def _compute_tibillet_wallet(self):
        for config in self:
            config.tibillet_wallet = bool(config._tibillet_methods())

    def _inverse_tibillet_wallet(self):
        for config in self:
            if config.tibillet_wallet:
                config._tibillet_ensure_payment_method()
            else:
                config.payment_method_ids -= config._tibillet_methods()

    def _tibillet_methods(self):
        return self.payment_method_ids.filtered(lambda m: m._tibillet_is_wallet)

    def _tibillet_ensure_payment_method(self):
        """Give the till its company's card payment method, made when it is missing.

        :returns: the ``pos.payment.method``
        :raises UserError: when the till is open, since Odoo freezes its methods then
        """
        self.ensure_one()
        method = self._tibillet_methods()[:1]
        if method:
            return method
        if self.has_active_session:
            raise UserError(
                self.env._("Close the till %(till)s before it takes cards.", till=self.name)
            )
        company = self.company_id
        # A till manager sets the till up without being an accountant.
        methods_sudo = self.env["pos.payment.method"].sudo().with_company(company)
        method_sudo = methods_sudo.search(
            [("use_payment_terminal", "=", TERMINAL), ("company_id", "=", company.id)], limit=1
        )
        if not method_sudo:
            method_sudo = methods_sudo.create(self._tibillet_prepare_payment_method())
            method_sudo._tibillet_translate_name()
        config_sudo = self.sudo()  # as the method: Odoo checks its account and journal again
        config_sudo.write({"payment_method_ids": [fields.Command.link(method_sudo.id)]})
        return method_sudo.sudo(False)

    def _tibillet_prepare_payment_method(self):
        company_sudo = self.company_id.sudo()  # a till manager is no accountant
        company_sudo._tibillet_ensure_accounts()
        clearing_sudo = company_sudo.tibillet_clearing_account_id
        if not clearing_sudo:
            raise UserError(
                self.env._(
                    "%(company)s has no wallet clearing account: load its chart of accounts.",
                    company=self.company_id.display_name,
                )
            )
        # Odoo reconciles what it reverses there when an order is invoiced after its closing.
        clearing_sudo.reconcile = True
        return {
            "name": self.env._("TiBillet card"),
            "company_id": self.company_id.id,
            "journal_id": False,
            "split_transactions": False,
            "receivable_account_id": clearing_sudo.id,
            "payment_method_type": "terminal",
            "use_payment_terminal": TERMINAL,
            "sequence": 0,
        }

    def _tibillet_is_simulated(self):
        """Whether this database is marked as a demonstration or a test."""
        parameter_sudo = self.env["ir.config_parameter"].sudo()  # closed to cashiers
        return parameter_sudo.get_param(DEMO_PARAMETER) in DEMO_VALUES

    @api.model
    def _load_pos_data_read(self, records, config):
        """Tell the till whether the reader on screen may be offered."""
        read = super()._load_pos_data_read(records, config)
        if read:
            read[0]["_tibillet_simulated"] = config._tibillet_is_simulated()
            read[0]["_tibillet_by_number"] = self.env["tibillet.card.page"]._may_type()
        return read

    def _get_special_products(self):
        """Money is not an article: sold from the shelf, a top-up would load no card."""
        companies_sudo = self.env.companies.sudo()  # a cashier may not read their products
        topup_sudo = companies_sudo._tibillet_topup_products()
        return super()._get_special_products() | topup_sudo.sudo(False)

    def _tibillet_lang(self):
        """Return the language this till speaks: of who opened it, else of the company."""
        self.ensure_one()
        opened_by = self.current_session_id.user_id
        return opened_by.lang or self.company_id.partner_id.lang or self.env.lang
