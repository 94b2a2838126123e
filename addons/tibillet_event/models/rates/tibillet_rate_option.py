from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .amounts import MOST


class TibilletRateOption(models.Model):
    """Something beside the place: a meal, a shuttle. A line of its own, with its tax."""

    _name = "tibillet.rate.option"
    _description = "Option of a rate"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    event_id = fields.Many2one("event.event", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    ticket_ids = fields.Many2many(
        "event.event.ticket",
        string="Rates",
        domain="[('event_id', '=', event_id)]",
        help="Offered with these rates; none: with all of them.",
    )
    per = fields.Selection(
        [("place", "Place"), ("order", "Order")], string="For each", default="place", required=True
    )
    product_id = fields.Many2one(
        "product.product",
        string="Article",
        required=True,
        domain="[('type', '=', 'service'), ('service_tracking', '=', 'no')]",
        help="Its taxes are those of the option; a meal's may differ from a show's.",
    )
    price = fields.Float(min_display_digits="Product Price")

    _price_bounds = models.Constraint(
        "CHECK (coalesce(price, 0) >= 0)", "An option costs nothing or more."
    )

    @api.constrains("price")
    def _check_price(self):
        for option in self:
            if option.price > float(MOST):
                raise ValidationError(
                    self.env._("“%s”: a price lies between 0 and 999,999.99.", option.name)
                )

    @api.constrains("product_id")
    def _check_product(self):
        for option in self:
            product = option.product_id
            if product.type != "service" or product.service_tracking != "no":
                raise ValidationError(
                    self.env._(
                        "“%s”: choose a service that is no place of an event: nothing of it is "
                        "shipped.",
                        option.name,
                    )
                )

    @api.constrains("ticket_ids", "event_id")
    def _check_rates(self):
        for option in self:
            if option.ticket_ids.event_id - option.event_id:
                raise ValidationError(
                    self.env._("“%s” goes with rates of its own event only.", option.name)
                )

    def _goes_with(self, rate):
        """Whether the option is offered with this rate."""
        self.ensure_one()
        if rate.event_id != self.event_id or not self.active:
            return False
        return not self.ticket_ids or rate in self.ticket_ids

    def unlink(self):
        """An option that was chosen is archived, so that orders keep its name."""
        lines_sudo = self.env["sale.order.line"].sudo()  # whoever sells, it was chosen
        used = lines_sudo.search([("tibillet_option_id", "in", self.ids)]).tibillet_option_id
        used = self.browse(used.ids)
        used.active = False
        return super(TibilletRateOption, self - used).unlink()
