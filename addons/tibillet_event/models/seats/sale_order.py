from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.http import request

from ...exceptions import SeatsError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    tibillet_registration_ids = fields.One2many(
        "event.registration", "sale_order_id", string="Registrations"
    )
    tibillet_hold_until = fields.Datetime(
        string="Seats held until", compute="_compute_tibillet_hold_until"
    )

    @api.depends("tibillet_registration_ids.tibillet_hold_until", "tibillet_registration_ids.state")
    def _compute_tibillet_hold_until(self):
        for order in self:
            waiting = order.tibillet_registration_ids.filtered(
                lambda one: one.state == "draft" and one.tibillet_hold_until
            )
            order.tibillet_hold_until = min(waiting.mapped("tibillet_hold_until"), default=False)

    def _tibillet_hold_seconds(self):
        """Seconds until the first seat of the order goes back; False when none waits."""
        self.ensure_one()
        until = self.tibillet_hold_until
        if not until:
            return False
        return max(0, int((until - self.env["tibillet.seats"]._now()).total_seconds()))

    def _verify_updated_quantity(self, order_line, product_id, new_qty, uom_id, **kwargs):
        """The visitor's own hold counts as free for the visitor."""
        mine = request and request.env.context.get("tibillet_hold_ids")
        order = self.with_context(tibillet_hold_ids=mine) if mine else self
        line = order_line.with_env(order.env) if order_line else order_line
        return super(SaleOrder, order)._verify_updated_quantity(
            line, product_id, new_qty, uom_id, **kwargs
        )

    def _check_cart_is_ready_to_be_paid(self):
        """Nobody is sent to pay for a seat that is not held."""
        result = super()._check_cart_is_ready_to_be_paid()
        self._tibillet_keep_seats()
        return result

    def _tibillet_keep_seats(self):
        """Take again what ran out, if it is still there.

        :raises ValidationError: says what is gone
        """
        seats = self.env["tibillet.seats"]
        for order in self:
            waiting = order.tibillet_registration_ids.filtered(lambda one: one.state == "draft")
            ended = waiting.filtered(
                lambda one: (
                    not one.tibillet_seated
                    or (one.tibillet_hold_until and one.tibillet_hold_until <= seats._now())
                )
            )
            if not ended:
                continue
            until = seats._deadline(seats._minutes(order.company_id))
            try:
                ended_sudo = ended.sudo()  # the visitor's own order
                ended_sudo.write({"tibillet_hold_until": until})
            except SeatsError as refusal:
                raise ValidationError(
                    self.env._(
                        "The time for this order ran out, and meanwhile others have taken seats. "
                        "%s Nothing was charged: take these tickets out of the basket and choose "
                        "again.",
                        refusal,
                    )
                ) from refusal

    def _tibillet_begin_payment(self):
        """A payment is on its way: the seats wait a grace longer than the countdown says."""
        self._tibillet_keep_seats()
        for order in self:
            waiting = order.tibillet_registration_ids.filtered(lambda one: one.state == "draft")
            company_sudo = order.company_id.sudo()  # a visitor reads no company
            grace = timedelta(minutes=company_sudo.tibillet_grace_minutes)
            for until, registrations in waiting.grouped("tibillet_hold_until").items():
                if until:
                    registrations_sudo = registrations.sudo()  # the visitor's own order
                    registrations_sudo.tibillet_release_at = until + grace

    def _send_payment_succeeded_for_order_mail(self):
        """Who paid too late is told that the money comes back, and nothing else."""
        too_late = self.filtered(
            lambda order: any(order.transaction_ids.mapped("tibillet_too_late"))
        )
        return super(SaleOrder, self - too_late)._send_payment_succeeded_for_order_mail()
