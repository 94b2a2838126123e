from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from .shares import to_minor


class TibilletTicketRefundRule(models.Model):
    """What comes back of a ticket that is cancelled early enough."""

    _name = "tibillet.ticket.refund.rule"
    _description = "Rule for paying tickets back"
    _order = "days_before desc, id"

    event_id = fields.Many2one("event.event", index="btree_not_null", ondelete="cascade")
    event_type_id = fields.Many2one(
        "event.type", string="Kind of event", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    days_before = fields.Integer(
        string="Days before",
        required=True,
        default=7,
        help="Holds until so many times 24 hours before the beginning; 0: until it begins.",
    )
    method = fields.Selection(
        [
            ("percent", "A share of the price"),
            ("fee", "The price less a fee"),
            ("none", "Nothing"),
        ],
        string="Comes back",
        required=True,
        default="percent",
    )
    percent = fields.Float(string="Share (%)", digits=(5, 2), default=100)
    fee = fields.Monetary(string="Fee per ticket")

    _of_one = models.Constraint(
        "CHECK ((event_id IS NULL) <> (event_type_id IS NULL))",
        "A rule is of an event or of a kind of events.",
    )
    _bounds = models.Constraint(
        "CHECK (days_before BETWEEN 0 AND 3660 AND COALESCE(percent, 0) BETWEEN 0 AND 100"
        " AND COALESCE(fee, 0) >= 0)",
        "Days lie between 0 and 3660, a share between 0 and 100 %, and a fee is never negative.",
    )
    _once_event = models.UniqueIndex(
        "(event_id, days_before) WHERE event_id IS NOT NULL",
        "There is a rule for that day already.",
    )
    _once_type = models.UniqueIndex(
        "(event_type_id, days_before) WHERE event_type_id IS NOT NULL",
        "There is a rule for that day already.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("days_before", "percent", "fee")
    def _check_bounds(self):
        """The database's bounds, in words."""
        for rule in self:
            if not (0 <= rule.days_before <= 3660 and 0 <= rule.percent <= 100 and rule.fee >= 0):
                raise ValidationError(
                    self.env._(
                        "Days lie between 0 and 3660, a share between 0 and 100 %, and a fee is"
                        " never negative."
                    )
                )

    def _back_minor(self, share_minor, currency):
        """What comes back of one ticket's price under this rule, in minor units."""
        if not self or self.method == "none":
            return 0
        if self.method == "fee":
            return max(0, share_minor - to_minor(self.fee, currency))
        hundredths = to_minor(self.percent, _HUNDREDTHS)
        return (share_minor * hundredths + 5000) // 10000

    def _said(self):
        """The rule in the public's words."""
        self.ensure_one()
        if self.method == "none":
            what = self.env._("nothing comes back")
        elif self.method == "fee" and self.fee:
            what = self.env._(
                "the price comes back less %s per ticket",
                format_amount(self.env, self.fee, self.currency_id),
            )
        elif self.method == "fee" or self.percent == 100:
            what = self.env._("the whole price comes back")
        else:
            what = self.env._("%s %% of the price comes back", f"{self.percent:g}")
        if not self.days_before:
            return self.env._("Until it begins: %s.", what)
        if self.days_before == 1:
            return self.env._("Until one day before: %s.", what)
        return self.env._("Until %(days)s days before: %(what)s.", days=self.days_before, what=what)


class _Hundredths:
    decimal_places = 2


_HUNDREDTHS = _Hundredths()
