"""Gifts in the documents of an order: its invoice, and what takes it out of a closed session."""

from odoo import fields, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _tibillet_gift_taxes(self, base_lines):
        """Work the taxes of gifts out, as Odoo does for the lines of the order itself."""
        taxes = self.env["account.tax"]
        company = self.company_id
        taxes._add_tax_details_in_base_lines(base_lines, company)
        taxes._round_base_lines_tax_details(base_lines, company)
        taxes._add_accounting_data_in_base_lines_tax_details(
            base_lines, company, include_caba_tags=True
        )
        return taxes._prepare_tax_lines(base_lines, company)

    def _prepare_invoice_lines(self, move_type):
        """A line for each gift, with the account and the taxes of what it lowers.

        Without product: it has no cost of its own.
        """
        commands = super()._prepare_invoice_lines(move_type)
        for order in self:
            turned = (move_type == "out_invoice") == order.is_refund
            for base_line in order.lines._tibillet_gift_base_lines():
                commands.append(
                    fields.Command.create(
                        {
                            "name": base_line["name"],
                            "account_id": base_line["account_id"].id,
                            "quantity": -base_line["quantity"] if turned else base_line["quantity"],
                            "price_unit": base_line["price_unit"],
                            "tax_ids": [fields.Command.set(base_line["tax_ids"].ids)],
                            "extra_tax_data": self.env[
                                "account.tax"
                            ]._export_base_line_extra_tax_data(base_line),
                        }
                    )
                )
        return commands

    def _prepare_aml_values_list_per_nature(self):
        """An order invoiced after its session is taken out of it as it went in: gifts lowered."""
        values = super()._prepare_aml_values_list_per_nature()
        base_lines = self.lines._tibillet_gift_base_lines()
        if not base_lines:
            return values
        sign = 1 if self.amount_total < 0 else -1
        rate = self.currency_id._get_conversion_rate(
            self.currency_id, self.company_id.currency_id, self.company_id, self.date_order
        )
        results = self._tibillet_gift_taxes(base_lines)
        for tax_line in results["tax_lines_to_add"]:
            values["tax"].append({**tax_line, "display_type": "tax"})
        for base_line, found in results["base_lines_to_update"]:
            line = self._prepare_product_aml_dict(base_line, found, rate, sign)
            values["product"].append({**line, "name": base_line["name"], "quantity": 0})
        for payment in self.payment_ids.filtered("tibillet_gift"):
            account = payment.payment_method_id.receivable_account_id
            unpaid = payment._tibillet_not_received()
            gift = self.session_id._amount_converter(unpaid, self.date_order, False)
            for line in values["payment_terms"]:
                if line["account_id"] == account.id:
                    line["amount_currency"] -= unpaid
                    line["balance"] -= gift
                    break
        return values
