"""The points of a sale, as the band and the receipt say them."""

from odoo import api, models
from odoo.tools import SQL


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _describe_earned(self, amounts, wallet):
        """Pairs of an asset's id and an amount, described, with what the card has in all.

        What is on its way counts: these points arrive with the order that is being paid.
        """
        totals = dict(
            self.env.execute_query(
                SQL(
                    """SELECT asset_id, balance_minor - held_minor + tibillet_account_arriving(id)
                         FROM tibillet_account WHERE wallet_id = %s AND asset_id = ANY(%s)""",
                    wallet.id,
                    [asset_id for asset_id, _amount_minor in amounts],
                )
            )
        )
        return [
            described | {"total_minor": totals.get(asset_id, 0)}
            for described, (asset_id, _minor) in zip(
                self._describe_amounts(amounts), amounts, strict=True
            )
        ]
