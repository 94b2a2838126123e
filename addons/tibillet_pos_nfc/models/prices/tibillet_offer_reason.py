from odoo import api, fields, models


class TibilletOfferReason(models.Model):
    """Why a till gives goods away: a short list that each company keeps."""

    _name = "tibillet.offer.reason"
    _description = "Reason for which goods are offered"
    _inherit = ["pos.load.mixin"]
    _order = "sequence, id"

    name = fields.Char(string="Reason", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help="A reason that was used is archived, never deleted: past sales name it."
    )
    company_id = fields.Many2one(
        "res.company",
        string="Company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )

    @api.model
    def _load_pos_data_domain(self, data, config):
        return [("company_id", "=", config.company_id.id)]

    @api.model
    def _load_pos_data_fields(self, config):
        return ["id", "name", "sequence"]

    @api.model
    def _usual(self):
        return (
            self.env._("Team"),
            self.env._("Artist"),
            self.env._("Spilt"),
            self.env._("Goodwill"),
        )

    @api.model
    def _ensure_usual(self, companies=None):
        """Give companies that never had a reason the usual four, in every language installed."""
        reasons_sudo = self.sudo().with_context(active_test=False)  # of every company
        companies_sudo = self.env["res.company"].sudo()  # also those that the user is not in
        companies = companies or companies_sudo.search([])
        without = companies - reasons_sudo.search([("company_id", "in", companies.ids)]).company_id
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for company in without:
            made_sudo = reasons_sudo.create(
                [
                    {"name": name, "company_id": company.id, "sequence": 10 * place}
                    for place, name in enumerate(self._usual(), 1)
                ]
            )
            for code in languages:
                spoken = self.with_context(lang=code)
                for reason_sudo, name in zip(made_sudo, spoken._usual(), strict=True):
                    reason_sudo.with_context(lang=code).name = name
