"""The tax of a single-purpose asset keeps its rate while cards hold what was sold with it."""

from odoo import models
from odoo.exceptions import UserError

#: What would change the net of an amount that was sold before.
RATE_FIELDS = {"amount", "amount_type", "price_include_override", "include_base_amount"}


class AccountTax(models.Model):
    _inherit = "account.tax"

    def write(self, vals):
        for name in RATE_FIELDS & vals.keys():
            convert = self._fields[name].convert_to_cache
            changed = self.filtered(
                lambda tax, name=name, convert=convert: (
                    (tax[name] or False) != (convert(vals[name], tax) or False)
                )
            )
            changed._tibillet_check_rate()
        return super().write(vals)

    def _tibillet_check_rate(self):
        """:raises UserError: for a tax with which a card's money was sold"""
        if not self:
            return
        # Also of assets that the accountant of another company would not see.
        assets_sudo = self.env["tibillet.asset"].sudo().with_context(active_test=False)
        assets_sudo = assets_sudo.search([("vat_tax_id", "in", self.ids)])
        held, _owed = assets_sudo._circulation()
        for asset_sudo in assets_sudo:
            if held.get(asset_sudo.id):
                raise UserError(
                    self.env._(
                        "Cards hold %(held)s of “%(asset)s”, sold with the tax “%(tax)s”: that "
                        "rate stays for them. Make a new tax, and a new asset for what is sold "
                        "from now on.",
                        held=asset_sudo._format(held[asset_sudo.id]),
                        asset=asset_sudo.name,
                        tax=asset_sudo.vat_tax_id.name,
                    )
                )
