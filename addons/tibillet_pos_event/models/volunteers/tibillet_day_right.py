from odoo import api, models

from ..event_registration import PAID

#: More articles than these nobody chooses from with a customer waiting.
MOST_GOODS = 24


class TibilletDayRight(models.Model):
    _inherit = "tibillet.day.right"

    def _goods(self):
        """Articles of tills that are handed out under this right, in sudo."""
        self.ensure_one()
        products_sudo = self.env["product.product"].sudo()  # a till shows those it has loaded
        named = [("id", "in", self.product_ids.ids)]
        if self.category_ids:
            named = ["|", *named, ("categ_id", "child_of", self.category_ids.ids)]
        return products_sudo.search(
            [
                *named,
                ("available_in_pos", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=MOST_GOODS,
        )

    @api.model
    def _at_till(self, card_sudo, company):
        """Rights of a card's holder today, as a till shows them."""
        return [
            {
                "id": right.id,
                "name": right.name,
                "kind": right.kind,
                "left": left,
                "per_day": right.per_day,
                "products": right._goods().ids if right.kind == "goods" else [],
            }
            for right, left in self._of(card_sudo, company)
        ]

    # -- lines of tills ----------------------------------------------------------------------------

    @api.model
    def _till_key(self, config, line):
        """Under which a till's line takes a right: its own, once."""
        return f"till-{config.id}-{line}"

    @api.model
    def _uses_of(self, lines):
        """Line of a till → what was taken under a right for it, in sudo."""
        keys = {self._till_key(line.order_id.config_id, line.uuid): line for line in lines}
        uses_sudo = self.env["tibillet.day.right.use"].sudo()  # of these keys alone
        return {keys[use.key]: use for use in uses_sudo.search([("key", "in", list(keys))])}

    @api.model
    def _give_back(self, config, lines):
        """What these lines of a till took goes back, unless it was handed out."""
        keys = {self._till_key(config, line): line for line in lines}
        uses_sudo = self.env["tibillet.day.right.use"].sudo()  # by their keys
        uses_sudo = uses_sudo.search([("key", "in", list(keys)), ("undone", "=", False)])
        if not uses_sudo:
            return
        lines_sudo = self.env["pos.order.line"].sudo()  # whether they were sold, no more
        sold = lines_sudo.search(
            [("uuid", "in", list(keys.values())), ("order_id.state", "in", PAID)]
        ).mapped("uuid")
        uses_sudo.filtered(lambda use: keys[use.key] not in sold)._undo()

    @api.model
    def _give_back_unsold(self, sessions):
        """A till closes: what was taken for a basket that was never finished goes back."""
        uses_sudo = self.env["tibillet.day.right.use"].sudo()  # of these tills
        for session in sessions:
            first = self._till_key(session.config_id, "")
            began = session.start_at or session.create_date
            uses_sudo = uses_sudo.search(
                [
                    ("company_id", "=", session.company_id.id),
                    ("key", "=like", first + "%"),
                    ("undone", "=", False),
                    ("create_date", ">=", began),
                ]
            )
            self._give_back(session.config_id, [use.key.removeprefix(first) for use in uses_sudo])
