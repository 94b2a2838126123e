import base64
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from odoo import api, fields, models

from .. import keyfile
from ..exceptions import SigningError
from ..keyfile import KeyFileError


class Signature(NamedTuple):
    """64 bytes of Ed25519 and the id of the key that made them."""

    kid: str
    signature: bytes


class TibilletSigner(models.AbstractModel):
    """The one door for signatures. Private: never reachable by RPC."""

    _name = "tibillet.signer"
    _description = "Signatures"

    @api.model
    def _sign(self, place, purpose, payload, kid=None):
        """Sign the bytes ``payload`` in the name of ``place``.

        :param purpose: ``ticket``, ``message`` or ``log``: each has a key of its own, so that
            what is signed for one can never be shown as the other
        :param kid: what :meth:`_kid` answered, when the payload had to name its key
        :return: :class:`Signature`
        :raise SigningError: the key file or the key cannot be used; nothing was signed
        """
        key_sudo = self._key_for(place, purpose, kid)
        return Signature(key_sudo.kid, key_sudo._private_key().sign(payload))

    @api.model
    def _sign_many(self, place, purpose, payloads, kid):
        """As :meth:`_sign`, of many payloads that all name the key ``kid``; it is opened once.

        :return: list of signatures (64 bytes each) in the order of the payloads
        :raise SigningError: nothing was signed
        """
        private = self._key_for(place, purpose, kid)._private_key()
        return [private.sign(payload) for payload in payloads]

    @api.model
    def _key_for(self, place, purpose, kid=None):
        """The key that signs now, or the one that ``kid`` names if it still may."""
        key_sudo = self._signing_key(place, purpose)
        if kid and kid != key_sudo.kid:
            # The key changed while the payload was being written: its predecessor may still
            # sign, unless it was revoked.
            key_sudo = key_sudo.search(
                [
                    ("kid", "=", kid),
                    ("place_id", "=", place.id),
                    ("purpose", "=", purpose),
                    ("revoked_at", "=", False),
                    ("signs_from", "<=", fields.Datetime.now()),
                ]
            )
            if not key_sudo:
                raise SigningError(
                    "no_key", self.env._("The key %(kid)s signs nothing here.", kid=kid)
                )
        return key_sudo

    @api.model
    def _kid(self, place, purpose):
        """Id (8 ASCII characters) of the key that signs now for ``place`` and ``purpose``."""
        return self._signing_key(place, purpose).kid

    @api.model
    def _verify(self, kid, payload, signature, *, place, purpose):
        """Whether ``signature`` is this place's, for this purpose, over ``payload``.

        Retired keys verify, revoked ones do not.
        """
        # sudo: public keys are public; the model is closed to save everyone a view of it.
        key_sudo = (
            self.env["tibillet.key"]
            .sudo()
            .search(
                [
                    ("kid", "=", kid),
                    ("place_id", "=", place.id),
                    ("purpose", "=", purpose),
                    ("revoked_at", "=", False),
                ]
            )
        )
        if not key_sudo:
            return False
        raw = base64.urlsafe_b64decode(key_sudo.public_key + "=")
        try:
            Ed25519PublicKey.from_public_bytes(raw).verify(signature, payload)
        except InvalidSignature:
            return False
        return True

    @api.model
    def _signing_key(self, place, purpose):
        """The key that signs now, in sudo; made on the spot when a place has none yet."""
        place.ensure_one()
        place_sudo = place.sudo()  # keys are closed to everybody; who may sign, the caller checked
        key_sudo = place_sudo._signing_keys().get((place.id, purpose))
        if key_sudo:
            return key_sudo
        if purpose not in dict(self.env["tibillet.key"]._fields["purpose"].selection):
            raise ValueError(f"no such purpose: {purpose!r}")
        return self.env["tibillet.key"]._generate(place, purpose)

    # -- the key file --------------------------------------------------------------------

    @api.model
    def _key_file(self):
        """The key file (:class:`..keyfile.KeyFile`).

        :raise SigningError: with a sentence that says what to do
        """
        try:
            return keyfile.load()
        except KeyFileError as error:
            raise SigningError(error.problem, self._key_file_sentence(error.problem)) from None

    @api.model
    def _key_file_problem(self):
        """What keeps the server from signing (one of ``keyfile.PROBLEMS``), or ''."""
        try:
            keyfile.load()
        except KeyFileError as error:
            return error.problem
        return ""

    @api.model
    def _key_file_sentence(self, problem):
        """The sentence for the person who runs the server."""
        return {
            "unset": self.env._(
                "No key file is set, so nothing can be signed. Make one that only the server "
                "may read (mode 0600) and name it in TIBILLET_KEY_FILE."
            ),
            "absent": self.env._(
                "The key file is not where TIBILLET_KEY_FILE says, so nothing can be signed. "
                "Put it back, or restore it from its backup."
            ),
            "unreadable": self.env._(
                "The server may not read the key file, so nothing can be signed. Give it to "
                "the server's user with mode 0600."
            ),
            "too_open": self.env._(
                "Others than the server may read the key file, so it is refused and nothing "
                "can be signed. Set its mode to 0600."
            ),
            "malformed": self.env._(
                "The key file is not usable, so nothing can be signed. Each of its lines must "
                "be a random text of at least 32 characters."
            ),
        }[problem]
