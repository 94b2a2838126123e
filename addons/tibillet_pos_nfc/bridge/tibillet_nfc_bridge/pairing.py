"""The pairing token: shown once to a person, kept only as a digest."""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
import time
from collections import deque
from pathlib import Path

GROUPS, GROUP_LENGTH = 4, 5
# Without I, L, O, U, 0 and 1: read aloud or copied by hand it stays itself.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class PairingError(Exception):
    """The token file cannot be used, with a sentence that says why."""


def _plain(token):
    return "".join(character for character in token.upper() if character in ALPHABET)


def _digest(salt, token):
    return hashlib.sha256(salt + _plain(token).encode()).hexdigest()


class TokenFile:
    """A digest on disk. The token has 98 random bits: a salted SHA-256 is enough to keep it.

    :param path: where the digest lives; the file is private to its owner
    """

    def __init__(self, path):
        self.path = Path(path)

    def exists(self):
        """Whether a token was made."""
        return self.path.exists()

    def create(self):
        """Make a new token in place of the old one and return it, for the only time."""
        groups = (
            "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
        )
        token = "-".join(groups)
        salt = secrets.token_bytes(16)
        content = {"version": 1, "salt": salt.hex(), "sha256": _digest(salt, token)}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self.path.parent)  # mode 0600
            with os.fdopen(handle, "w") as file:
                json.dump(content, file)
            os.replace(name, self.path)
        except OSError as error:
            raise PairingError(f"Cannot write the token file {self.path}: {error}") from error
        return token

    def matches(self, token):
        """Whether this is the token; read from disk each time, so that a new one counts at once.

        :raise PairingError: the file is missing or damaged
        """
        try:
            content = json.loads(self.path.read_text())
            salt, kept = bytes.fromhex(content["salt"]), content["sha256"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PairingError(f"Cannot read the token file {self.path}: {error}") from error
        return hmac.compare_digest(_digest(salt, token), kept)


class Attempts:
    """At most ``limit`` failures per ``seconds``; after them nobody is heard until time passes."""

    def __init__(self, limit=5, seconds=60.0, clock=time.monotonic):
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._failures = deque()

    def exhausted(self):
        """Whether further attempts are refused unheard."""
        while self._failures and self._failures[0] <= self._clock() - self._seconds:
            self._failures.popleft()
        return len(self._failures) >= self._limit

    def fail(self):
        """Note a failure."""
        self._failures.append(self._clock())
