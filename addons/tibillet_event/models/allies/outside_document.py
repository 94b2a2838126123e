"""A document of somebody else's server, fetched with care: HTTPS, public addresses, small, soon."""

import http.client
import ipaddress
import socket
import ssl
import time
from urllib.parse import urljoin, urlsplit

SILENT_S = 5
WHOLE_S = 15
REDIRECTS = 3
MOVED = (301, 302, 303, 307, 308)


class NotFetched(Exception):
    """Why there is no document: ``code`` is ``address``, ``private``, ``silent``, ``status``,
    ``too_long`` or ``moved``."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def fetch(url, most_bytes, loopback=False):
    """The bytes behind an address.

    :param most_bytes: longer documents are refused
    :param loopback: this machine may be asked too, without HTTPS (tests and demonstrations)
    :raises NotFetched: says why
    """
    until = time.monotonic() + WHOLE_S
    for _step in range(REDIRECTS + 1):
        host, port, path, secure, address = _target(url, loopback)
        connection = _Connection(host, port, address, secure)
        try:
            connection.request(
                "GET", path, headers={"Accept": "application/json", "User-Agent": "TiBillet"}
            )
            answer = connection.getresponse()
            if answer.status in MOVED:
                url = urljoin(url, answer.getheader("Location") or "")
                continue
            if answer.status != 200:
                raise NotFetched("status")
            return _read(answer, most_bytes, until)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotFetched("silent") from error
        finally:
            connection.close()
    raise NotFetched("moved")


def _target(url, loopback):
    """(host, port, path, whether HTTPS, the one address that is asked)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotFetched("address") from error
    secure = parts.scheme == "https"
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise NotFetched("address")
    port = port or (443 if secure else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("silent") from error
    addresses = [ipaddress.ip_address(one[4][0].partition("%")[0]) for one in found]
    # The address that was looked at is the one that is asked: a name may answer otherwise later.
    for address in addresses:
        if not _public(address) and not (loopback and address.is_loopback):
            raise NotFetched("private")
    if not secure and not (loopback and all(one.is_loopback for one in addresses)):
        raise NotFetched("address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, port, path, secure, str(addresses[0])


def _public(address):
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped:
        return _public(mapped)
    return address.is_global and not address.is_multicast


def _read(answer, most_bytes, until):
    said = answer.getheader("Content-Length") or ""
    if said.isdecimal() and int(said) > most_bytes:
        raise NotFetched("too_long")
    body = b""
    while piece := answer.read1(65536):
        body += piece
        if len(body) > most_bytes:
            raise NotFetched("too_long")
        if time.monotonic() > until:
            raise NotFetched("silent")
    if said.isdecimal() and len(body) < int(said):
        raise NotFetched("silent")
    return body


class _Connection(http.client.HTTPConnection):
    """To one address, under the name by which its certificate is checked."""

    def __init__(self, host, port, address, secure):
        super().__init__(host, port, timeout=SILENT_S)
        self._address, self._secure = address, secure
        self.default_port = 443 if secure else 80  # in the header Host

    def connect(self):
        self.sock = socket.create_connection((self._address, self.port), SILENT_S)
        if self._secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
