from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .amounts import LEAST_PAID, MOST


class EventTypeTicket(models.Model):
    """What a rate may ask beside its price; kinds of events hand it on to their events."""

    _inherit = "event.type.ticket"

    tibillet_free_price = fields.Boolean(
        string="Free price", help="Buyers say what they pay; the price is the least that is asked."
    )
    tibillet_rights = fields.Char(
        string="For holders of",
        help="Codes of rights, with commas between them; one of them is enough. Empty: everybody.",
    )
    tibillet_rights_text = fields.Char(
        string="Said as",
        translate=True,
        help="How the public is told who this rate is for, for instance “members”.",
    )
    tibillet_min_per_order = fields.Integer(
        string="Group from", help="Sold by this many places or more in one order."
    )
    tibillet_limit_per_person = fields.Integer(
        string="Per person",
        help="Most places of one person, those already held included. 0: no limit.",
    )
    tibillet_invitation = fields.Boolean(
        string="Invitation", help="Given through a guest list only, never sold; its price is 0."
    )

    @api.model
    def _get_event_ticket_fields_whitelist(self):
        return super()._get_event_ticket_fields_whitelist() + [
            "tibillet_free_price",
            "tibillet_rights",
            "tibillet_rights_text",
            "tibillet_min_per_order",
            "tibillet_limit_per_person",
            "tibillet_invitation",
        ]

    @api.constrains("tibillet_free_price", "price", "tibillet_invitation")
    def _check_tibillet_price(self):
        for rate in self:
            price = Decimal(str(round(rate.price or 0, 2)))
            if rate.tibillet_invitation and (rate.price or rate.tibillet_free_price):
                raise ValidationError(
                    self.env._("“%s” is an invitation: its price is 0.", rate.name)
                )
            if price < 0 or price > MOST:
                raise ValidationError(
                    self.env._("“%s”: a price lies between 0 and 999,999.99.", rate.name)
                )
            if rate.tibillet_free_price and 0 < price < LEAST_PAID:
                raise ValidationError(
                    self.env._(
                        "“%s”: the minimum of a free price is 0, or 0.50 and more: below it no "
                        "card is charged.",
                        rate.name,
                    )
                )

    @api.constrains("tibillet_min_per_order", "tibillet_limit_per_person")
    def _check_tibillet_limits(self):
        for rate in self:
            if rate.tibillet_min_per_order < 0 or rate.tibillet_limit_per_person < 0:
                raise ValidationError(
                    self.env._("“%s”: a number of places is never below 0.", rate.name)
                )

    def _tibillet_right_codes(self):
        """Codes that open this rate; one of them is enough, none asked when empty."""
        self.ensure_one()
        codes = (self.tibillet_rights or "").split(",")
        return frozenset(code.strip() for code in codes if code.strip())
