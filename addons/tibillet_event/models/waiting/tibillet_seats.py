from pathlib import Path

from odoo import api, models

SQL_FILE = Path(__file__).parents[2] / "sql" / "waiting.sql"


class TibilletSeats(models.AbstractModel):
    _inherit = "tibillet.seats"

    def _install_sql(self):
        result = super()._install_sql()
        self.env.cr.execute(SQL_FILE.read_text())
        return result

    @api.model
    def _cron_release(self):
        """What went back may have been offered to who waits: they are told at once."""
        result = super()._cron_release()
        self.env["tibillet.waiting"]._wake()
        return result
