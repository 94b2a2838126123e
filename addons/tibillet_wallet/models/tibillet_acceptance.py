from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import BigInteger


class TibilletAcceptance(models.Model):
    """A company takes an asset that another company issued.

    It is active once its issuer has countersigned (French law wants a direct agreement
    between issuer and acceptor), and from its contract date to its end.
    """

    _name = "tibillet.acceptance"
    _inherit = "mail.thread"
    _description = "Acceptance of an asset"
    _order = "asset_id, company_id"
    _rec_name = "asset_id"

    asset_id = fields.Many2one("tibillet.asset", required=True, index=True, ondelete="cascade")
    issuer_company_id = fields.Many2one(related="asset_id.company_id", string="Issuer")
    company_id = fields.Many2one(
        "res.company",
        string="Acceptor",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    contract_date = fields.Date()
    contract_ref = fields.Char(string="Contract")
    end_date = fields.Date(string="Taken until", tracking=True)
    may_load = fields.Boolean(
        string="May load in cash",
        tracking=True,
        help="The acceptor tops up cards with this asset and owes its issuer what it collects.",
    )
    may_refund = fields.Boolean(
        string="May refund",
        tracking=True,
        help="The acceptor pays cards back and is owed by the issuer what it pays out.",
    )
    refund_day_ceiling_minor = BigInteger(
        string="Refunds a day (minor units)",
        default=0,
        required=True,
        aggregator=None,
        tracking=True,
        help="Most that the acceptor pays back in one business day, in minor units of the "
        "asset. 0 = no ceiling.",
    )
    exposure_ceiling_minor = BigInteger(
        string="Most the issuer may owe (minor units)",
        default=0,
        required=True,
        aggregator=None,
        tracking=True,
        help="What the acceptor lets the issuer owe it in this asset before it stops taking "
        "it, in minor units. 0 = no ceiling.",
    )
    product_category_ids = fields.Many2many(
        "product.category",
        string="Buys only here",
        help="Empty: buys here everything that the asset buys.",
    )
    countersigned_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    countersigned_at = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [("proposed", "Proposed"), ("active", "Active"), ("ended", "Ended")],
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
    )

    _asset_company_unique = models.Constraint(
        "unique(asset_id, company_id)", "This company has an acceptance of this asset already."
    )
    _ceilings_positive = models.Constraint(
        "CHECK (refund_day_ceiling_minor >= 0 AND exposure_ceiling_minor >= 0)",
        "A ceiling is 0 (none) or more.",
    )
    _active_contract = models.Constraint(
        "CHECK (state <> 'active'"
        " OR (contract_date IS NOT NULL AND countersigned_by_id IS NOT NULL))",
        "An acceptance is active when its contract is dated and its issuer has countersigned.",
    )

    def action_countersign(self):
        """The issuer agrees.

        :raises AccessError: unless the user is a manager of the issuing company
        """
        self.check_access("write")
        for acceptance in self:
            issuer_sudo = acceptance.asset_id.sudo().company_id  # for its name
            if issuer_sudo.id not in self.env.user.company_ids.ids:
                raise AccessError(
                    self.env._("Only %s, who issues it, can countersign.", issuer_sudo.name)
                )
        for acceptance_sudo in self.sudo():  # these fields are written by this act alone
            acceptance_sudo.write(
                {
                    "state": "active",
                    "contract_date": acceptance_sudo.contract_date
                    or fields.Date.context_today(self),
                    "countersigned_by_id": self.env.uid,
                    "countersigned_at": fields.Datetime.now(),
                }
            )

    def action_end(self):
        """Either side ends it; what was accepted until now settles as usual."""
        self.check_access("write")
        acceptances_sudo = self.sudo()  # the field is written by acts alone
        acceptances_sudo.write({"state": "ended"})

    def write(self, vals):
        if not self.env.su and {"state", "countersigned_by_id", "countersigned_at"} & vals.keys():
            raise AccessError(self.env._("An acceptance changes its state by its buttons only."))
        if not self.env.su and {"asset_id", "company_id"} & vals.keys():
            signed = self.filtered(lambda acceptance: acceptance.state != "proposed")
            if signed:
                raise AccessError(
                    self.env._("A signed acceptance keeps its asset and its acceptor.")
                )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals.pop("state", None)
                vals.pop("countersigned_by_id", None)
                vals.pop("countersigned_at", None)
        return super().create(vals_list)
