from odoo import api, models

from ..exceptions import LedgerError

BATCH = 500
ORIGIN = "ledger:expiry"


class TibilletLedger(models.AbstractModel):
    """What expires is taken back by the night: gifts, vouchers, minutes and points whose
    issuer said so when it made the asset, never what is refunded in money."""

    _inherit = "tibillet.ledger"

    @api.model
    def _cron_expire(self):
        """Take back what was received too long ago, oldest first, in short transactions."""
        while True:
            expired = self._short(self._expire_batch)
            if expired < BATCH or not self.env["ir.cron"]._commit_progress(expired):
                return  # fewer: nothing is left, or what is refused today waits for tomorrow

    @api.model
    def _expire_batch(self, env):
        """How many were taken back; what is on hold at a till waits for its end.

        First in, first out: what was received before the limit and has not left since.
        """
        env.cr.execute(
            """
            SELECT a.id, i.id, a.wallet_id, s.company_id, cut.day::text,
                   LEAST(old.received_minor - gone.spent_minor, a.balance_minor - a.held_minor)
              FROM tibillet_account a
              JOIN tibillet_asset s ON s.id = a.asset_id
              JOIN tibillet_wallet w ON w.id = a.wallet_id AND w.frozen IS NOT TRUE
              JOIN tibillet_account i ON i.asset_id = s.id AND i.wallet_id = s.issuer_wallet_id
             CROSS JOIN LATERAL (
                   SELECT (tibillet_now() - make_interval(months => s.expiry_months))::date AS day
                   ) cut
             CROSS JOIN LATERAL (
                   SELECT COALESCE(sum(t.amount_minor), 0)::bigint AS received_minor
                     FROM tibillet_transfer t JOIN tibillet_operation o ON o.id = t.operation_id
                    WHERE t.credit_account_id = a.id AND o.posted_at < cut.day) old
             CROSS JOIN LATERAL (
                   SELECT COALESCE(sum(t.amount_minor), 0)::bigint AS spent_minor
                     FROM tibillet_transfer t WHERE t.debit_account_id = a.id) gone
             WHERE s.expiry_months > 0 AND a.balance_minor - a.held_minor > 0
               AND old.received_minor > gone.spent_minor
             ORDER BY a.id LIMIT %s
            """,
            [BATCH],
        )
        rows = env.cr.fetchall()
        done = env["tibillet.ledger"]._post(
            [
                {
                    "key": f"{account_id}/{day}",
                    "origin": ORIGIN,
                    "code": "expire",
                    "transfers": [(account_id, issuer_account_id, amount_minor)],
                    "wallet_id": wallet_id,
                    "company_id": company_id,
                }
                for account_id, issuer_account_id, wallet_id, company_id, day, amount_minor in rows
            ],
            item_by_item=True,
        )
        return sum(not isinstance(one, LedgerError) for one in done)
