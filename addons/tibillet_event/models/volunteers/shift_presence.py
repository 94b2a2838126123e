"""Who came, from when to when: by a button, a card at the till, a scan at the gate."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

EARLY = timedelta(hours=2)  # somebody may come before the shift begins
TWICE = timedelta(minutes=5)  # a second tap so soon is the same tap


class TibilletShiftVolunteer(models.Model):
    _inherit = "tibillet.shift.volunteer"

    presence_begin = fields.Datetime(string="Came", readonly=True, copy=False)
    presence_end = fields.Datetime(string="Left at", readonly=True, copy=False)
    hours = fields.Float(
        compute="_compute_hours",
        store=True,
        digits=(8, 2),
        aggregator="sum",
        help="From coming to leaving; without the latter, until the shift's end.",
    )

    _presence = models.Constraint(
        "CHECK (presence_end IS NULL OR presence_end >= presence_begin)",
        "Nobody leaves before they came.",
    )

    @api.depends("state", "presence_begin", "presence_end", "date_end")
    def _compute_hours(self):
        for one in self:
            seconds = 0
            if one.state == "present" and one.presence_begin:
                end = one.presence_end or max(one.date_end, one.presence_begin)
                seconds = (end - one.presence_begin).total_seconds()
            one.hours = seconds / 3600

    # -- marking ----------------------------------------------------------------------------------

    def _check_marks(self):
        """The gate marks presence.

        :raises AccessError: for everybody else
        """
        self.check_access("read")
        if self.env.su or self.env.user.has_group("tibillet_event.tibillet_event_group_gate"):
            return self.sudo()  # the gate writes presence and nothing else
        raise AccessError(self.env._("Presence is marked by who works at the gate."))

    def action_present(self):
        """Came, now."""
        for one_sudo in self._check_marks():
            if one_sudo.state not in ("proposed", "confirmed", "absent"):
                raise UserError(
                    self.env._("%s is marked already, or cancelled.", one_sudo.display_name)
                )
            one_sudo._came(fields.Datetime.now())

    def action_gone(self):
        """Left, now."""
        for one_sudo in self._check_marks():
            if one_sudo.state != "present":
                raise UserError(self.env._("%s has not come yet.", one_sudo.display_name))
            one_sudo.presence_end = max(fields.Datetime.now(), one_sudo.presence_begin)

    def _came(self, at):
        self.write({"state": "present", "presence_begin": at, "presence_end": False})

    @api.model
    def _tibillet_present(self, holder, at=None):
        """Somebody taps or is scanned: they came; later again, they left.

        The seam of the till and the gate, which check who asks.

        :param holder: a ``tibillet.card`` or a ``res.partner``
        :param at: when, if it was offline
        :returns: ``{"ok", "code", "message"}``: ``came``, ``left``, ``twice``, or why not
        :raises LedgerError: ``card_lost``, ``card_blocked``
        """
        at = at or fields.Datetime.now()
        row_sudo = self._tibillet_row_of(holder, at)
        if not row_sudo:
            return _answer(False, "no_shift", self.env._("There is no shift of this person now."))
        name = row_sudo.display_name
        if row_sudo.state != "present":
            row_sudo._came(at)
            return _answer(True, "came", self.env._("%s: welcome!", name))
        if at - (row_sudo.presence_end or row_sudo.presence_begin) < TWICE:
            return _answer(True, "twice", self.env._("%s: that is noted already.", name))
        row_sudo.presence_end = at
        when = format_datetime(self.env, at, tz=row_sudo.shift_id._tz(), dt_format="HH:mm")
        return _answer(True, "left", self.env._("%(name)s left at %(time)s.", name=name, time=when))

    @api.model
    def _tibillet_at_gate(self, card, events):
        """A card is tapped at a gate of these events: a volunteer of theirs has come.

        Nobody leaves by it: who works goes in and out.

        :raises LedgerError: ``card_lost``, ``card_blocked``
        """
        rows_sudo = self.sudo()  # a gate reads no volunteers
        rows_sudo = rows_sudo.with_context(allowed_company_ids=events.company_id.ids)
        row_sudo = rows_sudo._tibillet_row_of(card)
        shift_sudo = row_sudo.shift_id
        here = shift_sudo.event_id & events or (
            shift_sudo.festival_id & events.tibillet_festival_id
        )
        if here and row_sudo.state in ("proposed", "confirmed", "absent"):
            row_sudo._came(fields.Datetime.now())

    @api.model
    def _tibillet_row_of(self, holder, at=None):
        """The row of the shift that this holder is on, comes to or has just left; in sudo.

        :raises LedgerError: ``card_lost``, ``card_blocked``
        """
        at = at or fields.Datetime.now()
        person, _card = self.env["tibillet.day.right"]._holder(holder)
        rows_sudo = self.sudo()  # of whoever stands at the till or the gate
        if not person:
            return rows_sudo.browse()
        rows_sudo = rows_sudo.search(
            [
                ("partner_id", "=", person.id),
                ("company_id", "in", self.env.companies.ids),
                ("state", "!=", "cancelled"),
                ("date_begin", "<=", at + EARLY),
                ("date_end", ">=", at - EARLY),
            ]
        )
        here = rows_sudo.filtered(lambda row: row.state == "present" and not row.presence_end)
        began = rows_sudo.filtered(lambda row: row.date_begin <= at < row.date_end)
        return (here or began or rows_sudo)[:1]


def _answer(ok, code, message):
    return {"ok": ok, "code": code, "message": message}
