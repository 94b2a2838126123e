"""The virtual card program itself: what the other tests lean on."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.nfc.virtual_card import (
    GET_UID,
    CardError,
    VirtualCard,
    contactless_atr,
    random_uid,
    uri_message,
)

PROGRAM = Path(__file__).with_name("virtual_card.py")
UID = "04A1B2C3D4E5F6"


def test_atr_checks_itself():
    """All bytes after the first, XOR-ed, give zero (ISO 7816-3)."""
    for name in (0x0001, 0x0003):
        atr, check = contactless_atr(name), 0
        for byte in atr[1:]:
            check ^= byte
        assert check == 0 and len(atr) == 20


@pytest.mark.parametrize("uid", ["", "04", "04A1B2C3D4", "04A1B2C3D4E5F6A7B8C9D0"])
def test_numbers_of_no_card(uid):
    with pytest.raises(CardError):
        VirtualCard(uid)


def test_random_numbers_differ():
    numbers = {random_uid() for _ in range(50)}
    assert len(numbers) > 45 and all(number[:2] == "08" for number in numbers)


def test_chip():
    card = VirtualCard(UID, ndef=uri_message("https://bar.example"))
    assert card.answer(GET_UID + b"\x00").hex().upper() == UID + "9000"
    assert card.answer(GET_UID + b"\x04") == b"\x6c\x07"
    assert card.answer(b"\xff\xca\x01\x00\x00") == b"\x6a\x81"
    assert card.answer(b"\xff\xb0\x00\x03\x10")[0] == 0xE1
    assert card.answer(b"\xff\xb0\xff\x03\x10") == b"\x6a\x82"
    assert card.answer(b"\x00\xa4\x04\x00") == b"\x6d\x00"


def test_no_reader():
    with pytest.raises(CardError, match="is pcscd running"):
        VirtualCard(UID, port=9).insert(timeout=0.3)


def test_command_line(reader_service, till):
    port = ("--port", str(reader_service.port))
    with subprocess.Popen(
        [sys.executable, PROGRAM, "--uid", UID, *port],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:

        def say(word):
            program.stdin.write(word + "\n")
            program.stdin.flush()
            return program.stdout.readline().strip()

        assert program.stdout.readline().startswith("insert")
        assert say("insert") == "on the reader"
        assert till.expect("card")["uid"] == UID
        assert say("insert").startswith("error:")
        assert say("dance").startswith("error:")
        assert say("remove") == "away"
        till.expect("removed")
        program.communicate("quit\n", timeout=5)
    assert program.returncode == 0
    tap = subprocess.run([sys.executable, PROGRAM, "--uid", "DEADBEEF", "--tap", "1", *port])
    assert tap.returncode == 0
    assert till.expect("card")["uid"] == "DEADBEEF"
