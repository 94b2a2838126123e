from odoo import api, fields, models
from odoo.tools import format_datetime


class TibilletShift(models.Model):
    """A mission of volunteers: a place and a time of an event or a festival, for so many people.

    ``taken`` is counted by the database (``sql/volunteers.sql``) and checked there.
    """

    _name = "tibillet.shift"
    _description = "Volunteers' shift"
    _order = "date_begin, id"

    name = fields.Char(string="Mission", required=True, translate=True)
    event_id = fields.Many2one("event.event", ondelete="cascade", index="btree_not_null")
    festival_id = fields.Many2one("tibillet.festival", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, index=True
    )
    place = fields.Char(string="Meeting point")
    instructions = fields.Text(help="What to bring, what is done: read by who signs up.")
    date_begin = fields.Datetime(string="Begins", required=True)
    date_end = fields.Datetime(string="Ends", required=True)
    day = fields.Date(compute="_compute_day", store=True, help="By the clock of the place.")
    minimum = fields.Integer(string="At least", default=1)
    maximum = fields.Integer(string="At most", default=4, help="0: no limit.")
    taken = fields.Integer(string="Signed up", readonly=True, default=0, copy=False)
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user, ondelete="set null"
    )
    is_open = fields.Boolean(
        string="On the website", default=True, help="Anybody may sign up on the event's page."
    )
    cancel_hours = fields.Integer(
        string="Cancelled until", default=24, help="Hours before it begins; later: by telephone."
    )
    volunteer_ids = fields.One2many("tibillet.shift.volunteer", "shift_id", string="Volunteers")
    staffing = fields.Selection(
        [("below", "Below the minimum"), ("enough", "Enough"), ("full", "Full")],
        compute="_compute_staffing",
    )
    staffing_text = fields.Char(string="Staffing", compute="_compute_staffing")

    _in_order = models.Constraint(
        "CHECK (date_end > date_begin)", "A shift ends after it has begun."
    )
    _numbers = models.Constraint(
        "CHECK (minimum >= 0 AND maximum >= 0 AND (maximum = 0 OR maximum >= minimum)"
        " AND cancel_hours >= 0 AND taken >= 0)",
        "The numbers of a shift are 0 or more, and the maximum is not below the minimum.",
    )
    _not_overfull = models.Constraint(
        "CHECK (maximum = 0 OR taken <= maximum)",
        "This shift is full: nobody was signed up beyond its maximum.",
    )
    _one_occasion = models.Constraint(
        "CHECK (num_nonnulls(event_id, festival_id) = 1)",
        "A shift belongs to an event or to a festival: choose one of them.",
    )

    @api.depends("event_id.company_id", "festival_id.company_id")
    def _compute_company_id(self):
        for shift in self:
            shift.company_id = (shift.event_id or shift.festival_id).company_id

    @api.depends("date_begin", "event_id.date_tz", "festival_id")
    def _compute_day(self):
        for shift in self:
            local = shift.with_context(tz=shift._tz())
            begin = shift.date_begin
            shift.day = begin and fields.Datetime.context_timestamp(local, begin).date()

    @api.depends("taken", "minimum", "maximum")
    @api.depends_context("lang")
    def _compute_staffing(self):
        for shift in self:
            if shift.taken < shift.minimum:
                missing = shift.minimum - shift.taken
                shift.staffing = "below"
                shift.staffing_text = self.env._("▲ Below the minimum: %s missing", missing)
            elif shift.maximum and shift.taken >= shift.maximum:
                shift.staffing, shift.staffing_text = "full", self.env._("■ Full")
            else:
                shift.staffing, shift.staffing_text = "enough", self.env._("✔ Enough")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_uncounted(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_uncounted(vals))

    def _tz(self):
        """Its clock is that of the event, or of the festival's place."""
        self.ensure_one()
        if self.festival_id:
            return self.festival_id._tz()
        return self.event_id.date_tz or "UTC"

    def _when(self):
        """Beginning and end in words, by the clock of the place."""
        self.ensure_one()
        begin, end = (
            format_datetime(self.env, at, tz=self._tz(), dt_format=form)
            for at, form in ((self.date_begin, "EEEE d MMMM, HH:mm"), (self.date_end, "HH:mm"))
        )
        return f"{begin} – {end}"

    def _occasion(self):
        """What it belongs to: an event or a festival."""
        self.ensure_one()
        return self.event_id or self.festival_id

    def _left(self):
        """Places left; None without limit."""
        self.ensure_one()
        return max(0, self.maximum - self.taken) if self.maximum else None


def _uncounted(vals):
    """Without the number that only the database counts."""
    return {name: value for name, value in vals.items() if name != "taken"}
