"""The wallet's own acts, asked for by a paired till: the same rules, another surface."""

from odoo import fields, models
from odoo.exceptions import AccessError


class TibilletTillForm(models.AbstractModel):
    """An act that a till asks for. Lives in memory only (``new``), never in a table's row.

    Rights are those of the surface ``till``, the origin is the device that was authenticated,
    the card is the one on the reader.
    """

    _name = "tibillet.till.form"
    _inherit = "tibillet.act"
    _description = "Act asked for by a till"

    _declares_tax = True  # an order follows

    device_id = fields.Many2one("tibillet.device")

    def create(self, vals_list):
        raise AccessError(self.env._("Acts of a till are written by the till itself."))

    def write(self, vals):
        raise AccessError(self.env._("Acts of a till are written by the till itself."))

    def action_confirm(self):
        """Not a form of the backend.

        :raises AccessError: always
        """
        raise AccessError(self.env._("Acts of a till are written by the till itself."))

    def _of(self, asked, asset, amount_minor, reason, **values):
        """The act in memory, as superuser: its rights are checked by :meth:`_authorize`."""
        forms_sudo = self.sudo()
        return forms_sudo.new(
            {
                "device_id": asked.device.id,
                "key": asked.key,
                "company_id": asked.company.id,
                "card_id": asked.card.id,
                "asset_id": asset.id,
                "amount": amount_minor / 10**asset.scale,
                "reason": reason,
                **values,
            }
        )

    def _authorize(self):
        self.env["tibillet.ledger"]._authorize(
            self._code(), "till", asset=self.asset_id, company=self.company_id
        )

    def _wallet(self):
        return self._card().wallet_id._surviving()

    def _card(self):
        card_sudo = self.card_id.sudo()  # it stands on the reader
        return card_sudo

    def _origin_of_user(self):
        return self.device_id._ledger_origin

    def _perform(self):
        """Check everything, then do it, once per key.

        :returns: the operation and the sentence of what was done
        """
        self._authorize()
        wallet_sudo = self._wallet()
        if not self._done_before():
            self._check_reason()
            self._check(wallet_sudo)
            self._check_contract()
        message = self._do(wallet_sudo)
        return self.env["tibillet.till"]._operation(self.device_id, self.key), message


class TibilletTillTopup(models.TransientModel):
    _name = "tibillet.till.topup"
    _inherit = ["tibillet.till.form", "tibillet.act.issue"]
    _description = "Top-up at a till"


class TibilletTillGift(models.TransientModel):
    _name = "tibillet.till.gift"
    _inherit = ["tibillet.till.form", "tibillet.act.gift"]
    _description = "Gift at a till"


class TibilletTillRefund(models.TransientModel):
    _name = "tibillet.till.refund"
    _inherit = ["tibillet.till.form", "tibillet.act.refund"]
    _description = "Refund at a till"


class TibilletTillChoice(models.TransientModel):
    _name = "tibillet.till.choice"
    _inherit = ["tibillet.till.form", "tibillet.act.choice"]
    _description = "Donation at a till"
