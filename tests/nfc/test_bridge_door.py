"""Who may speak with the bridge, and what happens to the others. No card needed: the door is the
same when no reader service runs."""

import http.client
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tibillet_nfc_bridge.origins import OriginError, normalise
from tibillet_nfc_bridge.pairing import Attempts, TokenFile
from websockets.exceptions import InvalidStatus

from tests.nfc.bridge_process import BRIDGE, ORIGIN, BridgeProcess

HOST = "127.0.0.1"


@pytest.fixture
def door(tmp_path):
    """A bridge."""
    with BridgeProcess(tmp_path) as process:
        yield process


def refused(door, **options):
    """Open a line that must be refused; return the status."""
    with pytest.raises(InvalidStatus) as caught, door.open(**options):
        pass
    return caught.value.response.status_code


# --- origin, host, subprotocol -------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:8070",
        "https://localhost:8069",
        "http://localhost:8069.evil.example",
        "http://evil.example",
        "null",
        None,
    ],
)
def test_other_origins_are_refused(door, origin):
    assert refused(door, origin=origin) == 403


def test_several_origins(tmp_path):
    origins = ("https://Bar.example/", "http://festival.localhost:8069")
    with BridgeProcess(tmp_path, origins=origins) as door:
        for origin in ("https://bar.example", "http://festival.localhost:8069"):
            with door.open(origin=origin) as client:
                client.send(type="pair", token=door.token)
                client.expect("hello")
        assert refused(door, origin=ORIGIN) == 403


@pytest.mark.parametrize("subprotocols", [(), ("tibillet.nfc.v2",)])
def test_missing_or_other_subprotocol_is_refused(door, subprotocols):
    assert refused(door, subprotocols=subprotocols) == 400


def test_subprotocol_is_answered(door):
    with door.open(subprotocols=("x", "tibillet.nfc.v1")) as client:
        assert client.connection.subprotocol == "tibillet.nfc.v1"


def ask(door, method, **headers):
    """Send a plain HTTP request; return its response."""
    connection = http.client.HTTPConnection(HOST, door.port, timeout=5)
    connection.request(method, "/", headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_a_name_that_points_here_is_refused(door):
    assert ask(door, "GET", Host=f"evil.example:{door.port}", Origin=ORIGIN).status == 421


def test_browser_that_asks_before_it_calls(door):
    wants = {
        "Access_Control_Request_Method": "GET",
        "Access_Control_Request_Private_Network": "true",
    }
    answer = ask(door, "OPTIONS", Origin=ORIGIN, **wants)
    assert answer.status == 204
    assert answer.getheader("Access-Control-Allow-Origin") == ORIGIN
    assert answer.getheader("Access-Control-Allow-Private-Network") == "true"
    stranger = ask(door, "OPTIONS", Origin="https://evil.example", **wants)
    assert stranger.status == 403
    assert stranger.getheader("Access-Control-Allow-Origin") is None


def test_only_the_loopback_listens(door):
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{door.port:04X}")
    ]
    assert listening == [f"0100007F:{door.port:04X}"]


# --- pairing -------------------------------------------------------------------------------------


def test_token_is_shown_once_and_kept_as_a_digest(tmp_path):
    with BridgeProcess(tmp_path) as first:
        token = first.token
        assert token
        kept = first.token_file.read_text()
        assert token not in kept and token.replace("-", "") not in kept
        assert stat.S_IMODE(first.token_file.stat().st_mode) == 0o600
    with BridgeProcess(tmp_path) as second:
        assert second.token is None
        with second.connect(token) as client:
            client.expect("hello")
        with second.connect(token.replace("-", " ").lower()) as client:
            client.expect("hello")


def test_wrong_token(door):
    with door.connect("WRONG-WRONG-WRONG-WRONG") as client:
        assert client.closed() == (4401, [{"type": "error", "code": "not_allowed"}])
    with door.connect() as client:
        client.expect("hello")


@pytest.mark.parametrize(
    "first",
    [
        '{"type": "pair"}',
        '{"type": "pair", "token": null}',
        '{"type": "pair", "token": ["x"]}',
        '{"type": "pair", "token": "' + "A" * 200 + '"}',
        '{"type": "read_ndef"}',
        '{"token": "x"}',
        "[]",
        "nothing",
        "[" * 3000,
        b"\x00\x01",
    ],
)
def test_nothing_before_pairing(door, first):
    with door.open() as client:
        client.connection.send(first)
        assert client.closed() == (4401, [{"type": "error", "code": "invalid"}])


def test_silence_instead_of_pairing(door):
    with door.open() as client:
        start = time.monotonic()
        assert client.closed(8)[0] == 4408
        assert 4 < time.monotonic() - start < 7


def test_unpaired_hear_nothing(door):
    with door.open() as silent, door.connect() as till:
        till.expect("hello")
        silent.silence(1)


def test_wrong_tokens_are_rate_limited(door):
    with door.connect() as paired:
        paired.expect("hello")
        for _ in range(5):
            with door.connect("WRONG") as client:
                assert client.closed()[0] == 4401
        with door.connect() as client:  # even the right one waits now
            assert client.closed() == (4429, [{"type": "error", "code": "rate_limited"}])
        paired.send(type="nonsense")  # and who is in works on
        assert paired.expect("error")["code"] == "invalid"


