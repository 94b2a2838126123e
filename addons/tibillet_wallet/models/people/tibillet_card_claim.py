from odoo import api, fields, models

from ... import claim_codes
from .tibillet_card import MANAGER

TRIES = 5
TRIES_OF_ONE = 120
LOCK_S = 3600


class TibilletCard(models.Model):
    """The claim code, and the claim: who knows the code may put the card in their name."""

    _inherit = "tibillet.card"

    def _draw_claim_code(self):
        """Draw a claim code and answer it, once; a former one is void from now on.

        The desk draws the first one (the card is then handed out: blank becomes anonymous);
        a new one is a manager's act.

        :returns: the eight characters, in clear; only their hash is kept
        :raises LedgerError: ``not_allowed``, ``card_lost``, ``card_blocked``
        """
        self.ensure_one()
        refusal = self.env["tibillet.ledger"]._refusal
        self._check_own()
        card_sudo = self.sudo()  # the desk reads and writes no cards
        card_sudo._check_usable()
        if card_sudo.state == "claimed":
            raise refusal(
                "not_allowed",
                self.env._("This card is in somebody's name: it needs no claim code."),
            )
        if card_sudo.claim_hash and not self.env.user.has_group(MANAGER):
            raise refusal(
                "not_allowed",
                self.env._(
                    "This card has a claim code already. Only a manager draws a new one, "
                    "and the old one is void then."
                ),
            )
        note = (
            self.env._("New claim code drawn by %s; the former one is void.", self.env.user.name)
            if card_sudo.claim_hash
            else self.env._("Claim code drawn by %s.", self.env.user.name)
        )
        code = claim_codes.draw()
        card_sudo.write(
            {
                "claim_hash": claim_codes.protect(code),
                "claim_drawn_at": fields.Datetime.now(),
                "state": "anonymous",
            }
        )
        card_sudo.message_post(body=note)
        return code

    def action_claim_code(self):
        """Draw the claim code and show it, once."""
        self.ensure_one()
        self.check_access("write")
        return self._show_claim_code()

    def _show_claim_code(self):
        card_sudo = self.sudo()  # the number of the card whose code it is
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim code"),
            "res_model": "tibillet.card.code",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_code": claim_codes.spell(self._draw_claim_code()),
                "default_number": card_sudo.number,
            },
        }

    # -- proving the code -------------------------------------------------------------------

    @api.model
    def _count_try(self, card, text=""):
        """Count a try before it is looked at; five for a card or a number, then an hour's wait.

        In a cursor of its own, so that the try counts although its refusal is rolled back. A
        number that no card bears is counted like one that does; a new code starts anew. Who
        is signed in is bounded too; a public page bounds its caller's address.

        :raises LedgerError: ``rate_limited``
        """
        limit = self.env["tibillet.rate.limit"]
        subject = f"card {card.id} {card.claim_hash}" if card else f"text {text}"
        answers = [limit._hit("claim-card", subject, TRIES, LOCK_S)]
        if not self.env.user._is_public():  # all visitors are that one user
            answers.append(limit._hit("claim-user", self.env.uid, TRIES_OF_ONE, LOCK_S))
        wait_s = max(answer.retry_after_s for answer in answers)
        if not all(answer.allowed for answer in answers):
            raise self.env["tibillet.ledger"]._refusal(
                "rate_limited",
                self.env._(
                    "Too many claim codes were tried. Try again in %(minutes)s minutes, or "
                    "ask a manager for a new code.",
                    minutes=-(-wait_s // 60),
                ),
            )

    @api.model
    def _wrong_code(self):
        """One sentence for an unknown, foreign, blocked or taken card and for a wrong code."""
        return self.env["tibillet.ledger"]._refusal(
            "card_unknown",
            self.env._(
                "This card and this claim code do not go together. Check both; after five "
                "tries they wait for an hour."
            ),
        )

    def _check_claim_code(self, code):
        """:raises LedgerError: ``card_unknown`` when it is not the card's, ``rate_limited``"""
        self.ensure_one()
        card_sudo = self.sudo()  # the hash, that nobody reads
        self._count_try(card_sudo)
        if not claim_codes.matches(code, card_sudo.claim_hash):
            raise self._wrong_code()

    # -- the claim ------------------------------------------------------------------------------

    @api.model
    def _claim_by(self, partner, text, code, company=None):
        """Claim the card that ``text`` names (number, chip, or the QR's address or token).

        Unknown, foreign, blocked, taken and mistyped answer alike, after the same work.

        :raises LedgerError: ``card_unknown``, ``rate_limited``; once the code was right,
            whatever :meth:`_claim` raises
        """
        company = company or self.env.company
        cards_sudo = self.sudo()  # asked by people who read no cards
        card_sudo = cards_sudo._look_up(text)
        self._count_try(card_sudo, claim_codes.plain(text))
        claimable = card_sudo.state in ("blank", "anonymous") and card_sudo._known_at(company)
        if not claim_codes.matches(code, card_sudo.claim_hash if claimable else None):
            raise self._wrong_code()
        return card_sudo.with_env(self.env)._give_to(partner, company)

    def _claim(self, partner, code, company=None):
        """Put the card in the person's name, and all it holds in their wallet, in one operation.

        :param code: the card's claim code, as typed
        :param company: where it is done
        :returns: the person's wallet; the card opens it from now on
        :raises LedgerError: ``card_unknown`` (wrong code), ``rate_limited``, ``card_lost``,
            ``card_blocked``, ``not_allowed`` (somebody else's, in use at a till),
            ``limit_exceeded``, ``wallet_frozen``
        """
        self.ensure_one()
        card_sudo = self.sudo()  # asked by people who read no cards
        card_sudo._check_usable()
        if card_sudo.state == "claimed":
            if card_sudo.partner_id == partner:
                return card_sudo.wallet_id.with_env(self.env)
            raise self._somebody_elses()
        self._check_claim_code(code)
        return self._give_to(partner, company or self.env.company)

    def _somebody_elses(self):
        return self.env["tibillet.ledger"]._refusal(
            "not_allowed",
            self.env._("This card is in somebody else's name already. Nothing was changed."),
        )

    def _give_to(self, partner, company):
        """The claim itself, once the code was right."""
        card_sudo = self.sudo()  # a person claims, who may write neither cards nor wallets
        wallet_sudo = card_sudo.wallet_id
        if wallet_sudo.kind == "person":
            raise self._somebody_elses()
        person_sudo = wallet_sudo._of_person(partner, company)
        kept = {"guardian_id": wallet_sudo.guardian_id.id} if not person_sudo.guardian_id else {}
        if wallet_sudo.daily_limit_minor and not person_sudo.daily_limit_minor:
            kept["daily_limit_minor"] = wallet_sudo.daily_limit_minor
        wallet_sudo._merge_into(
            person_sudo, origin=f"user:{self.env.uid}", card=card_sudo, company=company
        )
        person_sudo.write(kept)
        cards_sudo = wallet_sudo.card_ids
        cards_sudo.write({"wallet_id": person_sudo.id, "claim_hash": False})
        usable_sudo = cards_sudo.filtered(lambda card: card.state in ("blank", "anonymous"))
        usable_sudo.write({"state": "claimed"})
        card_sudo.message_post(
            body=self.env._(
                "Claimed at %(place)s, by %(user)s.", place=company.name, user=self.env.user.name
            )
        )
        return person_sudo.with_env(self.env)
