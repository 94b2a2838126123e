from odoo import fields, models


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_gate_list_ids = fields.Many2many("tibillet.gate.list", string="Gate lists", copy=False)

    def action_tibillet_gate(self):
        """The gate lists of this event; the first one is made on the way."""
        self.ensure_one()
        lists = self.tibillet_gate_list_ids or self.env["tibillet.gate.list"].create(
            {
                "name": self.name,
                "company_id": self._tibillet_organiser().id,
                "event_ids": [(6, 0, self.ids)],
                "gate_ids": [(0, 0, {"name": self.env._("Entrance")})],
            }
        )
        mine = [("event_ids", "in", self.ids)]
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Gate"),
            "res_model": "tibillet.gate.list",
            "view_mode": "list,form",
            "domain": mine,
            "context": {"default_event_ids": [(6, 0, self.ids)]},
        }
        if len(lists) == 1:
            action |= {"view_mode": "form", "res_id": lists.id}
        return action
