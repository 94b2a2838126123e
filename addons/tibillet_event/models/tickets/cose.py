"""The text in a ticket's QR: ``TBT1:`` + base45 of an untagged COSE_Sign1.

RFC 9052 (COSE), RFC 9285 (base45), RFC 8949 4.2.1 (one way to write each value). A text is read
strictly: what is not written exactly as :func:`seal` writes it is no ticket, so that one ticket
has one text and its digest names it.
"""

import base64
import hashlib
import re
from typing import NamedTuple

import base45
import cbor2

PREFIX = "TBT1:"
LONGEST = 200
ALG, KID, EDDSA = 1, 4, -8
PLACE, EVENT, REGISTRATION, RATE, NOT_BEFORE, NOT_AFTER, SLOT = range(1, 8)
NEEDED = {PLACE, EVENT, REGISTRATION, RATE, NOT_BEFORE, NOT_AFTER}
DIGEST_BYTES = 12
KEY_ID = re.compile(r"[\x21-\x7e]{8}")


class TicketUnreadable(ValueError):
    """The text is no ticket: cut, altered, of another kind or not ours."""


class Sealed(NamedTuple):
    """What a text says, its signature not yet checked."""

    kid: str
    payload: dict
    signed: bytes
    signature: bytes


def to_sign(payload, kid):
    """The bytes that the key ``kid`` signs for ``payload`` (RFC 9052 4.4)."""
    return _structure(_protected(kid), _canonical(payload))


def seal(payload, kid, signature):
    """The ticket's text.

    :param payload: dict of unsigned integers, by the numbers above
    :param kid: 8 ASCII characters
    :param signature: 64 bytes over :func:`to_sign`
    """
    raw = _canonical([_protected(kid), {}, _canonical(payload), signature])
    return PREFIX + base45.b45encode(raw).decode()


def read(text):
    """Take a text apart.

    :rtype: Sealed
    :raises TicketUnreadable: it is no ticket
    """
    if not isinstance(text, str) or not text.startswith(PREFIX) or len(text) > LONGEST:
        raise TicketUnreadable("not a ticket")
    try:
        raw = base45.b45decode(text[len(PREFIX) :])
        protected, unprotected, body, signature = cbor2.loads(raw)
        header, payload = cbor2.loads(protected), cbor2.loads(body)
        kid = header[KID].decode("ascii")
        sealed = Sealed(kid, payload, _structure(protected, body), signature)
        exact = seal(payload, kid, signature) == text
    except Exception as error:  # hostile bytes: whatever the decoders think of them
        raise TicketUnreadable("not a ticket") from error
    if header != {ALG: EDDSA, KID: kid.encode()} or unprotected != {} or not exact:
        raise TicketUnreadable("not written as a ticket is")
    if not KEY_ID.fullmatch(kid) or not _whole(payload):
        raise TicketUnreadable("not what a ticket holds")
    if not isinstance(signature, bytes) or len(signature) != 64:
        raise TicketUnreadable("no signature")
    return sealed


def digest(text):
    """What names a ticket without telling it: the first 12 bytes of its SHA-256, in base64url."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:DIGEST_BYTES]).decode()


def _whole(payload):
    if not isinstance(payload, dict) or not NEEDED <= set(payload) <= {*NEEDED, SLOT}:
        return False
    return all(type(value) is int and 0 <= value < 2**53 for value in payload.values())


def _canonical(value):
    return cbor2.dumps(value, canonical=True)


def _protected(kid):
    return _canonical({ALG: EDDSA, KID: kid.encode("ascii")})


def _structure(protected, body):
    return _canonical(["Signature1", protected, b"", body])
