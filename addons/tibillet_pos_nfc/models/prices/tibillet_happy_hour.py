"""Happy hour: days and hours at which goods cost less, the same for soft drinks as for alcohol.

France: public health code, L. 3323-1 and R. 3351-2. Whoever lowers alcohol for a limited time
lowers a drink without alcohol alike, and says so in the same way.
"""

from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class TibilletHappyHour(models.Model):
    _name = "tibillet.happy.hour"
    _description = "Happy hour"
    _inherit = ["pos.load.mixin", "tibillet.at.tills"]
    _order = "hour_from, id"

    name = fields.Char(required=True, translate=True)
    percent = fields.Float(
        string="Off (%)", required=True, default=20, digits=(16, 2), help="Of the usual price."
    )
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    hour_from = fields.Float(string="From", required=True, default=18)
    hour_to = fields.Float(
        string="To",
        required=True,
        default=20,
        help="In the place's time. Earlier than the beginning: over midnight, the night of the "
        "days that are ticked.",
    )
    grace_minutes = fields.Integer(
        string="Grace (minutes)",
        default=15,
        help="A basket that was begun in time keeps its prices for so long after the end.",
    )
    categ_ids = fields.Many2many("product.category", string="Categories")
    product_tmpl_ids = fields.Many2many("product.template", string="Articles", check_company=True)

    _percent_range = models.Constraint(
        "CHECK (percent > 0 AND percent < 100)",
        "A happy hour takes more than 0 % off, and less than all of it.",
    )
    _hours_range = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < 24 AND hour_to >= 0 AND hour_to <= 24"
        " AND hour_from <> hour_to)",
        "The hours of a happy hour lie between 0:00 and 24:00 and differ.",
    )
    _grace_range = models.Constraint(
        "CHECK (grace_minutes BETWEEN 0 AND 60)",
        "The grace is between 0 and 60 minutes.",
    )
    _some_day = models.Constraint(
        "CHECK (COALESCE(monday, false) OR COALESCE(tuesday, false) OR COALESCE(wednesday, false)"
        " OR COALESCE(thursday, false) OR COALESCE(friday, false) OR COALESCE(saturday, false)"
        " OR COALESCE(sunday, false))",
        "A happy hour has at least one day.",
    )

    @api.constrains("categ_ids", "product_tmpl_ids", "company_id", "active", "percent")
    def _check_goods(self):
        for rule in self.filtered("active"):
            if not rule.categ_ids and not rule.product_tmpl_ids:
                raise ValidationError(
                    self.env._("“%s”: say which categories or articles cost less.", rule.name)
                )
            rule._check_equal()

    def _check_equal(self):
        """Refuse a rule that lowers alcohol and no drink of group 1 at the same tills."""
        self.ensure_one()
        alcohol_sudo = self._goods(Domain("tibillet_alcohol", "=", True))
        if alcohol_sudo and not self._goods(Domain("tibillet_alcohol_group", "=", "1")):
            raise ValidationError(
                self.env._(
                    "“%(rule)s” lowers “%(product)s”: a happy hour offers a drink without alcohol "
                    "as well. Add a drink of group 1 that is sold at the till, then save.",
                    rule=self.name,
                    product=alcohol_sudo[0].name,
                )
            )

    def _goods(self, kind):
        """Articles of this kind that the rule lowers, as they are sold at the tills."""
        templates_sudo = self.env["product.template"].sudo()  # of the company, whoever asks
        return templates_sudo.search(
            kind
            & Domain("available_in_pos", "=", True)
            & Domain("sale_ok", "=", True)
            & Domain("list_price", ">", 0)
            & Domain("company_id", "in", (False, self.company_id.id))
            & (
                Domain("categ_id", "child_of", self.categ_ids.ids)
                | Domain("id", "in", self.product_tmpl_ids.ids)
            )
        )

    @api.model
    def _check_all_equal(self):
        """Check every rule again, after articles changed."""
        rules_sudo = self.sudo()  # who writes an article may set no happy hours
        for rule_sudo in rules_sudo.search([]):
            rule_sudo._check_equal()

    # -- when, and how much ----------------------------------------------------------------

    @api.model
    def _zone(self, company):
        return pytz.timezone(self.env["tibillet.place"]._of_company(company).tz)

    def _covers(self, moment):
        """Whether a moment (UTC, without zone) is within these hours at the place."""
        self.ensure_one()
        local = pytz.utc.localize(moment).astimezone(self._zone(self.company_id))
        hour = local.hour + local.minute / 60 + local.second / 3600
        today = self[DAYS[local.weekday()]]
        if self.hour_from < self.hour_to:
            return today and self.hour_from <= hour < self.hour_to
        before = self[DAYS[local.weekday() - 1]]
        return (today and hour >= self.hour_from) or (before and hour < self.hour_to)

    def _admits(self, moment, begun=None):
        """Whether its prices may be paid at a moment, the grace included.

        :param begun: when the goods were ordered, where the server knows it by itself: what
            waits on a table's bill keeps its price
        """
        self.ensure_one()
        grace = timedelta(minutes=self.grace_minutes)
        return any(self._covers(at) or self._covers(at - grace) for at in (moment, begun) if at)

    def _lowers(self, product):
        """Whether the rule speaks of this article."""
        self.ensure_one()
        template = product.product_tmpl_id
        return template in self.product_tmpl_ids or any(
            f"/{categ.id}/" in f"/{template.categ_id.parent_path or ''}" for categ in self.categ_ids
        )

    def _refusal(self, config, product, moment, begun=None):
        """Why this article is not sold at these prices, as a sentence; or nothing.

        :param self: the rule that a line claims, as superuser; empty when there is none of that
            number
        :param config: the till that sells it
        :param moment: when it is paid, UTC without zone
        :param begun: see :meth:`_admits`
        """
        if not self or not self._counts_at(config) or not self._lowers(product):
            return self.env._(
                "“%(product)s” has no happy hour here: it costs its usual price.",
                product=product.name or "",
            )
        if self.active and self._admits(moment, begun):
            return ""
        return self.env._(
            "“%(rule)s” (%(hours)s) is over: “%(product)s” costs its usual price.",
            rule=self.name,
            hours=self._hours_told(),
            product=product.name,
        )

    def _hours_told(self):
        """The hours as they are read: 18:00–20:00."""
        self.ensure_one()
        return "–".join(
            f"{round(hour * 60) // 60:02d}:{round(hour * 60) % 60:02d}"
            for hour in (self.hour_from, self.hour_to)
        )

    # -- the till --------------------------------------------------------------------------

    @api.model
    def _load_pos_data_domain(self, data, config):
        return list(self._at_domain(config))

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            "id",
            "name",
            "percent",
            *DAYS,
            "hour_from",
            "hour_to",
            "grace_minutes",
            "categ_ids",
            "product_tmpl_ids",
        ]
