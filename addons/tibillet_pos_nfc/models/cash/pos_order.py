from odoo import api, fields, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    tibillet_shift_id = fields.Many2one(
        "tibillet.cash.shift",
        string="Cashier's part of the session",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="In whose hands the till was when this order arrived.",
    )

    def action_pos_order_paid(self):
        """A paid order belongs to the cashier who has the drawer when it arrives."""
        result = super().action_pos_order_paid()
        shifts_sudo = self.env["tibillet.cash.shift"].sudo()  # closed to cashiers
        for order in self.filtered(
            lambda order: not order.tibillet_shift_id and order.session_id._tibillet_has_shifts()
        ):
            order._tibillet_put_in(shifts_sudo._current_id(order.session_id))
        self._tibillet_tell_live()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tibillet_without_shift(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tibillet_without_shift(vals))

    @api.model
    def _tibillet_without_shift(self, vals):
        """In whose hands it was is the server's word: cash could be put on a colleague's count."""
        return {name: value for name, value in vals.items() if name != "tibillet_shift_id"}

    def _tibillet_put_in(self, shift_id):
        # The only door to this field.
        # pylint: disable=missing-return,super-method-mismatch
        super().write({"tibillet_shift_id": shift_id})

    def _tibillet_tell_live(self):
        """Tell the live page that there is something new; it carries no figure."""
        for company in self.company_id:
            self.env["bus.bus"]._sendone((company, "tibillet_live"), "tibillet_live", {})
