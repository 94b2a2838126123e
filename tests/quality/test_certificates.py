"""The venue's own certificate: made once, made again when it is of no use."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tools import certificates, paths


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Certificates of this test alone."""
    monkeypatch.setattr(paths, "TLS", tmp_path / "tls")
    for name, file in (
        ("CA", "ca.crt"),
        ("CA_KEY", "ca.key"),
        ("CERTIFICATE", "server.crt"),
        ("KEY", "server.key"),
    ):
        monkeypatch.setattr(certificates, name, tmp_path / "tls" / file)
    return tmp_path / "tls"


def of_another_authority(folder):
    """A certificate that our authority did not sign."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate, authority = certificates.CERTIFICATE, certificates.CA.read_bytes()
    own = x509.load_pem_x509_certificate(authority)
    now = datetime.datetime.now(datetime.UTC)
    signed = certificates._sign(key, own, key, ["127.0.0.1"], now)
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def without_a_name(_folder):
    """The authority in the place of the server: it names no address."""
    certificates.CERTIFICATE.write_bytes(certificates.CA.read_bytes())


def key_of_another(_folder):
    """A key that does not belong to the certificate."""
    certificates._write_key(certificates.KEY, ec.generate_private_key(ec.SECP256R1()))


def key_with_a_password(_folder):
    """A key that nobody can type the password of."""
    secret = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    certificates.KEY.write_bytes(secret)


def missing(_folder):
    """No certificate."""
    certificates.CERTIFICATE.unlink()


def cut_short(_folder):
    """Half a certificate."""
    text = certificates.CERTIFICATE.read_bytes()
    certificates.CERTIFICATE.write_bytes(text[: len(text) // 4])


BROKEN = (
    missing,
    cut_short,
    of_another_authority,
    without_a_name,
    key_of_another,
    key_with_a_password,
)


def test_made_once(folder):
    """A certificate that fits is kept, with its key."""
    made = [path.read_bytes() for path in certificates.ensure()]
    assert [path.read_bytes() for path in certificates.ensure()] == made


@pytest.mark.parametrize("spoil", BROKEN)
def test_made_again(folder, spoil):
    """What cannot be used is replaced by what can, under the same authority."""
    certificate, key = certificates.ensure()
    authority = certificates.CA.read_bytes()
    spoil(folder)
    spoiled = certificate.exists() and certificate.read_bytes(), key.read_bytes()
    certificates.ensure()
    assert (certificate.read_bytes(), key.read_bytes()) != spoiled
    assert certificates.CA.read_bytes() == authority
    now = datetime.datetime.now(datetime.UTC)
    own = x509.load_pem_x509_certificate(authority)
    assert certificates._fits([certificates.lan_address()], own, now)
