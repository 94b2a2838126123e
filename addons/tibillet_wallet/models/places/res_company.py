from odoo import models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        """A company whose money circulates keeps its currency; an asset that nobody has used
        yet follows it."""
        if not vals.get("currency_id"):
            return super().write(vals)
        changed = self.filtered(lambda company: company.currency_id.id != vals["currency_id"])
        changed._tibillet_check_currency_free()
        result = super().write(vals)
        self.flush_recordset(["currency_id"])  # the database compares the two as well
        # sudo: assets follow their company, whoever may change its currency.
        assets_sudo = self.env["tibillet.asset"].sudo().with_context(active_test=False)
        for asset_sudo in assets_sudo.search([("company_id", "in", changed.ids)]):
            if asset_sudo.currency_id:
                asset_sudo._follow_currency()
        return result

    def _tibillet_check_currency_free(self):
        # sudo: what binds the company may belong to another one.
        assets_sudo = self.env["tibillet.asset"].sudo().with_context(active_test=False)
        acceptances_sudo = self.env["tibillet.acceptance"].sudo()
        for company in self:
            used = assets_sudo.search(
                [
                    ("company_id", "=", company.id),
                    ("currency_id", "!=", False),
                    ("first_at", "!=", False),
                ],
                limit=1,
            )
            agreed = acceptances_sudo.search(
                [
                    "|",
                    ("company_id", "=", company.id),
                    ("asset_id.company_id", "=", company.id),
                    ("asset_id.currency_id", "!=", False),
                    ("state", "!=", "ended"),
                ],
                limit=1,
            )
            if used or agreed:
                raise ValidationError(
                    self.env._(
                        "“%(asset)s” binds %(company)s to %(currency)s: a company whose cards "
                        "hold money keeps its currency.",
                        asset=(used or agreed.asset_id).name,
                        company=company.name,
                        currency=company.currency_id.name,
                    )
                )
