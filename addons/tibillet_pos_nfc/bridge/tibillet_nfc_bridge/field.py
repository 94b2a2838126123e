"""What happens on the readers: cards that arrive and leave, readers that come and go.

A thread waits in PC/SC, which blocks; what it sees it hands to ``emit`` as a dictionary ready to be
sent. Rules that keep money safe:

- a tap is an *arrival*: a card that lay there when the reader, the service or this program started
  is not reported until it has left and come back;
- a card that comes while another one lies there is not read: nobody can say which of two people
  meant to pay, and one of them has to take the card back and present it again;
- the serial number is read once, whole, at arrival.
"""

import contextlib
import logging
import threading
import time
from datetime import UTC, datetime

from smartcard import scard

from . import ndef, pcsc

_logger = logging.getLogger(__name__)

WAIT_MS = 2000
SETTLE_SECONDS = 0.8  # twice the time after which pcscd looks at a reader that cannot call it
SETTLE_MS = 100
RETRY_SECONDS = (0.1, 0.25, 0.5, 1.0)
BUSY_TRIES = 5
BUSY_PAUSE = 0.05
BEEP = (0xFF, 0x00, 0x40, 0xD0, 0x04, 0x01, 0x01, 0x01, 0x01)
BEEP_LOW = (0xFF, 0x00, 0x40, 0x50, 0x04, 0x05, 0x01, 0x01, 0x01)
ESCAPE = scard.SCARD_CTL_CODE(1)


class _Place:
    """What is known of one reader."""

    def __init__(self):
        self.ready_at = time.monotonic() + SETTLE_SECONDS
        self.state = scard.SCARD_STATE_UNAWARE
        self.seen = False  # its first state has been received
        self.arrived = False  # a card came while we watched and is still there
        self.uid = None  # that card's serial number, once read

    @property
    def ready(self):
        """Whether what lay on the reader when it came has had the time to show."""
        return time.monotonic() >= self.ready_at

    @property
    def present(self):
        return bool(self.state & scard.SCARD_STATE_PRESENT)

    @property
    def counter(self):
        """Arrivals and departures that the service has counted on this reader."""
        return self.state >> 16 & 0xFFFF


