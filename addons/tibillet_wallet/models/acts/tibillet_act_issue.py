from odoo import fields, models

from ...ledger_rules import RULES
from ..tibillet_operation import MEANS

BY_HAND = [means for means in MEANS if means[0] != "online"]


class TibilletActIssue(models.TransientModel):
    """Load a card by hand: money that was received, or time and points that are given out."""

    _name = "tibillet.act.issue"
    _inherit = "tibillet.act"
    _description = "Top up or issue"

    _act = "topup"
    _sign = 1

    asset_id = fields.Many2one(
        domain="[('kind', 'in', ('fed', 'local', 'voucher', 'time', 'points'))]"
    )
    backed = fields.Boolean(related="asset_id.backed")
    means = fields.Selection(BY_HAND, string="Received by")

    def _code(self):
        """Money that was received tops up; what nobody pays for is issued."""
        asset_sudo = self.asset_id.sudo()  # its kind
        return "issue" if asset_sudo and not asset_sudo.backed else "topup"

    def _figure_fields(self):
        return [*super()._figure_fields(), "means"]

    def _check(self, wallet_sudo):
        self._check_common(wallet_sudo)
        asset_sudo = self.asset_id.sudo()  # its issuer and kind
        self._check_kind(asset_sudo)
        if asset_sudo.backed and not self.means:
            raise self._refused(
                "invalid", self.env._("Say how the money was received: it goes back the same way.")
            )
        self._check_place(asset_sudo)
        self._check_room(wallet_sudo, asset_sudo)

    def _check_kind(self, asset_sudo):
        if asset_sudo.kind not in ("fed", "local", "voucher", "time", "points"):
            raise self._refused(
                "not_allowed", self.env._("“%s” is not loaded this way.", asset_sudo.name)
            )

    def _check_place(self, asset_sudo):
        """What nobody pays for is given out by its issuer alone."""
        if asset_sudo.company_id != self.company_id and self._code() != "topup":
            raise self._refused(
                "not_allowed",
                self.env._(
                    "Only %(issuer)s gives out “%(asset)s”. Nothing was moved.",
                    issuer=asset_sudo.company_id.name,
                    asset=asset_sudo.name,
                ),
            )

    def _check_contract(self):
        asset_sudo = self.asset_id.sudo()  # its issuer
        if self._code() == "topup":
            Acceptance = self.env["tibillet.acceptance"]
            Acceptance._check_load(asset_sudo, self.company_id, self._minor())

    def _check_room(self, wallet_sudo, asset_sudo):
        """The load cap and the ceiling of anonymous cards, told before they are hit."""
        if not RULES[self._code()].capped:
            return
        ledger_sudo = self.env["tibillet.ledger"].sudo()  # sums of a wallet nobody lists
        room_minor = ledger_sudo._room_minor(wallet_sudo, asset_sudo)
        if room_minor is not None and self._minor() > room_minor:
            raise self._refused(
                "limit_exceeded",
                self.env._(
                    "%(room)s more of “%(asset)s” fits on this card, not %(amount)s. Cards of "
                    "people whose name is known hold more than anonymous ones.",
                    room=asset_sudo._format(max(0, room_minor)),
                    asset=asset_sudo.name,
                    amount=asset_sudo._format(self._minor()),
                )
                if wallet_sudo.kind == "card"
                else self.env._(
                    "%(room)s more of “%(asset)s” fits on this wallet, not %(amount)s.",
                    room=asset_sudo._format(max(0, room_minor)),
                    asset=asset_sudo.name,
                    amount=asset_sudo._format(self._minor()),
                ),
            )

    def _request(self, wallet_sudo):
        asset_sudo = self.asset_id.sudo()  # its kind
        means = self.means if asset_sudo.backed else None
        return {**super()._request(wallet_sudo), "means": means}
