from odoo import api, fields, models

LIMITS = ("tibillet_tap_limit", "tibillet_stored_limit", "tibillet_spent_limit")


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_tap_limit_minor = fields.Integer(
        string="Most an anonymous card pays per tap",
        default=5000,
        help="In the smallest unit of the company's currency (cents); 0 = no limit.",
    )
    tibillet_stored_limit_minor = fields.Integer(
        string="Most an anonymous card stores",
        default=15000,
        help="Of money that this company issues, with what others issued in the same currency. "
        "In the smallest unit of the currency (cents); 0 = no limit.",
    )
    tibillet_spent_limit_minor = fields.Integer(
        string="Most an anonymous card pays in 30 days",
        default=15000,
        help="In the smallest unit of the company's currency (cents); 0 = no limit.",
    )

    # The same for people: in the currency, exact to its smallest unit.
    tibillet_tap_limit = fields.Monetary(
        string="Per tap", compute="_compute_tibillet_limits", inverse="_inverse_tibillet_tap_limit"
    )
    tibillet_stored_limit = fields.Monetary(
        string="Stored",
        compute="_compute_tibillet_limits",
        inverse="_inverse_tibillet_stored_limit",
    )
    tibillet_spent_limit = fields.Monetary(
        string="In 30 days",
        compute="_compute_tibillet_limits",
        inverse="_inverse_tibillet_spent_limit",
    )

    _tibillet_limits_positive = models.Constraint(
        "CHECK (tibillet_tap_limit_minor >= 0 AND tibillet_stored_limit_minor >= 0"
        " AND tibillet_spent_limit_minor >= 0)",
        "A ceiling is an amount, or 0 for none.",
    )

    @api.depends(*(f"{name}_minor" for name in LIMITS), "currency_id")
    def _compute_tibillet_limits(self):
        for company in self:
            for name in LIMITS:
                company[name] = company[f"{name}_minor"] / 10**company.currency_id.decimal_places

    def _inverse_tibillet_tap_limit(self):
        self._set_tibillet_limit("tibillet_tap_limit")

    def _inverse_tibillet_stored_limit(self):
        self._set_tibillet_limit("tibillet_stored_limit")

    def _inverse_tibillet_spent_limit(self):
        self._set_tibillet_limit("tibillet_spent_limit")

    def _set_tibillet_limit(self, name):
        for company in self:
            company[f"{name}_minor"] = round(company[name] * 10**company.currency_id.decimal_places)

    @api.model_create_multi
    def create(self, vals_list):
        """Every company is a place, from its first minute."""
        companies = super().create(vals_list)
        self.env["tibillet.place"]._create_for(companies)
        return companies
