"""What a single-purpose asset may do in the ledger, and what it buys."""

from odoo import api, models

from ...gift_shares import Gift, share_out

#: Nobody declares a tax for these: such an asset is sold, spent, paid back or forgotten.
REFUSED = frozenset({"gift", "reward", "issue", "chargeback", "deposit_back"})


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    def _check_single(self, request, side):
        """:raises LedgerError: ``not_allowed`` for what would leave a tax undeclared"""
        if side.single and request["code"] in REFUSED:
            raise self._refusal(
                "not_allowed",
                self.env._(
                    "What was sold with its tax is loaded by a sale at a till and by nothing else. "
                    "Nothing was moved."
                ),
            )

    @api.model
    def _purses_for(self, merchant, purses):
        """Its tax is its issuer's: what a merchant sells is taxed by the merchant."""
        purses = super()._purses_for(merchant, purses)
        for purse in purses:
            purse.accepted = purse.accepted and purse.tax_rate is None
        return purses

    def _note_taxes(self, company, basket, purses):
        """Write on each line the rate that it bears, where a purse of one rate may pay."""
        if all(purse.tax_rate is None for purse in purses):
            return
        products_sudo = self.env["product.product"].sudo()  # whoever sells them
        rates = self._tax_rates(
            products_sudo.browse({line.product_id for line in basket if line.product_id}), company
        )
        for line in basket:
            line.tax_rate = rates.get(line.product_id)

    @api.model
    def _tax_rates(self, products_sudo, company):
        """The rate of each article in percent, 0 without tax; of what has no such rate, none."""
        owners = company.sudo().parent_ids
        rates = {}
        for product_sudo in products_sudo:
            taxes_sudo = product_sudo.taxes_id.filtered(lambda tax: tax.company_id in owners)
            taxes_sudo = taxes_sudo.flatten_taxes_hierarchy()
            plain = all(tax.amount_type == "percent" for tax in taxes_sudo)
            rates[product_sudo.id] = sum(taxes_sudo.mapped("amount")) if plain else None
        return rates

    # -- the part of a sale that was taxed before -----------------------------------------------

    @api.model
    def _singles_spent(self, operations):
        """Single-purpose money that these operations move, or hold.

        :returns: list of ``(asset, amount_minor, net_minor)``; the net of what is only on hold is
            not known yet: 0
        """
        spent = []
        for op in operations.sorted("id"):
            moved_sudo = (op.transfer_ids or op.hold_line_ids).sudo()  # assets of any issuer
            moved_sudo = moved_sudo.filtered(
                lambda line: not line.earned and line.asset_id.vat_nature == "single"
            )
            if not moved_sudo:
                continue
            nets = self._nets_of(moved_sudo) if op.transfer_ids else {}
            for asset_sudo, rows in moved_sudo.grouped("asset_id").items():
                net_minor = sum(nets.get(row.id, 0) for row in rows)
                spent.append((asset_sudo, sum(rows.mapped("amount_minor")), net_minor))
        return spent

    @api.model
    def _nets_of(self, transfers):
        """Transfer id → its amount without tax, for single-purpose assets."""
        self.env.cr.execute(
            "SELECT transfer_id, max(abs(net_minor)) FROM tibillet_single"
            " WHERE transfer_id = ANY(%s) GROUP BY 1",
            [transfers.ids],
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _single_shares(self, spent, lines, company, first=()):
        """What of each line single-purpose money pays, see ``_gift_discounts``.

        :param spent: list of ``(asset, amount_minor, net_minor)``
        :returns: ``(shares, left_over)``
        """
        facts = self._product_facts([product.id for product, *_rest in lines if product])
        products_sudo = self.env["product.product"].sudo()  # whoever sells them
        rates = self._tax_rates(products_sudo.browse(facts), company)
        goods = [
            self._as_good(product, amount_minor, asset, facts, rates)
            for product, amount_minor, asset in lines
        ]
        gifts = [
            Gift(
                amount_minor,
                frozenset(asset_sudo.product_category_ids.ids),
                asset_sudo.vat_tax_id.amount,
            )
            for asset_sudo, amount_minor, _net in spent
        ]
        return share_out(gifts, goods, first)
