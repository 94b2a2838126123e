"""Fixtures: a real reader service, the real bridge as a process, a till's side of the line."""

import sys
import time

import pytest

from tests.nfc.bridge_process import BRIDGE, BridgeProcess
from tests.nfc.pcscd import Pcscd
from tests.nfc.virtual_card import VirtualCard

sys.path.insert(0, str(BRIDGE))

# The service looks at a virtual reader every 400 ms.
LOOK_SECONDS = 0.5


@pytest.fixture(scope="session")
def reader_service():
    """The machine's reader service, ours for the whole run."""
    service = Pcscd().open()
    yield service
    service.close()


@pytest.fixture
def pcscd(reader_service):
    """The reader service with its usual reader of two slots, whatever the last test did to it."""
    yield reader_service
    reader_service.kill()
    reader_service.plug()
    reader_service.start()


@pytest.fixture
def bridge(reader_service, tmp_path):
    """The bridge, freshly paired, and its readers seen."""
    with BridgeProcess(tmp_path) as process:
        yield process


@pytest.fixture
def till(bridge):
    """A paired till that has heard of its readers."""
    with bridge.connect() as client:
        client.wait_for_readers(2)
        yield client


@pytest.fixture
def card(reader_service):
    """Make virtual cards for the running service; they leave the field after the test."""
    cards = []

    def make(uid="04A1B2C3D4E5F6", **options):
        cards.append(VirtualCard(uid, port=reader_service.port, **options))
        return cards[-1]

    yield make
    left = [made.remove() for made in cards if made.present]
    if left:
        time.sleep(LOOK_SECONDS)  # the next test finds the field empty
