"""The till half of a merchant: its tills, its people, its goods, what money it takes how."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MEANS = [
    ("none", "Not taken"),
    ("held", "By the organiser, held for it"),
    ("own", "By itself, its own"),
]


class TibilletMerchant(models.Model):
    _inherit = "tibillet.merchant"

    cash_means = fields.Selection(
        MEANS,
        string="Cash",
        required=True,
        default="held",
        tracking=True,
        help="Held: into a drawer of the organiser, who owes it. Its own: into the merchant's "
        "own drawer, noted at the till and in none of the organiser's books.",
    )
    bank_card_means = fields.Selection(
        MEANS,
        string="Bank card",
        required=True,
        default="none",
        tracking=True,
        help="Held: by a terminal of the organiser, who owes it. Its own: by the merchant's "
        "own terminal, noted at the till and in none of the organiser's books.",
    )
    config_ids = fields.One2many(
        "pos.config", "tibillet_merchant_id", string="Tills", groups="point_of_sale.group_pos_user"
    )
    user_ids = fields.One2many("res.users", "tibillet_merchant_id", string="Its cashiers")
    product_ids = fields.One2many("product.template", "tibillet_merchant_id", string="Its articles")
    statement_ids = fields.One2many(
        "tibillet.merchant.statement",
        "merchant_id",
        string="Statements",
        groups="tibillet_wallet.tibillet_wallet_group_accountant",
    )
    session_count = fields.Integer(string="Sessions", compute="_compute_session_count")

    def _compute_session_count(self):
        sessions_sudo = self.env["pos.session"].sudo()  # counted for who reads the contract
        counts = dict(
            sessions_sudo._read_group(
                [("config_id.tibillet_merchant_id", "in", self.ids)],
                ["tibillet_merchant_id"],
                ["__count"],
            )
        )
        for merchant in self:
            merchant.session_count = counts.get(merchant, 0)

    def _has_sold(self):
        return bool(self.session_count) or super()._has_sold()

    def _configs(self):
        """Its tills, archived ones too."""
        configs_sudo = self.env["pos.config"].sudo().with_context(active_test=False)
        return configs_sudo.search([("tibillet_merchant_id", "in", self.ids)])

    def _sessions(self, *domain):
        sessions_sudo = self.env["pos.session"].sudo()  # accountants read few tills
        return sessions_sudo.search(
            Domain("config_id", "in", self._configs().ids) & Domain(domain), order="id"
        )

    @api.constrains("cash_means", "bank_card_means")
    def _check_means_are_free(self):
        for merchant in self:
            if merchant._sessions(("state", "!=", "closed")):
                raise UserError(
                    self.env._(
                        "Close the session of %s before it takes money another way.", merchant.name
                    )
                )

    # -- its receipts and its Z --------------------------------------------------------------

    def _identity(self):
        """Who sells, as receipts and closings name it."""
        self.ensure_one()
        partner_sudo = self.partner_id.sudo()  # a cashier reads few contacts
        return {
            "name": partner_sudo.name,
            "stand": self.sudo().name,
            "registry": partner_sudo.company_registry or "",
            "registry_label": self._number_label(),
            "vat": partner_sudo.vat or "",
            "street": " ".join(filter(None, [partner_sudo.street, partner_sudo.street2])),
            "zip": partner_sudo.zip or "",
            "city": partner_sudo.city or "",
            "phone": partner_sudo.phone or "",
            "email": partner_sudo.email or "",
            "website": partner_sudo.website or "",
        }

    def _receipt_header(self):
        """Name, address and number of who sells, and for whom the money is held."""
        self.ensure_one()
        who = self._identity()
        number = f"{who['registry_label']} {who['registry']}".strip()
        town = f"{who['zip']} {who['city']}".strip()
        return "\n".join(filter(None, [who["name"], who["street"], town, number]))

    # -- buttons -----------------------------------------------------------------------------

    def action_view_orders(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "point_of_sale.action_pos_pos_form"
        ) | {"domain": [("session_id.config_id.tibillet_merchant_id", "=", self.id)], "context": {}}

    def action_view_closings(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_pos_nfc.tibillet_closing_action"
        ) | {"domain": [("config_id.tibillet_merchant_id", "=", self.id)], "context": {}}

    def action_make_statement(self):
        """Sum up what its tills sold since the last statement."""
        self.ensure_one()
        statement = self.env["tibillet.merchant.statement"]._make(self)
        return statement._open()
