from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TibilletFestival(models.Model):
    """Its tills: while it lasts they sell its days, its concerts and its passes."""

    _inherit = "tibillet.festival"

    till_ids = fields.Many2many(
        "pos.config",
        "tibillet_festival_till_rel",
        "festival_id",
        "config_id",
        string="Tills",
        copy=False,
        domain="[('company_id', '=', company_id)]",
        groups="point_of_sale.group_pos_manager",
        help="From a week before until the day after, these tills show the festival's events and "
        "no others.",
    )

    @api.constrains("till_ids", "company_id")
    def _check_tills(self):
        for festival_sudo in self.sudo():  # names of tills, for the sentence
            others = festival_sudo.till_ids.filtered(
                lambda till, festival=festival_sudo: till.company_id != festival.company_id
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(till)s is another place's: it cannot be a till of %(festival)s.",
                        till=others[0].name,
                        festival=festival_sudo.name,
                    )
                )
