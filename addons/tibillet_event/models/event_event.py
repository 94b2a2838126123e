from odoo import fields, models


class EventEvent(models.Model):
    """From an event to what it was to cost and bring, for who keeps the books."""

    _inherit = "event.event"

    tibillet_budget_ids = fields.One2many(
        "tibillet.budget",
        "event_id",
        string="Budgets",
        groups="tibillet_wallet.tibillet_wallet_group_accountant",
    )

    def action_tibillet_budget(self):
        """The budget of the event, or a new one that takes its name and its days.

        :raises AccessError: for who keeps no books
        """
        self.ensure_one()
        self.check_access("read")
        budgets = self.env["tibillet.budget"].search([("event_id", "=", self.id)])
        budgets.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Budgets of %s", self.name),
            "res_model": "tibillet.budget",
            "view_mode": "form" if len(budgets) < 2 else "list,form",
            **({"res_id": budgets.id} if len(budgets) == 1 else {}),
            "domain": [("event_id", "=", self.id)],
            "context": {
                "default_event_id": self.id,
                "default_company_id": self.company_id.id or self.env.company.id,
            },
        }
