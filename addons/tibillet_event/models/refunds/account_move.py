from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """What was paid back before its order was invoiced is credited with the invoice."""
        posted = super()._post(soft=soft)
        lines = posted.filtered(lambda move: move.move_type == "out_invoice").invoice_line_ids
        orders = lines.sale_line_ids.order_id
        if orders:
            # sudo: who invoices sells no tickets
            refunds_sudo = self.env["tibillet.ticket.refund"].sudo()
            refunds_sudo.search(
                [("order_id", "in", orders.ids), ("credit_note_id", "=", False), ("amount", ">", 0)]
            )._credit()
        return posted
