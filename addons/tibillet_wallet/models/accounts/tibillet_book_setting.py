from odoo import api, fields, models

from ..books.res_company import FRENCH_CHARTS


class TibilletBookSetting(models.TransientModel):
    """By which rules a company keeps its books."""

    _name = "tibillet.book.setting"
    _description = "Rules of the wallet's books"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    association = fields.Boolean(
        string="This company is an association",
        compute="_compute_association",
        store=True,
        readonly=False,
        precompute=True,
    )
    effect = fields.Char(compute="_compute_effect")

    @api.depends("company_id")
    def _compute_association(self):
        for form in self:
            company_sudo = form.company_id.sudo()  # the one value, of one's own company
            form.association = company_sudo.tibillet_association

    @api.depends("association", "company_id")
    def _compute_effect(self):
        for form in self:
            company_sudo = form.company_id.sudo()  # its chart
            if not form.association:
                form.effect = self.env._(
                    "What holders give is other income. Accounts that exist stay."
                )
            elif company_sudo.root_id.chart_template in FRENCH_CHARTS:
                form.effect = self.env._(
                    "Gifts of holders are donations (754), membership fees 756, volunteers' hours "
                    "864 and 875: the accounts that are missing are made, under free numbers. What "
                    "is written on another account stays there."
                )
            else:
                form.effect = self.env._(
                    "The numbers 754, 756, 864 and 875 are those of the French chart: no account "
                    "is made in this one. Volunteers' hours may be written all the same."
                )

    def action_apply(self):
        """Note it, and make the accounts.

        :raises AccessError: for anybody but an accountant of the company
        """
        self.ensure_one()
        self.check_access("write")
        self.company_id._tibillet_set_association(self.association)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
