from odoo import api, fields, models
from odoo.exceptions import UserError

LIVE = ("proposed", "confirmed", "present", "absent")


class TibilletShiftVolunteer(models.Model):
    """A person on a shift.

    Nobody is on two shifts at once: the database excludes spans that overlap (not those that
    touch) of one person. The span is that of the shift, copied with it.
    """

    _name = "tibillet.shift.volunteer"
    _description = "Volunteer on a shift"
    _order = "date_begin, id"

    shift_id = fields.Many2one("tibillet.shift", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="shift_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Volunteer", required=True, ondelete="restrict", index=True
    )
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    lang = fields.Char(string="Language", help="In which this person is written to.")
    date_begin = fields.Datetime(related="shift_id.date_begin", store=True, precompute=True)
    date_end = fields.Datetime(related="shift_id.date_end", store=True, precompute=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("confirmed", "Confirmed"),
            ("present", "Present"),
            ("absent", "Absent"),
            ("cancelled", "Cancelled"),
        ],
        default="confirmed",
        required=True,
    )

    _once = models.UniqueIndex(
        "(shift_id, partner_id) WHERE state <> 'cancelled'",
        "This person is on this shift already.",
    )
    # A range type of one number brings its own operators for GiST: no extension is needed.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(partner_id, partner_id, '[]') WITH &&,"
        " tsrange(date_begin, date_end) WITH &&) WHERE (state NOT IN ('cancelled', 'absent'))",
        "This person has another shift at that time. Shifts may touch, not overlap.",
    )

    @api.depends("partner_id", "shift_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.partner_id.display_name}, {one.shift_id.name}"

    def action_confirm(self):
        """Take somebody who proposed themselves."""
        self._step({"proposed", "absent", "cancelled"}, "confirmed")

    def action_cancel(self):
        """Off the shift; the place is free at once."""
        self._step({"proposed", "confirmed", "absent"}, "cancelled")

    def action_absent(self):
        """Did not come."""
        self._step({"proposed", "confirmed"}, "absent")

    def _step(self, before, after):
        """:raises UserError: from any other state"""
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self:
            if one.state not in before:
                raise UserError(
                    self.env._(
                        "%(name)s is: %(state)s. Look at the list again.",
                        name=one.display_name,
                        state=labels[one.state],
                    )
                )
        self.write({"state": after})
