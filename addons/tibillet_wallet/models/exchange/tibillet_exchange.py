"""Sales for time that are declared: the accountant's switch, per company and asset."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

ACCOUNTANT = "tibillet_wallet.tibillet_wallet_group_accountant"
#: Articles without a usual price that a refusal names.
NAMED = 5


class TibilletExchange(models.Model):
    """One turn of the switch: from a business day on, what a company sells for an asset of kind
    time is turnover at its usual price, with its tax, or is not. Written by the switch itself
    and never again; without any turn it is off (practice-france, 12 and 27)."""

    _name = "tibillet.exchange"
    _description = "Sales for time that are declared"
    _order = "id desc"
    _rec_name = "asset_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    asset_id = fields.Many2one(
        "tibillet.asset", required=True, readonly=True, index=True, ondelete="cascade"
    )
    is_on = fields.Boolean(string="Declared", readonly=True)
    day = fields.Date(string="From", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )

    @api.model
    def _is_on(self, company, asset, day=None):
        """Whether what a company sells for an asset on a business day is declared.

        :param day: without one, what was decided last, whenever it begins
        """
        domain = [("company_id", "=", company.id), ("asset_id", "=", asset.id)]
        if day:
            domain.append(("day", "<=", day))
        exchanges_sudo = self.sudo()  # cashiers sell by it
        return exchanges_sudo.search(domain, order="day desc, id desc", limit=1).is_on

    @api.model
    def _next_day(self, company):
        """The first business day that a turn of today is about."""
        place = self.env["tibillet.place"]._of_company(company)
        [(now,)] = self.env.execute_query(SQL("SELECT tibillet_now()"))
        return place._business_day(now) + timedelta(days=1)

    @api.model
    def _switch(self, company, asset, is_on):
        """Declare what is sold for an asset from tomorrow on, or no more.

        :raises AccessError: for anybody but an accountant of the company
        :raises UserError: what is not time, or not taken here, or sold without a usual price
        """
        if not self.env.user.has_group(ACCOUNTANT) or company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("Only an accountant of this company decides what it declares.")
            )
        asset_sudo = asset.sudo()  # of any issuer
        takers = asset_sudo.acceptance_ids.filtered(lambda one: one.state == "active").company_id
        if asset_sudo.kind != "time" or company not in asset_sudo.company_id | takers:
            raise UserError(
                self.env._(
                    "%(company)s sells nothing for “%(asset)s”: only time that it takes is "
                    "declared here.",
                    company=company.name,
                    asset=asset_sudo.name,
                )
            )
        if is_on:
            self._check_usual_prices(company, asset_sudo)
        turns_sudo = self.sudo()  # nobody writes them by hand
        turn_sudo = turns_sudo.create(
            {
                "company_id": company.id,
                "asset_id": asset.id,
                "is_on": bool(is_on),
                "day": self._next_day(company),
                "user_id": self.env.uid,
            }
        )
        asset.invalidate_recordset(["exchange_text", "exchange_on"])
        return turn_sudo.with_env(self.env)

    @api.model
    def _check_usual_prices(self, company, asset_sudo):
        goods_sudo = self.env["product.template"].sudo()  # what this company sells
        without_sudo = goods_sudo.search(
            [
                ("tibillet_price_asset_id", "=", asset_sudo.id),
                ("company_id", "in", [False, company.id]),
            ]
        ).filtered(lambda product: product.tibillet_usual_price <= 0)
        if without_sudo:
            raise UserError(
                self.env._(
                    "What is sold for time is declared at its usual price. Write it first on: "
                    "%(products)s.",
                    products=", ".join(without_sudo[:NAMED].mapped("name")),
                )
            )

    def _text(self):
        self.ensure_one()
        values = {
            "day": format_date(self.env, self.day),
            "company": self.company_id.name,
            "user": self.user_id.name,
        }
        if self.is_on:
            return self.env._(
                "From %(day)s on, what %(company)s sells for it is turnover at its usual price, "
                "with its VAT. Decided by %(user)s.",
                **values,
            )
        return self.env._(
            "From %(day)s on, what %(company)s sells for it stands in no books. Decided by "
            "%(user)s.",
            **values,
        )
