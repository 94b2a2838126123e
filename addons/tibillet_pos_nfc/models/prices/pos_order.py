"""Goods given away: by whom, why, up to how much. Prices of an hour: in that hour."""

from odoo import fields, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _tibillet_law_refusal(self):
        return (
            super()._tibillet_law_refusal()
            or self._tibillet_happy_refusal()
            or self._tibillet_offer_refusal()
        )

    def _tibillet_happy_refusal(self):
        """Why something is not sold at the price of a happy hour, as a sentence; or nothing.

        The till's own time counts, which the server has corrected: it may have been offline.
        """
        for line in self.lines.filtered(lambda line: line.qty > 0 and line.tibillet_happy_hour_id):
            rule_sudo = line.tibillet_happy_hour_id.sudo()  # archived ones too
            refusal = rule_sudo._refusal(
                self.config_id,
                line.product_id,
                self.date_order or fields.Datetime.now(),
                line.create_date,
            )
            if refusal:
                return refusal
        return ""

    def _tibillet_offer_refusal(self):
        """Why something on this order may not be given away, as a sentence; or nothing."""
        offered = self.lines._tibillet_offered()
        if not offered:
            return ""
        cup = offered.filtered(
            lambda line: line.product_id.tibillet_deposit or line._tibillet_moves_money
        )[:1]
        if cup:
            return self.env._(
                "“%(product)s” is not offered: who brings it back gets money for it.",
                product=cup.product_id.name,
            )
        reasons_sudo = self.env["tibillet.offer.reason"].sudo()  # of this company, whoever asks
        offered_sudo = offered.sudo()  # a reason of another company is none
        without_sudo = offered_sudo.filtered(
            lambda line_sudo: line_sudo.tibillet_offer_reason_id.company_id != self.company_id
        )
        kept = [("company_id", "=", self.company_id.id)]
        if without_sudo and reasons_sudo.search_count(kept, limit=1):
            return self.env._(
                "“%(product)s” is offered without a reason. Touch “Offer” and say why.",
                product=without_sudo[0].product_id.name,
            )
        return self._tibillet_offer_limit_refusal(offered)

    def _tibillet_offer_limit_refusal(self, offered):
        """A till manager offers freely, a cashier up to what the till allows in a session.

        Counted for whoever was signed in when the order arrived: the till cannot say otherwise.
        """
        if self._tibillet_offers_freely():
            return ""
        config_sudo = self.config_id.sudo()  # a cashier reads no rule of the till
        most = config_sudo.tibillet_offer_limit
        if not most:
            return self.env._(
                "Only a till manager offers goods here. Call one, or have “%(product)s” paid.",
                product=offered[:1].product_id.name,
            )
        others_sudo = self.sudo().search(  # their own, of the same session
            [
                ("session_id", "=", self.session_id.id),
                ("create_uid", "=", self.env.uid),
                ("employee_id", "=", self.employee_id.id),
                ("state", "in", ("paid", "done", "invoiced")),
                ("id", "!=", self.id),
            ]
        )
        before = others_sudo.lines._tibillet_offered()._tibillet_offered_value()
        total = before + offered._tibillet_offered_value()
        if self.currency_id.compare_amounts(total, most) <= 0:
            return ""
        return self.env._(
            "A cashier offers up to %(most)s a session here, and this makes %(total)s. Call a "
            "till manager, or take the offer back.",
            most=self.currency_id.format(most),
            total=self.currency_id.format(total),
        )

    def _tibillet_offers_freely(self):
        """The user who is signed in is a till manager, and so is the employee at the till."""
        if not self.env["tibillet.undo"]._is_manager():
            return False
        config_sudo = self.config_id.sudo()  # a cashier reads no employees
        employee_sudo = self.employee_id.sudo()
        return (
            not config_sudo.module_pos_hr
            or not employee_sudo
            or employee_sudo in config_sudo.advanced_employee_ids
            or employee_sudo.user_id == self.env.user
        )
