from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

ROLES = [("gate", "Gate"), ("user", "Programme"), ("manager", "Manager")]


class TibilletFestivalMember(models.Model):
    """Somebody of the team: a role whose rights begin and end with the festival.

    Only rights that the person did not have are given, and only those are taken away. A role
    counts in every place that a user works for, so a festival gives roles to its own place's
    people only; others are set up by an administrator.
    """

    _name = "tibillet.festival.member"
    _description = "Member of a festival's team"
    _order = "festival_id, role, id"
    _rec_name = "user_id"

    festival_id = fields.Many2one(
        "tibillet.festival", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="festival_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    role = fields.Selection(ROLES, required=True, default="gate")
    task = fields.Char(string="Task", help="What they do, in the team's words.")
    date_from = fields.Date(
        string="Rights from",
        required=True,
        compute="_compute_dates",
        store=True,
        precompute=True,
        readonly=False,
    )
    date_to = fields.Date(
        string="Rights until",
        required=True,
        compute="_compute_dates",
        store=True,
        precompute=True,
        readonly=False,
    )
    given = fields.Boolean(
        string="Rights given by the festival", readonly=True, copy=False, index=True
    )

    _once = models.UniqueIndex(
        "(festival_id, user_id, role)", "This person has this role in the team already."
    )
    _in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "Rights end on the day they begin, or later."
    )

    @api.depends("festival_id.date_from", "festival_id.date_to")
    def _compute_dates(self):
        """A week to prepare, and the day after to close."""
        for member in self:
            if member.festival_id.date_from and member.festival_id.date_to:
                member.date_from = member.festival_id.date_from - timedelta(days=7)
                member.date_to = member.festival_id.date_to + timedelta(days=1)

    @api.constrains("date_to", "festival_id")
    def _check_end(self):
        """Rights end with the festival: nobody keeps them by a late date."""
        for member in self:
            if member.date_to > member.festival_id.date_to + timedelta(days=31):
                raise ValidationError(
                    self.env._(
                        "%s: rights of a team end a month after the festival at the latest.",
                        member.user_id.name,
                    )
                )

    @api.constrains("user_id", "festival_id")
    def _check_user(self):
        for member in self:
            user_sudo = member.user_id.sudo()  # which places a person works for
            if user_sudo.share:
                raise ValidationError(self.env._("%s has no account of the staff.", user_sudo.name))
            if user_sudo.company_ids != member.festival_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s works for other places too, or not for %(place)s: an "
                        "administrator sets their rights.",
                        person=user_sudo.name,
                        place=member.festival_id.company_id.name,
                    )
                )

    # -- rights ----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        festivals = self.env["tibillet.festival"]
        festivals = festivals.browse({vals.get("festival_id") for vals in vals_list} - {None})
        festivals.check_access("write")  # before a sentence tells anything of another place
        members = super().create(
            [{name: vals[name] for name in vals if name != "given"} for vals in vals_list]
        )
        members._check_giver()
        members._apply()
        return members

    def write(self, vals):
        """What was given for the former role or person is taken before anything changes.

        :raises AccessError: for who is no manager of the events
        """
        if vals.keys() == {"given"}:
            return super().write(vals) if self.env.su else True  # by `_mark` alone
        self._check_giver()
        moved = {"user_id", "role", "festival_id"} & vals.keys()
        if moved:
            self._take()
        result = super().write({name: vals[name] for name in vals if name != "given"})
        self._check_giver()  # the person whom it names now
        self._apply()
        return result

    def unlink(self):
        self._check_giver()
        self._take()
        return super().unlink()

    def _check_giver(self):
        """Roles are given by managers of the events, and by nobody to themselves.

        :raises AccessError: for others
        """
        if self.env.su:
            return
        if not self.env.user.has_group("tibillet_event.tibillet_event_group_manager"):
            raise AccessError(
                self.env._("Managers of the events give roles to a team, and move their dates.")
            )
        if self.env.user in self.user_id:
            raise AccessError(self.env._("Your own role in a team is set by another manager."))

    def _today(self):
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self.festival_id._tz()))

    def _is_due(self):
        self.ensure_one()
        return self.festival_id.active and self.date_from <= self._today() <= self.date_to

    def _group(self):
        return self.env.ref(f"tibillet_event.tibillet_event_group_{self.role}")

    def _apply(self):
        """Give what is due, take what is over."""
        for member in self:
            if member._is_due():
                member._give()
            else:
                member._take()

    def _give(self):
        for member in self.filtered(lambda one: not one.given):
            user_sudo = member.user_id.sudo()  # by _check_giver, to people of this place only
            group = member._group()
            if user_sudo.company_ids != member.festival_id.company_id:
                continue  # works elsewhere since: an administrator decides
            if group in user_sudo.all_group_ids and not member._other_givers():
                continue  # theirs already, and stays theirs
            user_sudo.group_ids = [(4, group.id)]
            member._mark(True)
            member._say(self.env._("%(person)s: role “%(role)s” given until %(day)s."))

    def _take(self):
        for member in self.filtered("given"):
            member._mark(False)
            if not member._other_givers():
                user_sudo = member.user_id.sudo()  # what this festival gave, nothing else
                user_sudo.group_ids = [(3, member._group().id)]
            member._say(self.env._("%(person)s: role “%(role)s” taken back."))

    def _other_givers(self):
        """Rows that gave the same role to the same person, of other festivals."""
        self.ensure_one()
        return self.sudo().search_count(  # rows of other places count too
            [
                ("id", "!=", self.id),
                ("user_id", "=", self.user_id.id),
                ("role", "=", self.role),
                ("given", "=", True),
            ]
        )

    def _mark(self, given):
        members_sudo = self.sudo()  # written here alone: `write` leaves it out for others
        members_sudo.given = given

    def _say(self, sentence):
        self.ensure_one()
        roles = dict(self._fields["role"]._description_selection(self.env))
        said = sentence % {
            "person": self.user_id.name,
            "role": roles[self.role],
            "day": fields.Date.to_string(self.date_to),
        }
        self.festival_id.message_post(body=said)

    @api.model
    def _cron_rights(self):
        """Give the roles that begin, take those that ended; by the clock."""
        today = fields.Date.today()
        near = timedelta(days=1)  # the place's day, whatever its time zone
        due = self.search(
            [
                "|",
                ("given", "=", True),
                "&",
                ("date_from", "<=", today + near),
                ("date_to", ">=", today - near),
            ]
        )
        due._apply()
