"""What the gate's page decides without network, run in Node on tickets made here in Python.

Keys, COSE, base45 and boxes come from the libraries that the server uses, so that the browser's
own readers are checked against them.
"""

import base64
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
NOW_S = 1_800_000_000
HOUR = 3600


def _cose():
    path = ROOT / "addons/tibillet_event/models/tickets/cose.py"
    spec = importlib.util.spec_from_file_location("gate_cose", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COSE = _cose()


def _url64(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _jwk(key, kid):
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": _url64(raw)}


def _handle(text):
    return _url64(hashlib.sha256(b"TBG1" + text.encode()).digest()[:12])


def _box(text, **values):
    key, nonce = hashlib.sha256(b"TBG1-key" + text.encode()).digest(), os.urandom(12)
    plain = json.dumps(values).encode()
    return _url64(nonce + AESGCM(key).encrypt(nonce, plain, _handle(text).encode()))


def _payload(**changes):
    fields = ("place", "event", "registration", "rate", "before", "after", "slot")
    values = {
        "place": 1,
        "event": 7,
        "registration": 42,
        "rate": 3,
        "before": NOW_S - HOUR,
        "after": NOW_S + HOUR,
        "slot": None,
        **changes,
    }
    return {n: values[f] for n, f in enumerate(fields, 1) if values[f] is not None}


def _sign(key, kid, **changes):
    payload = _payload(**changes)
    return COSE.seal(payload, kid, key.sign(COSE.to_sign(payload, kid)))


def _other_algorithm(key, kid):
    """Signed well, and says that it is ES256."""
    body = cbor2.dumps(_payload(), canonical=True)
    head = cbor2.dumps({1: -7, 4: kid.encode()}, canonical=True)
    signature = key.sign(cbor2.dumps(["Signature1", head, b"", body]))
    return "TBT1:" + base45.b45encode(cbor2.dumps([head, {}, body, signature])).decode()


def _altered(text):
    raw = bytearray(base45.b45decode(text[5:]))
    raw[raw.index(b"\x18\x2a") + 1] += 1  # registration 42 → 43, under the same signature
    return "TBT1:" + base45.b45encode(bytes(raw)).decode()


def _texts(key, thief):
    good = _sign(key, "place001")
    codes = ("replaced", "cancelled", "refunded", "unpaid", "blocked")
    listed = {code: _sign(key, "place001", registration=50 + n) for n, code in enumerate(codes)}
    refused = {
        "stranger": ("https://example.org/x", "unknown"),
        "empty": ("", "unknown"),
        "altered": (_altered(good), "signature"),
        "forged": (_sign(thief, "place001"), "signature"),
        "unknown_key": (_sign(thief, "thief001"), "signature"),
        "algorithm": (_other_algorithm(key, "place001"), "unknown"),
        "other_place": (_sign(key, "place001", place=2), "signature"),
        "other_event": (_sign(key, "place001", event=8, rate=4), "wrong_event"),
        "other_slot": (_sign(key, "place001", slot=99), "wrong_event"),
        "early": (_sign(key, "place001", before=NOW_S + 60), "too_early"),
        "late": (_sign(key, "place001", after=NOW_S - 60), "too_late"),
        "long": ("TBT1:" + "0" * 300, "unknown"),
        **{code: (text, code) for code, text in listed.items()},
    }
    return good, listed, refused


def _fixtures():
    key, thief = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    good, listed, refused = _texts(key, thief)
    guests = [[_handle(good), _box(good, r=42, n="Ana Perez", t=3, e=7, k="ok")]]
    guests += [[_handle(t), _box(t, n="Bob", t=3, e=7, k=code)] for code, t in listed.items()]
    rate = {"name": "Plein", "instruction": "", "age": 0, "here": True, "right": False}
    slots = {"11": {"name": "20 h", "opens": None, "closes": None}}
    event = {"name": "Concert", "opens": None, "closes": None, "slots": slots}
    return {
        "now": NOW_S * 1000,
        "texts": {
            "good": good,
            "unlisted": _sign(key, "place001", registration=77),
            **{name: text for name, (text, _code) in refused.items()},
        },
        "refused": {name: code for name, (_text, code) in refused.items()},
        "handles": {"good": _handle(good)},
        "digests": {"good": COSE.digest(good)},
        "payload": {
            "place": 1,
            "event": 7,
            "registration": 42,
            "rate": 3,
            "notBefore": NOW_S - HOUR,
            "notAfter": NOW_S + HOUR,
            "slot": 0,
        },
        "guests": guests,
        "other_key": _jwk(thief, "place001"),
        "config": {
            "place": {"number": 1, "name": "Le Lieu"},
            "list": {"mode": "once", "entries": 0, "age": 0, "opens": None, "closes": None},
            "events": {"7": event},
            "rates": {"3": {**rate, "events": [7]}},
            "keys": [_jwk(key, "place001")],
            "allies": [],
            "offline": {"unknown": "warn", "old_ms": 86_400_000},
        },
    }


def test_the_page_decides_offline_as_the_contracts_say(tmp_path):
    node = shutil.which("node")
    if not node:
        pytest.fail("the gate's page is tested with Node.js: apt-get install --yes nodejs")
    fixtures = tmp_path / "fixtures.json"
    fixtures.write_text(json.dumps(_fixtures()))
    done = subprocess.run(
        [node, "--test", *map(str, sorted(HERE.glob("*.test.js")))],
        cwd=ROOT,
        env={**os.environ, "GATE_FIXTURES": str(fixtures)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
