from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_amount, format_datetime


class TibilletCode(models.Model):
    """A code takes a part or a sum off its own rates, within its dates, as often as it says."""

    _name = "tibillet.code"
    _description = "Code"
    _order = "id desc"

    name = fields.Char(
        string="Code", required=True, help="As it is typed; capitals make no difference."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("percent", "Percentage"), ("fixed", "Sum off the order")],
        default="percent",
        required=True,
    )
    percent = fields.Float(string="Percent off", digits=(5, 2))
    amount = fields.Monetary(string="Sum off")
    event_ids = fields.Many2many(
        "event.event", string="Events", check_company=True, help="All their rates."
    )
    ticket_ids = fields.Many2many(
        "event.event.ticket",
        string="Rates",
        domain="[('company_id', '=', company_id)]",
        help="These rates alone. Without events and rates: every event of the company.",
    )
    date_from = fields.Datetime(string="From")
    date_to = fields.Datetime(string="Until")
    minimum = fields.Monetary(string="Minimum basket", help="Of the rates that the code is for.")
    limit_uses = fields.Integer(string="Uses at most", help="0: no limit.")
    combinable = fields.Boolean(help="May stand on one order with another such code.")
    use_ids = fields.One2many("tibillet.code.use", "code_id", string="Uses")
    used_count = fields.Integer(string="Used", compute="_compute_counts")
    held_count = fields.Integer(string="In baskets", compute="_compute_counts")
    touches = fields.Integer(
        readonly=True, copy=False, help="Moved with each use, so that two last uses collide."
    )

    _one_name = models.UniqueIndex(
        "(company_id, upper(name))", "There is a code of that name already, perhaps archived."
    )
    _some_name = models.Constraint("CHECK (trim(name) <> '')", "A code has a name.")
    _percent_bounds = models.Constraint(
        "CHECK (kind <> 'percent' OR (percent > 0 AND percent <= 100))",
        "A code takes off more than 0 and at most 100 percent.",
    )
    _amount_above = models.Constraint(
        "CHECK (kind <> 'fixed' OR amount > 0)", "A code takes off more than 0."
    )
    _no_less_than_none = models.Constraint(
        "CHECK (coalesce(limit_uses, 0) >= 0 AND coalesce(minimum, 0) >= 0)",
        "Uses and minimum basket are never below 0.",
    )

    @api.depends("use_ids.state", "use_ids.held_until")
    def _compute_counts(self):
        now = fields.Datetime.now()
        rows = self.env["tibillet.code.use"]._read_group(
            [
                ("code_id", "in", self.ids),
                "|",
                ("state", "=", "used"),
                "&",
                ("state", "=", "held"),
                ("held_until", ">", now),
            ],
            ["code_id", "state"],
            ["__count"],
        )
        counts = {(code.id, state): count for code, state, count in rows}
        for code in self:
            code.used_count = counts.get((code.id, "used"), 0)
            code.held_count = counts.get((code.id, "held"), 0)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._trimmed(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._trimmed(vals))

    @api.model
    def _trimmed(self, vals):
        return {**vals, "name": vals["name"].strip()} if vals.get("name") else vals

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for code in self:
            if code.date_from and code.date_to and code.date_from >= code.date_to:
                raise ValidationError(self.env._("“%s” ends before it begins.", code.name))

    @api.constrains("limit_uses")
    def _check_limit(self):
        for code in self:
            if code.limit_uses and code.used_count > code.limit_uses:
                raise ValidationError(
                    self.env._(
                        "“%(code)s” was used %(used)s times already: the limit cannot be "
                        "%(limit)s.",
                        code=code.name,
                        used=code.used_count,
                        limit=code.limit_uses,
                    )
                )

    @api.constrains("ticket_ids", "event_ids", "company_id")
    def _check_company_of_rates(self):
        for code in self:
            events = code.event_ids | code.ticket_ids.event_id
            if events.company_id - code.company_id:
                raise ValidationError(
                    self.env._("“%s” is for rates of its own company only.", code.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered("use_ids")
        if used:
            raise ValidationError(
                self.env._(
                    "“%s” stands on orders: archive it instead, so that they keep their reason.",
                    used[0].name,
                )
            )

    # -- asked by baskets ------------------------------------------------------------------------

    @api.model
    def _named(self, text, company):
        """The company's code of that name, whatever the capitals; archived ones are unknown."""
        name = str(text or "").strip().upper()[:64]
        if not name:
            return self.browse()
        return self.search(
            [("company_id", "=", company.id), ("name", "=ilike", _literal(name))], limit=1
        )

    def _applies_to(self, line):
        """Whether the code is for this line of an order."""
        self.ensure_one()
        rate = line.event_ticket_id
        if not rate or line.company_id != self.company_id:
            return False
        if not self.event_ids and not self.ticket_ids:
            return True
        return rate in self.ticket_ids or rate.event_id in self.event_ids

    def _wrong_time(self):
        """Why the code does not hold now, or an empty text."""
        self.ensure_one()
        now = fields.Datetime.now()
        if not self.active:
            return self.env._("The code “%s” is no longer valid.", self.name)
        if self.date_from and now < self.date_from:
            return self.env._(
                "The code “%(code)s” holds from %(when)s on.",
                code=self.name,
                when=self._said(self.date_from),
            )
        if self.date_to and now >= self.date_to:
            return self.env._(
                "The code “%(code)s” ended on %(when)s.",
                code=self.name,
                when=self._said(self.date_to),
            )
        return ""

    def _said(self, moment):
        zone = self.company_id.partner_id.tz or self.env.user.tz or "Europe/Paris"
        return format_datetime(self.env, moment, tz=zone, dt_format="short")

    def _wrong_basket(self, lines, worth):
        """Why the code takes nothing off this basket, or an empty text.

        :param lines: lines that the code is for
        :param worth: what they cost before codes, in the company's currency
        """
        self.ensure_one()
        if not lines:
            names = self.event_ids.mapped("name") + self.ticket_ids.mapped("name")
            return self.env._(
                "The code “%(code)s” is for %(rates)s.",
                code=self.name,
                rates=", ".join(names[:3]) or self.env._("the places of an event"),
            )
        if self.currency_id.compare_amounts(worth, self.minimum) < 0:
            return self.env._(
                "The code “%(code)s” asks for a basket of %(minimum)s at least.",
                code=self.name,
                minimum=format_amount(self.env, self.minimum, self.currency_id),
            )
        return ""

    def _used_up(self):
        self.ensure_one()
        return self.env._("The code “%s” has been used up.", self.name)

    def _touch(self):
        """Move the row: of two who take the last use at once, one begins again and sees it gone.

        An unlimited code is left alone, or everybody who buys with it would wait for the others.
        """
        limited = self.filtered("limit_uses").sorted("id")
        for code in limited:
            self.env.cr.execute(
                SQL(
                    "UPDATE tibillet_code SET touches = coalesce(touches, 0) + 1 WHERE id = %s",
                    code.id,
                )
            )

    def _has_room(self, order):
        """Whether one more order may use the code, this one left out of the count."""
        self.ensure_one()
        if not self.limit_uses:
            return True
        self.env["tibillet.code.use"].flush_model()
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM tibillet_code_use
                 WHERE code_id = %s AND order_id <> %s
                   AND (state = 'used' OR (state = 'held' AND held_until > tibillet_now()))
                """,
                self.id,
                order.id or 0,
            )
        )
        return count < self.limit_uses


def _literal(text):
    """The text with nothing in it that ``LIKE`` would read as a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
