"""In the books a single-purpose asset is its net: W, and the tax declared when it was sold, are
what its holders have."""

from odoo import api, models
from odoo.tools import SQL


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _amount_sql(self):
        """What of a transfer ``t`` of asset ``s`` the books move: without the tax that was
        declared when it was sold."""
        return SQL(
            """CASE WHEN s.vat_nature = 'single'
                    THEN COALESCE((SELECT max(abs(n.net_minor)) FROM tibillet_single n
                                    WHERE n.transfer_id = t.id), t.amount_minor)
                    ELSE t.amount_minor END"""
        )

    @api.model
    def _taxed_minor(self, assets):
        """What of the balances of persons and cards was declared as tax when it was sold.

        :return: ``{asset id: minor units}``
        """
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT a.asset_id, sum(n.amount_minor - n.net_minor)::bigint
                         FROM tibillet_single n JOIN tibillet_account a ON a.id = n.account_id
                        WHERE a.asset_id = ANY(%s) GROUP BY 1""",
                    assets.ids,
                )
            )
        )
