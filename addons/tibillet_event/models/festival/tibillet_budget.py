from odoo import api, fields, models


class TibilletBudget(models.Model):
    """A budget may be a festival's: it takes its name and its days unless others are written."""

    _inherit = "tibillet.budget"

    festival_id = fields.Many2one(
        "tibillet.festival",
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        groups="event.group_event_registration_desk",
    )

    @api.model
    def _with_event(self, values):
        values = super()._with_event(values)
        festival_sudo = self.env["tibillet.festival"].sudo()  # its name and days
        festival_sudo = festival_sudo.browse(values.get("festival_id") or [])
        if festival_sudo:
            values.setdefault("name", festival_sudo.name)
            if not values.get("analytic_account_id"):
                for name in ("date_from", "date_to"):
                    values[name] = values.get(name) or festival_sudo[name]
        return values
