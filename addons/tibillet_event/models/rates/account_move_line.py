from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # As on the order: a sum off must not lose a cent between the order and its invoice.
    discount = fields.Float(digits=False, min_display_digits="Discount")
