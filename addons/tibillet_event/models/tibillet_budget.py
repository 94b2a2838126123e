from odoo import api, fields, models


class TibilletBudget(models.Model):
    """A budget may be an event's: it takes its name and its days unless others are written."""

    _inherit = "tibillet.budget"

    event_id = fields.Many2one(
        "event.event",
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        groups="event.group_event_registration_desk",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_event(dict(vals)) for vals in vals_list])

    @api.model
    def _with_event(self, values):
        """What is not said follows from the event; its days are those of its own time zone."""
        event_sudo = self.env["event.event"].sudo().browse(values.get("event_id") or [])  # names
        if event_sudo:
            local = event_sudo.with_context(tz=event_sudo.date_tz)
            values.setdefault("name", event_sudo.name)
            if not values.get("analytic_account_id"):
                for name, at in (("date_from", "date_begin"), ("date_to", "date_end")):
                    if not values.get(name):
                        values[name] = fields.Datetime.context_timestamp(
                            local, event_sudo[at]
                        ).date()
        return values

    @api.onchange("event_id")
    def _onchange_event_id(self):
        """The form shows what will be written, before it is."""
        for budget in self.filtered("event_id"):
            values = budget._with_event({"event_id": budget.event_id.id})
            budget.name = budget.name or values["name"]
            budget.date_from = budget.date_from or values["date_from"]
            budget.date_to = budget.date_to or values["date_to"]
