"""An order that undoes another one, whole: who asked, why, and never twice."""

from odoo import api, fields, models
from odoo.exceptions import UserError

UNDO_FIELDS = {"tibillet_undo_of_id", "tibillet_undo_reason"}


class PosOrder(models.Model):
    _inherit = "pos.order"

    tibillet_undo_of_id = fields.Many2one(
        "pos.order",
        string="Undoes",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The order that this one undoes, whole.",
    )
    tibillet_undo_ids = fields.One2many(
        "pos.order", "tibillet_undo_of_id", string="Undone by", readonly=True
    )
    tibillet_undo_reason = fields.Char(string="Why it was undone", readonly=True, copy=False)

    _tibillet_undo_once = models.UniqueIndex(
        "(tibillet_undo_of_id) WHERE tibillet_undo_of_id IS NOT NULL",
        "An order is undone once.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tibillet_without_undo(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tibillet_without_undo(vals))

    @api.model
    def _tibillet_without_undo(self, vals):
        """What undoes what is the server's word: a till could call any refund an undo."""
        return {name: vals[name] for name in vals.keys() - UNDO_FIELDS}

    def _tibillet_name_undone(self, order, reason):
        # The only door to these fields.
        # pylint: disable=missing-return,super-method-mismatch
        super().write({"tibillet_undo_of_id": order.id, "tibillet_undo_reason": reason or False})

    def action_pos_order_paid(self):
        """Check that what is given back goes the way it came, before anything is credited.

        :raises UserError: when money would be paid out for what a card paid
        """
        for order in self:
            order._tibillet_check_way_back()
        return super().action_pos_order_paid()

    def _tibillet_check_way_back(self):
        """What a card paid goes back to that card: as cash, a gift would leave the till as money.

        In money comes back at most what came in money, less what went back of it before. Cups
        are given back in cash whoever brings them, and named by no sale.
        """
        sale = self.lines.refunded_orderline_id.order_id
        if self.tibillet_undo_of_id or not sale.payment_ids._tibillet_wallet_lines():
            return
        others = sale.lines.refund_orderline_ids.order_id - self
        others = others.filtered(lambda order: order.state in ("paid", "done"))
        left = sum((sale | others)._tibillet_money().mapped("amount"))
        loose = self.lines.filtered(lambda line: line.qty < 0 and not line.refunded_orderline_id)
        left += sum(-line.price_subtotal_incl for line in loose)
        back = -sum(self._tibillet_money().mapped("amount"))
        if self.currency_id.compare_amounts(back, max(0, left)) > 0:
            raise UserError(
                self.env._(
                    "%(back)s of this sale may go back in money: the rest was paid by card. Tap "
                    "the card that paid it, or undo the sale. Nothing was given back.",
                    back=self.currency_id.format(max(0, left)),
                )
            )

    def _tibillet_money(self):
        return self.payment_ids - self.payment_ids._tibillet_wallet_lines()
