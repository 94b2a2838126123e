"""Articles whose price is in an asset (45 minutes, 30 points): paid by one tap, never in money."""

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class PosOrder(models.Model):
    _inherit = "pos.order"

    tibillet_asset_key = fields.Char(
        string="Key of what was paid in an asset",
        copy=False,
        index="btree_not_null",
        help="The till's own key of the tap that paid an order priced in no money.",
    )

    _tibillet_asset_key_uniq = models.UniqueIndex(
        "(tibillet_device_id, tibillet_asset_key) WHERE tibillet_asset_key IS NOT NULL",
        "This tap is already on an order.",
    )

    def action_pos_order_paid(self):
        """Record what a card paid in an asset, or refuse: nobody paid it otherwise.

        :raises UserError: for goods priced in an asset that no card paid, or mixed with others
        """
        result = super().action_pos_order_paid()
        for order in self:
            if not order.tibillet_undo_of_id:
                order._tibillet_settle_asset()
        return result

    def _tibillet_settle_asset(self):
        lines_sudo = self.lines.sudo()  # a cashier reads no assets
        priced_sudo = lines_sudo.filtered("product_id.tibillet_price_asset_id")
        if not priced_sudo:
            return
        name = priced_sudo[0].product_id.name
        assets_sudo = priced_sudo.product_id.tibillet_price_asset_id
        if len(assets_sudo) > 1 or any(line.qty for line in lines_sudo - priced_sudo):
            raise UserError(
                self.env._(
                    "“%(product)s” is priced in %(asset)s and is paid alone. Sell the other "
                    "articles on an order of their own.",
                    product=name,
                    asset=assets_sudo[0].name,
                )
            )
        if any(line.qty < 0 for line in priced_sudo):
            raise UserError(
                self.env._(
                    "“%(product)s” was paid in %(asset)s: “Undo the sale” gives it back to the "
                    "card. A refund in money does not.",
                    product=name,
                    asset=assets_sudo.name,
                )
            )
        operation_sudo = self.env["tibillet.till"]._operation(
            self.tibillet_device_id, self.tibillet_asset_key
        )
        held_sudo = operation_sudo.hold_line_ids
        if (
            operation_sudo.code != "sale"
            or operation_sudo.company_id != self.company_id
            or held_sudo.asset_id != assets_sudo
        ):
            raise UserError(
                self.env._(
                    "“%(product)s” is paid in %(asset)s by tapping a card, and no card paid it.",
                    product=name,
                    asset=assets_sudo.name,
                )
            )
        self._tibillet_record_asset(operation_sudo, priced_sudo, assets_sudo)

    def _tibillet_record_asset(self, operation, lines, asset):
        """Capture it; what cannot be taken any more, or was too little, is noted."""
        self.env["tibillet.till"]._ledger()._record_sale(operation)
        operations_sudo = self._tibillet_asset_operations()
        taken_minor = sum(operations_sudo.transfer_ids.mapped("amount_minor"))
        due_minor = sum(round(line.product_id.tibillet_price_minor * line.qty) for line in lines)
        if taken_minor < due_minor:
            order_sudo = self.sudo()  # the note is closed to cashiers
            order_sudo._tibillet_note(
                self.env._(
                    "The card paid %(taken)s of %(due)s %(asset)s.",
                    taken=taken_minor / 10**asset.scale,
                    due=due_minor / 10**asset.scale,
                    asset=asset.name,
                )
            )

    def _tibillet_asset_operations(self):
        """The sales that paid it, as superuser: a cashier reads orders, not the ledger."""
        self.ensure_one()
        operations_sudo = self.env["tibillet.till"]._operations(
            self.tibillet_device_id, self.tibillet_asset_key
        )
        return operations_sudo.filtered(lambda op: op.state == "posted" and op.code == "sale")

    def _tibillet_give_asset_back(self, device, key):
        """Each unit back to the card that paid it, once per key.

        :raises LedgerError: as the ledger does
        """
        for number, sale_sudo in enumerate(self._tibillet_asset_operations(), 1):
            transfers = []
            for transfer_sudo in sale_sudo.transfer_ids:
                holder_sudo = transfer_sudo.debit_account_id
                if holder_sudo.wallet_id.merged_into_id:  # the card was claimed since
                    holder_sudo = holder_sudo._get(
                        holder_sudo.wallet_id._surviving(), holder_sudo.asset_id
                    )
                transfers.append(
                    (transfer_sudo.credit_account_id.id, holder_sudo.id, transfer_sudo.amount_minor)
                )
            if not transfers:
                raise LedgerError("not_allowed", self.env._("Nothing was taken for this sale."))
            self.env["tibillet.till"]._ledger()._post(
                [
                    {
                        "key": f"{key}-asset-{number}",
                        "origin": device._ledger_origin,
                        "code": "undo",
                        "transfers": transfers,
                        "card_id": sale_sudo.card_id.id,
                        "company_id": self.company_id.id,
                        "wallet_id": sale_sudo.wallet_id._surviving().id,
                        "names_id": sale_sudo.id,
                    }
                ]
            )
