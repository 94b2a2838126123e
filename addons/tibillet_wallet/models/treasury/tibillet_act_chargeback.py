"""A top-up that the holder of a bank card contested, as the bank's notice says."""

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...exceptions import LedgerError

#: Ways by which money may be taken back behind one's back.
CONTESTED = ("bank_card", "online", "cheque")
SHOWN_LIMIT = 80


class TibilletActChargeback(models.TransientModel):
    """Find the top-up, say what the bank took back: from the card first, else from its holder."""

    _name = "tibillet.act.chargeback"
    _inherit = "tibillet.act"
    _description = "Chargeback"

    _act = "chargeback"
    _sign = -1

    operation_id = fields.Many2one(
        "tibillet.operation", string="Top-up", domain="[('id', 'in', topup_ids)]"
    )
    topup_ids = fields.Many2many("tibillet.operation", compute="_compute_topup_ids")
    operation_text = fields.Char(string="It loaded", related="operation_id.amount_text")
    operation_at = fields.Datetime(string="On", related="operation_id.occurred_at")
    provider_ref = fields.Char(string="Provider's reference")
    date = fields.Date(string="Taken back on", required=True, default=fields.Date.context_today)
    journal = fields.Selection(selection="_select_journals", string="Bank")
    fee = fields.Float(string="Fee before VAT", digits=(16, 2))
    tax = fields.Selection(
        selection="_select_taxes",
        string="VAT of the fee",
        help="As the provider's invoice says: none, your country's, or a reverse charge.",
    )
    split_text = fields.Char(string="Where it comes from", compute="_compute_figures")
    left_text = fields.Char(string="Leaves the bank", compute="_compute_figures")

    @api.model
    def _select_journals(self):
        return self.env["tibillet.settlement.pay"]._select_journals()

    @api.model
    def _select_taxes(self):
        return self.env["tibillet.provider.charge"]._select_taxes()

    @api.model
    def default_get(self, fields):
        """The top-up that the act was opened on, all of it, and the bank."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "tibillet.operation":
            values.setdefault("operation_id", self.env.context.get("active_id"))
        if "journal" in fields and not values.get("journal"):
            journal_sudo = self.env["tibillet.settlement"]._bank_journal(self.env.company)
            values["journal"] = str(journal_sudo.id) if journal_sudo else False
        return values

    @api.depends("card_ref", "company_id")
    def _compute_topup_ids(self):
        """Top-ups of this place that may be contested: of the card whose number is typed, else
        the latest ones."""
        for act in self:
            domain = [
                ("code", "=", "topup"),
                ("state", "=", "posted"),
                ("means", "in", CONTESTED),
                ("company_id", "=", act.company_id.id),
            ]
            if (act.card_ref or "").strip():
                try:
                    domain.append(("card_id", "=", act._card_by_ref().id))
                except LedgerError:
                    domain.append(("id", "=", False))
            act.topup_ids = self.env["tibillet.operation"].search(domain, limit=SHOWN_LIMIT)

    @api.onchange("card_ref")
    def _onchange_card_ref(self):
        """One top-up of that card: it is the one."""
        if (self.card_ref or "").strip() and len(self.topup_ids) == 1:
            self.operation_id = self.topup_ids

    @api.onchange("operation_id")
    def _onchange_operation_id(self):
        """All of it is contested unless another amount is typed."""
        operation_sudo = self.operation_id.sudo()  # may be read: chosen by this user
        self.asset_id = operation_sudo.transfer_ids.asset_id[:1]
        if self.operation_id and not self.amount and self.operation_id.has_access("read"):
            asset_sudo = self.asset_id.sudo()  # its unit
            self.amount = self._contestable() / 10**asset_sudo.scale

    def _figure_fields(self):
        fee_fields = ["operation_id", "provider_ref", "date", "journal", "fee", "tax"]
        return [*super()._figure_fields(), *fee_fields]

    # -- the top-up ----------------------------------------------------------------------

    def _facts(self):
        """code, state, what it moved and what came back, by the wallets of today."""
        ledger_sudo = self.env["tibillet.ledger"].sudo()  # of an operation that may be read
        operation_id = self.operation_id.id or self.operation_id._origin.id
        return ledger_sudo._named_facts([{"names_id": operation_id}])[operation_id]

    def _wallet(self):
        """Who holds today what the top-up loaded."""
        if not self.operation_id:
            raise self._refused("invalid", self.env._("Say first which top-up was contested."))
        if not self.operation_id.has_access("read"):
            raise self._refused(
                "not_allowed",
                self.env._("This operation is not one of your place. Nothing was moved."),
            )
        wallets_sudo = self.env["tibillet.wallet"].sudo()  # of the operation that may be read
        _code, _state, moved, _after = self._facts()
        ids = [wallet for _asset, *pair, _amount in moved or () for wallet in pair]
        return wallets_sudo.browse(ids).filtered(lambda one: one.kind in ("person", "card"))[:1]

    def _card(self):
        operation_sudo = self.operation_id.sudo()  # may be read: checked
        return operation_sudo.card_id

    def _holder_name(self, wallet_sudo):
        return wallet_sudo.display_name

    def _check_shown(self, asset_sudo):
        """An accountant of the place, on what may be read: no card stands here."""

    def _contestable(self):
        """What of the top-up stands and was not contested yet, in minor units."""
        _code, _state, moved, after = self._facts()
        rest = self.env["tibillet.ledger"]._reversible(moved, after)
        charges_sudo = self.env["tibillet.provider.charge"].sudo()  # of the same top-up
        before_sudo = charges_sudo.search(
            [
                ("operation_id", "=", self.operation_id.id or self.operation_id._origin.id),
                ("state", "=", "noted"),
            ]
        )
        return sum(rest.values()) - sum(before_sudo.mapped("amount_minor"))

    # -- figures -------------------------------------------------------------------------

    def _figures(self):
        values = {"split_text": False, "left_text": False, **super()._figures()}
        if not values["amount_minor"]:
            return values
        asset_sudo = self.asset_id.sudo()  # its unit
        wallet_sudo = self._wallet()
        taken_minor = self._taken(wallet_sudo, asset_sudo)
        claim_minor = values["amount_minor"] - taken_minor
        before_minor, _held = self._balances(wallet_sudo, asset_sudo)
        values["change_text"] = asset_sudo._format(-taken_minor)
        values["after_text"] = asset_sudo._format(before_minor - taken_minor)
        values["split_text"] = (
            self.env._(
                "%(taken)s from the card; %(claim)s were spent: the holder owes them",
                taken=asset_sudo._format(taken_minor),
                claim=asset_sudo._format(claim_minor),
            )
            if claim_minor
            else self.env._("All of it from the card")
        )
        try:
            left_minor = values["amount_minor"] + sum(self._fee()[1:])
            values["left_text"] = asset_sudo._format(left_minor)
        except UserError as error:
            values["refusal"] = values["refusal"] or str(error)
        return values

    def _taken(self, wallet_sudo, asset_sudo):
        """What is still free on the card, up to the amount; a frozen card gives it back too."""
        balance_minor, held_minor = self._balances(wallet_sudo, asset_sudo)
        return max(0, min(self._minor(), balance_minor - held_minor))

    def _fee(self):
        """:return: the tax in sudo, the fee and its VAT in minor units"""
        charges = self.env["tibillet.provider.charge"]
        company_sudo = self.company_id.sudo()  # its currency and taxes
        tax_sudo = charges._tax(company_sudo, self.tax)
        fee_minor = round(self.fee * 10**company_sudo.currency_id.decimal_places)
        return tax_sudo, fee_minor, charges._vat_minor(company_sudo, tax_sudo, fee_minor)

    # -- rules -----------------------------------------------------------------------------

    def _check(self, wallet_sudo):
        asset_sudo = self.asset_id.sudo()  # what it loaded
        operation_sudo = self.operation_id.sudo()  # may be read: checked
        if operation_sudo.code != "topup" or operation_sudo.state != "posted":
            raise self._refused("invalid", self.env._("Only a top-up is contested."))
        if operation_sudo.means not in CONTESTED:
            raise self._refused(
                "invalid",
                self.env._(
                    "This top-up was not paid by bank card, online or by cheque: no bank takes "
                    "it back."
                ),
            )
        if operation_sudo.company_id != self.company_id:
            raise self._refused(
                "not_allowed",
                self.env._("This operation is not one of your place. Nothing was moved."),
            )
        company_sudo = self.company_id.sudo()  # its currency
        if asset_sudo.currency_id != company_sudo.currency_id:
            raise self._refused(
                "invalid",
                self.env._("This top-up was loaded in another currency than this place's books."),
            )
        if asset_sudo != operation_sudo.transfer_ids.asset_id[:1]:
            raise self._refused("invalid", self.env._("This top-up loaded something else."))
        if not wallet_sudo:
            raise self._refused("invalid", self.env._("This wallet is not one of a holder."))
        self._check_reference()
        if self.fee < 0:
            raise self._refused("invalid", self.env._("A fee is typed without sign."))
        left_minor = self._contestable()
        if self._minor() > left_minor:
            raise self._refused(
                "limit_exceeded",
                self.env._(
                    "At most %s of this top-up can still be contested.",
                    asset_sudo._format(max(0, left_minor)),
                ),
            )
        today = fields.Date.context_today(self)
        # both days by the same clock: an evening in Martinique is the next day in UTC
        loaded = fields.Datetime.context_timestamp(self, operation_sudo.occurred_at).date()
        if self.date > today or self.date < loaded:
            raise self._refused(
                "invalid",
                self.env._("The bank took it back between the top-up and today: look at the day."),
            )

    def _check_reference(self):
        reference = (self.provider_ref or "").strip()
        if not reference:
            return
        known_sudo = self.env["tibillet.provider.charge"]._known(self.company_id, reference)
        if known_sudo:
            raise self._refused(
                "key_conflict",
                self.env._(
                    "%(reference)s is noted already, on another top-up or for another amount "
                    "(%(amount)s). Look at it under Books, Provider's charges.",
                    reference=reference,
                    amount=f"{known_sudo.amount:.2f}",
                ),
            )

    def _check_reason(self):
        """A reference is asked for as well, at Confirm."""
        if not (self.provider_ref or "").strip():
            raise self._refused(
                "invalid",
                self.env._("Type the reference on the provider's notice: by it, twice is one."),
            )
        return super()._check_reason()

    def _done_before(self):
        return bool(self._same())

    def _same(self):
        """The charge that this very notice was noted as, in sudo."""
        known_sudo = self.env["tibillet.provider.charge"]._known(
            self.company_id, (self.provider_ref or "").strip()
        )
        return known_sudo.filtered(
            lambda one: (
                one.kind == "chargeback"
                and one.operation_id == self.operation_id
                and one.amount_minor == self._minor()
            )
        )

    # -- the act ---------------------------------------------------------------------------

    def _do(self, wallet_sudo):
        asset_sudo = self.asset_id.sudo()  # its unit
        charge_sudo = self._same()
        if charge_sudo:
            return self.env._(
                "%s was noted before: nothing was done twice.", charge_sudo.provider_ref
            )
        try:
            charge_sudo = self._note(wallet_sudo, asset_sudo)
        except UserError as error:
            if isinstance(error, LedgerError):
                raise
            raise self._refused("invalid", str(error)) from error
        return self.env._(
            "Chargeback noted: %(taken)s from the card, %(claim)s owed by the holder.",
            taken=asset_sudo._format(charge_sudo.taken_minor),
            claim=asset_sudo._format(charge_sudo.claim_minor),
        )

    def _note(self, wallet_sudo, asset_sudo):
        charges_sudo = self.env["tibillet.provider.charge"].sudo()  # written by acts alone
        company_sudo = self.company_id.sudo()  # its books
        company_sudo._tibillet_ensure_accounts()
        if not company_sudo.tibillet_clearing_account_id:
            raise UserError(
                self.env._("%s has no chart of accounts yet: nothing was noted.", company_sudo.name)
            )
        tax_sudo, fee_minor, vat_minor = self._fee()
        taken_minor = self._taken(wallet_sudo, asset_sudo)
        values = {
            "company_id": company_sudo.id,
            "kind": "chargeback",
            "provider_ref": self.provider_ref.strip(),
            "date": self.date,
            "journal_id": charges_sudo._bank(company_sudo, self.journal).id,
            "operation_id": self.operation_id.id,
            "amount_minor": self._minor(),
            "taken_minor": taken_minor,
            "claim_minor": self._minor() - taken_minor,
            "fee_minor": fee_minor,
            "vat_minor": vat_minor,
            "reason": self.reason.strip(),
            "user_id": self.env.uid,
            "form_key": self.key,
        }
        try:
            with mute_logger("odoo.sql_db"):
                charge_sudo = charges_sudo.create(values)
                charge_sudo.flush_recordset()
        except UniqueViolation as error:
            raise self._refused(
                "key_conflict",
                self.env._("Somebody noted this reference at the same moment: it counts once."),
            ) from error
        charge_sudo._move_value(wallet_sudo, asset_sudo)
        charge_sudo._book(tax_sudo)
        return charge_sudo


class TibilletProviderCharge(models.Model):
    _inherit = "tibillet.provider.charge"

    def _move_value(self, wallet, asset):
        """From the card what is there; for the rest its holder owes the place."""
        account = self.env["tibillet.account"]._get
        claim = self.env["tibillet.asset"]._claim_of(self.company_id)
        for code, amount_minor, moved, field in (
            ("chargeback", self.taken_minor, asset, "taken_operation_id"),
            ("shortfall", self.claim_minor, claim, "claim_operation_id"),
        ):
            if not amount_minor:
                continue
            holder, issuer = account(wallet, moved), account(moved.issuer_wallet_id, moved)
            sides = (holder, issuer) if code == "chargeback" else (issuer, holder)
            operation = self.env["tibillet.ledger"]._post(
                [
                    {
                        "key": f"{self.id}/{code}",
                        "origin": f"provider-charge:{self.company_id.id}",
                        "code": code,
                        "transfers": [(sides[0].id, sides[1].id, amount_minor)],
                        "company_id": self.company_id.id,
                        "card_id": self.operation_id.card_id.id or None,
                        "wallet_id": wallet.id,
                        "names_id": self.operation_id.id,
                        "means": self.operation_id.means or None,
                        "memo": self.reason,
                    }
                ]
            )
            self[field] = operation
