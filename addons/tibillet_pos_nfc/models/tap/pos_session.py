from odoo import models


class PosSession(models.Model):
    _inherit = "pos.session"

    def tibillet_release(self, device, acts):
        """Give back at once what several payments of an order hold.

        Keys that never arrived are refused from then on, as ``tibillet_void`` does for one.

        :param device: the till's credential
        :param acts: ``[{"seq", "key"}…]``, each numbered by the till
        :returns: ``{"ok", "code", "message", "kept": [{"key", "code", "message"}…]}``: what
            could not be given back, because it was paid already
        """
        return self._tibillet_answer(
            lambda: self.env["tibillet.till"]._release_acts(
                self, self._tibillet_device(device), acts
            )
        )
