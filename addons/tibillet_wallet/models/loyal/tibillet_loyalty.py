"""What a place gives for what is spent: so many points for each step of money."""

from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

ROUNDINGS = [("down", "Down"), ("nearest", "To the nearest"), ("up", "Up")]


class Earning(NamedTuple):
    """A rule as the ledger reads it while a customer waits."""

    asset_id: int
    category_ids: frozenset
    earned_minor: int
    step_minor: int
    rounding: str
    cap_minor: int

    def points(self, basket):
        """Points of a basket, by the money that the cascade has put on its lines.

        Nothing for deposits and for prices in an asset; a gift, whoever gave it, is no money.
        """
        spent_minor = sum(
            line.money_minor
            for line in basket
            if not line.asset_id
            and not line.deposit
            and (not self.category_ids or self.category_ids & line.category_ids)
        )
        product = spent_minor * self.earned_minor
        extra = {"down": 0, "nearest": self.step_minor // 2, "up": self.step_minor - 1}
        earned = (product + extra[self.rounding]) // self.step_minor
        return min(earned, self.cap_minor) if self.cap_minor else earned


class TibilletLoyalty(models.Model):
    """Points for a sale, of one asset at one place.

    They are posted in the sale's own operation (``tibillet.ledger._spend``), to the wallet that
    pays: no sale without its points, no points without their sale.
    """

    _name = "tibillet.loyalty"
    _description = "Points for sales"
    _order = "company_id, asset_id"
    _rec_name = "asset_id"
    _check_company_auto = False  # an asset of another issuer may be given, where it is accepted

    active = fields.Boolean(default=True)
    asset_id = fields.Many2one(
        "tibillet.asset",
        string="Points",
        required=True,
        ondelete="restrict",
        domain="[('kind', '=', 'points')]",
    )
    unit_label = fields.Char(related="asset_id.unit_label")
    company_id = fields.Many2one(
        "res.company",
        string="Place",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    category_ids = fields.Many2many(
        "product.category",
        string="On what",
        help="Categories whose articles earn points, those below them too. Empty: all goods.",
    )
    earned_minor = fields.Integer(
        string="Gives",
        required=True,
        default=1,
        help="Points, in the smallest unit of their asset.",
    )
    step_minor = fields.Integer(
        string="Step in cents",
        required=True,
        default=100,
        help="For each so much spent, in minor units of the place's currency.",
    )
    step = fields.Monetary(
        string="For each", compute="_compute_step", inverse="_inverse_step", readonly=False
    )
    rounding = fields.Selection(
        ROUNDINGS,
        string="Rounded",
        required=True,
        default="down",
        help="Once per sale, on all that it earns.",
    )
    cap_minor = fields.Integer(
        string="At most per sale", help="In the same unit as the points. 0: no limit."
    )

    _once = models.Constraint(
        "unique(asset_id, company_id)", "These points have their rule at this place already."
    )
    _positive = models.Constraint(
        "CHECK (earned_minor BETWEEN 1 AND 1000000 AND step_minor BETWEEN 1 AND 100000000"
        " AND cap_minor >= 0)",
        "Points are given for each amount above zero, and a limit is not below zero.",
    )

    @api.depends("step_minor", "currency_id")
    def _compute_step(self):
        for rule in self:
            rule.step = rule.step_minor / 10**rule.currency_id.decimal_places

    def _inverse_step(self):
        for rule in self:
            rule.step_minor = round(rule.step * 10**rule.currency_id.decimal_places)

    @api.constrains("asset_id", "company_id", "active")
    def _check_asset(self):
        for rule in self.filtered("active"):
            asset_sudo = rule.asset_id.sudo()  # its contracts are its accountants'
            if asset_sudo.kind != "points":
                raise ValidationError(
                    self.env._(
                        "“%s” is no asset of points: a sale gives points only.", asset_sudo.name
                    )
                )
            accepted = asset_sudo.acceptance_ids.filtered(
                lambda one, rule=rule: one.company_id == rule.company_id and one.state == "active"
            )
            if asset_sudo.company_id != rule.company_id and not accepted:
                raise ValidationError(
                    self.env._(
                        "“%(asset)s” is issued by %(issuer)s and not accepted at %(place)s: sign "
                        "the acceptance first.",
                        asset=asset_sudo.name,
                        issuer=asset_sudo.company_id.name,
                        place=rule.company_id.name,
                    )
                )

    # -- kept in memory: a sale where nothing is given asks the database for nothing more ---

    @api.model
    @tools.ormcache("company_id")
    def _rules_of(self, company_id):
        """The rules of a place, as :class:`Earning`."""
        rules_sudo = self.sudo()  # what a sale gives, whoever sells
        return tuple(
            Earning(
                rule_sudo.asset_id.id,
                frozenset(rule_sudo.category_ids.ids),
                rule_sudo.earned_minor,
                rule_sudo.step_minor,
                rule_sudo.rounding,
                rule_sudo.cap_minor,
            )
            for rule_sudo in rules_sudo.search([("company_id", "=", company_id)])
        )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
