from odoo import api, fields, models


class TibilletControlLine(models.Model):
    """One account beside what the ledger says of it, as it was at the look."""

    _name = "tibillet.control.line"
    _description = "Account of a control"
    _order = "id"
    _rec_name = "name"

    control_id = fields.Many2one(
        "tibillet.control", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="control_id.company_id", store=True)
    kind = fields.Selection(
        [("asset", "Money on cards"), ("pair", "Another place"), ("clearing", "Clearing")],
        required=True,
        readonly=True,
    )
    name = fields.Char(required=True, readonly=True)
    asset_id = fields.Many2one("tibillet.asset", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    account_id = fields.Many2one("account.account", readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    books = fields.Monetary(
        string="In the books",
        readonly=True,
        help="Credit for money on cards and on clearing what is due; with another place, a debit "
        "is what it owes.",
    )
    ledger = fields.Monetary(
        string="In the ledger", readonly=True, help="What people and cards hold, or what is owed."
    )
    taxed = fields.Monetary(
        string="Tax due at sale",
        readonly=True,
        help="Of a single-purpose asset: what its holders paid as tax when it was sold. In the "
        "books and this tax together are what they hold.",
    )
    difference = fields.Monetary(readonly=True, help="Books less ledger, before the reasons.")
    explained = fields.Monetary(readonly=True, help="By operations and documents still to come.")
    rest = fields.Monetary(string="Not explained", readonly=True)
    at_places = fields.Monetary(
        string="At places", readonly=True, help="Taken by places and not gone home yet."
    )
    in_pools = fields.Monetary(string="In pools", readonly=True)
    dormant = fields.Monetary(readonly=True, help="A part of what is held.")

    @api.model
    def _values(self, control, row):
        """:param row: ``Row`` of the books' control"""
        unit = 10**row.currency.decimal_places
        difference_minor = row.books_minor + row.taxed_minor - row.ledger_minor
        named = row.asset or row.partner
        return {
            "control_id": control.id,
            "kind": row.kind,
            "name": named.display_name if named else self.env._("Clearing"),
            "asset_id": row.asset.id if row.asset else False,
            "partner_id": row.partner.id if row.partner else False,
            "account_id": row.account.id,
            "currency_id": row.currency.id,
            "books": row.books_minor / unit,
            "taxed": row.taxed_minor / unit,
            "ledger": row.ledger_minor / unit,
            "difference": difference_minor / unit,
            "explained": (difference_minor - row.rest_minor) / unit,
            "rest": row.rest_minor / unit,
            "at_places": row.places_minor / unit,
            "in_pools": row.pool_minor / unit,
            "dormant": row.dormant_minor / unit,
        }

    def action_open_items(self):
        """The journal items of this account."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
            ],
        }
