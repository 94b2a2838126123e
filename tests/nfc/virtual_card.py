"""A virtual NFC card: the program that stands in for plastic.

It is a TCP client of ``vpcd`` (package ``vsmartcard-vpcd``), the driver that gives a real ``pcscd``
virtual readers. Frames go both ways as a big-endian 16-bit length and a body. A body of one byte
from the reader is a control (0 power off, 1 power on, 2 reset, 4 send the ATR); a longer one is a
command APDU, which is answered.

As a library::

    card = VirtualCard("04A1B2C3D4E5F6")
    card.insert()
    card.remove()

As a command line (``--help`` says all)::

    python tests/nfc/virtual_card.py --uid 04A1B2C3D4E5F6 --tap 1
    python tests/nfc/virtual_card.py --uid 04A1B2C3D4E5F6        # then: insert, remove, tap, quit
"""

import argparse
import contextlib
import secrets
import socket
import struct
import sys
import threading
import time

VPCD_PORT = 35963
GET_UID = b"\xff\xca\x00\x00"
OK = b"\x90\x00"
WRONG_LENGTH = b"\x67\x00"
NOT_SUPPORTED = b"\x6a\x81"
OUT_OF_RANGE = b"\x6a\x82"
UNKNOWN_INSTRUCTION = b"\x6d\x00"
PAGE_BYTES = 4
USER_PAGE = 4


class CardError(Exception):
    """The card cannot do what was asked, with a sentence that says why."""


def random_uid():
    """Return what a phone shows: four bytes, the first 08, the rest new at every tap."""
    return (b"\x08" + secrets.token_bytes(3)).hex().upper()


def uri_message(uri):
    """Return an NDEF message (bytes) holding one URI record, without abbreviation."""
    payload = b"\x00" + uri.encode()
    if len(payload) > 255:
        raise CardError(f"A URI of {len(payload)} bytes does not fit a short record.")
    return bytes((0xD1, 1, len(payload))) + b"U" + payload


def contactless_atr(card_name=0x0003):
    """Return the ATR that PC/SC part 3 gives a contactless storage card.

    :param card_name: 0x0001 for a MIFARE Classic 1K, 0x0003 for an Ultralight or NTAG
    """
    application = b"\x80\x4f\x0c\xa0\x00\x00\x03\x06\x03" + struct.pack(">H", card_name) + bytes(4)
    body = bytes((0x80 | len(application), 0x80, 0x01)) + application
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes((check,))


