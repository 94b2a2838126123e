from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..fields import BigInteger

SIGNATURES = {"agreed_by_id", "agreed_at", "countersigned_by_id", "countersigned_at"}
PARTIES = {"asset_id", "company_id"}
TERMS = {
    "contract_date",
    "contract_ref",
    "end_date",
    "may_load",
    "may_refund",
    "refund_day_ceiling_minor",
    "exposure_ceiling_minor",
    "product_category_ids",
}


class TibilletAcceptance(models.Model):
    """A company takes an asset that another company issued.

    Proposed by one side, agreed by the other: it is active once its acceptor has agreed and
    its issuer has countersigned (French law wants a direct agreement between issuer and
    acceptor), and from its contract date to its end. A signature stands on the terms as they
    were: while it is proposed, whoever changes them signs anew and the other side has to look
    again; once active, the issuer alone changes them, by a new signature.
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
    contract_date = fields.Date(tracking=True, help="From this day on. Empty: the day of signing.")
    contract_ref = fields.Char(string="Contract", tracking=True)
    end_date = fields.Date(
        string="Taken until",
        tracking=True,
        help="The last day on which the acceptor takes it. What holders have stays with them, "
        "and what the acceptor took is settled as usual.",
    )
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
        string="Most one may owe the other (minor units)",
        default=0,
        required=True,
        aggregator=None,
        tracking=True,
        help="Most that issuer and acceptor may owe each other in this asset before the "
        "acceptor stops taking and loading it, in minor units. 0 = no ceiling.",
    )
    product_category_ids = fields.Many2many(
        "product.category",
        string="Buys only here",
        help="Empty: buys here everything that the asset buys.",
    )
    agreed_by_id = fields.Many2one("res.users", string="Agreed by", readonly=True, copy=False)
    agreed_at = fields.Datetime(string="Agreed on", readonly=True, copy=False)
    countersigned_by_id = fields.Many2one(
        "res.users", string="Countersigned by", readonly=True, copy=False
    )
    countersigned_at = fields.Datetime(string="Countersigned on", readonly=True, copy=False)
    state = fields.Selection(
        [("proposed", "Proposed"), ("active", "In force"), ("ended", "Ended")],
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    _asset_company_unique = models.Constraint(
        "unique(asset_id, company_id)", "This company has an acceptance of this asset already."
    )
    _ceilings_positive = models.Constraint(
        "CHECK (refund_day_ceiling_minor >= 0 AND exposure_ceiling_minor >= 0)",
        "A ceiling is 0 (none) or more.",
    )
    _ends_after_start = models.Constraint(
        "CHECK (end_date IS NULL OR contract_date IS NULL OR end_date >= contract_date)",
        "An acceptance ends on the day of its contract or later.",
    )
    _active_contract = models.Constraint(
        "CHECK (state <> 'active'"
        " OR (contract_date IS NOT NULL AND countersigned_by_id IS NOT NULL"
        " AND agreed_by_id IS NOT NULL))",
        "An acceptance is active when its contract is dated, its acceptor has agreed and its "
        "issuer has countersigned.",
    )

    @api.constrains("asset_id", "company_id")
    def _check_parties(self):
        for acceptance_sudo in self.sudo():  # names and currency of the other side
            self._check_pair(acceptance_sudo.asset_id, acceptance_sudo.company_id)

    @api.model
    def _check_pair(self, asset_sudo, company_sudo):
        """Two places, one currency: said here, and bound by a trigger.

        :raises ValidationError: with what to do instead
        """
        if asset_sudo.company_id == company_sudo:
            raise ValidationError(
                self.env._(
                    "%(issuer)s issues “%(asset)s” and takes it anyway: choose another place.",
                    issuer=company_sudo.name,
                    asset=asset_sudo.name,
                )
            )
        if asset_sudo.currency_id and asset_sudo.currency_id != company_sudo.currency_id:
            raise ValidationError(
                self.env._(
                    "“%(asset)s” counts in %(currency)s and %(place)s sells in %(other)s: one "
                    "place cannot take the other's money without an exchange rate. Agree on an "
                    "asset in %(other)s.",
                    asset=asset_sudo.name,
                    currency=asset_sudo.currency_id.name,
                    place=company_sudo.name,
                    other=company_sudo.currency_id.name,
                )
            )

    # -- who signs -------------------------------------------------------------------------

    def _sides(self):
        """For which sides the user may sign: ``acceptor``, ``issuer``, both or none."""
        self.ensure_one()
        mine = set(self.env.user.company_ids.ids)
        acceptance_sudo = self.sudo()  # the ids of both companies
        return {
            side
            for side, company in (
                ("acceptor", acceptance_sudo.company_id),
                ("issuer", acceptance_sudo.asset_id.company_id),
            )
            if company.id in mine
        }

    def _sign(self, sides, withdraw_others=False):
        """Sign for ``sides`` what stands there now; with both signatures it comes into force.

        :param withdraw_others: the terms have changed, so who does not sign now has not agreed
        """
        self.ensure_one()
        acceptance_sudo = self.sudo()  # these fields are written by acts alone
        now = fields.Datetime.now()
        values = {}
        for side, who, when in (
            ("acceptor", "agreed_by_id", "agreed_at"),
            ("issuer", "countersigned_by_id", "countersigned_at"),
        ):
            if side in sides:
                values |= {who: self.env.uid, when: now}
            elif withdraw_others:
                values |= {who: False, when: False}
        signed = {
            name: acceptance_sudo[name].id for name in ("agreed_by_id", "countersigned_by_id")
        }
        signed |= values
        if (
            acceptance_sudo.state == "proposed"
            and signed["agreed_by_id"]
            and (signed["countersigned_by_id"])
        ):
            values["state"] = "active"
            values["contract_date"] = (
                acceptance_sudo.contract_date or acceptance_sudo._business_day_of_signing()
            )
        if values:
            acceptance_sudo.write(values)

    def _business_day_of_signing(self):
        """The acceptor's business day, by which tills read it: in force from this minute on,
        also when it is signed at one in the morning."""
        [(day,)] = self.env.execute_query(
            SQL("SELECT tibillet_business_day(%s)", self.company_id.id)
        )
        return day

    def action_agree(self):
        """The acceptor agrees to the terms as they stand.

        :raises AccessError: unless the user is a manager of the accepting company
        """
        self.check_access("write")
        for acceptance in self:
            if "acceptor" not in acceptance._sides():
                raise AccessError(
                    self.env._(
                        "Only %s, who is to take it, can agree.", acceptance.sudo().company_id.name
                    )
                )
            acceptance._check_not_ended()
        for acceptance in self:
            acceptance._sign({"acceptor"})

    def action_countersign(self):
        """The issuer agrees to the terms as they stand.

        :raises AccessError: unless the user is a manager of the issuing company
        """
        self.check_access("write")
        for acceptance in self:
            if "issuer" not in acceptance._sides():
                issuer_sudo = acceptance.asset_id.sudo().company_id  # for its name
                raise AccessError(
                    self.env._("Only %s, who issues it, can countersign.", issuer_sudo.name)
                )
            acceptance._check_not_ended()
        for acceptance in self:
            acceptance._sign({"issuer"})

    def _check_not_ended(self):
        if self.state == "ended":
            raise UserError(self.env._("This acceptance has ended: propose it again first."))

    def action_end(self):
        """Either side ends it; what was accepted until now settles as usual."""
        self.check_access("write")
        acceptances_sudo = self.sudo()  # the field is written by acts alone
        acceptances_sudo.write({"state": "ended"})

    def action_propose_again(self):
        """Take an ended one up again: who asks signs, the other side has to agree anew."""
        self.check_access("write")
        for acceptance in self:
            sides = acceptance._sides()
            if acceptance.state != "ended" or not sides:
                raise UserError(
                    self.env._(
                        "Only an acceptance that has ended is proposed again, by one of "
                        "its two sides."
                    )
                )
            acceptance_sudo = acceptance.sudo()  # the fields are written by acts alone
            values = {"state": "proposed"}
            if acceptance_sudo.end_date and acceptance_sudo.end_date < fields.Date.context_today(
                self
            ):
                values["end_date"] = False
            acceptance_sudo.write(values)
            acceptance._sign(sides, withdraw_others=True)

    # -- create, write, delete ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever proposes has signed for their side. Code that runs with all rights proposes in
        the acceptor's name, unless it says otherwise."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if self.env.su:
                vals.setdefault("agreed_by_id", self.env.uid)
                vals.setdefault("agreed_at", fields.Datetime.now())
            else:
                for name in SIGNATURES | {"state"}:
                    vals.pop(name, None)
        defaults = self.default_get(["asset_id", "company_id"])
        for vals in vals_list:
            self._check_new_parties(defaults | vals)
        acceptances = super().create(vals_list)
        if not self.env.su:
            for acceptance in acceptances:
                acceptance._sign(acceptance._sides())
        return acceptances

    @api.model
    def _check_new_parties(self, parties):
        """Say it before the row is written, or the trigger would speak instead."""
        # The trigger reads the currencies from the database.
        self.env["res.company"].flush_model(["currency_id"])
        self.env["tibillet.asset"].flush_model(["currency_id", "company_id"])
        if parties.get("asset_id") and parties.get("company_id"):
            self._check_pair(
                self.env["tibillet.asset"].sudo().browse(parties["asset_id"]),
                self.env["res.company"].sudo().browse(parties["company_id"]),
            )

    def write(self, vals):
        if PARTIES & vals.keys():
            for acceptance in self:
                now = {name: acceptance[name].id for name in PARTIES}
                self._check_new_parties(now | vals)
        if self.env.su:
            return super().write(vals)
        if (SIGNATURES | {"state"}) & vals.keys():
            raise AccessError(self.env._("An acceptance changes its state by its buttons only."))
        if PARTIES & vals.keys():
            self._check_parties_kept(vals)
        changed = self.filtered(lambda acceptance: acceptance._changes_terms(vals))
        for acceptance in changed:
            acceptance._check_may_change(vals)
        result = super().write(vals)
        for acceptance in changed:
            if acceptance.state == "proposed":
                acceptance._sign(acceptance._sides(), withdraw_others=True)
            elif "issuer" in acceptance._sides():
                acceptance._sign({"issuer"})
        return result

    def _check_parties_kept(self, vals):
        for acceptance in self:
            moved = any(acceptance[name].id != vals[name] for name in PARTIES & vals.keys())
            if moved and acceptance.state != "proposed":
                raise AccessError(
                    self.env._("A signed acceptance keeps its asset and its acceptor.")
                )

    def _changes_terms(self, vals):
        """Whether ``vals`` would change what was signed."""
        names = (TERMS | PARTIES) & vals.keys()
        draft = self.new({name: vals[name] for name in names}, origin=self)
        return any(
            self[name] != (draft[name]._origin if self._fields[name].relational else draft[name])
            for name in names
        )

    def _check_may_change(self, vals):
        """Signed terms are changed by the issuer, whose act is a new signature; the acceptor
        may shorten them at any time, as it may end them."""
        if self.state != "active" or "issuer" in self._sides():
            return
        end = vals.get("end_date")
        sooner = end and (not self.end_date or fields.Date.to_date(end) < self.end_date)
        if sooner and not self._changes_terms({k: v for k, v in vals.items() if k != "end_date"}):
            return
        raise AccessError(
            self.env._(
                "What %(issuer)s has signed stays as it is: ask them to change it, or end it and "
                "propose it again with other terms.",
                issuer=self.sudo().issuer_company_id.name,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        for acceptance in self:
            if acceptance.state != "proposed":
                raise UserError(
                    self.env._(
                        "An acceptance that was in force stays, for what was sold under it: end "
                        "it instead."
                    )
                )
