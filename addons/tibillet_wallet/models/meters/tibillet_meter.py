"""How near an issuer is to the limits of a limited network: one page per issuer."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...fields import BigInteger

#: Percent of a limit at which the accountants are told, once each.
WARNED_AT = (50, 75, 90, 100)
#: A meter is a figure, its limit, its share of it and the last level that was told.
METERS = ("paid", "held", "load")
#: Euros. The third by a secondary source: the decree was not found.
USUAL_LIMITS = {"paid": 1_000_000, "held": 1_000_000, "load": 250}


class TibilletMeter(models.Model):
    """Figures of one issuer, all its backed assets together, as they were measured last.

    The limits are those of the French monetary code as it was read on 21 November 2026; an
    issuer elsewhere, or after a change of the law, writes its own. The software measures and
    warns; it never says that somebody is exempt.
    """

    _name = "tibillet.meter"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Meters of an issuer"
    _order = "company_id"
    _rec_name = "company_id"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", string="Issuer", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    measured_at = fields.Datetime(string="Measured on", readonly=True)
    paid_minor = BigInteger(default=0, required=True, readonly=True, aggregator=None)
    held_minor = BigInteger(default=0, required=True, readonly=True, aggregator=None)
    load_minor = BigInteger(default=0, required=True, readonly=True, aggregator=None)
    paid = fields.Monetary(
        string="Paid at others in 12 months",
        compute="_compute_amounts",
        help="What was paid with this issuer's assets at other places, less what they gave back.",
    )
    held = fields.Monetary(
        string="In circulation", compute="_compute_amounts", help="What people and cards hold."
    )
    load = fields.Monetary(
        string="Highest load of a card",
        compute="_compute_amounts",
        help="The most that one person or card holds of this issuer's assets.",
    )
    paid_limit = fields.Monetary(default=USUAL_LIMITS["paid"], required=True, tracking=True)
    held_limit = fields.Monetary(default=USUAL_LIMITS["held"], required=True, tracking=True)
    load_limit = fields.Monetary(default=USUAL_LIMITS["load"], required=True, tracking=True)
    paid_percent = fields.Float(compute="_compute_amounts", aggregator=None)
    held_percent = fields.Float(compute="_compute_amounts", aggregator=None)
    load_percent = fields.Float(compute="_compute_amounts", aggregator=None)
    paid_warned = fields.Integer(default=0, required=True, readonly=True, aggregator=None)
    held_warned = fields.Integer(default=0, required=True, readonly=True, aggregator=None)
    load_warned = fields.Integer(default=0, required=True, readonly=True, aggregator=None)
    crossed_on = fields.Date(
        string="First crossed on",
        readonly=True,
        tracking=True,
        help="The first day on which a meter stood at its limit or beyond.",
    )
    declared_on = fields.Date(
        string="Declared on",
        tracking=True,
        help="When the authority was told; the declaration on money in circulation is renewed "
        "every year.",
    )
    acceptance_ids = fields.Many2many(
        "tibillet.acceptance", compute="_compute_acceptance_ids", string="Acceptors"
    )
    unsigned_count = fields.Integer(
        string="Without reference of a contract", compute="_compute_acceptance_ids"
    )

    _company_uniq = models.Constraint("unique(company_id)", "This issuer has its meters already.")
    _limits_positive = models.Constraint(
        "CHECK (paid_limit > 0 AND held_limit > 0 AND load_limit > 0)",
        "A limit is more than nothing.",
    )

    @api.depends("paid_minor", "held_minor", "load_minor", "paid_limit", "held_limit", "load_limit")
    def _compute_amounts(self):
        for meter in self:
            unit = 10**meter.currency_id.decimal_places
            for name in METERS:
                meter[name] = meter[f"{name}_minor"] / unit
                limit = meter[f"{name}_limit"]
                meter[f"{name}_percent"] = limit and meter[name] * 100 / limit

    def _compute_acceptance_ids(self):
        """Who takes what these issuers made, under which contract; one search for all."""
        acceptances = self.env["tibillet.acceptance"].search(
            [
                ("asset_id.company_id", "in", self.company_id.ids),
                ("asset_id.backed", "=", True),
                ("state", "=", "active"),
            ]
        )
        issuers = {one.id: one.sudo().issuer_company_id for one in acceptances}
        for meter in self:
            mine = acceptances.filtered(
                lambda one, company=meter.company_id: issuers[one.id] == company
            )
            meter.acceptance_ids = mine
            meter.unsigned_count = len(mine.filtered(lambda one: not one.contract_ref))

    def write(self, vals):
        """Limits and the day of the declaration are a manager's; figures are measured."""
        if not self.env.su and any(name in self._fields_measured() for name in vals):
            raise AccessError(self.env._("What a meter says is measured, not written."))
        return super().write(vals)

    @api.model
    def _fields_measured(self):
        return {
            "company_id",
            "measured_at",
            "crossed_on",
            *(f"{name}_{part}" for name in METERS for part in ("minor", "warned")),
        }

    def action_measure(self):
        """Measure now, for the issuers shown.

        :raises AccessError: for who may not read them
        """
        self.check_access("read")
        meters_sudo = self.sudo()  # figures are written by the measure alone
        meters_sudo._measure()
        return True
