import secrets

from odoo import models


class TibilletCard(models.Model):
    """Lost, replaced, recycled, retired: what becomes of a card, never of what it holds."""

    _inherit = "tibillet.card"

    # -- replaced -----------------------------------------------------------------------------

    def _replace(self, new_card, *, code=None, receipt_key=None, identity_checked=False):
        """Let ``new_card`` open this card's wallet; no money moves. This card is done with.

        Of an anonymous card the holder proves that it is theirs by its claim code or by the
        operation key of a top-up receipt; of a claimed one the desk has checked who they are.

        :raises LedgerError: ``not_allowed``, ``card_unknown`` (wrong code or receipt),
            ``rate_limited``, ``card_blocked``
        """
        self.ensure_one()
        old_sudo, new_sudo = self.sudo(), new_card.sudo()  # the desk reads and writes no cards
        old_sudo.with_env(self.env)._check_replaceable(new_card)
        self._check_holder(code, receipt_key, identity_checked)
        spare_sudo = new_sudo.wallet_id
        spare_sudo._collide()  # a top-up of the new card this very second makes us run again
        obstacles = new_sudo._holds_sentences()
        if obstacles:
            raise self.env["tibillet.ledger"]._refusal("not_allowed", " ".join(obstacles))
        wallet_sudo = old_sudo.wallet_id
        old_sudo.write({"state": "replaced", "replaced_by_id": new_sudo.id, "claim_hash": False})
        new_sudo.write(
            {
                "wallet_id": wallet_sudo.id,
                "state": "claimed" if wallet_sudo.kind == "person" else "anonymous",
                "claim_hash": False if wallet_sudo.kind == "person" else new_sudo.claim_hash,
            }
        )
        user = self.env.user.name
        old_sudo.message_post(
            body=self.env._(
                "Replaced by card %(card)s, by %(user)s.", card=new_sudo.number, user=user
            )
        )
        new_sudo.message_post(
            body=self.env._(
                "Takes over from card %(card)s, by %(user)s.", card=old_sudo.number, user=user
            )
        )
        return new_sudo.with_env(self.env)

    def _check_replaceable(self, new_card):
        refusal = self.env["tibillet.ledger"]._refusal
        old_sudo, new_sudo = self.sudo(), new_card.sudo()  # the desk reads no cards
        self._check_own()
        new_card._check_own()
        if old_sudo == new_sudo:
            raise refusal("invalid", self.env._("The new card is another card than the old one."))
        if old_sudo.state in ("replaced", "retired"):
            raise refusal("not_allowed", self.env._("This card was replaced or taken back before."))
        if old_sudo.state == "blank":
            raise refusal(
                "not_allowed",
                self.env._("This card is blank: nothing to keep. Hand out another one."),
            )
        new_sudo._check_usable()
        if new_sudo.state == "claimed" or new_sudo.wallet_id.kind != "card":
            raise refusal(
                "not_allowed",
                self.env._("The new card is in somebody's name. Take a blank one."),
            )
        if len(new_sudo.wallet_id.card_ids) > 1:
            raise refusal(
                "not_allowed",
                self.env._("The new card took over from another one already. Take a blank one."),
            )

    def _check_holder(self, code, receipt_key, identity_checked):
        """:raises LedgerError: unless whoever asks has shown that the card is theirs"""
        card_sudo = self.sudo()  # asked by the desk
        refusal = self.env["tibillet.ledger"]._refusal
        if card_sudo.wallet_id.kind == "person":
            if not identity_checked:
                raise refusal(
                    "not_allowed",
                    self.env._("Check who the holder is, and tick that you did."),
                )
        elif (receipt_key or "").strip():
            self._count_try(card_sudo)
            if not card_sudo._is_receipt(receipt_key.strip()):
                raise refusal(
                    "card_unknown",
                    self.env._("This receipt is not of a top-up of this card. Check its number."),
                )
        elif (code or "").strip():
            self._check_claim_code(code)
        else:
            raise refusal(
                "not_allowed",
                self.env._(
                    "Type the card's claim code, or the number of a top-up receipt: "
                    "they show that the card is theirs."
                ),
            )

    def _is_receipt(self, key):
        """Whether ``key`` is that of a top-up that this card's wallet received."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT EXISTS (SELECT FROM tibillet_operation o"
            "  JOIN tibillet_transfer t ON t.operation_id = o.id"
            "  JOIN tibillet_account a ON a.id = t.credit_account_id"
            " WHERE o.key = %s AND o.code = 'topup' AND o.state = 'posted' AND a.wallet_id = %s)",
            [key, self.wallet_id.id],
        )
        return self.env.cr.fetchone()[0]

    # -- taken back ---------------------------------------------------------------------------

    def _holds_sentences(self):
        """What the card's wallet holds, owes or has on hold, of any issuer: a sentence each."""
        self.ensure_one()
        card_sudo = self.sudo()  # of every issuer
        return card_sudo.wallet_id._holds_sentences()

    def _recycle_obstacles(self):
        """Why this card cannot become blank again: sentences, empty when it can.

        A seam: an addon whose records hang on a card (memberships, tickets) extends it.
        """
        self.ensure_one()
        card_sudo = self.sudo()  # the desk reads no cards
        if card_sudo.state == "retired":
            return [self.env._("This card was taken out of use for good.")]
        if card_sudo.state == "replaced":
            return []  # its wallet is opened by another card now
        return self._holds_sentences()

    def _recycle(self, *, holder_agrees=False):
        """Make an empty card blank again, with a fresh wallet, for somebody else.

        Its record is retired with everything that hangs on it; a new record takes chip, number
        and QR, which stay on the plastic, and nothing of the history. The claim code is void.

        :param holder_agrees: the holder gave the card back and said so
        :returns: the new record
        :raises LedgerError: ``not_allowed`` with every obstacle
        """
        self.ensure_one()
        refusal = self.env["tibillet.ledger"]._refusal
        self._check_own()
        card_sudo = self.sudo()  # the desk reads and writes no cards
        if card_sudo.state == "blank":
            raise refusal("not_allowed", self.env._("This card is blank already."))
        if not holder_agrees:
            raise refusal(
                "not_allowed",
                self.env._("Ask the holder whether they give the card back, and tick that."),
            )
        if card_sudo.state != "replaced":
            card_sudo.wallet_id._collide()
        obstacles = self._recycle_obstacles()
        if obstacles:
            raise refusal("not_allowed", " ".join(obstacles))
        plastic = {
            "uid": card_sudo.uid,
            "number": card_sudo.number,
            "token": card_sudo.token,
            "batch_id": card_sudo.batch_id.id,
            "company_id": card_sudo.company_id.id,
            "grade": card_sudo.grade,
        }
        card_sudo._retire()
        new_sudo = card_sudo.create(plastic)
        new_sudo.message_post(body=self.env._("Taken back blank by %s.", self.env.user.name))
        return new_sudo.with_env(self.env)

    def _retire(self):
        """Take cards out of use for good; chip, number, QR and claim code are destroyed."""
        for card_sudo in self.sudo():  # called by acts that have checked
            card_sudo.write(
                {
                    "state": "retired",
                    "uid": False,
                    "number": f"RETIRED-{card_sudo.id}",
                    "token": secrets.token_urlsafe(16),
                    "claim_hash": False,
                    "claim_drawn_at": False,
                }
            )
        self.env.flush_all()
