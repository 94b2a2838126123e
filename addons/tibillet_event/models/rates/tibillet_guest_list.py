import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, email_normalize


class TibilletGuestList(models.Model):
    """So many places at 0 that somebody may give away: an artist, a sponsor, a neighbour."""

    _name = "tibillet.guest.list"
    _description = "Guest list"
    _rec_name = "partner_id"
    _order = "event_id, id"

    event_id = fields.Many2one("event.event", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)
    ticket_id = fields.Many2one(
        "event.event.ticket",
        string="Rate",
        required=True,
        ondelete="restrict",
        domain="[('event_id', '=', event_id), ('tibillet_invitation', '=', True)]",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Invited by", required=True, index=True, ondelete="restrict"
    )
    quota = fields.Integer(string="Places", required=True, default=2)
    used_count = fields.Integer(string="Given", compute="_compute_used_count")
    registration_ids = fields.One2many("event.registration", "tibillet_guest_list_id")
    access_token = fields.Char(
        default=lambda self: secrets.token_urlsafe(24),
        required=True,
        readonly=True,
        copy=False,
        groups="event.group_event_user",
    )
    touches = fields.Integer(readonly=True, copy=False)

    _one_list = models.UniqueIndex(
        "(event_id, ticket_id, partner_id)", "This person has a list for this rate already."
    )
    _one_token = models.UniqueIndex("(access_token)")
    _some_places = models.Constraint("CHECK (quota > 0)", "A guest list has one place or more.")

    @api.depends("registration_ids.state", "registration_ids.active")
    def _compute_used_count(self):
        rows = self.env["event.registration"]._read_group(
            [("tibillet_guest_list_id", "in", self.ids), ("state", "!=", "cancel")],
            ["tibillet_guest_list_id"],
            ["__count"],
        )
        counts = {one.id: count for one, count in rows}
        for one in self:
            one.used_count = counts.get(one.id, 0)

    @api.constrains("ticket_id", "event_id")
    def _check_rate(self):
        for one in self:
            rate = one.ticket_id
            if rate.event_id != one.event_id or not rate.tibillet_invitation:
                raise ValidationError(self.env._("“%s” is no invitation of this event.", rate.name))

    @api.constrains("quota")
    def _check_quota(self):
        for one in self:
            if one.used_count > one.quota:
                raise ValidationError(
                    self.env._(
                        "%(count)s places of this list are given already: it cannot have only "
                        "%(quota)s.",
                        count=one.used_count,
                        quota=one.quota,
                    )
                )

    def _check_not_over(self):
        """Count again after a place was given; two last places at once collide on the row.

        :raises ValidationError: the list is full
        """
        for one in self.sorted("id"):
            self.env.flush_all()
            [(quota, given)] = self.env.execute_query(
                SQL(
                    """
                    UPDATE tibillet_guest_list SET touches = coalesce(touches, 0) + 1
                     WHERE id = %(id)s
                 RETURNING quota, (SELECT count(*) FROM event_registration
                                    WHERE tibillet_guest_list_id = %(id)s
                                      AND active AND state <> 'cancel')
                    """,
                    id=one.id,
                )
            )
            if given > quota:
                raise ValidationError(
                    self.env._("The guest list is full: its %s places are given.", quota)
                )

    def _invite(self, name, email):
        """Give one place of the list.

        :raises ValidationError: no name, a wrong address, the same guest twice, a full list or
            a full house; nothing is given
        """
        self.ensure_one()
        name, email = (name or "").strip()[:128], email_normalize(email or "")
        if not name:
            raise ValidationError(self.env._("Write the name of your guest."))
        if not email:
            raise ValidationError(self.env._("This address is not complete: name@example.org"))
        if self.event_id.date_end < fields.Datetime.now():
            raise ValidationError(self.env._("The event is over."))
        invited = self.registration_ids.filtered(lambda one: one.state != "cancel")
        if email in [(one.email or "").strip().lower() for one in invited]:
            raise ValidationError(self.env._("%s is on your list already.", email))
        return self.env["event.registration"].create(
            {"tibillet_guest_list_id": self.id, "name": name, "email": email}
        )

    def _lead(self):
        """What the page says to the person who invites."""
        self.ensure_one()
        return self.env._(
            "%(name)s, you may still invite %(left)s.",
            name=self.partner_id.name,
            left=max(0, self.quota - self.used_count),
        )

    def _get_url(self):
        self.ensure_one()
        return f"/event/guests/{self.sudo().access_token}"  # shown to who may write lists

    def action_open_page(self):
        """The page where the person who invites writes the names; send them its address.

        :raises AccessError: for who prepares no events
        """
        self.ensure_one()
        self.check_access("write")
        return {"type": "ir.actions.act_url", "url": self._get_url(), "target": "new"}
