from odoo import api, models


class TibilletUndo(models.AbstractModel):
    _inherit = "tibillet.undo"

    @api.model
    def _pay_back(self, device, key, order, undo):
        """What was paid in an asset goes back in that asset."""
        result = super()._pay_back(device, key, order, undo)
        order._tibillet_give_asset_back(device, key)
        return result

    @api.model
    def _describe(self, undo):
        answer = super()._describe(undo)
        sales_sudo = undo.tibillet_undo_of_id._tibillet_asset_operations()
        if not sales_sudo:
            return answer
        till = self.env["tibillet.till"]
        parts = till._describe_amounts(
            [
                (asset.id, sum(transfers.mapped("amount_minor")))
                for asset, transfers in sales_sudo.transfer_ids.grouped("asset_id").items()
            ]
        )
        told = ", ".join(
            f"{part['amount_minor'] / 10 ** part['scale']:g} {part['unit'] or part['name']}"
            for part in parts
        )
        return answer | {
            "message": self.env._("%s is back on the card.", told),
            "split": answer["split"] + parts,
        }
