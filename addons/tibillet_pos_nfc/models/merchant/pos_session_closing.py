"""The closing of a merchant's till: a sale for a third party is neither turnover nor VAT here.

What its till took of the organiser's own assets is in the merchant's wallet: the ledger's entry
owes it. What came otherwise (cash and bank cards of the organiser, assets of other issuers, what
a card still owes) the organiser holds for it: one line of this entry, on an account of the
merchant's own. What the merchant took itself is in no books here.
"""

from odoo import models
from odoo.tools import frozendict


class PosSession(models.Model):
    _inherit = "pos.session"

    def _accumulate_amounts(self, data):
        data = super()._accumulate_amounts(data)
        if self.config_id.tibillet_merchant_id:
            held = self._tibillet_take_sales_out(data) + self._tibillet_take_money_out(data)
            data["tibillet_held"] = self.currency_id.round(held)
        return data

    def _tibillet_take_sales_out(self, data):
        """Take the merchant's goods and their taxes out of what is to be booked.

        :returns: what they came to, credit below zero
        """
        taxes = self.env["account.tax"]
        moved = self.env["tibillet.figures"]._moved_products(self.company_id)
        total = 0.0
        for order in self._get_closed_orders():
            base_lines = [
                base_line
                for base_line in order.with_context(
                    linked_to_pos=True
                )._prepare_tax_base_line_values()
                if base_line["product_id"].id not in moved
            ]
            taxes._add_tax_details_in_base_lines(base_lines, order.company_id)
            taxes._round_base_lines_tax_details(base_lines, order.company_id)
            taxes._add_accounting_data_in_base_lines_tax_details(
                base_lines, order.company_id, include_caba_tags=True
            )
            results = taxes._prepare_tax_lines(base_lines, order.company_id)
            for base_line, found in results["base_lines_to_update"]:
                key = frozendict(self._get_sale_key(base_line))
                self._tibillet_lower(data["sales"], key, found["amount_currency"], order)
                total += found["amount_currency"]
            for tax_line in results["tax_lines_to_add"]:
                key = (
                    tax_line["account_id"],
                    tax_line["tax_repartition_line_id"],
                    tuple(tax_line["tax_tag_ids"][0][2]),
                )
                base = tax_line["tax_base_amount"]
                self._tibillet_lower(data["taxes"], key, tax_line["amount_currency"], order, base)
                total += tax_line["amount_currency"]
        for name in ("sales", "taxes"):
            self._tibillet_drop_nothing(data[name])
        return total

    def _tibillet_take_money_out(self, data):
        """Take out what the merchant has already: in its wallet, or in its own hands.

        :returns: the sum, a debit above zero
        """
        till = self.env["tibillet.till"]
        cards = data["combine_receivables_pay_later"]
        digits = 10**self.currency_id.decimal_places
        total = 0.0
        for order in self._get_closed_orders():
            for payment in order.payment_ids:
                method = payment.payment_method_id
                if method.tibillet_merchant_id:
                    amount = payment.amount
                elif method._tibillet_is_wallet:
                    amount = till._paid_to_merchant(payment) / digits
                else:
                    continue
                self._tibillet_lower(cards, method, amount, order)
                total += amount
        self._tibillet_drop_nothing(cards)
        return total

    def _tibillet_lower(self, amounts, key, amount, order, base=None):
        """Take one amount out of those that are summed under a key."""
        lowered = {"amount": -amount}
        if base is not None:
            lowered["base_amount"] = -base
        amounts[key] = self._update_amounts(amounts[key], lowered, order.date_order)

    def _tibillet_drop_nothing(self, amounts):
        for key in [key for key, row in amounts.items() if self._tibillet_is_nothing(row)]:
            del amounts[key]

    def _tibillet_is_nothing(self, row):
        zero = self.currency_id.is_zero
        return zero(row["amount"]) and zero(row.get("base_amount", 0))

    def _create_non_reconciliable_move_lines(self, data):
        data = super()._create_non_reconciliable_move_lines(data)
        amount = data.get("tibillet_held", 0)
        if not self.currency_id.is_zero(amount):
            converted = self._amount_converter(amount, self.start_at, True)
            data["MoveLine"].create(self._tibillet_prepare_held(amount, converted))
        return data

    def _tibillet_prepare_held(self, amount, converted):
        merchant_sudo = self.config_id.sudo().tibillet_merchant_id  # cashiers close tills too
        partner_sudo = merchant_sudo.partner_id.commercial_partner_id
        account = self.env["tibillet.book.account"]._account(
            self.company_id, "merchant", merchant_sudo.partner_id
        )
        values = {
            "name": self.env._(
                "Held for %(merchant)s, %(session)s",
                merchant=merchant_sudo.partner_id.name,
                session=self.name,
            ),
            "account_id": account.id,
            "partner_id": partner_sudo.id,
            "move_id": self.move_id.id,
        }
        if amount > 0:
            return self._debit_amounts(values, amount, converted)
        return self._credit_amounts(values, -amount, -converted)

    def _validate_session(
        self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None
    ):
        result = super()._validate_session(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )
        if self.state == "closed" and self.config_id.tibillet_merchant_id:
            # All of it may be in the merchant's wallet: no entry is made, the orders are done.
            paid = self.order_ids.filtered(lambda order: order.state == "paid")
            paid.write({"state": "done"})
        return result
