from datetime import timedelta

from odoo import fields, models

#: A use is kept that long for a basket, and that long again once payment begins.
HELD_IN_BASKET = timedelta(minutes=15)
HELD_AT_PAYMENT = timedelta(hours=1)
CODES_PER_ORDER = 2


class SaleOrder(models.Model):
    """Codes on an order: what they take off, and their use, held and then counted."""

    _inherit = "sale.order"

    tibillet_code_use_ids = fields.One2many(
        "tibillet.code.use", "order_id", string="Codes", groups="event.group_event_user"
    )

    # -- which codes work ------------------------------------------------------------------------

    def _tibillet_uses_sudo(self):
        """Uses that stand on the order; buyers and sellers read no codes of their own right."""
        return self.sudo().tibillet_code_use_ids.filtered(lambda use: use.state != "released")

    def _tibillet_before_codes(self, line):
        """What a line costs before codes, its own discount taken off."""
        own = line._tibillet_own_discount()
        return line.price_unit * line.product_uom_qty * (1 - own / 100)

    def _tibillet_code_problem(self, code_sudo):
        """Why the code takes nothing off this order now, or an empty text."""
        self.ensure_one()
        if wrong := code_sudo._wrong_time():
            return wrong
        lines = self.order_line.filtered(code_sudo._applies_to)
        worth = sum(self._tibillet_before_codes(line) for line in lines)
        worth = self.currency_id._convert(
            worth, code_sudo.currency_id, self.company_id, fields.Date.today()
        )
        if wrong := code_sudo._wrong_basket(lines, worth):
            return wrong
        return "" if code_sudo._has_room(self) else code_sudo._used_up()

    def _tibillet_codes(self):
        """Codes that take something off, and the sentences of those that no longer do.

        :return: (codes, list of sentences); what was confirmed keeps its codes
        """
        self.ensure_one()
        uses_sudo = self._tibillet_uses_sudo()
        working_sudo, sentences = self.env["tibillet.code"].sudo(), []
        for use_sudo in uses_sudo:
            problem = ""
            if use_sudo.state == "held":
                problem = self._tibillet_code_problem(use_sudo.code_id)
            if problem:
                sentences.append(problem)
            else:
                working_sudo |= use_sudo.code_id
        return working_sudo, sentences

    # -- what they take off ----------------------------------------------------------------------

    def _tibillet_discounts(self, codes_sudo):
        """What each line's discount is with these codes; nothing is written.

        Percentages first, one after the other, then sums, shared by what the lines still cost.

        :return: {line: (own discount, discount with codes)} in percent
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: line.event_ticket_id)
        left = {line: self._tibillet_before_codes(line) for line in lines}
        for code_sudo in codes_sudo.sorted(lambda code: (code.kind != "percent", code.id)):
            mine = [line for line in lines if code_sudo._applies_to(line)]
            if code_sudo.kind == "percent":
                for line in mine:
                    left[line] *= 1 - code_sudo.percent / 100
            else:
                self._tibillet_take_off(left, mine, code_sudo)
        found = {}
        for line in lines:
            own = line._tibillet_own_discount()
            gross = line.price_unit * line.product_uom_qty
            before = gross * (1 - own / 100)
            taken = before and left[line] != before
            found[line] = (own, 100 * (1 - left[line] / gross) if taken else own)
        return found

    def _tibillet_take_off(self, left, lines, code_sudo):
        """Share a sum over lines by what they cost, to the cent, never below nothing."""
        amount = code_sudo.currency_id._convert(
            code_sudo.amount, self.currency_id, self.company_id, fields.Date.today()
        )
        whole = sum(left[line] for line in lines)
        rest = min(self.currency_id.round(amount), self.currency_id.round(whole))
        for line in sorted(lines, key=lambda line: line.id):
            share = self.currency_id.round(rest * left[line] / whole) if whole else 0
            whole -= left[line]
            rest -= share
            left[line] = max(0.0, left[line] - share)

    def _tibillet_apply_codes(self):
        """Write on the lines what the codes that work take off."""
        for order in self:
            if order.state == "cancel" or not (
                order._tibillet_uses_sudo()
                or any(order.order_line.mapped("tibillet_code_discount"))
            ):
                continue
            codes_sudo, _sentences = order._tibillet_codes()
            for line, (own, discount) in order._tibillet_discounts(codes_sudo).items():
                by_codes = 0 if own >= 100 else 100 * (1 - (100 - discount) / (100 - own))
                if line.discount != discount or line.tibillet_code_discount != by_codes:
                    line.write({"discount": discount, "tibillet_code_discount": by_codes})

    # -- on and off an order ---------------------------------------------------------------------

    def _tibillet_add_code(self, text):
        """Put a code on the basket and hold one use of it.

        :return: why not, in a sentence; empty when it is there
        """
        self.ensure_one()
        code_sudo = self.env["tibillet.code"].sudo()._named(text, self.company_id)
        if not code_sudo:
            return self.env._("The code “%s” is not known here.", str(text).strip()[:30])
        uses_sudo = self._tibillet_uses_sudo()
        if code_sudo in uses_sudo.code_id:
            return self.env._("The code “%s” is on your basket already.", code_sudo.name)
        others_sudo = uses_sudo.code_id
        if others_sudo and not all((code_sudo | others_sudo).mapped("combinable")):
            return self.env._(
                "“%(code)s” and “%(other)s” do not go together: take the other one off first.",
                code=code_sudo.name,
                other=others_sudo[0].name,
            )
        if len(others_sudo) >= CODES_PER_ORDER:
            return self.env._("At most %s codes on one order.", CODES_PER_ORDER)
        code_sudo._touch()
        if problem := self._tibillet_code_problem(code_sudo):
            return problem
        values = {"state": "held", "held_until": fields.Datetime.now() + HELD_IN_BASKET}
        old_sudo = self.sudo().tibillet_code_use_ids.filtered(lambda use: use.code_id == code_sudo)
        if old_sudo:
            old_sudo.write(values)
        else:
            old_sudo.create({"order_id": self.id, "code_id": code_sudo.id, **values})
        self._tibillet_apply_codes()
        return ""

    def _tibillet_release_codes(self, codes_sudo=None):
        """Give uses back and bring the prices back to what they were."""
        for order in self:
            uses_sudo = order._tibillet_uses_sudo()
            if codes_sudo is not None:
                uses_sudo = uses_sudo.filtered(lambda use: use.code_id in codes_sudo)
            if uses_sudo:
                uses_sudo.write({"state": "released", "held_until": False})
                order.order_line.filtered("tibillet_code_discount")._compute_discount()
                order._tibillet_apply_codes()

    def _tibillet_drop_dead_codes(self):
        """Take off the codes that no longer work; the prices are what they were without.

        :return: sentences
        """
        self.ensure_one()
        held_sudo = self._tibillet_uses_sudo().filtered(lambda use: use.state == "held")
        working_sudo, sentences = self._tibillet_codes()
        dead_sudo = held_sudo.code_id - working_sudo
        if dead_sudo:
            self._tibillet_release_codes(dead_sudo)
        return sentences

    def _tibillet_hold_codes(self):
        """Keep the uses while payment is under way."""
        for order in self:
            uses_sudo = order._tibillet_uses_sudo().filtered(lambda use: use.state == "held")
            uses_sudo.code_id._touch()
            uses_sudo.held_until = fields.Datetime.now() + HELD_AT_PAYMENT

    def _tibillet_use_codes(self):
        """Count the uses, in the transaction that confirms the order.

        Nothing is refused here: the order may have been paid. A use that was lost meanwhile is
        honoured and marked.
        """
        for order in self:
            for use_sudo in order._tibillet_uses_sudo().filtered(lambda use: use.state == "held"):
                code_sudo = use_sudo.code_id
                code_sudo._touch()
                late = not code_sudo._has_room(order)
                use_sudo.write({"state": "used", "held_until": False, "late": late})

    def _action_confirm(self):
        self._tibillet_use_codes()
        return super()._action_confirm()

    def _action_cancel(self):
        uses_sudo = self.sudo().tibillet_code_use_ids
        uses_sudo.write({"state": "released", "held_until": False})
        return super()._action_cancel()

    def _recompute_prices(self):
        result = super()._recompute_prices()
        self._tibillet_apply_codes()
        return result

    def _verify_cart_after_update(self):
        for order in self:
            order._tibillet_tell(order._tibillet_drop_dead_codes())
        return super()._verify_cart_after_update()
