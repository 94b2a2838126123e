from odoo import api, fields, models


class TibilletEventMove(models.TransientModel):
    """Another date for an event; who is registered is told of it."""

    _name = "tibillet.event.move"
    _description = "Move an event"

    event_id = fields.Many2one("event.event", required=True, readonly=True, ondelete="cascade")
    former_begin = fields.Datetime(string="Was to begin", related="event_id.date_begin")
    date_begin = fields.Datetime(
        string="Begins",
        required=True,
        compute="_compute_date_begin",
        store=True,
        precompute=True,
        readonly=False,
    )
    date_end = fields.Datetime(
        string="Ends",
        required=True,
        compute="_compute_date_end",
        store=True,
        precompute=True,
        readonly=False,
        help="As long as before, unless you say otherwise.",
    )
    tell = fields.Boolean(string="Tell who is registered", default=True)
    registered = fields.Integer(string="Registered", compute="_compute_registered")
    without_address = fields.Integer(string="Without an address", compute="_compute_registered")

    @api.depends("event_id")
    def _compute_date_begin(self):
        for form in self:
            form.date_begin = form.event_id.date_begin

    @api.depends("date_begin")
    def _compute_date_end(self):
        for form in self:
            event = form.event_id
            if form.date_begin and event:
                form.date_end = event.date_end + (form.date_begin - event.date_begin)
            else:
                form.date_end = False

    @api.depends("event_id")
    def _compute_registered(self):
        for form in self:
            people = form.event_id._tibillet_registered()
            form.registered = len(people)
            form.without_address = len(people.filtered(lambda one: not one._tibillet_address()))

    def action_move(self):
        """Write the new date.

        :raises UserError: on dates that cannot be, or when the event cannot be moved
        """
        self.ensure_one()
        self.event_id.check_access("write")
        self.event_id._tibillet_move(self.date_begin, self.date_end, tell=self.tell)
        return {"type": "ir.actions.act_window_close"}
