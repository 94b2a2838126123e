from pathlib import Path

from odoo import models

SQL_FILE = Path(__file__).parents[2] / "sql" / "volunteers.sql"


class TibilletSeats(models.AbstractModel):
    _inherit = "tibillet.seats"

    def _install_sql(self):
        result = super()._install_sql()
        self.env.cr.execute(SQL_FILE.read_text())
        return result
