from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def button_uninstall(self):
        """Refuse to forget money that people hold, by whatever way the uninstall was asked for."""
        answer = super().button_uninstall()
        modules_sudo = self.sudo()  # what goes with the modules asked for, whoever may read it
        wallet_sudo = modules_sudo.search(
            [("name", "=", "tibillet_wallet"), ("state", "=", "to remove")]
        )
        if wallet_sudo and (codes := self._tibillet_circulating()):
            raise UserError(
                self.env._(
                    "People still hold money on their cards and wallets (%(assets)s): "
                    "uninstalling TiBillet would lose it. Refund or settle it first.",
                    assets=", ".join(codes),
                )
            )
        return answer

    def _tibillet_circulating(self):
        """Codes of the backed assets of which somebody holds something."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT s.code
                  FROM tibillet_account a
                  JOIN tibillet_asset s ON s.id = a.asset_id
                  JOIN tibillet_wallet w ON w.id = a.wallet_id
                 WHERE s.backed AND w.kind IN ('person', 'card') AND a.balance_minor > 0
              ORDER BY s.code
                """
            )
        )
        return [code for (code,) in rows]
