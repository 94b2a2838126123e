from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TibilletPriceRight(models.Model):
    """Who has a right or a tag pays the prices of a list: percent or sums off, never more."""

    _name = "tibillet.price.right"
    _description = "Prices by right"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    config_ids = fields.Many2many(
        "pos.config",
        string="Tills",
        check_company=True,
        groups="point_of_sale.group_pos_user",
        help="Left empty, every till of the place.",
    )
    right_code = fields.Char(
        string="Right", help="Code of a right, for instance of a category of membership."
    )
    tag_ids = fields.Many2many(
        "res.partner.category", string="Tags", help="Of the person: one of them is enough."
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Prices",
        required=True,
        check_company=True,
        ondelete="restrict",
        help="Its rules take a percentage or a sum off articles and categories. Never dearer "
        "than the usual prices, never below zero.",
    )

    @api.constrains("right_code", "tag_ids")
    def _check_somebody(self):
        for rule in self:
            if not (rule.right_code or "").strip() and not rule.tag_ids:
                raise ValidationError(
                    self.env._(
                        "“%s”: say for which right or tag; for all who pay by card there is "
                        "“Prices with a card” in the till's settings.",
                        rule.pricelist_id.name,
                    )
                )

    @api.constrains("pricelist_id", "config_ids", "company_id", "active")
    def _check_prices(self):
        for rule in self.filtered("active"):
            rule.sudo()._configs()._check_tibillet_pricelists()  # who sets it may set no tills

    def _configs(self):
        """The tills where these rules count."""
        configs_sudo = self.env["pos.config"].sudo()
        for rule_sudo in self.sudo():
            configs_sudo |= rule_sudo.config_ids or configs_sudo.search(
                [("company_id", "=", rule_sudo.company_id.id)]
            )
        return configs_sudo

    @api.model
    def _at(self, config):
        """The rules that count at a till, as superuser: a cashier reads no rules."""
        rules_sudo = self.sudo().search([("company_id", "=", config.company_id.id)])
        return rules_sudo.filtered(lambda rule: not rule.config_ids or config in rule.config_ids)

    def _opened_by(self, company, partners):
        """The lists that these people open."""
        if not self:
            return self.pricelist_id
        partners_sudo = partners.sudo()  # a cashier is told the list, never who
        rights = frozenset().union(
            *(partner_sudo._tibillet_rights(company) for partner_sudo in partners_sudo)
        )
        tags_sudo = partners_sudo.category_id
        return self.filtered(
            lambda rule: (rule.right_code or "").strip() in rights or rule.tag_ids & tags_sudo
        ).pricelist_id
