from odoo import api, fields, models

from ...fields import BigInteger


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_owed_ceiling_minor = BigInteger(
        string="Most that the place may owe all others (minor units)",
        default=0,
        required=True,
        aggregator=None,
        help="In the smallest unit of the company's currency (cents); 0 = no ceiling.",
    )
    tibillet_owed_ceiling = fields.Monetary(
        string="Most that the place may owe all others",
        compute="_compute_tibillet_owed_ceiling",
        inverse="_inverse_tibillet_owed_ceiling",
        help="Over all assets and all places together, each pair netted. At 100 % it loads and "
        "takes no more of what would make it owe more, until it settles. 0 = no ceiling.",
    )
    tibillet_owed_warned = fields.Integer(
        default=0, required=True, readonly=True, copy=False, aggregator=None
    )

    _tibillet_owed_ceiling_positive = models.Constraint(
        "CHECK (tibillet_owed_ceiling_minor >= 0)", "A ceiling is an amount, or 0 for none."
    )

    @api.depends("tibillet_owed_ceiling_minor", "currency_id")
    def _compute_tibillet_owed_ceiling(self):
        for company in self:
            unit = 10**company.currency_id.decimal_places
            company.tibillet_owed_ceiling = company.tibillet_owed_ceiling_minor / unit

    def _inverse_tibillet_owed_ceiling(self):
        for company in self:
            unit = 10**company.currency_id.decimal_places
            company.tibillet_owed_ceiling_minor = round(company.tibillet_owed_ceiling * unit)

    def write(self, vals):
        """A new ceiling binds from now on: what it is measured by is read anew."""
        result = super().write(vals)
        if {"tibillet_owed_ceiling", "tibillet_owed_ceiling_minor"} & vals.keys():
            self.env["tibillet.acceptance"]._keep_besides()
        return result

    def _tibillet_owed_in_all(self):
        """What the place owes all others together, each pair netted, in minor units of its
        currency: what a tap is measured by."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute("SELECT owed_minor FROM tibillet_owed_in_all(%s)", [self.id])
        return self.env.cr.fetchone()[0]

    def _tibillet_owes_text(self, amount_minor):
        return self.currency_id.format(amount_minor / 10**self.currency_id.decimal_places)
