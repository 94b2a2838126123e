from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosOrder(models.Model):
    _inherit = "pos.order"

    tibillet_age_seen = fields.Boolean(
        string="Age seen",
        copy=False,
        help="The cashier saw a proof of age for this basket. Nothing else is kept of it.",
    )
    tibillet_usual_total = fields.Float(
        string="At the usual prices",
        copy=False,
        aggregator=None,
        help="What the goods cost without the prices that the card opened. 0 when it opened none.",
    )
    tibillet_law_note = fields.Char(
        string="Sold against a rule",
        readonly=True,
        copy=False,
        help="A sale that took place is recorded. This is the rule of the goods it broke.",
    )

    @api.constrains("state")
    def _check_tibillet_law(self):
        """The law of the goods, on whatever way the order became paid.

        Where a card has paid, the goods have left and the sale is recorded whatever it was
        (architecture, 6): the broken rule is written on it. So is it for what was ordered
        without the staff, whose age is seen when the goods are handed over.
        """
        for order in self.filtered(lambda order: order.state == "paid"):
            refusal = order._tibillet_law_refusal()
            if not refusal:
                continue
            if order.source != "pos" or order.payment_ids._tibillet_wallet_lines():
                order_sudo = order.sudo()  # the note is closed to cashiers
                order_sudo._tibillet_note(str(refusal))
            else:
                raise ValidationError(str(refusal))

    def _tibillet_law_refusal(self):
        self.ensure_one()
        sold = self.lines.filtered(lambda line: line.qty > 0).product_id.ids
        if not sold:
            return None
        law = self.env["tibillet.law"]
        payments = self.payment_ids
        if payments.filtered(lambda payment: payment._tibillet_is_credit):
            refusal = law._refusal_of_credit(sold)
            if refusal:
                return refusal
        refusal = self.lines._tibillet_price_refusal()
        if refusal:
            return refusal
        partners = self.partner_id | payments._tibillet_holders()
        return law._refusal(
            self.config_id, sold, partners=partners, age_seen=self.tibillet_age_seen
        ) or self.env["tibillet.prices"]._refusal(self, partners)

    def _tibillet_note(self, sentence):
        # The only door to this field: our own `write` leaves out what anybody else sends.
        # pylint: disable=missing-return,super-method-mismatch
        super().write({"tibillet_law_note": sentence})

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tibillet_without_note(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tibillet_without_note(vals))

    @api.model
    def _tibillet_without_note(self, vals):
        """The till sends its copy back; the server keeps its own."""
        return {name: value for name, value in vals.items() if name != "tibillet_law_note"}
