from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosConfig(models.Model):
    """What the law lets a till sell; a manager's to set, as how it takes cards."""

    _inherit = "pos.config"

    tibillet_licence = fields.Selection(
        [
            ("all", "Every group of drinks (licence IV)"),
            ("3", "Groups 1 to 3 (licence III, temporary bar, members' club)"),
            ("none", "No alcohol"),
        ],
        string="Licence",
        default="all",
        required=True,
        help="Drinks that the licence does not cover are neither shown nor sold at this till.",
    )
    tibillet_members_only = fields.Boolean(
        string="Alcohol for members only",
        help="A club without licence: who has no right of a member buys no alcohol here.",
    )
    tibillet_members_right = fields.Char(
        string="Right of a member",
        default="member",
        help="Code of the right that a membership gives.",
    )

    tibillet_card_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Prices with a card",
        check_company=True,
        help="What is paid by card costs what this list says. Lower than the usual prices, or "
        "equal; never higher.",
    )
    tibillet_member_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Prices of members",
        check_company=True,
        help="For holders of the right of a member, whose card is tapped. Lower than the usual "
        "prices, or equal; never higher.",
    )

    @api.constrains(
        "tibillet_card_pricelist_id",
        "tibillet_member_pricelist_id",
        "pricelist_id",
        "use_pricelist",
    )
    def _check_tibillet_pricelists(self):
        for config in self:
            config_sudo = config.sudo()  # who sets the till may not read every list
            for list_sudo in config_sudo._tibillet_pricelists():
                if list_sudo.currency_id != config_sudo.currency_id:
                    raise ValidationError(
                        self.env._(
                            "“%(list)s” is in another currency than %(till)s. Choose a list in "
                            "%(currency)s.",
                            list=list_sudo.name,
                            till=config_sudo.name,
                            currency=config_sudo.currency_id.name,
                        )
                    )
        self.env["tibillet.prices"]._check_no_surcharge(self)

    def _tibillet_pricelists(self):
        """The lists that a card opens at these tills."""
        return self.tibillet_card_pricelist_id | self.tibillet_member_pricelist_id

    def _tibillet_regular_pricelist(self):
        """What everybody pays; empty: the prices of the products themselves."""
        self.ensure_one()
        return self.pricelist_id if self.use_pricelist else self.pricelist_id.browse()

    def _tibillet_sold_products(self):
        self.ensure_one()
        return self.env["product.product"].search(
            [
                ("available_in_pos", "=", True),
                ("sale_ok", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )

    @api.constrains("tibillet_members_only", "tibillet_members_right")
    def _check_tibillet_members_right(self):
        for config in self.filtered("tibillet_members_only"):
            if not (config.tibillet_members_right or "").strip():
                raise ValidationError(
                    self.env._(
                        "Alcohol at %(till)s is for members only: say which right a member has.",
                        till=config.name,
                    )
                )
