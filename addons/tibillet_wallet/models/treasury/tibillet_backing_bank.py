from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...fields import BigInteger


class TibilletBackingBank(models.Model):
    """A bank account of a company: does it hold the money of what was issued?"""

    _name = "tibillet.backing.bank"
    _description = "Bank account of a backing"
    _order = "id"
    _rec_name = "name"

    backing_id = fields.Many2one(
        "tibillet.backing", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(related="journal_id.name", string="Bank account")
    backs = fields.Boolean(
        help="The money of what circulates on cards is kept there: a dedicated account says most."
    )
    day = fields.Date(string="Statement of", compute="_compute_figures")
    balance_minor = BigInteger(compute="_compute_figures", aggregator=None)
    balance = fields.Monetary(compute="_compute_figures")
    unmatched_count = fields.Integer(
        string="Lines that nothing explains", compute="_compute_figures", aggregator=None
    )

    _journal_uniq = models.Constraint("unique(journal_id)", "This bank account stands here.")

    @api.depends("journal_id")
    def _compute_figures(self):
        banks = self.env["tibillet.books"]._banks(self.company_id)
        for bank in self:
            said = banks.get(bank._origin.id)
            bank.day = said.day if said else False
            bank.balance_minor = said.balance_minor if said else 0
            bank.balance = bank.balance_minor / 10**bank.currency_id.decimal_places
            bank.unmatched_count = said.unmatched_count if said else 0

    @api.constrains("backs")
    def _check_currency(self):
        for bank in self.filtered("backs"):
            journal_sudo = bank.journal_id.sudo()  # its currency, for who may read no journal
            if journal_sudo.currency_id not in (bank.currency_id.browse(), bank.currency_id):
                raise UserError(
                    self.env._(
                        "%(bank)s is kept in %(other)s, and what is owed is in %(currency)s: "
                        "choose an account in %(currency)s.",
                        bank=bank.name,
                        other=journal_sudo.currency_id.name,
                        currency=bank.currency_id.name,
                    )
                )

    def write(self, vals):
        """Whether it backs is the accountant's to say; the rest is the bank's.

        :raises AccessError: for anything else
        """
        if not self.env.su and set(vals) - {"backs"}:
            raise AccessError(self.env._("Only whether a bank account backs is chosen here."))
        return super().write(vals)
