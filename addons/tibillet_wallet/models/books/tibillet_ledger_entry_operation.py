"""Which entry booked an operation in which company: a table of its own, written once."""

from odoo import fields, models


class TibilletLedgerEntryOperation(models.Model):
    """One row per operation and company concerned.

    An operation never knows its entry (its row never changes again); this table does. Its
    unique key is what makes two writers at once book an operation one time.
    """

    _name = "tibillet.ledger.entry.operation"
    _description = "Operation booked by a wallet ledger entry"
    _log_access = False
    _order = "id"
    _rec_name = "operation_id"

    operation_id = fields.Many2one(
        "tibillet.operation",
        string="Operation",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", string="Company", required=True, readonly=True, ondelete="restrict"
    )
    entry_id = fields.Many2one(
        "tibillet.ledger.entry",
        string="Entry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    companies = fields.Integer(
        string="Companies concerned",
        required=True,
        readonly=True,
        help="How many companies book this operation: with as many rows it is done.",
    )

    _operation_company_uniq = models.Constraint(
        "unique(operation_id, company_id)", "This operation is in the company's books already."
    )
