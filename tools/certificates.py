"""Certificates of `make run HTTPS=1`: an authority of this checkout, and one certificate by it.

The authority may only vouch for names and addresses of a local network: a phone that trusts it
risks nothing elsewhere, even if somebody copies its key. Runs in the environment.
"""

import datetime
import ipaddress
import socket

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tools import paths, stamps

CA = paths.TLS / "ca.crt"
CA_KEY = paths.TLS / "ca.key"
CERTIFICATE = paths.TLS / "server.crt"
KEY = paths.TLS / "server.key"

LOCAL_NETWORKS = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)
# Browsers refuse certificates that live longer than 398 days.
# A file that is missing, cut short, of another authority or of a kind that is no longer read.
UNUSABLE = (
    OSError,
    ValueError,
    TypeError,
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.ExtensionNotFound,
)
DAYS = 390
AUTHORITY_DAYS = 3650


def lan_address():
    """Return the address by which a phone on the same network reaches this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


def ensure():
    """Make authority and certificate fit for today's address; return (certificate, key)."""
    paths.TLS.mkdir(parents=True, exist_ok=True)
    paths.TLS.chmod(0o700)
    now = datetime.datetime.now(datetime.UTC)
    authority, authority_key = _authority(now)
    addresses = sorted({"127.0.0.1", "::1", lan_address()})
    if not _fits(addresses, authority, now):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _sign(key, authority, authority_key, addresses, now)
        _write_key(KEY, key)
        chain = [certificate, authority]
        stamps.write_whole(
            CERTIFICATE,
            b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain),
        )
    return CERTIFICATE, KEY


def _authority(now):
    if CA.exists() and CA_KEY.exists():
        authority = x509.load_pem_x509_certificate(CA.read_bytes())
        key = serialization.load_pem_private_key(CA_KEY.read_bytes(), None)
        whole = authority.public_key() == key.public_key() and _lasts(authority, now, DAYS)
        if whole and _covers(authority, lan_address()):
            return authority, key
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"TiBillet {socket.gethostname()}")])
    permitted = [x509.DNSName("localhost")]
    networks = dict.fromkeys(ipaddress.ip_network(each) for each in LOCAL_NETWORKS)
    here = ipaddress.ip_network(lan_address())
    if not _within(here, networks):
        networks[here] = None
    permitted += [x509.IPAddress(each) for each in networks]
    authority = (
        _begin(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(CA_KEY, key)
    stamps.write_whole(CA, authority.public_bytes(serialization.Encoding.PEM))
    return authority, key


def _within(network, networks):
    return any(network.version == each.version and network.subnet_of(each) for each in networks)


def _covers(authority, address):
    """Say whether the authority may vouch for an address."""
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    networks = [
        each.value for each in limits.permitted_subtrees if isinstance(each, x509.IPAddress)
    ]
    return _within(ipaddress.ip_network(address), networks)


def _sign(key, authority, authority_key, addresses, now):
    names = [x509.DNSName("localhost"), x509.DNSName("*.localhost")]
    names += [x509.IPAddress(ipaddress.ip_address(each)) for each in addresses]
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TiBillet")])
    return (
        _begin(name, authority.subject, key.public_key(), now, DAYS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )


def _begin(subject, issuer, public_key, now, days):
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, signs_certificates):
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _fits(addresses, authority, now):
    try:
        certificate = x509.load_pem_x509_certificate(CERTIFICATE.read_bytes())
        certificate.verify_directly_issued_by(authority)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        key = serialization.load_pem_private_key(KEY.read_bytes(), None)
    except UNUSABLE:
        return False
    named = {str(each) for each in names.get_values_for_type(x509.IPAddress)}
    return (
        set(addresses) <= named
        and key.public_key() == certificate.public_key()
        and _lasts(certificate, now, 30)
    )


def _lasts(certificate, now, days):
    return certificate.not_valid_after_utc > now + datetime.timedelta(days=days)


def _write_key(path, key):
    stamps.write_whole(
        path,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        mode=0o600,
    )
