"""Money promised to a card: from the line on the order until the order is paid."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .tibillet_till_act import Asked

#: The part of a top-up that came in cash while the rest came by bank card: one key, two ways.
CASH_SUFFIX = "/cash"


class TibilletTopup(models.Model):
    """What a line of an order sells: so much of an asset, to one card, for so much money.

    The server's own record, so that a till cannot name another card or amount afterwards. The
    ledger credits the card when the order is paid, by the way the money came: never before,
    never from a wallet, and once per key however often the order is sent.
    """

    _name = "tibillet.topup"
    _description = "Top-up of a card"
    _order = "id desc"
    _log_access = False

    device_id = fields.Many2one("tibillet.device", required=True, ondelete="restrict")
    key = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    card_id = fields.Many2one("tibillet.card", required=True, ondelete="restrict", index=True)
    asset_id = fields.Many2one("tibillet.asset", required=True, ondelete="restrict")
    amount_minor = fields.Integer(required=True)
    price_minor = fields.Integer(required=True)
    promised_at = fields.Datetime(required=True)

    _device_key_uniq = models.Constraint(
        "unique(device_id, key)", "A till's key promises one top-up."
    )
    _amounts_positive = models.Constraint(
        "CHECK(amount_minor > 0 AND price_minor > 0)", "A top-up loads something."
    )

    def create(self, vals_list):
        raise AccessError(self.env._("A top-up is promised by a card on a till."))

    def write(self, vals):
        raise AccessError(self.env._("A promised top-up never changes."))

    def unlink(self):
        raise AccessError(self.env._("A promised top-up never changes."))

    # -- the promise -----------------------------------------------------------------------

    @api.model
    def _of(self, device, key):
        """What a till promised under a key, in sudo: cashiers have no right on promises."""
        topups_sudo = self.sudo()
        return topups_sudo.search([("device_id", "=", device.id), ("key", "=", key)], limit=1)

    @api.model
    def _promise(self, asked, asset, price_minor, beside=()):
        """Agree to load ``price_minor`` of the till's currency on the card once it is paid.

        :param beside: keys of the top-ups that stand on the same order already
        :raises LedgerError: by the rules of a top-up, ``key_conflict`` for another content
        """
        known_sudo = self._of(asked.device, asked.key)
        amount_minor = self._units_of(asset, price_minor)
        if not known_sudo:
            if self.env["tibillet.till"]._operation(asked.device, asked.key):
                raise self._other_content()
            self._check(asked, asset, amount_minor, beside)
            self.env.execute_query(
                SQL(
                    """INSERT INTO tibillet_topup (device_id, key, company_id, card_id, asset_id,
                                                   amount_minor, price_minor, promised_at)
                       VALUES (%s, %s, %s, %s, %s, %s, %s, tibillet_now())
                       ON CONFLICT (device_id, key) DO NOTHING RETURNING id""",
                    asked.device.id,
                    asked.key,
                    asked.company.id,
                    asked.card.id,
                    asset.id,
                    amount_minor,
                    price_minor,
                )
            )
            self.invalidate_model()
            known_sudo = self._of(asked.device, asked.key)
        if (known_sudo.card_id, known_sudo.asset_id, known_sudo.price_minor) != (
            asked.card,
            asset,
            price_minor,
        ):
            raise self._other_content()
        return known_sudo

    @api.model
    def _other_content(self):
        return LedgerError(
            "key_conflict", self.env._("This top-up was asked before for something else.")
        )

    @api.model
    def _units_of(self, asset, price_minor):
        """How much of the asset that money buys, exactly.

        :raises LedgerError: ``invalid``
        """
        worth = asset.unit_value_minor or 0
        amount_minor, rest = divmod(price_minor * 10**asset.scale, worth) if worth else (0, 0)
        if amount_minor <= 0 or rest:
            raise LedgerError(
                "invalid", self.env._("Type how much to load, for example 20 or 12,50.")
            )
        return amount_minor

    @api.model
    def _check(self, asked, asset, amount_minor, beside):
        """Everything that would refuse the credit, said before anybody pays.

        The turn at a ceiling of the day is taken when the order is paid, not now.
        """
        form = self.env["tibillet.till.topup"]
        together_minor = amount_minor + self._promised_minor(asked, asset, beside)
        act_sudo = form._of(asked, asset, together_minor, self.env._("At the till"), means="cash")
        act_sudo._authorize()
        self._check_asset(asset, asked.company)
        act_sudo._check(act_sudo._wallet())
        with self.env.cr.savepoint(flush=False) as savepoint:
            try:
                act_sudo._check_contract()
            finally:
                savepoint.rollback()

    @api.model
    def _check_asset(self, asset, company):
        refusal = self.env["tibillet.ledger"]._refusal
        if not asset.backed or asset.currency_id != company.currency_id:
            raise refusal(
                "not_allowed", self.env._("“%s” is not loaded with money here.", asset.name)
            )
        if asset.vat_nature == "single" and asset.company_id != company:
            raise refusal(
                "not_allowed",
                self.env._(
                    "“%(asset)s” carries its tax when it is sold: only %(issuer)s loads it.",
                    asset=asset.name,
                    issuer=asset.company_id.name,
                ),
            )

    @api.model
    def _check_goods(self, company, lines):
        """A card pays goods: a top-up in its basket is refused, whoever put it there.

        :raises LedgerError: ``not_for_this``
        """
        company_sudo = company.sudo()  # a cashier reads few of its fields
        company_sudo.fetch(["tibillet_topup_product_id"])  # alone: a customer waits
        topup_ids = self.env["product.template"]._tibillet_taxed_topup_ids()
        topup_ids |= {company_sudo.tibillet_topup_product_id.id}
        if any(line["product_id"] in topup_ids for line in lines if line["product_id"]):
            raise self.env["tibillet.ledger"]._refusal(
                "not_for_this",
                self.env._(
                    "A top-up is paid in cash or by bank card, never by a card. Nothing was taken."
                ),
            )

    @api.model
    def _promised_minor(self, asked, asset, beside):
        """What other lines of the same order promise to the same wallet."""
        beside = beside if isinstance(beside, list) else []
        keys = [key for key in beside if isinstance(key, str)][:100]
        topups_sudo = self.sudo().search(
            [
                ("device_id", "=", asked.device.id),
                ("key", "in", keys),
                ("key", "!=", asked.key),
                ("asset_id", "=", asset.id),
            ]
        )
        wallet_sudo = asked.card.wallet_id
        same_sudo = topups_sudo.filtered(lambda topup: topup.card_id.wallet_id == wallet_sudo)
        return sum(same_sudo.mapped("amount_minor"))

    def _as_line(self):
        """What the till puts on its order."""
        self.ensure_one()
        product_sudo = self.company_id._tibillet_topup_product_of(self.asset_id)
        return {
            "product_id": product_sudo.id,
            "price_minor": self.price_minor,
            "taxed": bool(product_sudo.tibillet_topup_tax_id),
            "key": self.key,
            "note": self.env._(
                "%(asset)s ···%(tail)s",
                asset=self.asset_id.name,
                tail=(self.card_id.number or "")[-4:],
            ),
        }

    # -- the order is paid -----------------------------------------------------------------

    def _operations(self):
        self.ensure_one()
        operations_sudo = self.env["tibillet.operation"].sudo()
        return operations_sudo.search(
            [
                ("origin", "=", self.device_id._ledger_origin),
                ("key", "in", [self.key, self.key + CASH_SUFFIX]),
            ]
        )

    def _credit(self, session, bank_minor):
        """Credit the card, once: first what came by bank card, the rest as cash.

        :param bank_minor: what is left of the order's bank payments, in minor units
        :returns: what of it this top-up used
        """
        self.ensure_one()
        if self._operations():
            return min(bank_minor, self.price_minor)
        if self.card_id.state == "retired":
            raise self.env["tibillet.ledger"]._refusal(
                "card_blocked",
                self.env._("The card was taken back blank meanwhile. Tap it and top up anew."),
            )
        by_bank = min(bank_minor, self.price_minor)
        parts = [("bank_card", by_bank), ("cash", self.price_minor - by_bank)]
        keys = iter((self.key, self.key + CASH_SUFFIX))
        for means, price_minor in parts:
            if price_minor:
                self._credit_part(session, next(keys), means, price_minor)
        if self.card_id.state == "blank":
            self.card_id._change_state(
                "anonymous", self.env._("Handed out with a top-up."), ("blank",)
            )
        return by_bank

    def _credit_part(self, session, key, means, price_minor):
        asset_sudo = self.asset_id
        asked = Asked(session, self.device_id, key, self.card_id, {})
        act_sudo = self.env["tibillet.till.topup"]._of(
            asked,
            asset_sudo,
            self._units_of(asset_sudo, price_minor),
            self.env._("At the till"),
            means=means,
            company_id=self.company_id.id,
        )
        act_sudo._check_contract()
        ledger_sudo = self.env["tibillet.ledger"].sudo()  # the money is in the drawer
        ledger_sudo._post([act_sudo._request(act_sudo._wallet())])

    def _check_line(self, line):
        """The line is what was promised: its amount, once, without discount, with the tax of a
        single-purpose asset and no other.

        :raises UserError: naming the line
        """
        till = self.env["tibillet.till"]
        price_minor = till._to_minor(line.price_subtotal_incl, line.currency_id)
        if (
            price_minor != self.price_minor
            or line.qty != 1
            or line.discount
            or line.tax_ids != self.asset_id.vat_tax_id.sudo(False)
            or line.product_id.id != self._as_line()["product_id"]
            or line.company_id != self.company_id
        ):
            raise UserError(
                self.env._(
                    "%(line)s: this is not the top-up that was asked for. Take the line off and "
                    "top up anew from the card's page; nothing was loaded.",
                    line=line._tibillet_label(),
                )
            )
