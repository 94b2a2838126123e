"""Claim codes: who knows the one of a card may put the card in their name.

A code is drawn, shown once and kept as a salted slow hash (scrypt, RFC 7914): a copy of the
database does not give it away, and trying codes costs the same work whether the card exists
or not.
"""

import base64
import hashlib
import hmac
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8  # 40 bits
_COST_LOG2, _BLOCK, _LANES = 14, 8, 1  # 16 MiB and about 50 ms a try


def draw():
    """A new code, as it is stored: eight characters that nobody takes for one another."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def spell(code):
    """The code as people read it: ``ABCD-EFGH``."""
    return f"{code[:4]}-{code[4:]}"


def plain(text):
    """What somebody typed, without case, spaces and hyphens."""
    return re.sub(r"[^0-9A-Z]", "", (text or "").upper())[:64]


def protect(code):
    """The hash to keep instead of ``code``."""
    salt = secrets.token_bytes(16)
    digest = _derive(code, salt)
    return "$".join(["scrypt", _text(salt), _text(digest)])


def matches(typed, kept):
    """Whether ``typed`` is the code behind the hash ``kept``.

    Without a hash the same work is done for nothing, so that the time tells nothing.
    """
    _scheme, salt, digest = (kept or _NOBODYS).split("$")
    given = _derive(plain(typed), base64.b64decode(salt))
    return hmac.compare_digest(given, base64.b64decode(digest)) and bool(kept)


def _derive(code, salt):
    return hashlib.scrypt(
        code.encode(),
        salt=salt,
        n=2**_COST_LOG2,
        r=_BLOCK,
        p=_LANES,
        maxmem=2 ** (_COST_LOG2 + 11),
        dklen=32,
    )


def _text(data):
    return base64.b64encode(data).decode()


_NOBODYS = f"scrypt${_text(b'nobody knows it.')}${_text(bytes(32))}"
