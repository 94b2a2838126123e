"""The signed list of tickets that are void: who checks it needs nothing of ours but a public key.

The document is JSON with two members: ``list``, a text, and ``signature``, the Ed25519 signature
(base64url) over :data:`CONTEXT` and the very bytes of that text, by the key ``kid`` of purpose
``ticket`` of the place that the list names. The text is JSON itself::

    {"version": 1, "place": 3, "kid": "…", "issued": 1795435200, "next": 1795435260,
     "count": 2, "digests": ["…", "…"]}

Times in epoch seconds. A digest is the first 12 bytes of the SHA-256 of a ticket's text, base64url.
"""

import base64
import binascii
import json
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

#: What is signed begins so: nothing else that a ticket key signs can be shown as a list.
CONTEXT = b"tibillet-revoked/v1\n"
MOST = 10_000
LONGEST_BYTES = 400_000
DIGEST_CHARS = 16


class RevokedUnreadable(ValueError):
    """The document is no list of that place, or is not signed by it."""


class Revoked(NamedTuple):
    """A list whose signature was checked."""

    digests: frozenset
    issued: int
    next: int


def write(place, kid, issued, until, digests):
    """The text of a list, to be signed with :func:`to_sign`.

    :param digests: of the void tickets, at most :data:`MOST`
    """
    return json.dumps(
        {
            "version": 1,
            "place": place,
            "kid": kid,
            "issued": issued,
            "next": until,
            "count": len(digests),
            "digests": digests,
        },
        separators=(",", ":"),
    )


def to_sign(text):
    return CONTEXT + text.encode()


def seal(text, signature):
    """The document's bytes."""
    signed = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    return json.dumps({"list": text, "signature": signed}, separators=(",", ":")).encode()


def read(body, keys, place):
    """Check a document and read it.

    :param body: its bytes
    :param keys: JWKs of a well-known document; only those of this place for tickets count
    :param place: number of the place whose list is wanted
    :rtype: Revoked
    :raises RevokedUnreadable: it is none, or not this place's
    """
    if len(body) > LONGEST_BYTES:
        raise RevokedUnreadable("too long")
    try:
        document = json.loads(body)
        text, signed = document["list"], document["signature"]
        signature = base64.urlsafe_b64decode(signed + "=" * (-len(signed) % 4))
        said = json.loads(text)
        kid, digests = said["kid"], said["digests"]
        issued, until = said["issued"], said["next"]
        fine = (
            said["version"] == 1
            and said["place"] == place
            and said["count"] == len(digests) <= MOST
            and all(isinstance(one, str) and len(one) == DIGEST_CHARS for one in digests)
            and type(issued) is int
            and type(until) is int
            and 0 <= issued <= until
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RevokedUnreadable("no list of void tickets") from error
    if not fine:
        raise RevokedUnreadable("not this place's list of void tickets")
    for key in keys:
        mine = (key.get("kid"), key.get("place"), key.get("purpose")) == (kid, place, "ticket")
        if mine and _verifies(key, to_sign(text), signature):
            return Revoked(frozenset(digests), issued, until)
    raise RevokedUnreadable("not signed by this place")


def _verifies(key, payload, signature):
    try:
        raw = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, payload)
    except (InvalidSignature, ValueError, KeyError, TypeError, binascii.Error):
        return False
    return True
