import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import pos_config

pos_config.MANAGERS_FIELDS |= {"tibillet_express_amounts", "tibillet_drawer_alert"}

EXPRESS = "10 20 30 50"
MOST_EXPRESS = 8


class PosConfig(models.Model):
    _inherit = "pos.config"

    tibillet_express_amounts = fields.Char(
        string="Express top-ups",
        default=EXPRESS,
        help="Amounts that one touch tops up, with spaces between them.",
    )
    tibillet_drawer_alert = fields.Monetary(
        string="Drawer alert below",
        default=200.0,
        help="The card page warns when a refund in cash would leave less than this in the drawer.",
    )

    @api.constrains("tibillet_express_amounts")
    def _check_tibillet_express_amounts(self):
        for config in self:
            config._tibillet_express_minor()

    def _tibillet_express_minor(self):
        """The express amounts in minor units, in the order in which they were written.

        :raises ValidationError: when one of them is no amount
        """
        self.ensure_one()
        amounts = []
        decimals = self.currency_id.decimal_places
        form = rf"\d{{1,6}}([.,]\d{{1,{decimals}}})?" if decimals else r"\d{1,6}"
        for text in (self.tibillet_express_amounts or "").split():
            if not re.fullmatch(form, text):
                raise ValidationError(
                    self.env._(
                        "“%s” is no amount. Write express top-ups like this: 10 20 30 50", text
                    )
                )
            amounts.append(round(float(text.replace(",", ".")) * 10**decimals))
        if len(amounts) > MOST_EXPRESS or 0 in amounts:
            raise ValidationError(
                self.env._("Write one to eight express top-ups, none of them zero.")
            )
        return amounts

    def _tibillet_employee_ids(self):
        """Employees who may be named on an order that the server makes for this till."""
        employees_sudo = self.env["hr.employee"].sudo()  # ids only
        return set(employees_sudo.search([("company_id", "=", self.company_id.id)]).ids)