class Field:
    """Watch the readers whose name contains ``wanted``.

    :param wanted: part of a reader's name, for machines that have other readers too
    """

    def __init__(self, wanted=""):
        self._emit = None
        self._wanted = wanted.lower()
        self._stop = threading.Event()
        self._handle = None
        self._places = {}
        self.readers = []  # names, sorted; replaced whole, so that any thread may read it
        self._thread = threading.Thread(target=self._run, name="nfc-field", daemon=True)

    # --- life ---------------------------------------------------------------------------------
    def start(self, emit):
        """Begin to watch; ``emit`` is called from the watching thread with each event (dict)."""
        self._emit = emit
        self._thread.start()

    def stop(self):
        """End the watching thread, also when it waits in PC/SC."""
        self._stop.set()
        handle = self._handle
        if handle is not None:
            scard.SCardCancel(handle)
        self._thread.join(WAIT_MS / 1000 + 1)

    # --- what a till may ask (called from other threads) ----------------------------------------
    def read_ndef(self):
        """Read the message stored in the card on the reader.

        :return: dict with ``uid``, ``reader``, ``message`` (hexadecimal) and ``records``
        :raise pcsc.CardGone: no card, or it left meanwhile
        :raise pcsc.CardUnreadable: the card holds no NDEF message
        """
        reader = self._occupied()
        with pcsc.context() as handle, pcsc.open_card(handle, reader) as card:
            uid = card.uid()
            message = ndef.read(card)
        return {
            "uid": uid,
            "reader": reader,
            "message": message.hex().upper(),
            "records": ndef.records(message),
        }

    def beep(self, ok=True):
        """Have the readers that can (ACR122U family) sound and light; others stay silent."""
        command = BEEP if ok else BEEP_LOW
        with contextlib.suppress(pcsc.PcscError), pcsc.context() as handle:
            for reader in self.readers:
                try:
                    with pcsc.open_card(handle, reader) as card:
                        card.transmit(command)
                except (pcsc.CardGone, pcsc.PcscError):
                    self._beep_without_card(handle, reader, command)

    @staticmethod
    def _beep_without_card(handle, reader, command):
        code, card, _protocol = scard.SCardConnect(handle, reader, scard.SCARD_SHARE_DIRECT, 0)
        if code == scard.SCARD_S_SUCCESS:
            scard.SCardControl(card, ESCAPE, list(command))
            scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)

    def _occupied(self):
        for reader, place in list(self._places.items()):
            if place.present and place.arrived:
                return reader
        raise pcsc.CardGone

    # --- the watching thread --------------------------------------------------------------------
    def _run(self):
        failures = 0
        while not self._stop.is_set():
            try:
                with pcsc.context() as handle:
                    self._handle = handle
                    if failures:
                        _logger.info("The reader service is back.")
                    failures = 0
                    self._watch(handle)
            except pcsc.PcscError as error:
                if not failures:
                    _logger.warning("The reader service does not answer: %s", error)
                failures += 1
            finally:
                self._handle = None
            self._set_readers([])
            self._stop.wait(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])

    def _watch(self, handle):
        """Follow the readers until the service fails or we are told to stop."""
        pnp_state = scard.SCARD_STATE_UNAWARE
        self._set_readers(self._list(handle))
        while not self._stop.is_set():
            self._announce()
            settling = len(self.readers) < len(self._places)
            asked = [(pcsc.PNP, pnp_state)]
            asked += [(reader, place.state) for reader, place in self._places.items()]
            code, answers = scard.SCardGetStatusChange(
                handle, SETTLE_MS if settling else WAIT_MS, asked
            )
            if code in pcsc.QUIET:
                self._set_readers(self._list(handle))
                continue
            if code in pcsc.GONE_READER:
                self._set_readers(self._list(handle))
                self._stop.wait(0.1)  # the list may lag behind: do not spin on a vanishing reader
                continue
            pcsc.check(code)
            states = {reader: state for reader, state, _atr in answers}
            atrs = {reader: bytes(atr) for reader, _state, atr in answers}
            plug_state = states.pop(pcsc.PNP, scard.SCARD_STATE_UNAWARE)
            if plug_state & scard.SCARD_STATE_CHANGED:
                pnp_state = plug_state & ~scard.SCARD_STATE_CHANGED
                self._set_readers(self._list(handle))
            self._apply(handle, states, atrs)

    def _list(self, handle):
        return [name for name in pcsc.list_readers(handle) if self._wanted in name.lower()]

    def _set_readers(self, names):
        """Compare with what was known; say what went."""
        gone = [name for name in self._places if name not in names]
        new = [name for name in names if name not in self._places]
        for name in gone:
            self._depart(name, self._places.pop(name))
            self._emit({"type": "error", "code": "reader_unplugged", "reader": name})
        for name in new:
            self._places[name] = _Place()
        if gone:
            self._announce()

    def _announce(self):
        """Tell which readers are ready, when that has changed."""
        ready = sorted(name for name, place in self._places.items() if place.ready)
        if ready != self.readers:
            self.readers = ready
            _logger.info("Readers: %s", ", ".join(ready) or "none")
            self._emit({"type": "hello", "readers": ready})

    def _apply(self, handle, states, atrs):
        """Turn new states into departures first, then arrivals."""
        arrivals = []
        for reader, state in states.items():
            place = self._places.get(reader)
            if place is None or not state & scard.SCARD_STATE_CHANGED:
                continue
            was_present, was_counter = place.present, place.counter
            told = place.seen and place.ready
            place.state = state & ~scard.SCARD_STATE_CHANGED
            place.seen = True
            replaced = was_present and place.present and place.counter != was_counter
            if was_present and (replaced or not place.present):
                self._depart(reader, place)
            if place.present and told and (replaced or not was_present):
                place.arrived = True
                arrivals.append(reader)
        for reader in arrivals:
            self._arrive(handle, reader, self._places[reader], atrs[reader])

    def _depart(self, reader, place):
        if place.arrived:
            place.arrived = False
            place.uid = None
            self._emit({"type": "removed", "reader": reader})

    def _arrive(self, handle, reader, place, atr):
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if sum(other.arrived for other in self._places.values()) > 1:
            self._emit({"type": "error", "code": "two_cards", "reader": reader})
            return
        try:
            if place.state & scard.SCARD_STATE_MUTE:
                raise pcsc.CardUnreadable
            place.uid = self._read_uid(handle, reader)
        except pcsc.CardGone:
            self._emit({"type": "error", "code": "card_withdrawn", "reader": reader})
        except pcsc.CardUnreadable:
            self._emit({"type": "error", "code": "card_unknown", "reader": reader})
        except pcsc.PcscError:
            _logger.warning("Another program keeps the reader “%s” for itself.", reader)
            self._emit(
                {"type": "error", "code": "reader_unplugged", "reader": reader, "detail": "busy"}
            )
        else:
            self._emit(
                {
                    "type": "card",
                    "uid": place.uid,
                    "atr": atr.hex().upper(),
                    "reader": reader,
                    "at": at,
                }
            )

    @staticmethod
    def _read_uid(handle, reader):
        """Read the serial number; wait a moment for a program that looks at the card too."""
        for attempt in range(BUSY_TRIES):
            try:
                with pcsc.open_card(handle, reader) as card:
                    return card.uid()
            except pcsc.PcscError:
                if attempt == BUSY_TRIES - 1:
                    raise
                time.sleep(BUSY_PAUSE)
        raise AssertionError("unreachable")
