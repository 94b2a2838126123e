from odoo import models

from .. import version


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """The user menu names the version whose source it links to."""
        return super().session_info() | {"tibillet_release": version.release()}

    def _tibillet_release(self):
        """Version of the source that runs, for the link at the foot of every page."""
        return version.release()
