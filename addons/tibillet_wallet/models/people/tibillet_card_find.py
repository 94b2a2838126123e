import re

from odoo import api, models
from odoo.tools import SQL

from ..tibillet_card import UID_BYTES

FINDS_A_MINUTE = 60
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
ADDRESS = re.compile(r"https?://[^/\s]+/tibillet/card/([A-Za-z0-9_-]{22})/?(?:[?#].*)?")


class TibilletCard(models.Model):
    """Finding a card by what stands on it, whole; never a list, never a part of a number."""

    _inherit = "tibillet.card"

    @api.model
    def _find(self, text):
        """The one card with exactly this chip, printed number or QR, in whatever state.

        For staff at a desk; each find is counted per user and noted in the access log.

        :param text: chip as readers write it (any separator, either byte order, decimal),
            number in any case, or the QR's address or token
        :raises LedgerError: ``card_unknown``, ``rate_limited``, ``invalid`` (empty, or two
            cards answer to it)
        """
        self.env["tibillet.rate.limit"]._check("card-find", self.env.uid, FINDS_A_MINUTE, 60)
        refusal = self.env["tibillet.ledger"]._refusal
        if not (text or "").strip():
            raise refusal("invalid", self.env._("Type the card's number, or tap or scan it."))
        cards_sudo = self.sudo()  # exact, one card
        card_sudo = cards_sudo._look_up(text)
        if not card_sudo:
            raise refusal(
                "card_unknown",
                self.env._("No card here has exactly this number, chip or QR."),
            )
        wallet = card_sudo.wallet_id.with_env(self.env)
        wallet._note_access("found")
        return card_sudo.with_env(self.env)

    @api.model
    def _look_up(self, text):
        """The card that ``text`` names exactly, or none. Two that answer to it are none.

        Called in sudo. Retired cards have neither chip nor number: they are not found.
        """
        text = (text or "").strip()[:200]
        address = ADDRESS.fullmatch(text)
        token = address[1] if address else text if TOKEN.fullmatch(text) else None
        number = re.sub(r"\s", "", text).upper()
        self.flush_model(["uid", "number", "token", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM tibillet_card
                 WHERE state <> 'retired'
                   AND (token = %(token)s OR uid = ANY(%(uids)s)
                        OR upper(number) = ANY(%(numbers)s))
                 LIMIT 2
                """,
                token=token,
                uids=self._uid_forms(text),
                numbers=list({number, re.sub(r"[^0-9A-Z]", "", number)} - {""}),
            )
        )
        return self.browse(rows[0][0] if len(rows) == 1 else ())

    @api.model
    def _uid_forms(self, text):
        """The chip numbers that a reader may have meant by ``text``, in upper-case hexadecimal.

        Readers write the bytes in either order, with or without separators, or as one decimal
        figure.
        """
        bare = re.sub(r"[\s:.-]", "", text).upper().removeprefix("0X")
        forms = set()
        for size in UID_BYTES:
            if re.fullmatch(r"[0-9A-F]*", bare) and len(bare) == 2 * size:
                forms.add(bare)
            # A decimal of a reader is as wide as its chip's largest value, or not padded.
            if re.fullmatch(r"[0-9]{8,25}", bare) and 256 ** (size - 1) <= int(bare) < 256**size:
                forms.add(f"{int(bare):0{2 * size}X}")
        return [*forms, *(bytes.fromhex(form)[::-1].hex().upper() for form in forms)]
