from odoo import api, fields, models

from ...fields import BigInteger


class TibilletSettlementLine(models.Model):
    """What an issuer and a place owe each other in one asset, as it was agreed on.

    Positive: the issuer owes the place; negative: the place owes the issuer. ``carried_minor``
    is what the earlier settlements left or did not know of.
    """

    _name = "tibillet.settlement.line"
    _description = "Line of a settlement"
    _order = "settlement_id, id"
    _rec_name = "asset_id"

    settlement_id = fields.Many2one(
        "tibillet.settlement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    asset_id = fields.Many2one(
        "tibillet.asset", string="Asset", required=True, readonly=True, ondelete="restrict"
    )
    issuer_company_id = fields.Many2one(
        "res.company", string="Issuer", required=True, readonly=True, ondelete="restrict"
    )
    place_company_id = fields.Many2one(
        "res.company", string="Place", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    sale_minor = BigInteger(required=True, readonly=True, aggregator=None)
    topup_minor = BigInteger(required=True, readonly=True, aggregator=None)
    refund_minor = BigInteger(required=True, readonly=True, aggregator=None)
    other_minor = BigInteger(required=True, readonly=True, aggregator=None)
    carried_minor = BigInteger(required=True, readonly=True, aggregator=None)
    amount_minor = BigInteger(required=True, readonly=True, aggregator=None)
    settled_minor = BigInteger(
        default=0, required=True, readonly=True, aggregator=None, help="Set off or paid, so far."
    )
    sale = fields.Monetary(string="Sales", compute="_compute_amounts")
    topup = fields.Monetary(string="Top-ups", compute="_compute_amounts")
    refund = fields.Monetary(string="Refunds", compute="_compute_amounts")
    other = fields.Monetary(string="Other", compute="_compute_amounts")
    carried = fields.Monetary(string="Carried over", compute="_compute_amounts")
    amount = fields.Monetary(string="Issuer owes", compute="_compute_amounts")
    sentence = fields.Char(compute="_compute_sentence", string="Who owes whom")

    _settled_within = models.Constraint(
        "CHECK (settled_minor BETWEEN 0 AND abs(amount_minor))",
        "No more is settled than is owed.",
    )
    _once = models.Constraint(
        "unique(settlement_id, asset_id, place_company_id)", "An asset stands once in it."
    )

    def _compute_amounts(self):
        for line in self:
            unit = 10**line.currency_id.decimal_places
            for name in ("sale", "topup", "refund", "other", "carried", "amount"):
                line[name] = line[f"{name}_minor"] / unit

    @api.depends_context("lang")
    def _compute_sentence(self):
        for line_sudo in self.sudo():  # the names of both sides
            line_sudo.sentence = self.env["tibillet.debt"]._sentence(
                line_sudo.issuer_company_id.name,
                line_sudo.place_company_id.name,
                line_sudo.amount_minor,
                line_sudo.settlement_id._format,
            )

    def action_view_movements(self):
        """The movements behind it, up to the settlement's last day."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_wallet.tibillet_debt_line_action"
        )
        return action | {
            "domain": [
                ("issuer_company_id", "=", self.issuer_company_id.id),
                ("place_company_id", "=", self.place_company_id.id),
                ("asset_id", "=", self.asset_id.id),
                ("day", "<=", self.settlement_id.until_day),
            ],
            "context": {},
        }
