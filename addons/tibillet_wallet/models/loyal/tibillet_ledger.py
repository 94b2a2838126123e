"""Points inside the sale's own operation, and what becomes of them when it is undone."""

from odoo import api, models

STANDS = """
    SELECT s.id, s.issuer_wallet_id, i.id, h.id, s.load_cap_minor,
           h.balance_minor + COALESCE(tibillet_account_arriving(h.id), 0)
      FROM tibillet_asset s
      JOIN tibillet_wallet w ON w.id = s.issuer_wallet_id AND w.frozen IS NOT TRUE
      JOIN res_company p ON p.id = %(company)s
      LEFT JOIN tibillet_account i ON i.asset_id = s.id AND i.wallet_id = s.issuer_wallet_id
      LEFT JOIN tibillet_account h ON h.asset_id = s.id AND h.wallet_id = %(wallet)s
     WHERE s.id = ANY(%(assets)s) AND s.active AND s.frozen_at IS NULL
       AND (s.company_id = p.id OR EXISTS (
            SELECT FROM tibillet_acceptance c
             WHERE c.asset_id = s.id AND c.company_id = p.id AND c.state = 'active'
               AND c.contract_date <= tibillet_business_day(c.company_id)
               AND (c.end_date IS NULL OR c.end_date >= tibillet_business_day(c.company_id))))
     ORDER BY s.id"""


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _earned(self, wallet, company, basket, purses):
        """The points that a sale gives the wallet that pays it: lines for ``_post``.

        Never a reason to refuse a sale: points of an asset that is archived, frozen, no longer
        accepted here or full on this wallet are simply not given.

        :param basket: lines after the cascade, with what money paid of each
        """
        rules = self.env["tibillet.loyalty"]._rules_of(company.id)
        points = {rule.asset_id: rule.points(basket) for rule in rules}
        assets = [asset_id for asset_id, minor in points.items() if minor]
        if not assets:
            return []
        self.env.cr.execute(STANDS, {"company": company.id, "wallet": wallet.id, "assets": assets})
        lines = []
        for asset_id, issuer_wallet_id, issuer, holder, cap, stored in self.env.cr.fetchall():
            minor = points[asset_id]
            if cap:
                minor = min(minor, max(0, cap - (stored or 0)))
            if minor:
                lines.append(
                    (
                        issuer or self._account_of(issuer_wallet_id, asset_id),
                        holder or self._account_of(wallet.id, asset_id),
                        minor,
                    )
                )
        return lines

    def _account_of(self, wallet_id, asset_id):
        wallet = self.env["tibillet.wallet"].browse(wallet_id)
        asset = self.env["tibillet.asset"].browse(asset_id)
        return self.env["tibillet.account"]._get(wallet, asset).id

    @api.model
    def _earned_back(self, sales, given_before, given_now):
        """The points that come back with a part of what a sale took: lines for ``_post``.

        In proportion to the money, counted from the first refund on, so that refunds in parts
        take back in all what one refund of the whole would. Never below zero: what the holder
        has spent meanwhile is forgiven, here and in later refunds of the same sale.

        :param sales: the posted ``sale`` operations of one payment (the hold's, the late one)
        :param given_before: what earlier refunds gave back of them, in minor units
        :param given_now: what this refund gives back
        :returns: ``(lines, forgiven)``: forgiven as ``{asset id: minor units}``
        """
        earned = sales.transfer_ids.filtered("earned")
        if not earned:
            return [], {}
        paid_minor = sum((sales.transfer_ids - earned).mapped("amount_minor"))
        lines, forgiven = [], {}
        for transfer in earned:
            total = transfer.amount_minor
            due = (
                total * (given_before + given_now) // paid_minor
                - total * given_before // paid_minor
            )
            holder = self.env["tibillet.account"]._get(
                transfer.credit_account_id.wallet_id._surviving(), transfer.asset_id
            )
            taken = min(due, self._free_minor(holder))
            if taken:
                lines.append((holder.id, transfer.debit_account_id.id, taken))
            if taken < due:
                asset_id = transfer.asset_id.id
                forgiven[asset_id] = forgiven.get(asset_id, 0) + due - taken
        return lines, forgiven

    def _free_minor(self, account):
        """What is on a holder's account and on hold nowhere, never below zero."""
        self.env.cr.execute("SELECT tibillet_ledger_release(ARRAY[%s])", [account.id])
        self.env.cr.execute(
            "SELECT GREATEST(0, balance_minor - held_minor) FROM tibillet_account WHERE id = %s",
            [account.id],
        )
        return self.env.cr.fetchone()[0]