def test_attempts_are_forgotten_with_time():
    now = [0.0]
    attempts = Attempts(limit=2, seconds=60, clock=lambda: now[0])
    attempts.fail()
    now[0] = 30
    attempts.fail()
    assert attempts.exhausted()
    now[0] = 60
    assert not attempts.exhausted()


def test_new_token_counts_at_once(door):
    old, new = door.token, TokenFile(door.token_file).create()
    with door.connect(old) as client:
        assert client.closed()[0] == 4401
    with door.connect(new) as client:
        client.expect("hello")


@pytest.mark.parametrize("damage", ["", "{}", '{"salt": 1, "sha256": 2}', "[1]"])
def test_damaged_token_file_refuses(door, damage):
    door.token_file.write_text(damage)
    with door.connect() as client:
        assert client.closed()[0] == 4401


# --- bad manners ---------------------------------------------------------------------------------


def test_oversize_frame(door):
    with door.connect() as client, door.connect() as other:
        client.expect("hello")
        other.expect("hello")
        client.send(type="read_ndef", filler="x" * 5000)
        assert client.closed()[0] == 1009
        other.send(type="x")
        other.expect("error")


def test_nonsense_is_answered_and_survived(door):
    with door.connect() as client:
        client.expect("hello")
        for frame in ("{", "[1]", '{"type": 3}', '{"type": "pair", "token": "x"}', b"\xff"):
            client.connection.send(frame)
            assert client.expect("error")["code"] == "invalid"


def test_flood_is_cut(door):
    with door.connect() as client:
        client.expect("hello")
        for _ in range(60):
            client.send(type="beep")
        code, said = client.closed()
        assert code == 4429 and said[-1]["code"] == "rate_limited"


def test_too_many_lines(door):
    clients = []
    try:
        for _ in range(16):
            clients.append(door.connect())
            clients[-1].expect("hello")
        assert refused(door) == 503
    finally:
        for client in clients:
            client.connection.close()
    time.sleep(0.3)
    with door.connect() as client:
        client.expect("hello")


def test_client_that_vanishes(door):
    """Without a goodbye, and in the middle of a frame."""
    for _ in range(20):
        client = door.connect()
        client.expect("hello")
        line = client.connection.socket
        line.send(b"\x81\xfe\x01")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        line.close()
    with door.connect() as client:
        client.expect("hello")
    assert "Traceback" not in "".join(door.lines)


def test_garbage_on_the_port(door):
    for garbage in (b"\x16\x03\x01\x02\x00", b"GET /\r\n\r\n", b"x" * 100000):
        with socket.create_connection((HOST, door.port), timeout=5) as line:
            line.sendall(garbage)
            line.settimeout(2)
            try:
                line.recv(1000)
            except OSError:
                pass
    with door.connect() as client:
        client.expect("hello")
    assert "Traceback" not in "".join(door.lines)


# --- command line --------------------------------------------------------------------------------


def run(*arguments, **environment):
    """Run the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tibillet_nfc_bridge", *arguments],
        env={**os.environ, "PYTHONPATH": str(BRIDGE), **environment},
        capture_output=True,
        text=True,
        timeout=20,
    )


def test_no_token_in_the_journal(tmp_path):
    path = str(tmp_path / "token")
    ended = run("--port", "0", "--token-file", path, JOURNAL_STREAM="8:12345")
    assert ended.returncode == 2 and "--new-token" in ended.stderr
    assert not os.path.exists(path)


def test_new_token_command(tmp_path):
    path = tmp_path / "token"
    ended = run("--new-token", "--token-file", str(path))
    token = ended.stdout.split()[-1]
    assert ended.returncode == 0 and TokenFile(path).matches(token)
    assert not TokenFile(path).matches(token[:-1])


def test_port_taken(door, tmp_path):
    ended = run("--port", str(door.port), "--token-file", str(tmp_path / "other"))
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Cannot listen on 127.0.0.1:{door.port}")


def test_token_file_not_writable(tmp_path):
    (tmp_path / "file").write_text("")
    ended = run("--port", "0", "--token-file", str(tmp_path / "file" / "token"))
    assert ended.returncode == 2 and "Traceback" not in ended.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_ends_when_asked_with_a_till_on_the_line(door, how):
    with door.connect() as client:
        client.expect("hello")
        assert door.stop(how) == 0
        assert client.closed()[0] == 1001


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Bar.Example/", "https://bar.example"),
        ("https://bar.example:443", "https://bar.example"),
        ("http://localhost:8069", "http://localhost:8069"),
        ("http://[::1]:8069", "http://[::1]:8069"),
    ],
)
def test_origin_as_a_browser_writes_it(given, origin):
    assert normalise(given) == origin


@pytest.mark.parametrize(
    "given",
    [
        "*",
        "https://*.example",
        "bar.example",
        "https://bar.example/pos",
        "ftp://x",
        "https://a:b",
        "",
    ],
)
def test_no_origin(given):
    with pytest.raises(OriginError):
        normalise(given)
    if given:
        assert run("--port", "0", "--origin", given).returncode == 2


def test_no_card_number_in_the_log():
    """The events are JSON for tills; the log speaks of readers and refusals only."""
    for module in (BRIDGE / "tibillet_nfc_bridge").glob("*.py"):
        for line in module.read_text().splitlines():
            assert not ("_logger" in line and ("uid" in line or "token)" in line)), line
