"""What the virtual reader cannot do: a USB reader pulled out while its service runs, a program that
keeps it for itself. The PC/SC library is the edge of the machine here, and is played by a script of
the very return codes that it gives then."""

import threading
import time

import pytest
from smartcard import scard
from tibillet_nfc_bridge import field as field_module
from tibillet_nfc_bridge import pcsc
from tibillet_nfc_bridge.field import Field

READER = "ACS ACR122U PICC Interface 00 00"
PRESENT, EMPTY = scard.SCARD_STATE_PRESENT, scard.SCARD_STATE_EMPTY
CHANGED = scard.SCARD_STATE_CHANGED


class Library:
    """PC/SC as far as the watching thread uses it."""

    def __init__(self):
        self.readers = {READER: EMPTY}
        self.connect_codes = []
        self.vanish_code = None
        self._changed = threading.Condition()

    def set(self, state=None):
        """Change the reader's state (none: it is unplugged) and wake who waits."""
        with self._changed:
            self.readers = {} if state is None else {READER: state}
            self._changed.notify_all()

    def SCardEstablishContext(self, _scope):
        return scard.SCARD_S_SUCCESS, object()

    def SCardReleaseContext(self, _handle):
        return scard.SCARD_S_SUCCESS

    def SCardCancel(self, _handle):
        with self._changed:
            self._changed.notify_all()
        return scard.SCARD_S_SUCCESS

    def SCardListReaders(self, _handle, _groups):
        if not self.readers:
            return scard.SCARD_E_NO_READERS_AVAILABLE, []
        return scard.SCARD_S_SUCCESS, list(self.readers)

    def SCardGetStatusChange(self, _handle, timeout, asked):
        def look():
            answers, changed = [], False
            for name, known in asked:
                if name == pcsc.PNP:
                    answers.append((name, known, []))
                    continue
                if name not in self.readers:
                    return self.vanish_code, answers
                state = self.readers[name]
                different = state != known & ~CHANGED
                changed |= different
                answers.append((name, state | (CHANGED if different else 0), [0x3B, 0]))
            return (scard.SCARD_S_SUCCESS if changed else scard.SCARD_E_TIMEOUT), answers

        with self._changed:
            code, answers = look()
            if code == scard.SCARD_E_TIMEOUT:
                self._changed.wait(timeout / 1000)
                code, answers = look()
            return code, answers

    def SCardConnect(self, _handle, _reader, _mode, _protocol):
        code = self.connect_codes.pop(0) if self.connect_codes else scard.SCARD_S_SUCCESS
        return code, object(), 2

    def SCardTransmit(self, _card, _protocol, apdu):
        assert tuple(apdu) == pcsc.GET_UID
        return scard.SCARD_S_SUCCESS, [0xDE, 0xAD, 0xBE, 0xEF, 0x90, 0x00]

    def SCardDisconnect(self, _card, _how):
        return scard.SCARD_S_SUCCESS


@pytest.fixture
def library(monkeypatch):
    """Put the played library in the place of the real one."""
    played = Library()
    for name in dir(Library):
        if name.startswith("SCard"):
            monkeypatch.setattr(scard, name, getattr(played, name))
    monkeypatch.setattr(field_module, "SETTLE_SECONDS", 0.05)
    return played


@pytest.fixture
def watched(library):
    """A running field and what it has told."""
    told = []
    field = Field()
    field.start(told.append)
    until(lambda: told == [{"type": "hello", "readers": [READER]}])
    told.clear()
    yield told
    field.stop()
    assert not field._thread.is_alive()


def until(condition, seconds=5):
    """Wait for something that another thread does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.mark.parametrize("code", [scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE])
def test_usb_reader_pulled_out_and_put_back(library, watched, code):
    library.set(state=PRESENT)
    until(lambda: len(watched) == 1)
    library.vanish_code = code
    library.set()
    until(lambda: len(watched) == 4)
    assert [(m["type"], m.get("code")) for m in watched] == [
        ("card", None),
        ("removed", None),
        ("error", "reader_unplugged"),
        ("hello", None),
    ]
    assert watched[3]["readers"] == []
    watched.clear()
    # Put back with the same card still on it: nobody has tapped.
    library.set(state=PRESENT)
    until(lambda: watched == [{"type": "hello", "readers": [READER]}])
    library.set(state=EMPTY | 1 << 16)
    time.sleep(0.1)
    library.set(state=PRESENT | 2 << 16)
    until(lambda: len(watched) == 2)
    assert watched[1]["uid"] == "DEADBEEF"


def test_card_exchanged_between_two_looks(library, watched):
    """The service counts arrivals: present, then present with a higher count, is another tap."""
    library.set(state=PRESENT | 1 << 16)
    until(lambda: len(watched) == 1)
    library.set(state=PRESENT | 3 << 16)
    until(lambda: len(watched) == 3)
    assert [m["type"] for m in watched] == ["card", "removed", "card"]


def test_in_use_by_another_program_is_no_new_tap(library, watched):
    library.set(state=PRESENT | 1 << 16)
    until(lambda: len(watched) == 1)
    library.set(state=PRESENT | scard.SCARD_STATE_INUSE | 1 << 16)
    library.set(state=PRESENT | 1 << 16)
    time.sleep(0.3)
    assert len(watched) == 1


def test_kept_for_a_moment_by_another_program(library, watched):
    library.connect_codes = [scard.SCARD_E_SHARING_VIOLATION] * 3
    library.set(state=PRESENT)
    until(lambda: watched)
    assert watched[0]["type"] == "card"


@pytest.mark.expects_log(
    r"Another program keeps the reader", reason="a person must be able to find out which"
)
def test_kept_by_another_program(library, watched):
    library.connect_codes = [scard.SCARD_E_SHARING_VIOLATION] * 20
    library.set(state=PRESENT)
    until(lambda: watched)
    assert watched[0]["code"] == "reader_unplugged" and watched[0]["detail"] == "busy"


def test_mute_card(library, watched):
    library.set(state=PRESENT | scard.SCARD_STATE_MUTE)
    until(lambda: watched)
    assert watched[0]["code"] == "card_unknown"
