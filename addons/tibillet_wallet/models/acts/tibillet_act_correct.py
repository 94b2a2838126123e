from odoo import api, fields, models


class TibilletActCorrect(models.TransientModel):
    """Reverse or complete an operation by another one that names it; nothing is edited."""

    _name = "tibillet.act.correct"
    _inherit = "tibillet.act"
    _description = "Correction"

    _act = "correct"

    operation_id = fields.Many2one("tibillet.operation", string="Operation", required=True)
    way = fields.Selection(
        [("reverse", "Take it back"), ("complete", "Add what was missing")],
        string="Correct it how",
        default="reverse",
        required=True,
    )
    asset_id = fields.Many2one(domain="[('id', 'in', asset_ids)]")
    asset_ids = fields.Many2many("tibillet.asset", string="Assets", compute="_compute_asset_ids")
    operation_text = fields.Char(string="It moved", related="operation_id.amount_text")
    rest_text = fields.Char(string="Not taken back yet", compute="_compute_figures")

    @api.model
    def default_get(self, fields):
        """The operation that the act was opened on, and what it moved."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "tibillet.operation":
            values.setdefault("operation_id", self.env.context.get("active_id"))
        if values.get("operation_id") and "asset_id" in fields:
            operation = self.env["tibillet.operation"].browse(values["operation_id"])
            if operation.has_access("read"):
                operation_sudo = operation.sudo()  # may be read; its asset may be another's
                paid_sudo = operation_sudo.transfer_ids.filtered(lambda line: not line.earned)
                values.setdefault("asset_id", paid_sudo[:1].asset_id.id)
        return values

    @api.depends("operation_id")
    def _compute_asset_ids(self):
        for act in self:
            operation_sudo = act.operation_id.sudo()  # which assets it moved, to choose among
            act.asset_ids = operation_sudo.transfer_ids.asset_id

    def _figure_fields(self):
        return [*super()._figure_fields(), "operation_id", "way"]

    def _figures(self):
        values = {"rest_text": False, **super()._figures()}
        if self.operation_id and self.asset_id and self.operation_id.has_access("read"):
            rest_minor = sum(part for *_way, part in self._parts())
            asset_sudo = self.asset_id.sudo()  # its unit
            values["rest_text"] = asset_sudo._format(max(0, rest_minor))
        return values

    # -- the named operation -----------------------------------------------------------

    def _facts(self):
        """code, state, what it moved and what came back, by the wallets of today."""
        ledger_sudo = self.env["tibillet.ledger"].sudo()  # facts of an operation that may be read
        operation_id = self.operation_id.id or self.operation_id._origin.id
        return ledger_sudo._named_facts([{"names_id": operation_id}])[operation_id]

    def _parts(self):
        """[(from wallet, to wallet, not reversed yet)] of the chosen asset, in their order."""
        _code, _state, moved, after = self._facts()
        rest = self.env["tibillet.ledger"]._reversible(moved, after)
        return [
            (debit, credit, left)
            for (asset_id, debit, credit), left in rest.items()
            if asset_id == self.asset_id.id
        ]

    def _wallet(self):
        """The holder whose money the operation moved, else whoever paid."""
        if not self.operation_id:
            raise self._refused("invalid", self.env._("Say first which operation."))
        if not self.operation_id.has_access("read"):
            raise self._refused(
                "not_allowed",
                self.env._("This operation is not one of your place. Nothing was moved."),
            )
        wallets_sudo = self.env["tibillet.wallet"].sudo()  # of the operation that may be read
        _code, _state, moved, _after = self._facts()
        ids = [wallet for _asset, *pair, _amount in moved or () for wallet in pair]
        wallets_sudo = wallets_sudo.browse(ids)
        holders_sudo = wallets_sudo.filtered(lambda wallet: wallet.kind in ("person", "card"))
        return (holders_sudo or wallets_sudo)[:1]

    def _card(self):
        operation_sudo = self.operation_id.sudo()  # may be read: checked
        return operation_sudo.card_id

    def _holder_name(self, wallet_sudo):
        return wallet_sudo.display_name

    def _figures_sign(self, wallet_sudo):
        """Whether that holder receives (1) or gives (-1) by this correction."""
        received = [part for part in self._parts() if part[1] == wallet_sudo.id]
        return (1 if received else -1) * (1 if self.way == "complete" else -1)

    def _check_shown(self, asset_sudo):
        """A manager of the place, on what may be read: no card stands here."""

    def _check(self, wallet_sudo):
        code, state, _moved, _after = self._facts()
        if code == "correct":
            raise self._refused(
                "invalid",
                self.env._("A correction is not corrected: correct the first operation again."),
            )
        if state != "posted" or not self._parts():
            raise self._refused(
                "invalid", self.env._("This operation has moved nothing that could be corrected.")
            )
        if code in ("merge", "settle", "remit"):
            raise self._refused(
                "not_allowed",
                self.env._("%s: this is not taken back by hand.", self._name_of(code)),
            )
        asset_sudo = self.asset_id.sudo()  # its unit
        rest_minor = sum(left for *_way, left in self._parts())
        if self.way == "reverse" and self._minor() > rest_minor:
            raise self._refused(
                "limit_exceeded",
                self.env._(
                    "At most %s can still be taken back of this operation.",
                    asset_sudo._format(max(0, rest_minor)),
                ),
            )
        self._check_funds(wallet_sudo, asset_sudo)

    def _name_of(self, code):
        return self.env["tibillet.ledger"]._act_name(code)

    def _check_funds(self, wallet_sudo, asset_sudo):
        if wallet_sudo.kind not in ("person", "card"):
            return
        change_minor = self._figures_sign(wallet_sudo) * self._minor()
        account_sudo = self._account(wallet_sudo, asset_sudo)
        free_minor = account_sudo.balance_minor - account_sudo.held_minor
        if free_minor + change_minor < account_sudo.floor_minor:
            raise self._refused(
                "insufficient_funds",
                self.env._(
                    "Only %s is free on this wallet. Nothing was taken.",
                    asset_sudo._format(max(0, free_minor)),
                ),
                missing_minor=account_sudo.floor_minor - free_minor - change_minor,
            )
        if change_minor > 0 and self.way == "complete" and self._loads():
            ledger_sudo = self.env["tibillet.ledger"].sudo()  # sums of a wallet nobody lists
            room_minor = ledger_sudo._room_minor(wallet_sudo, asset_sudo)
            if room_minor is not None and change_minor > room_minor:
                raise self._refused(
                    "limit_exceeded",
                    self.env._(
                        "%(room)s more of “%(asset)s” fits on this wallet, not %(amount)s.",
                        room=asset_sudo._format(max(0, room_minor)),
                        asset=asset_sudo.name,
                        amount=asset_sudo._format(change_minor),
                    ),
                )

    def _loads(self):
        """Whether completing it brings new value: caps bind as they did the first time."""
        return self._facts()[0] in ("topup", "gift", "issue", "reward")

    def _transfers(self, wallet_sudo):
        accounts_sudo = self.env["tibillet.account"].sudo()  # the ledger's own rows
        wallets_sudo = self.env["tibillet.wallet"].sudo()  # both sides of what it moved
        asset_sudo = self.asset_id.sudo()  # accounts are opened in it

        def account(wallet_id):
            return accounts_sudo._get(wallets_sudo.browse(wallet_id), asset_sudo).id

        left_minor, parts = self._minor(), self._parts()
        if self.way == "complete":
            debit, credit, _rest = parts[0]
            return [(account(debit), account(credit), left_minor)]
        transfers = []
        for debit, credit, rest_minor in reversed(parts):  # the last of the cascade first
            part_minor = min(max(0, rest_minor), left_minor)
            if part_minor:
                transfers.append((account(credit), account(debit), part_minor))
                left_minor -= part_minor
        return transfers

    def _request(self, wallet_sudo):
        named_sudo = self.operation_id.sudo()  # may be read: checked
        request = {
            **super()._request(wallet_sudo),
            "names_id": named_sudo.id,
        }
        if self.way == "complete" and self._loads():
            request["means"] = named_sudo.means or None
        return request
