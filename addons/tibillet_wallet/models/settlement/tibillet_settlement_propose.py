"""The form in which an accountant looks at what is owed each way, and proposes to settle it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .tibillet_settlement import ACCOUNTANT


class TibilletSettlementPropose(models.TransientModel):
    """Nothing is written before it is proposed: the figures come from computed fields."""

    _name = "tibillet.settlement.propose"
    _description = "Propose a settlement"

    company_id = fields.Many2one(
        "res.company",
        string="Your place",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    other = fields.Selection(selection="_select_places", string="With", required=True)
    until_day = fields.Date(
        string="Up to",
        required=True,
        compute="_compute_until_day",
        store=True,
        precompute=True,
        readonly=False,
        help="The last business day that is settled; later ones come with the next settlement.",
    )
    due_date = fields.Date(
        string="Due on",
        required=True,
        default=lambda self: self.env["tibillet.settlement"]._usual_days(self.env.company)[1],
    )
    owed_text = fields.Text(string="Owed each way", compute="_compute_figures")
    net_text = fields.Char(string="Net", compute="_compute_figures")
    refusal = fields.Char(compute="_compute_figures")

    @api.model
    def _select_places(self):
        return self.env["tibillet.acceptance"]._select_acceptors()

    @api.depends("company_id", "other")
    def _compute_until_day(self):
        settlements = self.env["tibillet.settlement"]
        for form in self:
            companies = form._pair() or form.company_id
            form.until_day = companies and settlements._usual_days(companies)[0]

    @api.depends("company_id", "other", "until_day", "due_date")
    def _compute_figures(self):
        settlements_sudo = self.env["tibillet.settlement"].sudo()  # both sides' figures and names
        debts = self.env["tibillet.debt"]
        for form in self:
            form.owed_text = form.net_text = form.refusal = False
            pair_sudo = form._pair()
            if len(pair_sudo) != 2 or not (form.until_day and form.due_date):
                continue
            try:
                form._check_mine()
                currency = form.company_id.currency_id
                settlements_sudo._check_proposal(pair_sudo, currency, form.until_day, form.due_date)
                lines = settlements_sudo._owed(pair_sudo, currency, form.until_day)
                settlements_sudo._check_something_owed(pair_sudo, lines, form.until_day)
            except (AccessError, UserError) as refusal:
                form.refusal = str(refusal)
                continue
            names = {company.id: company.name for company in pair_sudo}
            sentences = []
            for line in lines:
                asset_sudo = settlements_sudo.env["tibillet.asset"].browse(line["asset_id"])
                said = debts._sentence(
                    names[line["issuer_company_id"]],
                    names[line["place_company_id"]],
                    line["amount_minor"],
                    asset_sudo._format,
                )
                sentences.append(f"{asset_sudo.name} · {said}")
            form.owed_text = "\n".join(sentences)
            first_sudo, second_sudo = pair_sudo
            form.net_text = debts._sentence(
                first_sudo.name,
                second_sudo.name,
                settlements_sudo._net_minor(first_sudo, lines),
                lambda minor, currency=currency: currency.format(
                    minor / 10**currency.decimal_places
                ),
            )

    def _pair(self):
        """Both companies in order, in sudo; fewer when one is missing or they are the same."""
        other_sudo = self.env["res.company"].sudo().browse(int(self.other or 0) or [])
        return (self.company_id.sudo() | other_sudo).sorted("id")

    def _check_mine(self):
        """:raises AccessError: unless an accountant of the company asks"""
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant settles with another place."))
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work for this place."))

    def action_propose(self):
        """Write the settlement down; the other side and one's own agree on it then."""
        self.ensure_one()
        self._check_mine()
        settlement = self.env["tibillet.settlement"]._propose(
            self.company_id,
            self._pair() - self.company_id,
            self.company_id.currency_id,
            self.until_day,
            self.due_date,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "tibillet.settlement",
            "res_id": settlement.id,
            "views": [(False, "form")],
        }
