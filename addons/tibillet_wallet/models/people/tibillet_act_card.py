"""Acts at the desk on a card that stands there: claim, replace, take back."""

from markupsafe import Markup

from odoo import api, fields, models

from ...exceptions import LedgerError


class TibilletActCard(models.AbstractModel):
    """An act on a whole card: what every balance is before and after, then Confirm."""

    _name = "tibillet.act.card"
    _inherit = "tibillet.act"
    _description = "Act on a card"

    _act = "merge"  # at the holder's word, of all that the card opens

    find_id = fields.Many2one("tibillet.card.find", ondelete="cascade")
    figures = fields.Html(compute="_compute_figures", sanitize=False)

    @api.model
    def _figure_fields(self):
        return [*super()._figure_fields(), "find_id"]

    def _figures(self):
        values = dict.fromkeys(
            ("holder_text", "before_text", "change_text", "after_text", "held_text"), False
        )
        values |= {"refusal": False, "amount_minor": 0, "figures": False}
        try:
            self._authorize()
            card_sudo = self._card().sudo()  # found, or readable
            values["holder_text"] = self.env._(
                "Card %(number)s: %(state)s",
                number=card_sudo.number,
                state=card_sudo._state_sentence(),
            )
            values["figures"] = self._figures_html(card_sudo)
            self._look_ahead(card_sudo)
        except LedgerError as refusal:
            values["refusal"] = str(refusal)
        return values

    def _card(self):
        """The card: found by its number, or opened by somebody who reads cards.

        :raises LedgerError: ``invalid`` without one, ``not_allowed`` for another place's
        """
        if self.find_id:
            return self.find_id._card()
        self._wallet()  # checks that the user may read the card
        return self.card_id

    def _look_ahead(self, card_sudo):
        """What would be refused whatever is typed; told before. Writes nothing."""

    def _rows(self, card_sudo):
        """[(asset, before, after)] in minor units, for the table."""
        return [
            (account.asset_id, account.balance_minor, account.balance_minor)
            for account in card_sudo.wallet_id.account_ids
            if account.balance_minor
        ]

    def _figures_html(self, card_sudo):
        company = self.env.company
        own = card_sudo.with_env(self.env)._is_own()
        rows = [
            row
            for row in self._rows(card_sudo)
            if own or row[0].company_id == company or row[0] in self._taken_here()
        ]
        if not rows:
            return Markup("<p class='mb-0'>%s</p>") % self.env._("There is nothing on it.")
        number = "class='text-end text-nowrap' style='font-variant-numeric:tabular-nums'"
        lines = Markup("").join(
            Markup("<tr><td>%s</td><td %s>%s</td><td %s>%s</td></tr>")
            % (
                asset.name,
                Markup(number),
                asset._format(before),
                Markup(number),
                asset._format(after),
            )
            for asset, before, after in rows
        )
        head = Markup("<tr><th></th><th class='text-end'>%s</th><th class='text-end'>%s</th></tr>")
        return Markup(
            "<table class='table table-sm mb-0'><thead>%s</thead><tbody>%s</tbody></table>"
        ) % (
            head % self._columns(),
            lines,
        )

    def _columns(self):
        return self.env._("Before"), self.env._("After")

    def _taken_here(self):
        acceptances_sudo = self.env["tibillet.acceptance"].sudo()  # the desk reads none
        return acceptances_sudo.search(
            [("company_id", "=", self.env.company.id), ("state", "=", "active")]
        ).asset_id

    # -- confirm: no single wallet, no single asset ------------------------------------------

    def _wallet(self):
        if self.find_id:
            card_sudo = self.find_id._card().sudo()  # found by its number
            return card_sudo.wallet_id
        return super()._wallet()

    def _check(self, wallet_sudo):
        card_sudo = self._card().sudo()  # found, or readable
        self._look_ahead(card_sudo)

    def _check_reason(self):
        """None is asked for: what is typed here (a name, a code, another card) says it."""

    def _done_before(self):
        return False

    def _typed_fields(self):
        left_out = {"key", "refused", *models.MAGIC_COLUMNS, *self._secret_fields()}
        return [
            name for name, field in self._fields.items() if field.store and name not in left_out
        ]

    def _secret_fields(self):
        """What is typed anew after a refusal."""
        return ()


