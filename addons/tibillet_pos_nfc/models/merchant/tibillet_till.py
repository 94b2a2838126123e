"""A tap at a merchant's till: within its contract, for its own articles, and no card desk."""

from odoo import api, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _take(self, tap, lines):
        total = sum(line["amount_minor"] for line in lines)
        merchant = tap.config.tibillet_merchant_id
        if merchant and total > 0 and not tap.known:
            merchant._check_sells()
        if total < 0:
            self._check_same_merchant(tap, lines)
        return super()._take(tap, lines)

    @api.model
    def _check_same_merchant(self, tap, lines):
        """What a merchant sold is given back at its own tills: elsewhere another would pay."""
        ids = [line["refunded_line_id"] for line in lines if line["refunded_line_id"]]
        lines_sudo = self.env["pos.order.line"].sudo().browse(ids).exists()  # colleagues' sales
        sellers_sudo = {
            line_sudo.order_id.session_id.config_id.tibillet_merchant_id for line_sudo in lines_sudo
        }
        if any(seller_sudo != tap.config.tibillet_merchant_id for seller_sudo in sellers_sudo):
            raise LedgerError("not_allowed", self._elsewhere_sold())

    @api.model
    def _elsewhere_sold(self):
        return self.env._(
            "Somebody else sold this: it is given back at the till of who sold it. Nothing was "
            "changed."
        )

    @api.model
    def _check_goods(self, tap):
        # pylint: disable=missing-return
        super()._check_goods(tap)
        seller_id = tap.config.tibillet_merchant_id.id or None
        for one in tap.goods_of(tap.basket_ids()):
            if one.merchant_id == seller_id or (seller_id and one.deposit):
                continue
            raise self._refusal(
                "not_for_this",
                "goods_gone",
                self.env._(
                    "“%(product)s” is not sold at this till. Nothing was taken: take it off, "
                    "the rest of the basket is kept.",
                    product=self._product_name(one.product_id),
                ),
                product_ids=[one.product_id],
            )

    @api.model
    def _paid_to_merchant(self, payment):
        """What of a card payment is in a merchant's wallet, less what came back out of it, in
        minor units of the till's currency."""
        paid_minor = 0
        for transfer_sudo in payment._tibillet_operations().transfer_ids:
            asset_sudo = transfer_sudo.asset_id
            value_minor = (
                transfer_sudo.amount_minor
                * (asset_sudo.unit_value_minor or 0)
                // 10**asset_sudo.scale
            )
            if transfer_sudo.earned:
                continue
            if transfer_sudo.credit_account_id.wallet_id._is_merchants():
                paid_minor += value_minor
            if transfer_sudo.debit_account_id.wallet_id._is_merchants():
                paid_minor -= value_minor
        return paid_minor


class TibilletWallet(models.Model):
    _inherit = "tibillet.wallet"

    def _is_merchants(self):
        return self.kind == "place" and bool(self.partner_id) and not self.company_id


class TibilletUndo(models.AbstractModel):
    _inherit = "tibillet.undo"

    @api.model
    def _check_may(self, session, device, order, reason):
        seller = order.session_id.config_id.tibillet_merchant_id
        if seller != session.config_id.tibillet_merchant_id:
            raise LedgerError("not_allowed", self.env["tibillet.till"]._elsewhere_sold())
        return super()._check_may(session, device, order, reason)


class TibilletTillActs(models.AbstractModel):
    _inherit = "tibillet.till.acts"

    @api.model
    def _do(self, session, device, seq, key, uid, act, values):
        """A stand sells; it loads, refunds and gives nothing for the place."""
        if not session.config_id.tibillet_merchant_id:
            return super()._do(session, device, seq, key, uid, act, values)
        self.env["tibillet.till"]._check_key(key)
        device._take_token("act")
        acts_sudo = self.env["tibillet.device.act"].sudo()  # cashiers have no right on acts
        acts_sudo._record(device, seq, "card", key)
        return LedgerError(
            "not_allowed",
            self.env._(
                "This is the till of a stand: cards are loaded and paid back at the organiser's "
                "desk. Nothing was changed."
            ),
        ).as_answer()


class TibilletCardPage(models.AbstractModel):
    _inherit = "tibillet.card.page"

    @api.model
    def _open(self, session, device, uid):
        page = super()._open(session, device, uid)
        if session.config_id.tibillet_merchant_id and page.get("may"):
            page["may"] = dict.fromkeys(page["may"], False)
            page |= {name: [] for name in ("loads", "gifts") if name in page}
        return page
