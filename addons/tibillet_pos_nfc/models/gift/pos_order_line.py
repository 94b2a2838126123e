"""What of a line its seller gave: a discount that a card brought, not a payment."""

from math import copysign

from odoo import api, fields, models

GIFT_FIELDS = {
    "tibillet_gift",
    "tibillet_gift_net",
    "tibillet_taxed",
    "tibillet_taxed_net",
}


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    tibillet_gift = fields.Monetary(
        string="No turnover",
        readonly=True,
        copy=False,
        help="What cards spent on this line that was a gift of this place, or was taxed when it "
        "was sold, tax included: turnover and tax are on the rest. Below zero when the line was "
        "taken back.",
    )
    tibillet_gift_net = fields.Monetary(
        string="No turnover, without tax", readonly=True, copy=False
    )
    tibillet_taxed = fields.Monetary(
        string="Taxed before",
        readonly=True,
        copy=False,
        help="The part of it that was turnover when the card was loaded: single-purpose money.",
    )
    tibillet_taxed_net = fields.Monetary(
        string="Taxed before, without tax",
        readonly=True,
        copy=False,
        help="What leaves the wallets' debt for it: revenue without tax, which was declared when "
        "the card was loaded.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tibillet_without_gift(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tibillet_without_gift(vals))

    @api.model
    def _tibillet_without_gift(self, vals):
        """What was given is the ledger's word, whatever a till sends."""
        return {name: vals[name] for name in vals.keys() - GIFT_FIELDS}

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "tibillet_gift", "tibillet_taxed"]

    def _tibillet_write_gift(self, gift, taxed=0, taxed_net=0):
        """The only door to these fields: what was given of this line or taxed before, and what of
        it is without tax."""
        # pylint: disable=missing-return,super-method-mismatch
        self.ensure_one()
        values = {
            "tibillet_gift": gift + taxed,
            "tibillet_gift_net": 0,
            "tibillet_taxed": taxed,
            "tibillet_taxed_net": taxed_net,
        }
        super().write(values)
        lowered = self._tibillet_lowering_lines()
        if not lowered:  # nothing but a tax of a fixed amount: no price to be lowered
            super().write(dict.fromkeys(values, 0))
            return
        net = 0
        for base_line in lowered:
            self.order_id._tibillet_gift_taxes([base_line])
            details = base_line["tax_details"]
            net += details["total_excluded_currency"] + details["delta_total_excluded_currency"]
        super().write({"tibillet_gift_net": copysign(net, gift + taxed)})

    def _tibillet_given_left(self, kind):
        """What had been given of this line and did not go back yet, or had been taxed before."""
        lines = self | self.refund_orderline_ids
        taxed = sum(lines.mapped("tibillet_taxed"))
        return taxed if kind == "tibillet_taxed" else sum(lines.mapped("tibillet_gift")) - taxed

    def _tibillet_gift_base_lines(self):
        """What changes the sale in the books, as Odoo's tax engine takes it: the discounts, and
        for what was taxed before its revenue without tax.

        :returns: list of base lines, exact to the cent
        """
        lines = self._tibillet_lowering_lines()
        for line in self.filtered("tibillet_taxed_net"):
            base_line = line._prepare_base_line_for_taxes_computation()
            lines.append(
                base_line
                | {
                    "name": line._tibillet_taxed_name(),
                    "tax_ids": self.env["account.tax"],
                    "price_unit": line._tibillet_turned() * line.tibillet_taxed_net,
                    "quantity": 1,
                    "discount": 0,
                    "manual_tax_amounts": None,
                }
            )
        return lines

    def _tibillet_turned(self):
        """Odoo turns the lines of an order that gives money back around."""
        return -1 if self.order_id.amount_total < 0 else 1

    def _tibillet_lowering_lines(self):
        """The discounts: same account and taxes as the line that each of them lowers."""
        taxes = self.env["account.tax"]
        lowered = []
        for line in self.filtered("tibillet_gift"):
            company = line.order_id.company_id
            parts = (
                ("gift", line.tibillet_gift - line.tibillet_taxed, line._tibillet_gift_name()),
                ("taxed", line.tibillet_taxed, line._tibillet_taxed_name()),
            )
            for kind, amount, name in parts:
                amount = line.order_id.currency_id.round(amount)
                if not amount:
                    continue
                base_line = line._prepare_base_line_for_taxes_computation()
                taxes._add_tax_details_in_base_lines([base_line], company)
                taxes._round_base_lines_tax_details([base_line], company)
                for discount in taxes._prepare_global_discount_lines(
                    [base_line],
                    company,
                    "fixed",
                    line._tibillet_turned() * amount,
                    computation_key=f"tibillet_{kind},{line.id}",
                ):
                    lowered.append(discount | {"record": line, "name": name})
        return lowered

    def _tibillet_taxed_name(self):
        partner = self.order_id.partner_id
        return self.with_context(lang=partner.lang or self.env.lang).env._(
            "Taxed when the card was loaded: %(product)s",
            product=self.full_product_name or self.product_id.display_name,
        )

    def _tibillet_gift_name(self):
        partner = self.order_id.partner_id
        return self.with_context(lang=partner.lang or self.env.lang).env._(
            "Gift of %(place)s: %(product)s",
            place=self.order_id.company_id.name,
            product=self.full_product_name or self.product_id.display_name,
        )
