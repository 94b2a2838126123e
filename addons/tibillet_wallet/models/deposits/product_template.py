"""Deposits: a cup, a crate, a wristband that is sold and brought back at the same rate."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

OURS = {"tibillet_deposit", "tibillet_deposit_owner_id", "company_id"}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    tibillet_deposit = fields.Boolean(
        string="Deposit",
        help="A cup or a crate: sold and given back at the same rate, without tax. Paid with "
        "money that can be refunded only.",
    )
    tibillet_deposit_owner_id = fields.Many2one(
        "res.partner",
        string="Owner of the cups",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: this place. Another place, a festival, a hire firm: what is taken for its "
        "cups is due to it, what is given back for them is due from it.",
    )

    @api.constrains("tibillet_deposit", "taxes_id", "company_id", "list_price")
    def _check_tibillet_deposit(self):
        for product in self.filtered("tibillet_deposit"):
            product_sudo = product.sudo()  # whoever writes it may not see every company's taxes
            if not product.company_id or product_sudo.taxes_id:
                raise ValidationError(
                    self.env._(
                        "“%s” is a deposit: it belongs to one company and bears no tax. Tax is "
                        "due on what is never brought back.",
                        product.display_name,
                    )
                )
            if product.list_price <= 0 or product.tibillet_alcohol:
                raise ValidationError(
                    self.env._(
                        "“%s” is a deposit: it has a price and is no drink.", product.display_name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        products.filtered("tibillet_deposit")._tibillet_set_deposit_account()
        return products

    def write(self, vals):
        result = super().write(vals)
        if OURS & vals.keys():
            self.filtered("tibillet_deposit")._tibillet_set_deposit_account()
        return result

    def _tibillet_set_deposit_account(self):
        """What a deposit sells is owed: to who brings it back, or to the owner of the cups."""
        accounts = self.env["tibillet.book.account"]
        for product in self.filtered("company_id.root_id.chart_template"):
            company, owner = product.company_id, product._tibillet_foreign_owner()
            account = accounts._account(company, "deposit_due" if owner else "deposit", owner)
            # the books' account, whoever may edit articles
            product.sudo().with_company(company).property_account_income_id = account

    def _tibillet_foreign_owner(self):
        """Whose cups these are when they are not the selling company's own."""
        self.ensure_one()
        owner = self.tibillet_deposit_owner_id.commercial_partner_id
        own = self.company_id.partner_id.commercial_partner_id
        return owner if owner and owner != own else self.env["res.partner"]
