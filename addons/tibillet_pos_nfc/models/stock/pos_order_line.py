from odoo import api, fields, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    tibillet_keg_id = fields.Many2one(
        "product.product",
        string="Served from",
        readonly=True,
        ondelete="restrict",
        help="As it was when the line was made: what comes back goes back there.",
    )
    tibillet_keg_part = fields.Float(
        string="Taken by each glass",
        readonly=True,
        digits=(16, 6),
        aggregator=None,
        help="In the unit of the keg.",
    )
    tibillet_added_at = fields.Datetime(
        string="Put into the basket",
        copy=False,
        help="By the till's clock: what was ordered before it was sold out is still paid.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What a glass takes is what its article says that day, whatever the till sends; what is
        given back is what was taken."""
        products = self.env["product.product"].browse(vals.get("product_id") for vals in vals_list)
        for vals, product in zip(vals_list, products, strict=True):
            vals.update(self._tibillet_keg_values(vals, product))
        return super().create(vals_list)

    def _tibillet_keg_values(self, vals, product):
        origin_sudo = self.sudo().browse(vals.get("refunded_orderline_id") or [])  # any till's
        if origin_sudo:
            return {
                "tibillet_keg_id": origin_sudo.tibillet_keg_id.id,
                "tibillet_keg_part": origin_sudo.tibillet_keg_part,
            }
        part = product.product_tmpl_id._tibillet_keg_part() if product else None
        return {
            "tibillet_keg_id": part.keg.id if part else False,
            "tibillet_keg_part": part.quantity if part else 0,
        }

    def write(self, vals):
        kept = ("tibillet_keg_id", "tibillet_keg_part")
        return super().write({name: vals[name] for name in vals if name not in kept})

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "tibillet_added_at"]

    # -- cost ----------------------------------------------------------------------------

    def _is_product_storable_fifo_avco(self):
        """Where the keg's cost waits for its move, so does the glass's."""
        self.ensure_one()
        if self.tibillet_keg_id:
            return self.tibillet_keg_id.sudo().cost_method in ("fifo", "average")
        return super()._is_product_storable_fifo_avco()

    def _compute_total_cost(self, stock_moves):
        """A glass costs its share of the keg."""
        served = self.filtered(
            lambda line: line.tibillet_keg_id and not line.is_total_cost_computed
        )
        for line in served:
            keg_sudo = line.tibillet_keg_id.sudo()  # a cashier reads no cost
            moves_sudo = stock_moves.sudo().filtered(
                lambda move, keg=keg_sudo: move.product_id == keg
            )
            waited = line._is_product_storable_fifo_avco() and moves_sudo
            cost = moves_sudo._get_price_unit() if waited else keg_sudo.standard_price
            line.total_cost = (
                line.qty
                * line.tibillet_keg_part
                * keg_sudo.cost_currency_id._convert(
                    from_amount=cost,
                    to_currency=line.currency_id,
                    company=line.company_id or self.env.company,
                    date=line.order_id.date_order or fields.Date.today(),
                    round=False,
                )
            )
            line.is_total_cost_computed = True
        return super(PosOrderLine, self - served)._compute_total_cost(stock_moves)
