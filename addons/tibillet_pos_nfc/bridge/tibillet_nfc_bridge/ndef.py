"""Read the NDEF message of a type 2 tag (NTAG, Ultralight) or a type 4 tag (NTAG 424 DNA).

NFC Forum, Type 2 Tag and Type 4 Tag specifications; NFC Data Exchange Format 1.0.
"""

from .pcsc import CardUnreadable

READ_BYTES = 16
PAGE_BYTES = 4
CONTAINER_PAGE = 3
DATA_PAGE = 4
NDEF_TLV, NULL_TLV, END_TLV = 0x03, 0x00, 0xFE
MAX_MESSAGE = 8192

APPLICATION = bytes.fromhex("D2760000850101")
CONTAINER_FILE = b"\xe1\x03"

# URI record: first byte of the payload stands for the beginning of the address
# (NFC Forum, URI Record Type Definition, table 3).
URI_PREFIXES = (
    "", "http://www.", "https://www.", "http://", "https://", "tel:", "mailto:",
    "ftp://anonymous:anonymous@", "ftp://ftp.", "ftps://", "sftp://", "smb://", "nfs://", "ftp://",
    "dav://", "news:", "telnet://", "imap:", "rtsp://", "urn:", "pop:", "sip:", "sips:", "tftp:",
    "btspp://", "btl2cap://", "btgoep://", "tcpobex://", "irdaobex://", "file://", "urn:epc:id:",
    "urn:epc:tag:", "urn:epc:pat:", "urn:epc:raw:", "urn:epc:", "urn:nfc:",
)  # fmt: skip


def read(card):
    """Return the NDEF message (bytes) of an open :class:`~.pcsc.Card`.

    :raise CardUnreadable: the card holds none
    :raise CardGone: it left meanwhile
    """
    _data, status = card.transmit((0x00, 0xA4, 0x04, 0x00, len(APPLICATION), *APPLICATION, 0x00))
    return _read_type_4(card) if status == 0x9000 else _read_type_2(card)


def _read_type_2(card):
    container = _pages(card, CONTAINER_PAGE)[:PAGE_BYTES]
    if container[0] != 0xE1:
        raise CardUnreadable
    capacity = container[2] * 8
    memory = bytearray()
    while len(memory) < capacity:
        memory += _pages(card, DATA_PAGE + len(memory) // PAGE_BYTES)
        message = _find_message(bytes(memory[:capacity]))
        if message is not None:
            return message
    raise CardUnreadable


def _pages(card, page):
    """Read four pages."""
    data, status = card.transmit((0xFF, 0xB0, page >> 8, page & 0xFF, READ_BYTES))
    if status != 0x9000 or len(data) != READ_BYTES:
        raise CardUnreadable
    return data


def _find_message(memory):
    """Walk the blocks (type, length, value); None while the memory read so far ends too early.

    :raise CardUnreadable: the end mark came first
    """
    at = 0
    while at < len(memory):
        kind = memory[at]
        at += 1
        if kind == NULL_TLV:
            continue
        if kind == END_TLV:
            raise CardUnreadable
        if at >= len(memory):
            return None
        length = memory[at]
        at += 1
        if length == 0xFF:
            if at + 2 > len(memory):
                return None
            length = int.from_bytes(memory[at : at + 2], "big")
            at += 2
        if kind == NDEF_TLV:
            return memory[at : at + length] if at + length <= len(memory) else None
        at += length
    return None


def _read_type_4(card):
    container = _file(card, CONTAINER_FILE, 0, 15)
    if len(container) < 15 or container[7] != 0x04:
        raise CardUnreadable
    file_id = container[9:11]
    chunk = min(int.from_bytes(container[3:5], "big"), 0xF0)
    length = int.from_bytes(_file(card, file_id, 0, 2), "big")
    if not 0 < length <= MAX_MESSAGE or not chunk:
        raise CardUnreadable
    message = b""
    while len(message) < length:
        part = _binary(card, 2 + len(message), min(chunk, length - len(message)))
        if not part:
            raise CardUnreadable
        message += part
    return message


def _file(card, file_id, offset, length):
    """Select a file and read from it."""
    _data, status = card.transmit((0x00, 0xA4, 0x00, 0x0C, 2, *file_id))
    if status != 0x9000:
        raise CardUnreadable
    return _binary(card, offset, length)


def _binary(card, offset, length):
    data, status = card.transmit((0x00, 0xB0, offset >> 8, offset & 0xFF, length))
    if status != 0x9000:
        raise CardUnreadable
    return data


def records(message):
    """Return the records of a message as dictionaries: ``tnf``, ``type``, ``payload`` in
    hexadecimal, and ``uri`` or ``text`` where the record is one.

    :raise CardUnreadable: the message is cut or malformed
    """
    found = []
    at = 0
    try:
        while at < len(message):
            head, type_length = message[at], message[at + 1]
            at += 2
            size = 1 if head & 0x10 else 4
            payload_length = int.from_bytes(message[at : at + size], "big")
            at += size
            id_length = message[at] if head & 0x08 else 0
            at += 1 if head & 0x08 else 0
            kind = message[at : at + type_length]
            at += type_length + id_length
            payload = message[at : at + payload_length]
            at += payload_length
            if at > len(message):
                raise CardUnreadable
            found.append(_record(head & 0x07, kind, payload))
    except IndexError:
        raise CardUnreadable from None
    return found


def _record(tnf, kind, payload):
    record = {
        "tnf": tnf,
        "type": kind.decode("ascii", "replace"),
        "payload": payload.hex().upper(),
    }
    if tnf == 1 and kind == b"U" and payload:
        prefix = URI_PREFIXES[payload[0]] if payload[0] < len(URI_PREFIXES) else ""
        record["uri"] = prefix + payload[1:].decode("utf-8", "replace")
    elif tnf == 1 and kind == b"T" and payload:
        encoding = "utf-16" if payload[0] & 0x80 else "utf-8"
        record["text"] = payload[1 + (payload[0] & 0x3F) :].decode(encoding, "replace")
    return record
