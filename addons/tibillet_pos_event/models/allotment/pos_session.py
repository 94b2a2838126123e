from odoo import models
from odoo.exceptions import AccessError

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class PosSession(models.Model):
    _inherit = "pos.session"

    def tibillet_seats_allot(self, device):
        """What this device may sell without network, filled up; for its browser.

        :param device: its credential, as given at pairing
        :returns: ``{"ok", "code", "message", "rates"}``
        """
        self.ensure_one()
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only a cashier sells seats at a till."))
        self.check_access("read")
        if self.state != "opened":
            return self._tibillet_no_allotment("not_allowed", self.env._("This till is not open."))
        try:
            device_sudo = self.env["tibillet.device"]._authenticate(device, self.config_id)
        except LedgerError as refusal:
            unpaired = getattr(refusal, "unpaired", False)
            return self._tibillet_no_allotment(refusal.code, str(refusal), unpaired=unpaired)
        rates = self.env["tibillet.allotment"]._refresh(device_sudo)
        return {"ok": True, "code": "", "message": "", "rates": rates}

    def _tibillet_no_allotment(self, code, message, **more):
        return {"ok": False, "code": code, "message": message, "rates": [], **more}

    def write(self, vals):
        """Seats that were kept for a till go back when it is closed."""
        result = super().write(vals)
        if vals.get("state") == "closed":
            devices_sudo = self.config_id.sudo().with_context(active_test=False).tibillet_device_ids
            self.env["tibillet.allotment"]._close(devices_sudo)
        return result
