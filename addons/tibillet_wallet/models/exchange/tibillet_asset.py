from odoo import api, fields, models


class TibilletAsset(models.Model):
    _inherit = "tibillet.asset"

    exchange_on = fields.Boolean(
        string="Sales for it are declared here", compute="_compute_exchange"
    )
    exchange_text = fields.Char(string="Sales for time", compute="_compute_exchange")

    @api.depends("kind")
    @api.depends_context("company", "lang", "uid")
    def _compute_exchange(self):
        """What the current company decided last, whenever it begins."""
        company = self.env.company
        exchanges_sudo = self.env["tibillet.exchange"].sudo()  # a sentence, for who sees the asset
        turns_sudo = exchanges_sudo.search(
            [("company_id", "=", company.id), ("asset_id", "in", self._origin.ids)]
        ).grouped("asset_id")
        for asset in self:
            turn_sudo = turns_sudo.get(asset._origin, exchanges_sudo)[:1]
            asset.exchange_on = turn_sudo.is_on
            asset.exchange_text = False
            if asset.kind != "time":
                continue
            if not turn_sudo:
                asset.exchange_text = self.env._(
                    "What %(company)s sells for it stands in no books. Who pays VAT declares it "
                    "at its usual price: ask your accountant.",
                    company=company.name,
                )
            else:
                asset.exchange_text = turn_sudo._text()

    def action_exchange_on(self):
        """Declare what the current company sells for this time (accountants)."""
        self.ensure_one()
        self.check_access("read")
        self.env["tibillet.exchange"]._switch(self.env.company, self, True)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_exchange_off(self):
        """Declare it no more (accountants)."""
        self.ensure_one()
        self.check_access("read")
        self.env["tibillet.exchange"]._switch(self.env.company, self, False)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
