"""Thin layer over PC/SC: contexts that close, calls that raise, commands to one card."""

import contextlib

from smartcard import scard

PNP = "\\\\?PnP?\\Notification"
EMPTY_LIST = (scard.SCARD_E_NO_READERS_AVAILABLE, scard.SCARD_E_READER_UNAVAILABLE)
GONE_READER = (
    scard.SCARD_E_UNKNOWN_READER,
    scard.SCARD_E_READER_UNAVAILABLE,
    scard.SCARD_E_NO_READERS_AVAILABLE,
)
QUIET = (scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED)
BUSY = scard.SCARD_E_SHARING_VIOLATION

GET_UID = (0xFF, 0xCA, 0x00, 0x00, 0x00)
UID_LENGTHS = (4, 7, 10)


class PcscError(Exception):
    """A PC/SC call failed; ``.code`` is its return code."""

    def __init__(self, code):
        super().__init__(scard.SCardGetErrorMessage(code))
        self.code = code


class CardGone(Exception):
    """The card left the field before it had answered."""


class CardUnreadable(Exception):
    """The card answers, but not with what was asked (a contact card, an empty tag)."""


def check(code):
    """Raise :class:`PcscError` unless the call went well."""
    if code != scard.SCARD_S_SUCCESS:
        raise PcscError(code)


@contextlib.contextmanager
def context():
    """Yield a PC/SC context; raise :class:`PcscError` when the service is away."""
    code, handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    check(code)
    try:
        yield handle
    finally:
        scard.SCardReleaseContext(handle)


def list_readers(handle):
    """Return the names of the readers; an empty list is an answer like another."""
    code, readers = scard.SCardListReaders(handle, [])
    if code in EMPTY_LIST:
        return []
    check(code)
    return list(readers)


class Card:
    """An open line to the card on one reader, shared with other programs."""

    def __init__(self, handle, protocol):
        self._handle = handle
        self._protocol = protocol

    def transmit(self, apdu):
        """Send one command (sequence of integers); return (data, status word).

        :raise CardGone: the card did not stay for the answer
        """
        code, answer = scard.SCardTransmit(self._handle, self._protocol, list(apdu))
        if code != scard.SCARD_S_SUCCESS or len(answer) < 2:
            raise CardGone
        return bytes(answer[:-2]), answer[-2] << 8 | answer[-1]

    def uid(self):
        """Return the serial number, whole, in upper hexadecimal.

        :raise CardUnreadable: this is not a card that has one
        """
        data, status = self.transmit(GET_UID)
        if status >> 8 == 0x6C:
            data, status = self.transmit((*GET_UID[:4], status & 0xFF))
        if status != 0x9000 or len(data) not in UID_LENGTHS:
            raise CardUnreadable
        return data.hex().upper()


@contextlib.contextmanager
def open_card(handle, reader):
    """Yield a :class:`Card`.

    :raise CardGone: there is none any more
    :raise PcscError: another program keeps the reader for itself (:data:`BUSY`)
    """
    code, card, protocol = scard.SCardConnect(
        handle, reader, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_ANY
    )
    if code == BUSY:
        raise PcscError(code)
    if code != scard.SCARD_S_SUCCESS:
        raise CardGone
    try:
        yield Card(card, protocol)
    finally:
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
