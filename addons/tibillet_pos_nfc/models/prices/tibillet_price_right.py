from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TibilletPriceRight(models.Model):
    """Who has a right or a tag pays the prices of a list: percent or sums off, never more."""

    _name = "tibillet.price.right"
    _description = "Prices by right"
    _inherit = ["tibillet.at.tills"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
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
            rule._configs()._check_tibillet_pricelists()

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