class TibilletActClaim(models.TransientModel):
    """Put a card in a person's name: what it holds joins what they have."""

    _name = "tibillet.act.claim"
    _inherit = "tibillet.act.card"
    _description = "Put the card in a name"

    partner_id = fields.Many2one("res.partner", string="In the name of", ondelete="cascade")
    code = fields.Char(string="Claim code")

    @api.model
    def _figure_fields(self):
        return [*super()._figure_fields(), "partner_id"]

    def _rows(self, card_sudo):
        rows = super()._rows(card_sudo)
        if not self.partner_id:
            return rows
        theirs_sudo = self.partner_id._tibillet_wallets().filtered("partner_id")
        held = {account.asset_id: account.balance_minor for account in theirs_sudo.account_ids}
        moving = {} if card_sudo.wallet_id in theirs_sudo else {a: before for a, before, _ in rows}
        assets = dict.fromkeys([*moving, *(asset for asset, minor in held.items() if minor)])
        return [
            (asset, held.get(asset, 0), held.get(asset, 0) + moving.get(asset, 0))
            for asset in assets
        ]

    def _columns(self):
        if not self.partner_id:
            return self.env._("On the card"), self.env._("After")
        return self.env._("They have"), self.env._("They will have")

    def _look_ahead(self, card_sudo):
        card_sudo._check_usable()
        if card_sudo.state == "claimed":
            raise card_sudo._somebody_elses()
        if not card_sudo.claim_hash:
            raise self._refused(
                "invalid",
                self.env._("This card has no claim code yet: draw one first (“Claim code”)."),
            )

    def _do(self, wallet_sudo):
        if not self.partner_id:
            raise self._refused("invalid", self.env._("Choose in whose name the card goes."))
        if not (self.code or "").strip():
            raise self._refused("invalid", self.env._("Type the claim code of the card."))
        card = self._card()
        card_sudo = card.sudo()  # its number
        card._claim(self.partner_id, self.code, self.company_id)
        return self.env._(
            "Card %(number)s is in the name of %(name)s.",
            number=card_sudo.number,
            name=self.partner_id.name,
        )

    def _secret_fields(self):
        return ("code",)


class TibilletActReplace(models.TransientModel):
    """Another card opens the wallet; no money moves."""

    _name = "tibillet.act.replace"
    _inherit = "tibillet.act.card"
    _description = "Replace the card"

    new_text = fields.Char(string="New card", help="Number, chip or QR of the new card.")
    claimed = fields.Boolean(compute="_compute_claimed")
    code = fields.Char(string="Claim code of the old card")
    receipt_key = fields.Char(string="Or a top-up receipt's number")
    identity_checked = fields.Boolean(string="I have checked who the holder is")

    @api.depends("find_id", "card_id")
    def _compute_claimed(self):
        for act in self:
            try:
                card_sudo = act._card().sudo()  # found, or readable
            except LedgerError:
                card_sudo = act.env["tibillet.card"]
            act.claimed = card_sudo.wallet_id.kind == "person"

    def _look_ahead(self, card_sudo):
        card_sudo.with_env(self.env)._check_own()
        if card_sudo.state in ("replaced", "retired", "blank"):
            raise self._refused("not_allowed", card_sudo._state_sentence() + ".")

    def _do(self, wallet_sudo):
        card = self._card()
        new_card = self.env["tibillet.card"]._find(self.new_text)
        card._replace(
            new_card,
            code=self.code,
            receipt_key=self.receipt_key,
            identity_checked=self.identity_checked,
        )
        old_sudo, new_sudo = card.sudo(), new_card.sudo()  # their numbers
        return self.env._(
            "Card %(new)s replaces card %(old)s.",
            new=new_sudo.number,
            old=old_sudo.number,
        )

    def _secret_fields(self):
        return ("code", "receipt_key")


class TibilletActRecycle(models.TransientModel):
    """An empty card becomes blank again, for somebody else."""

    _name = "tibillet.act.recycle"
    _inherit = "tibillet.act.card"
    _description = "Take the card back"

    holder_agrees = fields.Boolean(string="The holder gives the card back and says so")

    def _look_ahead(self, card_sudo):
        card_sudo.with_env(self.env)._check_own()
        obstacles = card_sudo._recycle_obstacles()
        if obstacles:
            raise self._refused("invalid", " ".join(obstacles))

    def _do(self, wallet_sudo):
        blank_sudo = self._card()._recycle(holder_agrees=self.holder_agrees).sudo()  # its number
        return self.env._("Card %s is blank again.", blank_sudo.number)
