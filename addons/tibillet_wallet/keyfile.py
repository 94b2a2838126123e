"""The operator's settings and the key file: what lives outside the database.

One file protects every secret of the node. Each of its lines is a key of at least 32
visible characters; the first encrypts, all of them decrypt, so a rotation is: put a new
line on top, re-encrypt, take the old line away. Lines starting with ``#`` are comments.

The file is named by ``TIBILLET_KEY_FILE`` in the environment, else by ``key_file`` in the
section ``[tibillet]`` of Odoo's configuration file (a section of its own: Odoo warns about
names it does not know in ``[options]``).
"""

import base64
import configparser
import os
import stat

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from odoo.tools import config

MIN_LINE_CHARS = 32
PROBLEMS = ("unset", "absent", "unreadable", "too_open", "malformed")

_sections = {}
_files = {}


class KeyFileError(Exception):
    """The key file cannot be used; ``problem`` is one of :data:`PROBLEMS`."""

    def __init__(self, problem):
        super().__init__(problem)
        self.problem = problem


def operator_setting(name):
    """Value of ``TIBILLET_<NAME>``, else of ``name`` in ``[tibillet]`` of odoo.conf, else ''."""
    from_environment = os.environ.get(f"TIBILLET_{name.upper()}", "").strip()
    return from_environment or _section().get(name, "").strip()


def _section():
    path = config.get("config")
    try:
        stamp = (path, os.stat(path).st_mtime_ns)
    except (OSError, TypeError):
        return {}
    if stamp not in _sections:
        parser = configparser.RawConfigParser()
        try:
            parser.read([path])
            values = dict(parser.items("tibillet")) if parser.has_section("tibillet") else {}
        except (OSError, configparser.Error):
            values = {}
        _sections.clear()
        _sections[stamp] = values
    return _sections[stamp]


def load():
    """The key file, read again whenever it changes on disk.

    :raise KeyFileError: it is not named, not there, not ours to read, readable by others
        than its owner, or holds a line that is too short
    """
    path = operator_setting("key_file")
    if not path:
        raise KeyFileError("unset")
    try:
        info = os.stat(path)
    except FileNotFoundError:
        raise KeyFileError("absent") from None
    except OSError:
        raise KeyFileError("unreadable") from None
    if stat.S_IMODE(info.st_mode) & 0o077:
        raise KeyFileError("too_open")
    stamp = (path, info.st_ino, info.st_mtime_ns, info.st_size)
    if stamp not in _files:
        try:
            with open(path, encoding="ascii") as stream:
                rows = [row.strip() for row in stream]
        except (OSError, UnicodeDecodeError) as error:
            problem = "unreadable" if isinstance(error, OSError) else "malformed"
            raise KeyFileError(problem) from None
        lines = [row for row in rows if row and not row.startswith("#")]
        if not lines or any(len(line) < MIN_LINE_CHARS for line in lines):
            raise KeyFileError("malformed")
        _files.clear()
        _files[stamp] = KeyFile(lines)
    return _files[stamp]


def _derive(line, info):
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(line.encode())


class KeyFile:
    """Encrypts with the first line, decrypts with any."""

    def __init__(self, lines):
        boxes = [
            Fernet(base64.urlsafe_b64encode(_derive(line, b"tibillet/secrets/v1")))
            for line in lines
        ]
        self._first = boxes[0]
        self._any = MultiFernet(boxes)
        self._line = lines[0]

    def __repr__(self):
        return "<KeyFile>"

    def encrypt(self, secret):
        """Encrypted and authenticated form of the bytes ``secret``."""
        return self._first.encrypt(secret)

    def decrypt(self, token):
        """The secret bytes, or None when no line of the file opens them."""
        try:
            return self._any.decrypt(bytes(token))
        except InvalidToken:
            return None

    def is_current(self, token):
        """Whether the first line opens ``token``: if not, it is due for re-encryption."""
        try:
            self._first.decrypt(bytes(token))
        except InvalidToken:
            return False
        return True

    def derive(self, purpose):
        """32 bytes that belong to ``purpose`` alone, for keyed hashes."""
        return _derive(self._line, b"tibillet/derived/" + purpose.encode())
