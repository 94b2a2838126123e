"""Cards and readers, on a real reader service."""

import signal
import statistics
import time
from datetime import UTC, datetime

import pytest

from tests.nfc.bridge_process import BridgeProcess
from tests.nfc.virtual_card import GET_UID, contactless_atr, random_uid, uri_message

UID = "04A1B2C3D4E5F6"
OTHER = "DEADBEEF"
# The service looks at a virtual reader every 400 ms; anything slower is our doing.
POLL = 0.4


@pytest.mark.parametrize("uid", ["DEADBEEF", "04A1B2C3D4E5F6", "88112233445566778899"])
def test_a_tap_is_told_with_its_whole_number(till, card, uid):
    before = datetime.now(UTC)
    card(uid).insert()
    told = till.expect("card")
    assert told["uid"] == uid
    assert told["atr"] == contactless_atr().hex().upper()
    assert told["reader"] == "Virtual PCD 00 00"
    at = datetime.fromisoformat(told["at"])
    assert told["at"].endswith("Z") and 0 <= (at - before).total_seconds() + 0.001 < 2


def test_told_as_soon_as_the_service_knows(till, card):
    """Median of seven; the service's own look is the most of it."""
    waits = []
    for _ in range(7):
        plastic = card(UID)
        start = time.monotonic()
        plastic.insert()
        till.expect("card")
        waits.append(time.monotonic() - start)
        plastic.remove()
        till.expect("removed")
    assert statistics.median(waits) < POLL + 0.2, waits


def test_removal_is_told(till, card):
    plastic = card(UID).insert()
    till.expect("card")
    plastic.remove()
    assert till.expect("removed")["reader"] == "Virtual PCD 00 00"
    till.silence(POLL * 2)


def test_a_card_that_stays_is_told_once(till, card):
    card(UID).insert()
    till.expect("card")
    till.silence(3)


def test_double_tap_is_two_arrivals(till, card):
    plastic = card(UID)
    for _ in range(2):
        plastic.tap(POLL * 2)
        assert till.expect("card")["uid"] == UID
        till.expect("removed")


def test_another_card_laid_down_at_once_is_not_taken_for_the_first(till, card):
    """The service may see the exchange in one look, as "still present"."""
    first, second = card(UID), card(OTHER)
    first.insert()
    assert till.expect("card")["uid"] == UID
    first.remove()
    time.sleep(POLL * 1.5)
    second.insert()
    till.expect("removed")
    assert till.expect("card")["uid"] == OTHER


def test_random_number_of_a_phone_is_passed_on_whole(till, card):
    """Whether it pays is the till's to say; the bridge must not hide it."""
    uid = random_uid()
    assert uid.startswith("08") and len(uid) == 8
    card(uid).insert()
    assert till.expect("card")["uid"] == uid


def test_two_cards(till, card):
    first, second = card(UID).insert(), card(OTHER, slot=1)
    assert till.expect("card")["uid"] == UID
    second.insert()
    assert till.expect("error")["code"] == "two_cards"
    first.remove()
    till.expect("removed")
    # The second one is still there, and still does not count.
    till.silence(POLL * 3)
    second.remove()
    till.expect("removed")
    second.insert()
    assert till.expect("card")["uid"] == OTHER


def test_the_card_under_a_second_one_is_never_read(till, card):
    card(UID).insert()
    till.expect("card")
    second = card(OTHER, slot=1).insert()
    till.expect("error")
    assert not [command for command in second.commands if command[:2] == GET_UID[:2]]


def test_withdrawn_before_it_answered(till, card):
    plastic = card(UID, withdraw_at=GET_UID).insert()
    assert till.expect("error")["code"] == "card_withdrawn"
    till.expect("removed")
    plastic.withdraw_at = None
    plastic.remove()
    plastic.insert()
    assert till.expect("card")["uid"] == UID


def test_a_card_without_number(till, card):
    card(UID, silent=True).insert()
    assert till.expect("error")["code"] == "card_unknown"


def test_a_card_left_on_the_reader_is_no_tap(reader_service, tmp_path, card):
    plastic = card(UID).insert()
    time.sleep(POLL * 2)
    with BridgeProcess(tmp_path) as bridge, bridge.connect() as till:
        till.wait_for_readers(2)
        till.silence(POLL * 4)
        plastic.remove()
        time.sleep(POLL * 2)
        plastic.insert()
        assert till.expect("card")["uid"] == UID


