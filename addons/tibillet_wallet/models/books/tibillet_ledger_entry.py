"""The ledger's entry: one balanced move for one company and one accounting day."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date


class TibilletLedgerEntry(models.Model):
    """What the books know of the ledger.

    Which operation went into which entry stands in a table of its own
    (``tibillet_ledger_entry_operation``), whose key is (operation, company): however many
    writers run, an operation is booked once in each company that it concerns. A late
    operation makes a further entry on its own day; an entry never changes.
    """

    _name = "tibillet.ledger.entry"
    _description = "Wallet ledger entry"
    _order = "day desc, company_id, sequence desc"
    _rec_name = "move_id"

    company_id = fields.Many2one(
        "res.company", string="Company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(
        string="Number", required=True, readonly=True, help="Counts the company's entries."
    )
    day = fields.Date(
        string="Business Day",
        required=True,
        readonly=True,
        help="Business day of the venue where the operations took place.",
    )
    cutoff_at = fields.Datetime(
        string="Cut-off",
        required=True,
        readonly=True,
        help="When the entry was written: an operation that arrives later makes another entry.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    date = fields.Date(
        related="move_id.date",
        string="Accounting Date",
        help="The accounting day, or the first open day when its period is locked.",
    )
    amount_total = fields.Monetary(related="move_id.amount_total", string="Total")
    line_ids = fields.One2many("tibillet.ledger.entry.line", "entry_id", string="Lines")
    operation_count = fields.Integer(string="Operations", compute="_compute_operation_count")

    # The guard of the writer: two at once want the same number, the loser starts again.
    _sequence_uniq = models.Constraint(
        "unique(company_id, sequence)", "Another entry of this company has this number."
    )
    _day_idx = models.Index("(company_id, day)")

    def _compute_operation_count(self):
        counts = dict(
            self.env.execute_query(
                SQL(
                    "SELECT entry_id, count(*) FROM tibillet_ledger_entry_operation"
                    " WHERE entry_id = ANY(%s) GROUP BY entry_id",
                    self.ids,
                )
            )
        )
        for entry in self:
            entry.operation_count = counts.get(entry.id, 0)

    @api.depends("company_id", "sequence", "day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._(
                "Wallet ledger, %(day)s (%(number)s)",
                day=format_date(entry.env, entry.day),
                number=entry.sequence,
            )

    def _operation_ids(self):
        """Ids of the operations booked by these entries.

        :rtype: list[int]
        """
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT operation_id FROM tibillet_ledger_entry_operation"
                    " WHERE entry_id = ANY(%s) ORDER BY operation_id",
                    self.ids,
                )
            )
        ]

    def action_view_operations(self):
        """Open the operations booked by these entries."""
        self.check_access("read")
        return self.env["tibillet.books"]._operations_action(self._operation_ids())

    def action_view_move(self):
        """Open the journal entry."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def action_write_now(self):
        """Book everything posted up to now in the selected companies (accountants).

        :raises AccessError: for anybody else
        """
        if not self.env.user.has_group("tibillet_wallet.tibillet_wallet_group_accountant"):
            raise AccessError(self.env._("Only an accountant writes the wallet ledger's entries."))
        entries = self.env["tibillet.books"]._write_pending(self.env.companies, include_today=True)
        message = (
            self.env._("%(count)s entries written.", count=len(entries))
            if entries
            else self.env._("The books are up to date: nothing to write.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
