import logging
import secrets

from odoo import api, fields, models

from ...exceptions import LedgerError
from ...fields import BigInteger
from ...ledger_rules import MAX_AMOUNT_MINOR, RULES

_logger = logging.getLogger(__name__)


class TibilletAct(models.AbstractModel):
    """A money act in the backend: what is there before and after, then Confirm or Cancel.

    Nothing is written before Confirm: the figures come from ``onchange``. Confirm writes one
    transient row, posts, and takes the row away again; a refusal takes it away too and shows
    the form anew with its sentence. Cancel therefore leaves no row in any table.

    A concrete act inherits this model, names its ``_act`` and extends ``_check`` and
    ``_request`` (or ``_do`` when it moves nothing).
    """

    _name = "tibillet.act"
    _description = "Act on a wallet"

    _act = None  # code of the ledger, or act of ledger_roles.ACTS
    _sign = 1  # 1: the holder receives, -1: the holder gives

    key = fields.Char(
        required=True,
        readonly=False,
        default=lambda self: secrets.token_urlsafe(16),
        help="Made when the form opens and sent back by it: one form, one effect.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    wallet_id = fields.Many2one("tibillet.wallet", string="Wallet")
    card_id = fields.Many2one("tibillet.card", string="Card")
    card_ref = fields.Char(
        string="Number or chip",
        help="Printed number or chip, exactly: who may not list cards types it.",
    )
    asset_id = fields.Many2one("tibillet.asset", string="Asset")
    amount = fields.Float(string="Amount", digits=(16, 6))
    reason = fields.Char()
    refused = fields.Char(help="Why the last Confirm did nothing.")

    unit_label = fields.Char(related="asset_id.unit_label")
    holder_text = fields.Char(string="Holder", compute="_compute_figures")
    before_text = fields.Char(string="Before", compute="_compute_figures")
    change_text = fields.Char(string="Moves", compute="_compute_figures")
    after_text = fields.Char(string="After", compute="_compute_figures")
    held_text = fields.Char(string="On hold", compute="_compute_figures")
    refusal = fields.Char(compute="_compute_figures")
    amount_minor = BigInteger(compute="_compute_figures", aggregator=None)

    @api.model
    def default_get(self, fields):
        """The wallet or the card that the act was opened on."""
        values = super().default_get(fields)
        active_model, active_id = (self.env.context.get(f"active_{n}") for n in ("model", "id"))
        if active_model == "tibillet.card" and "card_id" in fields:
            values.setdefault("card_id", active_id)
        if active_model == "tibillet.wallet" and "wallet_id" in fields:
            values.setdefault("wallet_id", active_id)
        if active_model == "tibillet.card.find" and "card_ref" in fields:
            found = self.env[active_model].browse(active_id)
            card_sudo = found._card().sudo()  # found by its number
            values.setdefault("card_ref", card_sudo.number)
        return values

    @api.depends(lambda self: self._figure_fields())
    def _compute_figures(self):
        for act in self:
            act.update(act._figures())

    @api.model
    def _figure_fields(self):
        """Names of the fields that the figures and the refusal look at."""
        return ["company_id", "wallet_id", "card_id", "card_ref", "asset_id", "amount", "reason"]

    def _figures(self):
        """Values of the computed fields: what a form shows before anything is written."""
        values = dict.fromkeys(
            ("holder_text", "before_text", "change_text", "after_text", "held_text"), False
        )
        values |= {"refusal": False, "amount_minor": 0}
        try:
            self._authorize()
            wallet_sudo = self._wallet()
        except LedgerError as refusal:
            return values | {"refusal": str(refusal)}
        values["holder_text"] = self._holder_name(wallet_sudo)
        if not self.asset_id:
            return values
        asset_sudo = self.asset_id.sudo()  # its name and unit
        try:
            self._check_shown(asset_sudo)
        except LedgerError as refusal:
            return values | {"refusal": str(refusal)}
        before_minor, held_minor = self._balances(wallet_sudo, asset_sudo)
        values["before_text"] = asset_sudo._format(before_minor)
        values["held_text"] = asset_sudo._format(held_minor) if held_minor else False
        try:
            change_minor = self._figures_sign(wallet_sudo) * self._minor()
        except LedgerError as refusal:
            return values | {"refusal": str(refusal) if self.amount else False}
        values |= {
            "amount_minor": abs(change_minor),
            "change_text": ("+" if change_minor > 0 else "") + asset_sudo._format(change_minor),
            "after_text": asset_sudo._format(before_minor + change_minor),
        }
        try:
            self._check(wallet_sudo)
            with self.env.cr.savepoint(flush=False) as savepoint:
                try:
                    self._check_contract()
                finally:
                    savepoint.rollback()  # its turn of the day is taken at Confirm only
        except LedgerError as refusal:
            values["refusal"] = str(refusal)
        return values

    # -- what acts share ---------------------------------------------------------------

    def _authorize(self):
        """:raises LedgerError: ``not_allowed`` by the table of roles or the second factor"""
        self.env["tibillet.ledger"]._authorize(
            self._code(), "backend", asset=self.asset_id, company=self.company_id
        )
        if self.company_id not in self.env.companies:
            raise self._refused(
                "not_allowed", self.env._("You do not work for this place. Nothing was moved.")
            )

    def _refused(self, code, message, **details):
        return self.env["tibillet.ledger"]._refusal(code, message, **details)

    def _wallet(self):
        """The wallet as superuser, once the user may read what named it.

        :raises LedgerError: ``invalid`` without one, ``not_allowed`` for another place's
        """
        named = self.card_id or self.wallet_id
        if not named:
            return self._card_by_ref().wallet_id._surviving()
        if not named.has_access("read"):
            raise self._refused(
                "not_allowed",
                self.env._("This card is not one of your place. Nothing was moved."),
            )
        wallet_sudo = (self.card_id.wallet_id or self.wallet_id).sudo()  # access checked above
        return wallet_sudo._surviving()

    def _card_by_ref(self):
        """The card of exactly that number, chip or QR, as superuser: no list, no part of one.

        :raises LedgerError: ``invalid`` when nothing is typed, ``card_unknown``
        """
        if not (self.card_ref or "").strip():
            raise self._refused(
                "invalid", self.env._("Type the number printed on the card, or read its chip.")
            )
        # Every figure of the form asks again, so the bound is wide; guessing needs far more.
        self.env["tibillet.rate.limit"]._check("card-act", self.env.uid, 600, 60)
        cards_sudo = self.env["tibillet.card"].sudo()  # exact, one card
        card_sudo = cards_sudo._look_up(self.card_ref)
        if not card_sudo:
            raise self._refused(
                "card_unknown",
                self.env._("No card here has exactly this number, chip or QR."),
            )
        card_sudo.wallet_id.with_env(self.env)._note_access("found")
        return card_sudo

    def _card(self):
        """The card that the act was opened on or that was typed; none for a wallet's."""
        if self.card_id or self.wallet_id:
            return self.card_id.sudo()  # named by who may read it
        return self._card_by_ref()

    def _holder_name(self, wallet_sudo):
        card_sudo = self._card()
        if card_sudo and not (self.card_id or self.wallet_id):  # the desk: no name is told
            return self.env._(
                "Card %(number)s: %(state)s",
                number=card_sudo.number,
                state=card_sudo._state_sentence(),
            )
        if wallet_sudo.kind == "card" and card_sudo:
            return self.env._("Card %s, anonymous", card_sudo.number)
        return wallet_sudo.display_name

    def _check_card(self, asset_sudo):
        """A card that stands here and may be used; another place's for what is taken here.

        :raises LedgerError: ``card_lost``, ``card_blocked``, ``asset_not_accepted``
        """
        card_sudo = self._card()
        if not card_sudo:
            return
        card_sudo.with_env(self.env)._check_usable()
        if self.company_id not in (card_sudo.company_id, asset_sudo.company_id):
            Acceptance = self.env["tibillet.acceptance"]
            company_sudo = self.company_id.sudo()  # its name
            terms_sudo = Acceptance._in_force(asset_sudo, company_sudo)
            Acceptance._check_accepted(terms_sudo, asset_sudo, company_sudo)

    def _minor(self):
        """The typed amount in minor units of the asset, exactly.

        :raises LedgerError: ``invalid`` for nothing, too much, or too many decimals
        """
        asset_sudo = self.asset_id.sudo()  # its scale
        exact = self.amount * 10**asset_sudo.scale
        amount_minor = round(exact)
        if amount_minor <= 0:
            raise self._refused("invalid", self.env._("Type an amount of more than zero."))
        if amount_minor > MAX_AMOUNT_MINOR:
            raise self._refused(
                "invalid", self.env._("This is more than one operation can move. Look again.")
            )
        if abs(exact - amount_minor) > 1e-6:  # of a step; a float holds far more digits
            raise self._refused(
                "invalid",
                self.env._(
                    "“%(asset)s” counts in steps of %(step)s: type a whole number of them.",
                    asset=asset_sudo.name,
                    step=asset_sudo._format(1),
                ),
            )
        return amount_minor

    def _balances(self, wallet_sudo, asset_sudo):
        """Balance and what of it is on hold, in minor units; no account is made for it."""
        account_sudo = self._account(wallet_sudo, asset_sudo)
        if not account_sudo:
            return 0, 0
        self.env.cr.execute(
            "SELECT COALESCE(balance_minor, tibillet_account_sum(id)), COALESCE(held_minor, 0)"
            " FROM tibillet_account WHERE id = %s",
            [account_sudo.id],
        )
        return self.env.cr.fetchone()

    def _account(self, wallet_sudo, asset_sudo):
        accounts_sudo = self.env["tibillet.account"].sudo()  # no list is shown
        return accounts_sudo.search(
            [("wallet_id", "=", wallet_sudo.id), ("asset_id", "=", asset_sudo.id)], limit=1
        )

    def _figures_sign(self, wallet_sudo):
        """1 when the holder receives, -1 when the holder gives."""
        return self._sign

    # -- what an act extends -----------------------------------------------------------

    def _check(self, wallet_sudo):
        """What would be refused, told before anything is written. Writes nothing.

        :raises LedgerError:
        """
        self._check_common(wallet_sudo)

    def _check_common(self, wallet_sudo):
        asset_sudo = self.asset_id.sudo()  # its rules
        if not asset_sudo:
            raise self._refused("invalid", self.env._("Say first what moves."))
        self._check_card(asset_sudo)
        if wallet_sudo.kind not in ("person", "card"):
            raise self._refused("invalid", self.env._("This wallet is not one of a holder."))
        if wallet_sudo.frozen and not self._rule().frozen:
            raise self._refused(
                "wallet_frozen",
                self.env._("This wallet is frozen. Release it first; nothing was moved."),
            )
        if not asset_sudo.active and not self._rule().archived:
            raise self._refused("asset_archived", self.env._("This currency is no longer in use."))
        self._minor()

    def _check_reason(self):
        """Asked for at Confirm only: nobody is scolded before they had a chance to type.

        :raises LedgerError: ``invalid`` without one
        """
        if not (self.reason or "").strip():
            raise self._refused("invalid", self.env._("Write why: it stays with what was done."))

    def _check_shown(self, asset_sudo):
        """What must hold before a balance is shown at all."""
        self._check_card(asset_sudo)

    def _check_contract(self):
        """What another place's asset needs: an agreement, within its ceilings of the day.

        Two at once collide on the day's row, so this may write.
        """

    def _code(self):
        """The code of the ledger, or the act, that is about to be done."""
        return self._act

    def _rule(self):
        return RULES[self._code()]

    def _transfers(self, wallet_sudo):
        """(debit account, credit account, amount in minor units), made on need."""
        accounts_sudo = self.env["tibillet.account"].sudo()  # the ledger's own rows
        asset_sudo = self.asset_id.sudo()  # its unit and its issuer
        issuer_sudo = accounts_sudo._get(asset_sudo.issuer_wallet_id, asset_sudo)
        holder_sudo = accounts_sudo._get(wallet_sudo, asset_sudo)
        sides = (issuer_sudo, holder_sudo) if self._sign > 0 else (holder_sudo, issuer_sudo)
        return [(sides[0].id, sides[1].id, self._minor())]

    def _request(self, wallet_sudo):
        """The request for ``tibillet.ledger._post``."""
        return {
            "key": self.key,
            "origin": self._origin_of_user(),
            "code": self._code(),
            "transfers": self._transfers(wallet_sudo),
            "company_id": self.company_id.id,
            "card_id": self._card().id or None,
            "wallet_id": wallet_sudo.id,
            "memo": self.reason.strip(),
        }

    def _do(self, wallet_sudo):
        """Do it; called once everything was checked.

        :returns: a sentence on what was done
        """
        ledger_sudo = self.env["tibillet.ledger"].sudo()  # authorised by role just before
        operation_sudo = ledger_sudo._post([self._request(wallet_sudo)])
        return self._done_text(operation_sudo, wallet_sudo)

    def _done_text(self, operation_sudo, wallet_sudo):
        asset_sudo = self.asset_id.sudo()  # its unit and its issuer
        balance_minor, _held_minor = self._balances(wallet_sudo, asset_sudo)
        return self.env._(
            "%(act)s: %(amount)s. There is now %(balance)s.",
            act=self.env["tibillet.ledger"]._act_name(operation_sudo.code),
            amount=operation_sudo.amount_text,
            balance=asset_sudo._format(balance_minor),
        )

    # -- the buttons -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Who may not do the act writes nothing at all, not even its form."""
        acts = super().create(vals_list)
        for act in acts:
            act._authorize()
        return acts

    def action_confirm(self):
        """Do the act, once per key, and leave no row of this form.

        :returns: the message of success, or the form anew with the sentence of the refusal
        :raises LedgerError: ``not_allowed`` to whoever may not do this act at all
        """
        if not self.exists():  # a second click: the first one has answered
            return {"type": "ir.actions.act_window_close"}
        self.ensure_one()
        self.check_access("write")
        self._authorize()
        try:
            with self.env.cr.savepoint():
                wallet_sudo = self._wallet()
                if not self._done_before():
                    self._check_reason()
                    self._check(wallet_sudo)
                    self._check_contract()
                message = self._do(wallet_sudo)
        except LedgerError as refusal:
            return self._show_again(refusal)
        act_sudo = self.sudo()  # the operation is what remains
        act_sudo.unlink()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _done_before(self):
        """Whether this form's key was used: the ledger then answers with the first result, or
        refuses another content, whatever the balances are by now."""
        operations_sudo = self.env["tibillet.operation"].sudo()  # by key only
        domain = [("origin", "=", self._origin_of_user()), ("key", "=", self.key)]
        return bool(operations_sudo.search_count(domain, limit=1))

    def _write_down(self, wallet_sudo, kind, asset_sudo=None, floor_minor=0):
        """Keep a decision that moves nothing: who, when and why, once per key."""
        decisions_sudo = self.env["tibillet.wallet.decision"].sudo()  # nobody writes it by hand
        if decisions_sudo.search_count(
            [("create_uid", "=", self.env.uid), ("key", "=", self.key)], limit=1
        ):
            raise self._refused(
                "key_conflict", self.env._("This was decided before; the first one counts.")
            )
        decisions_sudo.create(
            {
                "wallet_id": wallet_sudo.id,
                "company_id": self.company_id.id,
                "kind": kind,
                "asset_id": asset_sudo.id if asset_sudo else False,
                "floor_minor": floor_minor,
                "reason": self.reason.strip(),
                "key": self.key,
            }
        )

    def _origin_of_user(self):
        return f"user:{self.env.uid}"

    def _show_again(self, refusal):
        """The same form with what was typed and why nothing was done; its row is gone."""
        values = {
            f"default_{name}": self._fields[name].convert_to_write(self[name], self)
            for name in self._typed_fields()
        }
        _logger.info("%s refused at confirmation: %s", self._name, refusal.code)
        act_sudo = self.sudo()  # a refused act leaves nothing
        act_sudo.unlink()
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(self._name).name,  # in the user's language
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {**values, "default_refused": str(refusal)},
        }

    def _typed_fields(self):
        return [
            name
            for name, field in self._fields.items()
            if field.store and name not in (*models.MAGIC_COLUMNS, "key", "refused")
        ]