class VirtualCard:
    """One card, in one reader slot, that can be put down and taken away.

    :param uid: 4, 7 or 10 bytes, hexadecimal
    :param ndef: NDEF message (bytes) in the memory of this type 2 tag
    :param withdraw_at: a command prefix (bytes); at the first such command the card leaves the
        field instead of answering, like a hand that goes away too early
    :param silent: commands are answered "not supported", like a contact card in the reader
    """

    def __init__(
        self,
        uid,
        *,
        ndef=b"",
        host="127.0.0.1",
        port=VPCD_PORT,
        slot=0,
        withdraw_at=None,
        silent=False,
    ):
        self.uid = bytes.fromhex(uid)
        if len(self.uid) not in (4, 7, 10):
            raise CardError(f"A UID has 4, 7 or 10 bytes; this one has {len(self.uid)}.")
        self.atr = contactless_atr()
        self.address = (host, port + slot)
        self.withdraw_at = withdraw_at
        self.silent = silent
        self.beeps = 0
        self.commands = []
        self._memory = self._format(ndef)
        self._present = threading.Event()
        self._linked = threading.Event()
        self._socket = None
        self._thread = None

    # --- the hand -----------------------------------------------------------------------------
    def insert(self, timeout=5.0):
        """Put the card on the reader; return once the reader's driver has taken it."""
        if self._present.is_set():
            raise CardError("This card is on the reader already.")
        self._present.set()
        self._linked.clear()
        self._thread = threading.Thread(target=self._stay, name="virtual-card", daemon=True)
        self._thread.start()
        if not self._linked.wait(timeout):
            self.remove()
            raise CardError(
                f"No virtual reader listens on port {self.address[1]}: is pcscd running?"
            )
        return self

    def remove(self):
        """Take the card away; harmless when it is not there."""
        self._present.clear()
        self._hang_up()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(5)
            self._thread = None

    def tap(self, seconds=1.0):
        """Hold the card on the reader for a moment."""
        self.insert()
        time.sleep(seconds)
        self.remove()

    def __enter__(self):
        return self.insert()

    def __exit__(self, *_exc):
        self.remove()

    @property
    def present(self):
        """Whether the card lies on the reader."""
        return self._present.is_set()

    # --- the radio ----------------------------------------------------------------------------
    def _stay(self):
        """Remain in the field, also while the reader's service is restarted."""
        while self._present.is_set():
            try:
                link = socket.create_connection(self.address, timeout=1)
            except OSError:
                time.sleep(0.05)
                continue
            link.settimeout(None)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = link
            self._linked.set()
            with contextlib.suppress(OSError):
                self._serve(link)
            self._hang_up()

    def _hang_up(self):
        link, self._socket = self._socket, None
        if link:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()

    def _serve(self, link):
        while self._present.is_set():
            (length,) = struct.unpack(">H", self._receive(link, 2))
            body = self._receive(link, length)
            if length == 1:
                if body == b"\x04":
                    self._send(link, self.atr)
                continue
            if length == 0:
                continue
            self.commands.append(body)
            if self.withdraw_at is not None and body.startswith(self.withdraw_at):
                self._present.clear()
                return
            self._send(link, self.answer(body))

    @staticmethod
    def _receive(link, length):
        data = b""
        while len(data) < length:
            chunk = link.recv(length - len(data))
            if not chunk:
                raise ConnectionError("the reader closed the line")
            data += chunk
        return data

    @staticmethod
    def _send(link, body):
        link.sendall(struct.pack(">H", len(body)) + body)

    # --- the chip -----------------------------------------------------------------------------
    def answer(self, apdu):
        """Return the bytes that answer one command APDU."""
        if self.silent or len(apdu) < 4 or apdu[0] != 0xFF:
            return UNKNOWN_INSTRUCTION
        instruction, high, low = apdu[1], apdu[2], apdu[3]
        expected = apdu[4] if len(apdu) == 5 else 0
        if instruction == 0xCA:
            return self._get_data(high, expected)
        if instruction == 0xB0:
            return self._read_pages(high << 8 | low, expected or 256)
        if instruction == 0x00 and high == 0x40:
            self.beeps += 1
            return b"\x90\x02"
        return UNKNOWN_INSTRUCTION

    def _get_data(self, which, expected):
        if which != 0:
            return NOT_SUPPORTED
        if expected and expected < len(self.uid):
            return b"\x6c" + bytes((len(self.uid),))
        return self.uid + OK

    def _read_pages(self, page, length):
        if length > 16:
            return WRONG_LENGTH
        start = page * PAGE_BYTES
        if start >= len(self._memory):
            return OUT_OF_RANGE
        return self._memory[start : start + length].ljust(length, b"\x00") + OK

    def _format(self, message):
        """Lay out the pages of a type 2 tag: serial number, lock, capability container, data."""
        data = b""
        if message:
            size = (
                bytes((len(message),))
                if len(message) < 255
                else b"\xff" + struct.pack(">H", len(message))
            )
            data = b"\x03" + size + message
        data += b"\xfe"
        capacity = max(48, -(-len(data) // 8) * 8)
        if capacity > 0xFF * 8:
            raise CardError(f"A message of {len(message)} bytes does not fit a type 2 tag.")
        serial = self.uid[:7].ljust(10, b"\x00")
        container = bytes((0xE1, 0x10, capacity // 8, 0x00))
        return serial + b"\x00\x00" + container + data.ljust(capacity, b"\x00")


def _converse(card):
    """Obey one word a line from standard input."""
    print("insert, remove, tap [seconds], quit", flush=True)
    for line in sys.stdin:
        word, *rest = line.split() or [""]
        try:
            if word == "insert":
                card.insert()
            elif word == "remove":
                card.remove()
            elif word == "tap":
                card.tap(float(rest[0]) if rest else 1.0)
            elif word == "quit":
                break
            elif word:
                raise CardError(f"“{word}” is none of: insert, remove, tap, quit.")
            print("on the reader" if card.present else "away", flush=True)
        except (CardError, ValueError) as error:
            print(f"error: {error}", flush=True)
    card.remove()


def main(argv=None):
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(description="A virtual NFC card for vpcd's virtual readers.")
    parser.add_argument("--uid", help="4, 7 or 10 bytes, hexadecimal (default: a random UID)")
    parser.add_argument("--ndef-uri", help="store this address in the tag")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=VPCD_PORT, help="port of the first slot")
    parser.add_argument("--slot", type=int, default=0, choices=(0, 1))
    parser.add_argument("--tap", type=float, metavar="SECONDS", help="tap once and end")
    options = parser.parse_args(argv)
    try:
        card = VirtualCard(
            options.uid or random_uid(),
            ndef=uri_message(options.ndef_uri) if options.ndef_uri else b"",
            host=options.host,
            port=options.port,
            slot=options.slot,
        )
        if options.tap is None:
            _converse(card)
        else:
            card.tap(options.tap)
    except (CardError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
