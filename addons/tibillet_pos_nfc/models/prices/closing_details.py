from odoo import api, models

from ..cash.closing_page import Money, Section


class TibilletClosingPage(models.AbstractModel):
    _inherit = "tibillet.closing.page"

    @api.model
    def _offers(self, content):
        """Given away, reason by reason; a Z of before has none."""
        return Section(
            self.env._("Offered, by reason"),
            [
                [row["reason"] or self.env._("Without a reason"), row["qty"], Money(row["amount"])]
                for row in content.get("offers", [])
            ],
            (self.env._("Reason"), self.env._("Quantity"), self.env._("Amount")),
            self.env._("At the price of the goods, less what was taken back."),
        )
