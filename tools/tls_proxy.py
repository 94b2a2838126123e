"""HTTPS in front of Odoo for phones on the same network, websockets included.

``python -m tools.tls_proxy PORT ODOO_PORT`` serves; ``--show PORT`` prints address and QR code.
One connection carries one request: its head gets the X-Forwarded headers, then bytes flow both
ways until either side ends.
"""

import asyncio
import contextlib
import ssl
import sys

from tools import certificates

MAX_HEAD = 64 * 1024
HEAD_SECONDS = 20
CA_PATH = b"/tibillet-ca.crt"
FORWARDED = (b"x-forwarded-", b"forwarded", b"x-real-ip", b"connection", b"keep-alive")


def rewrite(head, peer):
    """Return a request head for Odoo: our X-Forwarded headers in place of the client's."""
    first, *rows = head.rstrip(b"\r\n").split(b"\r\n")
    fields = [(row.partition(b":")[0].strip().lower(), row) for row in rows]
    values = {name: row.partition(b":")[2].strip() for name, row in fields}
    kept = [row for name, row in fields if not name.startswith(FORWARDED)]
    upgrade = b"upgrade" in values.get(b"connection", b"").lower()
    kept += [
        b"X-Forwarded-For: " + peer.encode(),
        b"X-Forwarded-Proto: https",
        b"X-Forwarded-Host: " + values.get(b"host", b"localhost"),
        b"Connection: " + (b"Upgrade" if upgrade else b"close"),
    ]
    return b"\r\n".join([first, *kept]) + b"\r\n\r\n"


def authority_answer():
    """Return the whole answer that hands a phone our authority's certificate."""
    body = certificates.CA.read_bytes()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/x-x509-ca-cert\r\nConnection: close\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    )


class Proxy:
    """Forwards each connection to Odoo's port on this machine."""

    def __init__(self, odoo_port):
        self.odoo_port = odoo_port

    async def handle(self, reader, writer):
        """Serve one connection to its end."""
        upstream = None
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
            peer = writer.get_extra_info("peername")[0]
            if head.split(b" ")[1:2] == [CA_PATH]:
                writer.write(authority_answer())
                await writer.drain()
                return
            try:
                back, upstream = await asyncio.open_connection("127.0.0.1", self.odoo_port)
            except OSError:
                writer.write(b"HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n")
                await writer.drain()
                return
            upstream.write(rewrite(head, peer))
            there = asyncio.create_task(_pour(reader, upstream))
            await _pour(back, writer)
            there.cancel()
        except (TimeoutError, OSError, EOFError, asyncio.LimitOverrunError, ssl.SSLError):
            pass
        finally:
            for end in (upstream, writer):
                if end is not None:
                    end.close()
                    with contextlib.suppress(OSError, ssl.SSLError, asyncio.TimeoutError):
                        await asyncio.wait_for(end.wait_closed(), 5)


async def _pour(source, target):
    with contextlib.suppress(OSError, ssl.SSLError):
        while chunk := await source.read(65536):
            target.write(chunk)
            await target.drain()


async def serve(port, odoo_port):
    """Serve until ended by a signal."""
    certificate, key = certificates.ensure()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    server = await asyncio.start_server(
        Proxy(odoo_port).handle, "0.0.0.0", port, ssl=context, limit=MAX_HEAD
    )
    async with server:
        await server.serve_forever()


def show(port):
    """Print the address for phones and its QR code."""
    import qrcode

    url = f"https://{certificates.lan_address()}:{port}/"
    code = qrcode.QRCode(border=2)
    code.add_data(url)
    print(f"On a phone of the same network: {url}")
    code.print_ascii(invert=True)
    print(f"The phone warns once; to trust this venue for good, install {url}tibillet-ca.crt")


if __name__ == "__main__":
    if sys.argv[1] == "--show":
        show(sys.argv[2])
    else:
        asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
