from odoo import api, models

from ...lots import Lots, Move


class TibilletAccount(models.Model):
    _inherit = "tibillet.account"

    @api.model
    def _lots(self, wallet, asset):
        """Where the money of a holder came from, wallets merged into it included.

        :rtype: Lots
        """
        self.env.flush_all()
        self.env.cr.execute(
            "WITH RECURSIVE holder AS (SELECT id FROM tibillet_wallet WHERE id = %s"
            " UNION SELECT w.id FROM tibillet_wallet w JOIN holder h ON w.merged_into_id = h.id)"
            " SELECT a.id FROM tibillet_account a JOIN holder h ON h.id = a.wallet_id"
            " WHERE a.asset_id = %s",
            [wallet.id, asset.id],
        )
        own = [row[0] for row in self.env.cr.fetchall()]
        self.env.cr.execute(
            "SELECT o.id, o.code, o.means, o.names_id, o.occurred_at, t.debit_account_id,"
            " t.credit_account_id, t.amount_minor"
            " FROM tibillet_transfer t JOIN tibillet_operation o ON o.id = t.operation_id"
            " WHERE t.id IN (SELECT id FROM tibillet_transfer WHERE debit_account_id = ANY(%(own)s)"
            " UNION SELECT id FROM tibillet_transfer WHERE credit_account_id = ANY(%(own)s))"
            " ORDER BY t.id",
            {"own": own},
        )
        return Lots.replay(own, (Move(*row) for row in self.env.cr.fetchall()))
