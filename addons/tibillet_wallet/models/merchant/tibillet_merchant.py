"""A stand with its own company number that takes the place's cards: who, until when, for what."""

from odoo import api, fields, models

STATES = [
    ("draft", "To be signed"),
    ("coming", "Not begun"),
    ("open", "Selling"),
    ("suspended", "Suspended"),
    ("over", "Over"),
]


class TibilletMerchant(models.Model):
    """The acceptance contract of a merchant without a company or a database here.

    What it sells is its own sale, with its own VAT; the place only holds the money for it. The
    contract is direct, between the merchant and the company that issues the assets or answers
    for them (CMF L. 525-5: "accord commercial avec elle"), and dated: nothing is taken before
    its beginning, after its end, or while it is suspended.
    """

    _name = "tibillet.merchant"
    _inherit = ["mail.thread"]
    _description = "Merchant"
    _order = "date_to desc, name, id"
    _check_company_auto = True

    name = fields.Char(
        string="Stand", required=True, tracking=True, help="What customers read: on the till."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Organiser",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Merchant",
        required=True,
        tracking=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('is_company', '=', True)]",
        help="The company that sells: its name, address and number stand on its receipts.",
    )
    company_number = fields.Char(related="partner_id.company_registry", string="Company number")
    date_from = fields.Datetime(string="Arrives", required=True, tracking=True)
    date_to = fields.Datetime(string="Leaves", required=True, tracking=True)
    signed_on = fields.Date(
        string="Signed on",
        tracking=True,
        help="The day on which both signed the acceptance contract. Until then nothing is taken.",
    )
    signed_by = fields.Char(string="Signed by", tracking=True, help="Who signed for the merchant.")
    contract_reference = fields.Char(string="Contract", tracking=True)
    asset_ids = fields.Many2many(
        "tibillet.asset",
        string="Takes",
        domain="[('kind', 'in', ('fed', 'local', 'voucher', 'gift'))]",
        help="What its till takes from a card, and nothing else.",
    )
    commission_rate = fields.Float(
        string="Commission (%)", digits=(5, 2), tracking=True, help="Of what it sold, before VAT."
    )
    commission_base = fields.Selection(
        [("gross", "Sales with VAT"), ("net", "Sales without VAT")],
        string="Commission on",
        required=True,
        default="gross",
        tracking=True,
    )
    commission_free = fields.Boolean(
        string="No commission",
        tracking=True,
        help="Agreed so: a commission of 0 % is no oversight.",
    )
    commission_product_id = fields.Many2one(
        "product.product",
        string="Invoiced as",
        check_company=True,
        ondelete="restrict",
        help="Service of the organiser, with its VAT. Left empty, one is made.",
    )
    bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account (IBAN)",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('partner_id', '=', partner_id)]",
        help="Where its money goes. It may be noted later, at the latest when it is paid.",
    )
    suspended = fields.Boolean(copy=False, tracking=True)
    suspended_reason = fields.Char(string="Suspended because", copy=False, tracking=True)
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")

    _dates = models.Constraint("CHECK (date_to > date_from)", "A merchant leaves after it arrived.")
    _rate = models.Constraint(
        "CHECK (commission_rate >= 0 AND commission_rate < 100)",
        "A commission is between 0 and 100 %.",
    )
    _partner_uniq = models.Constraint(
        "unique(company_id, partner_id)", "This company is a merchant of the place already."
    )

    @api.depends("date_from", "date_to", "signed_on", "suspended")
    def _compute_state(self):
        now = fields.Datetime.now()
        for merchant in self:
            if not merchant.signed_on:
                merchant.state = "draft"
            elif merchant.suspended:
                merchant.state = "suspended"
            elif not merchant.date_to or now >= merchant.date_to:
                merchant.state = "over"
            else:
                merchant.state = "open" if now >= merchant.date_from else "coming"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self.with_context(active_test=False).search([])
        return [("id", "in", found.filtered(lambda one: one.state in value).ids)]

    def _takes(self, asset_ids):
        """Of these assets those that the contract names."""
        self.ensure_one()
        merchant_sudo = self.sudo()  # its cashier reads no assets
        return set(asset_ids) & set(merchant_sudo.asset_ids.ids)

    def _wallet(self):
        """The wallet that what its till takes of the organiser's own assets goes to."""
        self.ensure_one()
        return self.env["tibillet.wallet"]._of_merchant(self.partner_id)

    def _pays_into(self, asset):
        """Whose account a payment in this asset reaches: the merchant's, where its contract is
        with the issuer itself; else the organiser's, which answers for it."""
        self.ensure_one()
        merchant_sudo = self.sudo()  # its cashier reads no wallets
        if asset.sudo().company_id == merchant_sudo.company_id:
            return merchant_sudo._wallet()
        return self.env["tibillet.wallet"]._of_place(merchant_sudo.company_id)

    # -- buttons -----------------------------------------------------------------------------

    def action_suspend(self):
        """Stop a merchant at once: the next tap at its till is refused."""
        self.check_access("write")
        self.write({"suspended": True})
        return True

    def action_resume(self):
        self.check_access("write")
        self.write({"suspended": False, "suspended_reason": False})
        return True

    def _commission_product(self):
        """The organiser's service that commissions are invoiced as, made on first need."""
        self.ensure_one()
        if not self.commission_product_id:
            company = self.company_id
            known = self.search(
                [("company_id", "=", company.id), ("commission_product_id", "!=", False)], limit=1
            )
            self.commission_product_id = known.commission_product_id or self._new_commission()
        return self.commission_product_id

    def _new_commission(self):
        company = self.company_id
        products_sudo = self.env["product.product"].sudo().with_company(company)  # made on need
        product_sudo = products_sudo.create(
            {
                "name": self.env._("Commission on sales"),
                "type": "service",
                "company_id": company.id,
                "list_price": 0,
                "purchase_ok": False,
                "taxes_id": [fields.Command.set(company.sudo().account_sale_tax_id.ids)],
            }
        )
        company._tibillet_name_in_all_languages(
            product_sudo, lambda env: env._("Commission on sales")
        )
        return product_sudo.sudo(False)
