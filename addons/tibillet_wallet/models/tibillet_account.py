from odoo import api, fields, models

from ..fields import BigInteger
from ..ledger_rules import MAX_AMOUNT_MINOR


class TibilletAccount(models.Model):
    """Wallet × asset. Rows are written by the ledger's SQL alone.

    ``balance_minor``, ``held_minor`` and ``floor_minor`` are filled for persons and cards
    only: a running balance on a place, issuer, pool or peer would make every sale of an
    evening wait for one row. Theirs are sums (``_balance``).
    """

    _name = "tibillet.account"
    _inherit = "tibillet.ledger.row"
    _description = "Account"
    _log_access = False
    _order = "id"

    wallet_id = fields.Many2one("tibillet.wallet", required=True, index=True, ondelete="restrict")
    asset_id = fields.Many2one("tibillet.asset", required=True, index=True, ondelete="restrict")
    balance_minor = BigInteger(readonly=True, aggregator=None)
    held_minor = BigInteger(readonly=True, aggregator=None)
    floor_minor = BigInteger(readonly=True, aggregator=None)

    balance_text = fields.Char(string="Balance", compute="_compute_texts")
    held_text = fields.Char(string="On hold", compute="_compute_texts")

    _wallet_asset_unique = models.Constraint(
        "unique(wallet_id, asset_id)", "This wallet has an account of this asset already."
    )
    _floor = models.Constraint(
        "CHECK (balance_minor - held_minor >= floor_minor)",
        "An account cannot go below its floor.",
    )
    _floor_is_no_reserve = models.Constraint(
        "CHECK (floor_minor <= 0)", "A floor is zero, or an overdraft below it."
    )
    _held_positive = models.Constraint(
        "CHECK (held_minor >= 0)", "What is on hold cannot be negative."
    )
    _all_or_none = models.Constraint(
        "CHECK (num_nulls(balance_minor, held_minor, floor_minor) IN (0, 3))",
        "An account has a balance, a hold and a floor, or none of them.",
    )

    @api.depends("wallet_id", "asset_id")
    def _compute_display_name(self):
        for account in self:
            account.display_name = f"{account.wallet_id.display_name} · {account.asset_id.name}"

    def _compute_texts(self):
        """Balances for people, in one query; those of places and issuers are sums."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, COALESCE(balance_minor, tibillet_account_sum(id)), COALESCE(held_minor, 0)"
            " FROM tibillet_account WHERE id = ANY(%s)",
            [self.ids],
        )
        figures = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        for account_sudo in self.sudo():  # the unit of an asset that another place issued
            balance_minor, held_minor = figures.get(account_sudo.id, (0, 0))
            account_sudo.balance_text = account_sudo.asset_id._format(balance_minor)
            account_sudo.held_text = (
                account_sudo.asset_id._format(held_minor) if held_minor else False
            )

    @api.model
    def _get(self, wallet, asset):
        """The account of a wallet in an asset, made on first need.

        Race-safe: when another transaction makes it meanwhile, this one fails with a
        serialization error, which Odoo and the ledger's own loop retry.
        """
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id FROM tibillet_account WHERE wallet_id = %s AND asset_id = %s",
            [wallet.id, asset.id],
        )
        row = self.env.cr.fetchone()
        if not row:
            # The wallet's row is touched: a merge that empties it meanwhile collides with us.
            self.env.cr.execute(
                "UPDATE tibillet_wallet SET frozen = frozen"
                " WHERE id = %s AND kind IN ('person', 'card')",
                [wallet.id],
            )
            self.env.cr.execute(
                "INSERT INTO tibillet_account"
                " (wallet_id, asset_id, balance_minor, held_minor, floor_minor)"
                " SELECT w.id, %(asset)s, zero, zero, zero FROM tibillet_wallet w,"
                " LATERAL (SELECT CASE WHEN w.kind IN ('person', 'card')"
                " THEN 0::bigint END AS zero) z"
                " WHERE w.id = %(wallet)s"
                " ON CONFLICT (wallet_id, asset_id) DO NOTHING RETURNING id",
                {"wallet": wallet.id, "asset": asset.id},
            )
            row = self.env.cr.fetchone()
            self.invalidate_model()
        return self.browse(row[0])

    def _set_floor(self, floor_minor):
        """Let a person's account go below zero, down to ``floor_minor`` (an overdraft), or no
        longer. Alcohol is never paid from it (``_spend``), whatever the floor.

        :param floor_minor: integer in minor units, zero or less
        :raises LedgerError: ``invalid``; ``not_allowed`` for a card without a name and for an
            account that is further below than that
        """
        self.ensure_one()
        refusal = self.env["tibillet.ledger"]._refusal
        if type(floor_minor) is not int or not -MAX_AMOUNT_MINOR <= floor_minor <= 0:
            raise refusal("invalid", self.env._("An overdraft is a whole amount."))
        if self.wallet_id.kind != "person":
            raise refusal(
                "not_allowed", self.env._("Only a person whose name is known may owe something.")
            )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tibillet_account SET floor_minor = %(floor)s"
            " WHERE id = %(id)s AND balance_minor - held_minor >= %(floor)s RETURNING id",
            {"floor": floor_minor, "id": self.id},
        )
        if not self.env.cr.fetchone():
            raise refusal(
                "not_allowed",
                self.env._("This account is further below zero than that: it is filled up first."),
            )
        self.invalidate_model()

    def _balance(self):
        """Balance in minor units, of any kind of wallet, from the database now."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT COALESCE(balance_minor, tibillet_account_sum(id))"
            " FROM tibillet_account WHERE id = %s",
            [self.id],
        )
        return self.env.cr.fetchone()[0]
