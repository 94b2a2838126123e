"""The card page of a card that does not read: by its number typed, or its QR scanned."""

from odoo import api, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError

#: How a till names a card that is not on its reader.
TYPED = "number:"
#: What may be done without the card on the reader: nothing that takes from it, nothing that
#: needs it in the hand. Its money comes back by replacing it, with its code or its receipt.
WITHOUT_READER = frozenset({"topup", "lost", "moves"})
FINDS_A_MINUTE = 20
ROLES = (
    "tibillet_pos_nfc.tibillet_pos_nfc_group_manager",
    "tibillet_wallet.tibillet_wallet_group_user",
)


class TibilletCardPage(models.AbstractModel):
    _inherit = "tibillet.card.page"

    @api.model
    def _is_typed(self, uid):
        return isinstance(uid, str) and uid.startswith(TYPED)

    @api.model
    def _may_type(self):
        """Who finds a card by its number in the backend finds it here."""
        return any(self.env.user.has_group(role) for role in ROLES)

    @api.model
    def _card(self, uid):
        if not self._is_typed(uid):
            return super()._card(uid)
        if not self._may_type():
            raise LedgerError(
                "not_allowed",
                self.env._("A card is opened by its number by a manager or the desk. Ask them."),
            )
        # Numbers are tried one after the other by who guesses, not by who reads one off a card.
        self.env["tibillet.rate.limit"]._check("till-card-number", self.env.uid, FINDS_A_MINUTE, 60)
        card_sudo = self.env["tibillet.card"]._find(uid.removeprefix(TYPED)).sudo()  # its wallet
        return card_sudo

    @api.model
    def _open(self, session, device, uid):
        answer = super()._open(session, device, uid)
        if self._is_typed(uid):
            for act in set(answer["may"]) - WITHOUT_READER:
                answer["may"][act] = False
            # an offer is given to who is there with the card
            answer |= {"typed": True, "offers": [], "consent": None}
        return answer


class TibilletTillActs(models.AbstractModel):
    _inherit = "tibillet.till.acts"

    @api.model
    def _check_on_reader(self, uid, act):
        if self.env["tibillet.card.page"]._is_typed(uid) and act not in WITHOUT_READER:
            raise LedgerError(
                "not_allowed",
                self.env._(
                    "This needs the card on the reader. If it does not read, replace it: tap "
                    "another card, “Replace”, with its claim code or a receipt."
                ),
            )

    @api.model
    def _do(self, session, device, seq, key, uid, act, values):
        """An act on a card that is not on the reader: very few. Its number stays taken."""
        try:
            self._check_on_reader(uid, act)
        except LedgerError as refusal:
            self.env["tibillet.till"]._check_key(key)
            device._take_token("act")
            acts_sudo = self.env["tibillet.device.act"].sudo()  # cashiers have no right on acts
            acts_sudo._record(device, seq, "card", key)
            return refusal.as_answer()
        return super()._do(session, device, seq, key, uid, act, values)

    @api.model
    def _ways(self, session, device, uid):
        self._check_on_reader(uid, "refund")
        return super()._ways(session, device, uid)
