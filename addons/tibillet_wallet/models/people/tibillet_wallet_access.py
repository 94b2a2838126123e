from odoo import api, fields, models

KEPT_YEARS = 3
WHATS = [
    ("wallet", "Opened the wallet"),
    ("card", "Opened the card"),
    ("found", "Found the card"),
    ("moves", "Looked at the movements"),
    ("list", "Exported a list"),
    ("export", "Exported everything"),
    ("erase", "Erased the person"),
]


class TibilletWalletAccess(models.Model):
    """Who of the staff looked at whose wallet, when, and why.

    Rows are written by :meth:`_note` through SQL, once per user, wallet, act and hour (each
    time when a reason was given), and removed by the housekeeping after ``KEPT_YEARS``. They
    hold a wallet's number; the reason is free text and goes when the person is erased.
    """

    _name = "tibillet.wallet.access"
    _description = "Access to a wallet"
    _log_access = False
    _order = "id desc"
    _rec_name = "at"

    at = fields.Datetime(string="When", required=True, readonly=True, index=True)
    hour = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", string="Working for", readonly=True, index=True, ondelete="restrict"
    )
    wallet_id = fields.Many2one(
        "tibillet.wallet", required=True, readonly=True, index=True, ondelete="restrict"
    )
    what = fields.Selection(WHATS, required=True, readonly=True)
    reason = fields.Char(readonly=True)
    reasoned = fields.Boolean(readonly=True)

    _once_an_hour = models.UniqueIndex(
        "(wallet_id, user_id, what, hour) WHERE NOT reasoned",
        "This access stands in the list already.",
    )

    @api.model
    def _note(self, wallets, what, reason=None):
        """Write that the current user looked at ``wallets``; one statement for all of them.

        Nothing is written for the system itself (a scheduled job, an upgrade).

        :param what: one of :data:`WHATS`
        :param reason: why, where somebody had to say it
        """
        ids = [wallet_id for wallet_id in wallets.ids if wallet_id]
        if not ids or self.env.uid == api.SUPERUSER_ID:
            return
        values = [self.env.uid, self.env.company.id, what, reason or None, bool(reason), ids]
        if self.env.cr.readonly:  # a replica answers: the row goes to the database itself
            with self.env.registry.cursor() as cr:
                self._insert(cr, values)
        else:
            self.env.flush_all()
            self._insert(self.env.cr, values)

    def _insert(self, cr, values):
        cr.execute(
            "INSERT INTO tibillet_wallet_access"
            " (at, hour, user_id, company_id, what, reason, reasoned, wallet_id)"
            " SELECT tibillet_now(), date_trunc('hour', tibillet_now()), %s, %s, %s, %s, %s, w"
            "   FROM unnest(%s) AS w ORDER BY w"
            " ON CONFLICT DO NOTHING",
            values,
        )

    @api.model
    def _clean(self):
        """Forget what is older than ``KEPT_YEARS`` years; the housekeeping calls it."""
        self.env.cr.execute(
            "DELETE FROM tibillet_wallet_access"
            " WHERE at < tibillet_now() - make_interval(years => %s)",
            [KEPT_YEARS],
        )
        return self.env.cr.rowcount

    @api.model
    def _forget_reasons(self, wallets):
        """Erase the free text of these wallets' rows; who looked and when stays."""
        self.env.cr.execute(
            "UPDATE tibillet_wallet_access SET reason = NULL"
            " WHERE wallet_id = ANY(%s) AND reason IS NOT NULL",
            [wallets.ids],
        )
        self.invalidate_model(["reason"])

    def _written_by_itself(self):
        return self.env["tibillet.ledger"]._refusal(
            "not_allowed",
            self.env._("Who looked at a wallet is written by itself; nobody can change it."),
        )

    @api.model_create_multi
    def create(self, vals_list):
        raise self._written_by_itself()

    def write(self, vals):
        raise self._written_by_itself()

    def unlink(self):
        raise self._written_by_itself()
