"""A settlement: what two places owe each other up to a day, agreed by both, and its payment."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...fields import BigInteger

ACCOUNTANT = "tibillet_wallet.tibillet_wallet_group_accountant"
#: Still to be agreed on or paid: what it claims is not claimed a second time.
OPEN_STATES = ("proposed", "agreed", "disputed")


class TibilletSettlement(models.Model):
    """One statement for two places and a currency.

    Proposed by one side or by the weekly job; both agree to the very figures, which never
    change. With both signatures what the two owe each other is set off, and the rest is due
    from one to the other, at once or in parts. Every act goes through a button: nobody writes
    these fields, and the money of each act is moved by the ledger.
    """

    _name = "tibillet.settlement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Settlement between places"
    _order = "until_day desc, id desc"
    _rec_name = "reference"
    _mail_post_access = "read"

    reference = fields.Char(
        required=True, readonly=True, copy=False, help="Both sides write it on the payment."
    )
    first_company_id = fields.Many2one(
        "res.company", string="One place", required=True, readonly=True, ondelete="restrict"
    )
    second_company_id = fields.Many2one(
        "res.company", string="The other", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    number = fields.Integer(
        required=True, readonly=True, help="Counts the settlements of these two."
    )
    since_day = fields.Date(
        string="After",
        readonly=True,
        help="The last day of the settlement before this one; what is older is carried over.",
    )
    until_day = fields.Date(
        string="Up to", required=True, readonly=True, help="Last business day that is settled."
    )
    due_date = fields.Date(string="Due on", required=True, readonly=True, tracking=True)
    net_minor = BigInteger(
        required=True,
        readonly=True,
        aggregator=None,
        help="In minor units of the currency. Positive: the first owes the second.",
    )
    paid_minor = BigInteger(default=0, required=True, readonly=True, aggregator=None)
    turns = fields.Integer(
        default=0, required=True, readonly=True, help="Counts acts: two at once collide on it."
    )
    state = fields.Selection(
        [
            ("proposed", "To agree on"),
            ("agreed", "To pay"),
            ("disputed", "Disputed"),
            ("done", "Settled"),
            ("cancelled", "Withdrawn"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        tracking=True,
    )
    agreed_first_by_id = fields.Many2one("res.users", string="Agreed by", readonly=True)
    agreed_first_at = fields.Datetime(string="Agreed on", readonly=True)
    agreed_second_by_id = fields.Many2one("res.users", string="Agreed by the other", readonly=True)
    agreed_second_at = fields.Datetime(string="Agreed on by the other", readonly=True)
    disputed_by_id = fields.Many2one("res.users", string="Disputed by", readonly=True)
    disputed_company_id = fields.Many2one("res.company", string="Disputing place", readonly=True)
    dispute_reason = fields.Char(readonly=True, tracking=True)
    line_ids = fields.One2many("tibillet.settlement.line", "settlement_id", readonly=True)
    payment_ids = fields.One2many("tibillet.settlement.payment", "settlement_id", readonly=True)

    debtor_company_id = fields.Many2one(
        "res.company", string="Debtor", compute="_compute_sides", compute_sudo=True
    )
    creditor_company_id = fields.Many2one(
        "res.company", string="Creditor", compute="_compute_sides", compute_sudo=True
    )
    amount = fields.Monetary(string="Net", compute="_compute_sides", compute_sudo=True)
    rest = fields.Monetary(string="Left to pay", compute="_compute_sides", compute_sudo=True)
    rest_minor = BigInteger(compute="_compute_sides", compute_sudo=True, aggregator=None)
    late = fields.Boolean(compute="_compute_late", search="_search_late")
    sentence = fields.Char(compute="_compute_sentence", string="Who owes whom")
    agreement_text = fields.Char(compute="_compute_agreement", string="Agreement")
    can_agree = fields.Boolean(compute="_compute_agreement")
    is_mine = fields.Boolean(compute="_compute_agreement")

    _reference_uniq = models.Constraint("unique(reference)", "This reference is taken.")
    # The guard of the proposal: two at once want the same number, the loser starts again.
    _number_uniq = models.Constraint(
        "unique(first_company_id, second_company_id, currency_id, number)",
        "Another settlement of these two has this number.",
    )
    _pair_ordered = models.Constraint(
        "CHECK (first_company_id < second_company_id)", "A pair is two places, in order."
    )
    _never_more = models.Constraint(
        "CHECK (paid_minor BETWEEN 0 AND abs(net_minor))",
        "No more is paid than is owed.",
    )
    _second_idx = models.Index("(second_company_id)")

    @api.depends("net_minor", "paid_minor")
    def _compute_sides(self):
        for settlement in self:
            pair = settlement.first_company_id, settlement.second_company_id
            debtor, creditor = pair if settlement.net_minor >= 0 else reversed(pair)
            settlement.debtor_company_id = settlement.net_minor and debtor
            settlement.creditor_company_id = settlement.net_minor and creditor
            unit = 10**settlement.currency_id.decimal_places
            open_ = settlement.state in OPEN_STATES
            settlement.rest_minor = open_ and abs(settlement.net_minor) - settlement.paid_minor
            settlement.amount = abs(settlement.net_minor) / unit
            settlement.rest = settlement.rest_minor / unit

    @api.depends("due_date", "state")
    def _compute_late(self):
        today = fields.Date.context_today(self)
        for settlement in self:
            settlement.late = settlement.state in OPEN_STATES and settlement.due_date < today

    @api.model
    def _search_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "in", OPEN_STATES) & Domain(
            "due_date", "<", fields.Date.context_today(self)
        )
        return late if True in value else ~late

    @api.depends("net_minor", "paid_minor", "state")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for settlement_sudo in self.sudo():  # the names of both sides
            settlement_sudo.sentence = self.env["tibillet.debt"]._sentence(
                settlement_sudo.first_company_id.name,
                settlement_sudo.second_company_id.name,
                settlement_sudo.net_minor,
                settlement_sudo._format,
            )

    @api.depends("agreed_first_by_id", "agreed_second_by_id", "state")
    @api.depends_context("uid", "lang")
    def _compute_agreement(self):
        mine = set(self.env.user.company_ids.ids)
        for settlement in self:
            settlement_sudo = settlement.sudo()  # names and signatures of both sides
            missing = [
                company
                for company, signer in (
                    (settlement_sudo.first_company_id, settlement_sudo.agreed_first_by_id),
                    (settlement_sudo.second_company_id, settlement_sudo.agreed_second_by_id),
                )
                if not signer
            ]
            settlement.can_agree = settlement.state == "proposed" and bool(
                mine.intersection(company.id for company in missing)
            )
            settlement.is_mine = bool(settlement._sides())
            settlement.agreement_text = (
                self.env._("Both have agreed.")
                if not missing
                else self.env._(
                    "%s still has to agree.", ", ".join(company.name for company in missing)
                )
            )

    def _format(self, amount_minor):
        """An amount of the settlement's currency, for people."""
        return self.currency_id.format(amount_minor / 10**self.currency_id.decimal_places)

    def _sides(self):
        """The companies of the pair that the user works for."""
        self.ensure_one()
        settlement_sudo = self.sudo()  # the ids of both companies
        pair_sudo = settlement_sudo.first_company_id | settlement_sudo.second_company_id
        return pair_sudo.filtered(lambda company: company.id in self.env.user.company_ids.ids)

    def _check_accountant(self):
        """:raises AccessError: unless an accountant of one of the two asks"""
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant settles with another place."))
        self._check_reader()

    def _check_reader(self):
        """:raises AccessError: unless it is asked by who reads the books of one of the two"""
        self.check_access("read")
        for settlement in self:
            if not settlement._sides():
                raise AccessError(
                    self.env._(
                        "%s is between two places that you do not work for.", settlement.reference
                    )
                )

    def _take_turn(self):
        """Update the row first: of two acts at once the later starts again and sees what the
        other did, instead of reading an old row (cursors are REPEATABLE READ)."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tibillet_settlement SET turns = turns + 1 WHERE id = ANY(%s)", [self.ids]
        )
        self.invalidate_recordset()

    # -- written by its acts alone --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A settlement is proposed by its form."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("A settlement changes by its buttons only."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A settlement stays in the list: withdraw it instead."))
