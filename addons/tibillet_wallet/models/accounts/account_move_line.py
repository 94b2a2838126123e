"""A posted journal item neither comes to a wallet's account nor leaves it by hand."""

from odoo import api, models

#: What an item of our entries keeps once it is posted.
KEPT = {"account_id", "balance", "debit", "credit", "amount_currency", "currency_id", "partner_id"}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        # Odoo looks at a move when it is posted; what is added to it afterwards passes here only.
        posted = lines.filtered(lambda line: line.parent_state == "posted")
        posted.move_id._tibillet_check_one_writer()
        return lines

    def write(self, vals):
        """:raises UserError: when an item of the wallet's ledger changes, or another's joins it"""
        kept = KEPT & vals.keys()
        posted = self.filtered(lambda line: kept and line.parent_state == "posted")
        if posted:
            changed = posted.filtered(
                lambda line: any(
                    posted.move_id._field_will_change(line, vals, name) for name in kept
                )
            )
            changed.move_id._tibillet_own_moves()._tibillet_refuse_ledger_moves()
        result = super().write(vals)
        if "account_id" in kept:
            posted.move_id._tibillet_check_one_writer()
        return result
