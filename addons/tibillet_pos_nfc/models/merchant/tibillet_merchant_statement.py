"""What a merchant sold, what the commission is, and what is paid to it: one statement."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.tibillet_wallet.fields import BigInteger

ACCOUNTANT = "tibillet_wallet.tibillet_wallet_group_accountant"


class TibilletMerchantStatement(models.Model):
    """Whole sessions of a merchant's tills, each on one statement.

    Figures are written once, from the orders and from the books, and never typed. The
    commission is invoiced by the organiser, with its VAT; both agree on statement and invoice,
    then the rest is paid. Amounts are in minor units of the currency.
    """

    _name = "tibillet.merchant.statement"
    _inherit = ["mail.thread"]
    _description = "Statement of a merchant"
    _order = "id desc"
    _rec_name = "reference"
    _mail_post_access = "read"

    reference = fields.Char(required=True, readonly=True, copy=False)
    merchant_id = fields.Many2one(
        "tibillet.merchant", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        "res.company", string="Organiser", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="merchant_id.partner_id", string="Company")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    number = fields.Integer(required=True, readonly=True)
    from_day = fields.Date(string="From", required=True, readonly=True)
    until_day = fields.Date(string="Up to", required=True, readonly=True)
    state = fields.Selection(
        [
            ("draft", "To be agreed"),
            ("agreed", "Agreed"),
            ("paid", "Paid"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    content = fields.Json(required=True, readonly=True, help="The figures, written once.")
    gross_minor = BigInteger(required=True, readonly=True, aggregator=None)
    due_minor = BigInteger(
        required=True,
        readonly=True,
        aggregator=None,
        help="What the organiser has of it: in the merchant's wallet, and held otherwise.",
    )
    held_minor = BigInteger(required=True, readonly=True, aggregator=None)
    commission_minor = BigInteger(
        required=True, readonly=True, aggregator=None, help="With its VAT, as invoiced."
    )
    net_minor = BigInteger(
        compute="_compute_net", help="Positive: to be paid to the merchant; negative: by it."
    )
    gross = fields.Monetary(compute="_compute_net", string="Sold, with VAT")
    due = fields.Monetary(compute="_compute_net", string="Held by the organiser")
    commission = fields.Monetary(compute="_compute_net", string="Commission with VAT")
    net = fields.Monetary(compute="_compute_net", string="To be paid")
    html = fields.Html(compute="_compute_html", sanitize=False)
    session_ids = fields.One2many(
        "pos.session",
        "tibillet_statement_id",
        readonly=True,
        groups="point_of_sale.group_pos_user",  # who reads no tills reads none here
    )
    invoice_id = fields.Many2one(
        "account.move", string="Commission invoice", readonly=True, ondelete="restrict"
    )
    agreed_by = fields.Char(string="Agreed for the merchant by", readonly=True, tracking=True)
    agreed_on = fields.Date(readonly=True, tracking=True)
    paid_on = fields.Date(readonly=True, tracking=True)
    settle_operation_id = fields.Many2one(
        "tibillet.operation", readonly=True, ondelete="restrict", copy=False
    )
    remit_operation_id = fields.Many2one(
        "tibillet.operation", readonly=True, ondelete="restrict", copy=False
    )
    payment_move_id = fields.Many2one(
        "account.move", string="Payment", readonly=True, ondelete="restrict", copy=False
    )

    _number_uniq = models.Constraint(
        "unique(merchant_id, number)", "Each statement of a merchant has its own number."
    )

    @api.depends("gross_minor", "due_minor", "commission_minor")
    def _compute_net(self):
        for statement in self:
            factor = 10 ** (statement.currency_id.decimal_places or 0)
            statement.net_minor = statement.due_minor - statement.commission_minor
            statement.gross = statement.gross_minor / factor
            statement.due = statement.due_minor / factor
            statement.commission = statement.commission_minor / factor
            statement.net = statement.net_minor / factor

    def _check_accountant(self):
        """:raises AccessError: for who is no accountant of the organiser"""
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("An accountant of the organiser does this."))
        self.check_access("read")

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # -- making ------------------------------------------------------------------------------

    @api.model
    def _make(self, merchant):
        """Sum up the closed sessions that stand on no statement yet.

        :raises UserError: while a session is open, when nothing was sold, when the last
            statement waits for its agreement or payment
        """
        self._check_accountant()
        merchant.check_access("read")
        statements_sudo = self.sudo()  # figures and invoice; the act was checked above
        # Of two that make one at once the second fails on this row and, begun again, finds it.
        self.env.execute_query(self._lock_sql(merchant))
        merchant_sudo = merchant.sudo()
        statements_sudo._check_makable(merchant_sudo)
        sessions_sudo = merchant_sudo._sessions(
            ("state", "=", "closed"), ("tibillet_statement_id", "=", False)
        )
        values = statements_sudo._figures(merchant_sudo, sessions_sudo)
        if not sessions_sudo or not (values["gross_minor"] or values["due_minor"]):
            raise UserError(
                self.env._("%s sold nothing since its last statement.", merchant_sudo.name)
            )
        last_sudo = statements_sudo.search([("merchant_id", "=", merchant.id)], limit=1)
        number = last_sudo.number + 1
        statement_sudo = statements_sudo.create(
            values
            | {
                "merchant_id": merchant.id,
                "company_id": merchant_sudo.company_id.id,
                "number": number,
                "reference": f"{merchant_sudo._statement_prefix()}/{number:03d}",
                "commission_minor": 0,
            }
        )
        sessions_sudo.tibillet_statement_id = statement_sudo
        statement_sudo._draft_invoice()
        return statement_sudo.sudo(False)

    @api.model
    def _check_makable(self, merchant_sudo):
        open_sudo = merchant_sudo._sessions(("state", "!=", "closed"))
        if open_sudo:
            raise UserError(
                self.env._(
                    "Close the till first, %s is open: what it sells belongs on the statement.",
                    ", ".join(open_sudo.mapped("name")),
                )
            )
        waiting_sudo = self.search(
            [("merchant_id", "=", merchant_sudo.id), ("state", "in", ("draft", "agreed"))], limit=1
        )
        if waiting_sudo:
            raise UserError(
                self.env._(
                    "%s is not paid yet: agree on it, pay it or withdraw it first.",
                    waiting_sudo.reference,
                )
            )
        if not merchant_sudo.commission_rate and not merchant_sudo.commission_free:
            raise UserError(
                self.env._("%s has no rate of commission: write it first.", merchant_sudo.name)
            )

    # -- acts --------------------------------------------------------------------------------

    def action_agree(self):
        """Both agree to these figures: the commission is invoiced."""
        self.ensure_one()
        self._check_accountant()
        statement_sudo = self.sudo()  # its fields are written by acts only
        statement_sudo._take_turn("draft")
        if statement_sudo.invoice_id:
            statement_sudo.invoice_id.invoice_date = fields.Date.context_today(self)
            statement_sudo.invoice_id.action_post()
        merchant_sudo = statement_sudo.merchant_id
        statement_sudo.write(
            {
                "state": "agreed",
                "agreed_on": fields.Date.context_today(self),
                "agreed_by": merchant_sudo.signed_by or merchant_sudo.partner_id.name,
            }
        )
        return True

    def action_withdraw(self):
        """Before it is agreed, its sessions are free for another one."""
        self.ensure_one()
        self._check_accountant()
        statement_sudo = self.sudo()  # its fields are written by acts only
        statement_sudo._take_turn("draft")
        statement_sudo.session_ids.tibillet_statement_id = False
        invoice_sudo = statement_sudo.invoice_id
        statement_sudo.write({"state": "cancelled", "invoice_id": False})
        invoice_sudo.unlink()
        return True

    def action_view_sessions(self):
        self.ensure_one()
        self._check_accountant()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sessions"),
            "res_model": "tibillet.closing",
            "view_mode": "list,form",
            "domain": [("session_id", "in", self.sudo().session_ids.ids)],
        }

    def action_print(self):
        """Download the statement."""
        self.ensure_one()
        self._check_accountant()
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/merchant/statement/{self.id}.pdf",
            "target": "download",
        }
