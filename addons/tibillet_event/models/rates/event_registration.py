from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EventRegistration(models.Model):
    _inherit = "event.registration"

    tibillet_option_ids = fields.Many2many("tibillet.rate.option", string="Options")
    tibillet_guest_list_id = fields.Many2one(
        "tibillet.guest.list", string="Guest list", index="btree_not_null", ondelete="restrict"
    )

    @api.depends("sale_order_id.state", "sale_order_id.currency_id", "sale_order_id.amount_total")
    def _compute_registration_status(self):
        """A basket that costs nothing is still a basket: its places are not given yet.

        Odoo opens them (ticket and mail) as soon as the total is 0, so a code of 100 % would
        hand out the tickets before anybody has confirmed.
        """
        drafts = self.filtered(
            lambda one: (
                one.sale_order_id.state in ("draft", "sent") and one.state in (False, "draft")
            )
        )
        result = super()._compute_registration_status()
        drafts.filtered(lambda one: one.state == "open").state = "draft"
        return result

    # -- invitations -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A guest's event and rate are those of the list; the list's places are counted."""
        registrations = super().create([self._of_a_list(vals) for vals in vals_list])
        registrations.tibillet_guest_list_id._check_not_over()
        return registrations

    def write(self, vals):
        result = super().write(vals)
        if {"tibillet_guest_list_id", "state", "active"} & vals.keys():
            self.filtered(
                lambda one: one.state != "cancel"
            ).tibillet_guest_list_id._check_not_over()
        return result

    @api.model
    def _of_a_list(self, vals):
        if not vals.get("tibillet_guest_list_id"):
            return vals
        guest_list = self.env["tibillet.guest.list"].browse(vals["tibillet_guest_list_id"])
        return {
            **vals,
            "event_id": guest_list.event_id.id,
            "event_ticket_id": guest_list.ticket_id.id,
        }

    @api.constrains("tibillet_guest_list_id", "event_ticket_id")
    def _check_guest_list(self):
        for one in self:
            guest_list = one.tibillet_guest_list_id
            if guest_list and one.event_ticket_id != guest_list.ticket_id:
                raise ValidationError(
                    self.env._("A guest of a list keeps the rate “%s”.", guest_list.ticket_id.name)
                )
