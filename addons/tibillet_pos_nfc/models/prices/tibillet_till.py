"""What a tap asks of the prices of its basket."""

from odoo import api, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _time(self):
        """The server's time: prices by the hour follow it, whatever a till's own clock says."""
        return {"ok": True, "code": "time", "message": "", "now_ms": self._now_ms()}

    @api.model
    def _check_lines(self, lines):
        """Keep also which happy hour a line claims, and since when its bill has it."""
        checked = super()._check_lines(lines)
        paid = [line for line in lines if line.get("amount_minor") != 0]
        for kept, line in zip(checked, paid, strict=True):
            for name in ("happy_id", "line_id"):
                value = line.get(name) or None
                if value is not None and type(value) is not int:
                    raise LedgerError(
                        "invalid", self.env._("The till sent a basket that cannot be.")
                    )
                kept[name] = value
        return checked

    @api.model
    def _check_goods(self, tap):
        """Refuse also the prices of an hour that is over.

        :raises LedgerError: ``not_for_this`` with ``why`` = ``happy_over``
        """
        result = super()._check_goods(tap)
        self._check_priced(tap.lines)
        claimed = [line for line in tap.lines if line["happy_id"] and line["amount_minor"] > 0]
        if claimed:
            self._check_happy(tap.config, claimed)
        return result

    @api.model
    def _check_priced(self, lines):
        """A basket is paid in money or in one asset, at the price of now."""
        if not any(line["asset_id"] for line in lines):
            return
        if len({line["asset_id"] for line in lines}) > 1:
            raise self._refusal(
                "not_for_this",
                "never_mixed",
                self.env._(
                    "“%(product)s” is paid alone, in its own unit. Nothing was taken: sell the "
                    "rest of the basket apart.",
                    product=next(
                        self._product_name(line["product_id"]) for line in lines if line["asset_id"]
                    ),
                ),
            )
        for line in lines:
            product_sudo = self.env["product.product"].sudo().browse(line["product_id"] or [])
            price_minor = product_sudo.tibillet_price_minor
            qty = line["qty"] if line["qty"] is not None else 1
            if line["amount_minor"] == round(price_minor * qty):
                continue
            told = product_sudo.product_tmpl_id._tibillet_asset_price()
            raise self._refusal(
                "not_for_this",
                "asset_price_changed",
                self.env._(
                    "“%(product)s” costs %(price)s now. Nothing was taken: load the page again, "
                    "then sell it anew.",
                    product=product_sudo.name or "",
                    price=f"{price_minor / 10 ** told['scale']:g} {told['unit']}",
                ),
            )

    @api.model
    def _check_happy(self, config, claimed):
        rules_sudo = self.env["tibillet.happy.hour"].sudo()  # archived ones are over
        bills_sudo = self.env["pos.order.line"].sudo()  # since when a table's bill has it
        for line in claimed:
            rule_sudo = rules_sudo.browse(line["happy_id"]).exists()
            product_sudo = self.env["product.product"].sudo().browse(line["product_id"] or [])
            begun = None
            if line["line_id"]:
                bill_sudo = bills_sudo.browse(line["line_id"]).exists()
                if (
                    bill_sudo.product_id == product_sudo
                    and bill_sudo.company_id == config.company_id
                ):
                    begun = bill_sudo.create_date
            refusal = rule_sudo._refusal(config, product_sudo, self._now(), begun)
            if refusal:
                raise self._refusal(
                    "not_for_this",
                    "happy_over",
                    self.env._(
                        "%(why)s Nothing was taken: take the usual price, then tap again.",
                        why=refusal,
                    ),
                )

    @api.model
    def _now(self):
        """The server's time, UTC without zone, as the ledger reads it."""
        self.env.cr.execute("SELECT tibillet_now()")
        [(now,)] = self.env.cr.fetchall()
        return now

    @api.model
    def _now_ms(self):
        self.env.cr.execute("SELECT round(extract(epoch FROM tibillet_now()) * 1000)::bigint")
        [(now_ms,)] = self.env.cr.fetchall()
        return now_ms
