from odoo import api, fields, models
from odoo.tools import SQL

from .rules import HOLDER_ACTS

CHOICES = [
    ("keep", "Kept"),
    ("refund", "Refunded"),
    ("give", "Given"),
    ("extinguish", "Extinguished"),
    ("restore", "Given back"),
]


class TibilletDormancy(models.Model):
    """An account on which its holder did nothing for the asset's period.

    The mark takes nothing and moves nothing. It says since when, what its holder chose last
    and nothing of who that is; rows may be erased at any time (:meth:`_erase`). They are
    written every night by SQL (``_mark``), and what is answered about them never counts an
    account whose holder acted since (``_still``).
    """

    _name = "tibillet.dormancy"
    _inherit = "tibillet.account.row"
    _description = "Dormant account"
    _log_access = False
    _order = "since, id"

    state = fields.Selection(
        [("soon", "Soon"), ("dormant", "Dormant"), ("awake", "Awake")],
        required=True,
        readonly=True,
        default="awake",
        index=True,
    )
    acted_at = fields.Datetime(string="Last act", readonly=True, required=True)
    since = fields.Datetime(string="Dormant since", readonly=True)
    acts = fields.Integer(readonly=True, required=True, default=0, aggregator=None)
    choice = fields.Selection(CHOICES, string="Last choice", readonly=True)
    choice_at = fields.Datetime(string="Chosen on", readonly=True)
    choice_by_id = fields.Many2one(
        "res.users", string="Recorded by", readonly=True, ondelete="set null"
    )
    extinction_id = fields.Many2one(
        "tibillet.operation", string="Extinction", readonly=True, ondelete="restrict"
    )

    amount_text = fields.Char(string="Amount", compute="_compute_amount_text")
    may_extinguish = fields.Boolean(related="asset_id.extinguish_allowed")
    told = fields.Integer(string="Notices delivered", compute="_compute_told")

    _account_unique = models.Constraint(
        "unique(account_id)", "This account has a row of dormancy already."
    )

    @api.depends("asset_id", "wallet_text")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.wallet_text} · {row.asset_id.name}"

    def _compute_amount_text(self):
        for row_sudo in self.sudo():  # accounts of other places' cards, in the issuer's asset
            row_sudo.amount_text = row_sudo.asset_id._format(row_sudo.account_id.balance_minor)

    def _compute_told(self):
        told = dict(
            self.env.execute_query(
                SQL(
                    "SELECT d.id, count(*)::int FROM tibillet_dormancy d JOIN tibillet_notice n"
                    " ON n.account_id = d.account_id AND n.counted_from = d.acted_at"
                    " WHERE d.id = ANY(%s) AND n.state = 'delivered' GROUP BY d.id",
                    self.ids,
                )
            )
        )
        for row in self:
            row.told = told.get(row.id, 0)

    # -- what is dormant now --------------------------------------------------------------

    @api.model
    def _past(self, account):
        """Lateral part of a query: the acts of the holder of an account.

        :param SQL account: the account's id in the query around it
        """
        return SQL("tibillet_account_acts(%s, %s)", account, list(HOLDER_ACTS))

    @api.model
    def _still(self):
        """Condition on ``d`` and its account ``a``: dormant this very moment, whatever the
        night's sweep knows."""
        return SQL(
            "d.state = 'dormant' AND a.balance_minor > 0"
            " AND (SELECT past.acts FROM %s past) = d.acts",
            self._past(SQL("d.account_id")),
        )

    @api.model
    def _sums(self, assets):
        """What is dormant of each asset, a part of what is held (contract 3).

        :returns: {asset id: (sum in minor units, number of accounts)}
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT d.asset_id, sum(a.balance_minor)::bigint, count(*)::int"
                "  FROM tibillet_dormancy d JOIN tibillet_account a ON a.id = d.account_id"
                " WHERE d.asset_id = ANY(%s) AND %s GROUP BY d.asset_id",
                assets.ids,
                self._still(),
            )
        )
        return {asset_id: (total, count) for asset_id, total, count in rows}

    def _is_dormant(self):
        """Whether this account is dormant this very moment."""
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM tibillet_dormancy d JOIN tibillet_account a ON a.id = d.account_id"
                " WHERE d.id = %s AND %s",
                self.id,
                self._still(),
            )
        )
        return bool(rows)

    @api.model
    def _of(self, account):
        """The row of an account in sudo, if it ever had one."""
        rows_sudo = self.sudo()  # whoever serves the holder; the row names nobody
        return rows_sudo.search([("account_id", "=", account.id)], limit=1)

    @api.model
    def _erase(self, wallets):
        """Forget all that these pages know of wallets: on the erasure of a person.

        Amounts stay in the ledger; marks, notices, their mails and accepted terms go.
        """
        for model in ("tibillet.notice", "tibillet.terms.consent", "tibillet.dormancy"):
            rows_sudo = self.env[model].sudo()  # erasing is the caller's right, checked there
            rows_sudo.search([("wallet_id", "in", wallets.ids)]).unlink()

    # -- actions --------------------------------------------------------------------------

    @api.model
    def action_open(self):
        """The list of dormant accounts; those that woke since last night leave it first."""
        self.check_access("read")
        self._wake()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_wallet.tibillet_dormancy_action"
        )
