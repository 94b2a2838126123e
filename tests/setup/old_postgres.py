"""A stand-in for a server that no longer installs here."""

import socketserver
import struct


class OldPostgres(socketserver.StreamRequestHandler):
    """As much of PostgreSQL's protocol as psql needs to hear from a server of version 14."""

    def handle(self):
        """Answer the start, then every query with one row."""

        def send(kind, body):
            self.wfile.write(kind + struct.pack("!I", len(body) + 4) + body)

        while True:
            (length,) = struct.unpack("!I", self.rfile.read(4))
            start = self.rfile.read(length - 4)
            if start[:4] == struct.pack("!I", 196608):
                break
            self.wfile.write(b"N")  # neither TLS nor GSS
        send(b"R", struct.pack("!I", 0))
        send(b"S", b"server_version\x0014.9\x00")
        send(b"S", b"client_encoding\x00UTF8\x00")
        send(b"S", b"standard_conforming_strings\x00on\x00")
        send(b"Z", b"I")
        while kind := self.rfile.read(1):
            (length,) = struct.unpack("!I", self.rfile.read(4))
            self.rfile.read(length - 4)
            if kind != b"Q":
                return
            names = [b"version", b"may", b"role"]
            fields = b"".join(
                name + b"\0" + struct.pack("!IhIhih", 0, 0, 25, -1, -1, 0) for name in names
            )
            send(b"T", struct.pack("!h", 3) + fields)
            row = [b"140009", b"t", b"odoo"]
            cells = b"".join(struct.pack("!I", len(cell)) + cell for cell in row)
            send(b"D", struct.pack("!h", 3) + cells)
            send(b"C", b"SELECT 1\0")
            send(b"Z", b"I")
