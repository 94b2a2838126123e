"""Pass files that phones keep beside their cards (PassKit: a signed ZIP).

What signs is the operator's: one PEM file with the pass certificate, its key and Apple's
intermediate certificate, named by ``TIBILLET_PASS_FILE`` or ``pass_file`` in ``[tibillet]`` of
odoo.conf, readable by its owner alone. The pass type and the team stand in the certificate.
"""

import datetime
import hashlib
import io
import json
import os
import stat
import zipfile
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from odoo.addons.tibillet_wallet.keyfile import operator_setting

MIMETYPE = "application/vnd.apple.pkpass"

_files = {}


class Signer(NamedTuple):
    """A certificate that signs passes."""

    certificate: x509.Certificate
    key: object
    chain: tuple
    pass_type: str
    team: str

    def valid(self, now=None):
        """Whether its dates hold."""
        now = now or datetime.datetime.now(datetime.UTC)
        return self.certificate.not_valid_before_utc <= now <= self.certificate.not_valid_after_utc


class PassFileError(Exception):
    """The pass file cannot be used; ``problem`` says why, in a word.

    One of unset, absent, unreadable, too_open, malformed, expired.
    """

    def __init__(self, problem):
        super().__init__(problem)
        self.problem = problem


def load():
    """What signs passes on this server; read again when its file changes.

    :raises PassFileError:
    """
    path = operator_setting("pass_file")
    if not path:
        raise PassFileError("unset")
    try:
        info = os.stat(path)
    except FileNotFoundError:
        raise PassFileError("absent") from None
    except OSError:
        raise PassFileError("unreadable") from None
    if stat.S_IMODE(info.st_mode) & 0o077:
        raise PassFileError("too_open")
    stamp = (path, info.st_ino, info.st_mtime_ns, info.st_size)
    if stamp not in _files:
        found = _read(path)
        _files.clear()
        _files[stamp] = found
    if not _files[stamp].valid():
        raise PassFileError("expired")
    return _files[stamp]


def _read(path):
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError:
        raise PassFileError("unreadable") from None
    try:
        key = serialization.load_pem_private_key(data, None)
        certificates = x509.load_pem_x509_certificates(data)
    except (ValueError, TypeError):
        raise PassFileError("malformed") from None
    mine = [one for one in certificates if one.public_key() == key.public_key()]
    if not mine:
        raise PassFileError("malformed")
    chain = tuple(one for one in certificates if one != mine[0])
    pass_type, team = (
        _said(mine[0], name) for name in (NameOID.USER_ID, NameOID.ORGANIZATIONAL_UNIT_NAME)
    )
    if not (pass_type and team):
        raise PassFileError("malformed")
    return Signer(mine[0], key, chain, pass_type, team)


def _said(certificate, name):
    found = certificate.subject.get_attributes_for_oid(name)
    return found[0].value if found else ""


def seal(signer, card, pictures):
    """The pass as a file.

    :param card: what ``pass.json`` says, without type and team
    :param pictures: {file name: bytes}
    """
    card = {
        "formatVersion": 1,
        "passTypeIdentifier": signer.pass_type,
        "teamIdentifier": signer.team,
        **card,
    }
    files = {"pass.json": json.dumps(card, ensure_ascii=False).encode(), **pictures}
    sums = {name: hashlib.sha1(data).hexdigest() for name, data in files.items()}  # noqa: S324  the format's
    manifest = json.dumps(sums, sort_keys=True).encode()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(manifest)
    builder = builder.add_signer(signer.certificate, signer.key, hashes.SHA256())
    for one in signer.chain:
        builder = builder.add_certificate(one)
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    files["manifest.json"] = manifest
    files["signature"] = builder.sign(serialization.Encoding.DER, options)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()
