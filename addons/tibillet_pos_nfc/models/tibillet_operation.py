from odoo import models


class TibilletOperation(models.Model):
    _inherit = "tibillet.operation"

    def _goods(self):
        """The lines of the orders that these operations paid; a late or short one has its key
        with a suffix."""
        goods = super()._goods()
        asked = {(one.origin, one.key.partition("/")[0]): [] for one in self}
        for operation in self:
            asked[operation.origin, operation.key.partition("/")[0]].append(operation.id)
        payments_sudo = self.env["pos.payment"].sudo()  # of every till, for the holder
        payments_sudo = payments_sudo.search(
            [
                ("tibillet_device_id", "!=", False),
                ("transaction_id", "in", [key for _origin, key in asked]),
            ]
        )
        for payment_sudo in payments_sudo:
            way = (f"device:{payment_sudo.tibillet_device_id.id}", payment_sudo.transaction_id)
            lines = [
                f"{line_sudo.qty:g} × {line_sudo.full_product_name or line_sudo.product_id.name}"
                for line_sudo in payment_sudo.pos_order_id.lines
            ]
            goods |= dict.fromkeys(asked.get(way, ()), lines)
        return goods
