from odoo import fields, models
from odoo.exceptions import UserError


class EventQuestion(models.Model):
    """A question may be asked of some rates only, beside Odoo's own: per event, place or order."""

    _inherit = "event.question"

    tibillet_rate_ids = fields.Many2many(
        "event.event.ticket",
        "tibillet_question_rate_rel",
        "question_id",
        "ticket_id",
        string="Only for rates",
        copy=False,
        domain="[('event_id', 'in', event_ids)]",
        help="Asked of places at these rates; none: of all. Of places, not once per order.",
    )

    def write(self, vals):
        """A name that every place must have is not asked once for all."""
        if vals.get("once_per_order") and any(
            question.question_type == "name" and question.event_ids._tibillet_asks_names()
            for question in self
        ):
            raise UserError(
                self.env._("An event with names on its places asks them of each place.")
            )
        return super().write(vals)

    def _tibillet_asked_of(self, rate_id):
        """Whether places at this rate are asked."""
        self.ensure_one()
        rates_sudo = self.sudo().tibillet_rate_ids  # a visitor is asked, and reads no links
        return not rates_sudo or rate_id in rates_sudo.ids

    def _tibillet_required(self, event, index, rate_id):
        """Whether the form insists on an answer; one name is enough unless each place needs one.

        :param index: number of the place in the form; 0: the order
        """
        self.ensure_one()
        if self.question_type == "phone":
            return False
        if self.question_type == "name" and index and event._tibillet_is_nominative(rate_id):
            return True
        if index > 1 and self.question_type in ("name", "email"):
            return False
        return self.is_mandatory_answer