def test_every_till_hears(bridge, till, card):
    with bridge.connect() as other:
        other.wait_for_readers(2)
        card(UID).insert()
        assert till.expect("card") == other.expect("card")


# --- the reader service -------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_service_killed_and_restarted(pcscd, till, card, how):
    pcscd.kill(how)
    gone = till.wait_for_readers(0)
    assert [m["code"] for m in gone if m["type"] == "error"] == ["reader_unplugged"] * 2
    time.sleep(1)
    pcscd.start()
    till.wait_for_readers(2)
    card(UID).insert()
    assert till.expect("card")["uid"] == UID


def test_service_killed_with_a_card_on_the_reader(pcscd, till, card):
    """The card is said to have left, and its mere lying there pays nothing afterwards."""
    plastic = card(UID).insert()
    till.expect("card")
    pcscd.kill()
    told = till.wait_for_readers(0)
    assert [m["type"] for m in told].count("removed") == 1
    pcscd.start()
    told = till.wait_for_readers(2)
    assert "card" not in [m["type"] for m in told]
    till.silence(POLL * 4)
    plastic.remove()
    time.sleep(POLL * 2)
    plastic.insert()
    assert till.expect("card")["uid"] == UID


def test_started_before_the_service(pcscd, tmp_path, card):
    pcscd.kill()
    with BridgeProcess(tmp_path) as bridge, bridge.connect() as till:
        assert till.expect("hello")["readers"] == []
        pcscd.start()
        till.wait_for_readers(2)
        card(UID).insert()
        assert till.expect("card")["uid"] == UID


def test_reader_unplugged_and_plugged(pcscd, till, card):
    """The virtual driver cannot lose a reader while its service runs; a real one can: see
    ``test_field.py`` for the same without the restart."""
    pcscd.kill()
    pcscd.unplug()
    pcscd.start()
    till.wait_for_readers(0)
    till.silence(1.5)
    pcscd.kill()
    pcscd.plug()
    pcscd.start()
    till.wait_for_readers(2)
    card(UID).insert()
    assert till.expect("card")["uid"] == UID


def test_only_the_wanted_reader(reader_service, tmp_path, card):
    with (
        BridgeProcess(tmp_path, arguments=("--reader", "pcd 00 01")) as bridge,
        bridge.connect() as till,
    ):
        assert till.wait_for_readers(1)[-1]["readers"] == ["Virtual PCD 00 01"]
        card(UID).insert()
        till.silence(POLL * 3)
        card(OTHER, slot=1).insert()
        assert till.expect("card")["uid"] == OTHER


# --- what is stored in the card -----------------------------------------------------------------


@pytest.mark.parametrize("length", [5, 45, 230])
def test_read_ndef(till, card, length):
    uri = "https://bar.example/tibillet/card/".ljust(length, "x")[:length]
    card(UID, ndef=uri_message(uri)).insert()
    till.expect("card")
    till.send(type="read_ndef")
    told = till.expect("ndef")
    assert told["uid"] == UID
    assert told["message"] == uri_message(uri).hex().upper()
    assert [record["uri"] for record in told["records"]] == [uri]


def test_read_ndef_of_an_empty_tag(till, card):
    card(UID).insert()
    till.expect("card")
    till.send(type="read_ndef")
    assert till.expect("error") == {"type": "error", "code": "card_unknown", "about": "read_ndef"}


def test_read_ndef_without_a_card(till):
    till.send(type="read_ndef")
    assert till.expect("error")["code"] == "card_withdrawn"


def test_withdrawn_while_reading(till, card):
    card(UID, ndef=uri_message("https://bar.example"), withdraw_at=b"\xff\xb0").insert()
    till.expect("card")
    till.send(type="read_ndef")
    codes = {m.get("code", m["type"]) for m in (till.receive(), till.receive())}
    assert codes == {"card_withdrawn", "removed"}


def test_beep(till, card):
    plastic = card(UID).insert()
    till.expect("card")
    till.send(type="beep")
    till.send(type="beep", ok=False)
    end = time.monotonic() + 3
    while plastic.beeps < 2 and time.monotonic() < end:
        time.sleep(0.02)
    assert plastic.beeps == 2
    till.silence(0.3)


def test_beep_without_a_card_is_harmless(till, card):
    till.send(type="beep")
    card(UID).insert()
    assert till.expect("card")["uid"] == UID
