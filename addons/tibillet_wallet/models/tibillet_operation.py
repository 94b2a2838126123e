from odoo import api, fields, models

from ..fields import BigInteger
from ..ledger_rules import RULES

STATES = [
    ("pending", "On hold"),
    ("posted", "Posted"),
    ("voided", "Voided"),
    ("expired", "Expired"),
]
CODE_NAMES = [
    ("topup", "Top-up"),
    ("gift", "Gift"),
    ("reward", "Reward"),
    ("issue", "Issue"),
    ("sale", "Sale"),
    ("deposit_back", "Deposit back"),
    ("undo", "Undo"),
    ("refund", "Refund"),
    ("empty", "Emptying"),
    ("expire", "Expiry"),
    ("chargeback", "Chargeback"),
    ("settle", "Settlement"),
    ("remit", "Remittance"),
    ("merge", "Merge"),
    ("transfer", "Transfer"),
    ("give", "Donation"),
    ("extinguish", "Extinction"),
    ("shortfall", "Shortfall"),
    ("write_off", "Write-off"),
    ("correct", "Correction"),
]
MEANS = [
    ("cash", "Cash"),
    ("bank_card", "Bank card"),
    ("transfer", "Bank transfer"),
    ("cheque", "Cheque"),
    ("online", "Online"),
    ("title", "Special title"),
]


class TibilletOperation(models.Model):
    """What was done: transfers that succeed or fail together.

    Rows are written by ``tibillet.ledger`` through SQL; they change once, from pending to
    one final state, and triggers refuse anything else.
    """

    _name = "tibillet.operation"
    _inherit = "tibillet.ledger.row"
    _description = "Operation"
    _log_access = False
    _order = "id desc"
    _rec_name = "key"

    origin = fields.Char(required=True, readonly=True, help="Who was authenticated: device:12…")
    key = fields.Char(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True, groups="base.group_system")
    code = fields.Selection(CODE_NAMES, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    occurred_at = fields.Datetime(required=True, readonly=True, index=True)
    posted_at = fields.Datetime(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="restrict")
    device_seq = BigInteger(readonly=True, aggregator=None)
    card_id = fields.Many2one(
        "tibillet.card", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    wallet_id = fields.Many2one(
        "tibillet.wallet", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    requested_minor = BigInteger(readonly=True, aggregator=None)
    names_id = fields.Many2one(
        "tibillet.operation",
        string="Completes or reverses",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    means = fields.Selection(MEANS, string="Paid by", readonly=True)
    memo = fields.Char(string="Reason", compute="_compute_memo")
    transfer_ids = fields.One2many("tibillet.transfer", "operation_id", readonly=True)
    hold_line_ids = fields.One2many("tibillet.hold.line", "operation_id", readonly=True)
    paid_minor = BigInteger(compute="_compute_paid")
    missing_minor = BigInteger(compute="_compute_paid")
    hold_until = fields.Datetime(compute="_compute_hold_until")
    amount_text = fields.Char(string="Amount", compute="_compute_amount_text")

    _origin_key_unique = models.Constraint(
        "unique(origin, key)", "This key has been used by this origin already."
    )
    _key_visible = models.Constraint(
        "CHECK (key ~ '^[!-~]{1,64}$')", "A key has 1 to 64 visible characters."
    )
    _state_known = models.Constraint(
        "CHECK (state IN ('pending', 'posted', 'voided', 'expired')"
        " AND (state = 'posted') = (posted_at IS NOT NULL))",
        "An operation is pending or final, and dated when it is posted.",
    )
    _means_known = models.Constraint(
        "CHECK (means IN ({}))".format(", ".join(f"'{means}'" for means, _name in MEANS)),
        "The ledger does not know this means of payment.",
    )
    _code_known = models.Constraint(
        "CHECK (code IN ({}))".format(", ".join(f"'{code}'" for code in sorted(RULES))),
        "This code is not one of the ledger's.",
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """What it was and its number: the key is for machines."""
        names = dict(self._fields["code"]._description_selection(self.env))
        for operation in self:
            operation.display_name = self.env._(
                "%(kind)s no. %(number)s",
                kind=names.get(operation.code, ""),
                number=operation.id or "",
            )

    def _compute_memo(self):
        """Free text stands apart: it may be erased, the operation never is."""
        self.env.cr.execute(
            "SELECT operation_id, memo FROM tibillet_memo WHERE operation_id = ANY(%s)",
            [self.ids],
        )
        memos = dict(self.env.cr.fetchall())
        for operation in self:
            operation.memo = memos.get(operation.id, False)

    def _compute_paid(self):
        """What was asked is paid by the transfers, or by the lines still on hold."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT o.id, COALESCE((SELECT sum(amount_minor) FROM tibillet_transfer"
            "  WHERE operation_id = o.id AND earned IS NOT TRUE),"
            " CASE WHEN o.state = 'pending' THEN (SELECT sum(amount_minor) FROM tibillet_hold_line"
            "  WHERE operation_id = o.id AND earned IS NOT TRUE) END, 0)::bigint"
            " FROM tibillet_operation o WHERE o.id = ANY(%s)",
            [self.ids],
        )
        paid = dict(self.env.cr.fetchall())
        for operation in self:
            operation.paid_minor = paid.get(operation.id, 0)
            operation.missing_minor = max(0, operation.requested_minor - operation.paid_minor)

    def _compute_amount_text(self):
        """What moved or is on hold, for people: ``4,00 € Jeton + 45 min Heures``.

        Points that a sale gave, or that its undo took back, stand apart: ``(+3 pts Fidélité)``.
        """
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT operation_id, asset_id, sum(amount_minor)::bigint, earned FROM ("
            " SELECT operation_id, asset_id, amount_minor, id, earned IS TRUE AS earned"
            "   FROM tibillet_transfer WHERE operation_id = ANY(%(ids)s) UNION ALL"
            " SELECT l.operation_id, l.asset_id, l.amount_minor, l.id, l.earned IS TRUE"
            "   FROM tibillet_hold_line l JOIN tibillet_hold h ON h.operation_id = l.operation_id"
            "  WHERE l.operation_id = ANY(%(ids)s)) line"
            " GROUP BY operation_id, asset_id, earned ORDER BY min(id)",
            {"ids": self.ids},
        )
        parts, beside = {}, {}
        assets_sudo = self.env["tibillet.asset"].sudo()  # names and units of what is taken here
        for operation_id, asset_id, amount_minor, earned in self.env.cr.fetchall():
            asset_sudo = assets_sudo.browse(asset_id)
            (beside if earned else parts).setdefault(operation_id, []).append(
                f"{asset_sudo._format(amount_minor)} {asset_sudo.name}"
            )
        for operation in self:
            sign = "-" if operation.code == "undo" else "+"
            operation.amount_text = " ".join(
                [
                    " + ".join(parts.get(operation.id, [])),
                    *(f"({sign}{text})" for text in beside.get(operation.id, [])),
                ]
            )

    def _compute_hold_until(self):
        self.env.cr.execute(
            "SELECT operation_id, expires_at FROM tibillet_hold WHERE operation_id = ANY(%s)",
            [self.ids],
        )
        ends = dict(self.env.cr.fetchall())
        for operation in self:
            operation.hold_until = ends.get(operation.id, False)
