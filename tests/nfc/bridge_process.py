"""The bridge as a process of its own, and a till's side of the conversation."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[2]
BRIDGE = ROOT / "addons" / "tibillet_pos_nfc" / "bridge"
ORIGIN = "http://localhost:8069"
SUBPROTOCOL = "tibillet.nfc.v1"


class Client:
    """One line to the bridge."""

    def __init__(self, opening):
        self._opening = opening
        self.connection = opening.__enter__()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._opening.__exit__(*exc)

    def send(self, **message):
        """Send one JSON frame."""
        self.connection.send(json.dumps(message))

    def receive(self, timeout=3.0):
        """Return the next message; TimeoutError when there is none."""
        return json.loads(self.connection.recv(timeout))

    def expect(self, kind, timeout=5.0):
        """Return the next message, which must be of this type."""
        message = self.receive(timeout)
        assert message["type"] == kind, message
        return message

    def wait_for_readers(self, count, timeout=10.0):
        """Pass over greetings until this many readers are announced; return the messages passed."""
        passed = []
        end = time.monotonic() + timeout
        while True:
            passed.append(self.receive(max(0.01, end - time.monotonic())))
            if passed[-1]["type"] == "hello" and len(passed[-1]["readers"]) == count:
                return passed

    def silence(self, seconds):
        """Assert that nothing comes for a while."""
        try:
            message = self.receive(seconds)
        except TimeoutError:
            return
        raise AssertionError(f"expected silence, heard {message}")

    def closed(self, timeout=3.0):
        """Wait for the end of the line; return its close code and what was said before."""
        said = []
        try:
            while True:
                said.append(self.receive(timeout))
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else None, said


class BridgeProcess:
    """Start ``python -m tibillet_nfc_bridge`` and read what it prints.

    :param folder: where the token file goes
    :param origins: tills that may connect
    """

    patience = 10
    own_session = False

    def __init__(self, folder, *, origins=(ORIGIN,), port=0, arguments=(), environment=None):
        self.token_file = Path(folder) / "bridge" / "token"
        self.origins = origins
        self.port = port
        self.token = None
        self.lines = []
        self._arguments = arguments
        self._environment = environment or {}
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_exc):
        self.stop()

    def _command(self):
        command = [sys.executable, "-m", "tibillet_nfc_bridge", "--port", str(self.port)]
        command += ["--token-file", str(self.token_file), "--verbose", *self._arguments]
        for origin in self.origins:
            command += ["--origin", origin]
        return command

    def start(self):
        """Start; return once it listens."""
        environment = {**os.environ, "PYTHONPATH": str(BRIDGE), **self._environment}
        environment.pop("JOURNAL_STREAM", None)
        self.process = subprocess.Popen(
            self._command(),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=self.own_session,
        )
        listening = threading.Event()
        threading.Thread(target=self._read, args=(listening,), daemon=True).start()
        if not listening.wait(self.patience):
            self.stop()
            raise AssertionError("The bridge did not start:\n" + "".join(self.lines))
        return self

    def _read(self, listening):
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"Pairing token .*: (\S+)", line):
                self.token = found[1]
            if found := re.search(r"Listening on ws://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                listening.set()

    @property
    def url(self):
        """Where tills connect."""
        return f"ws://127.0.0.1:{self.port}"

    def open(self, *, origin=ORIGIN, subprotocols=(SUBPROTOCOL,), **options):
        """Open a line without pairing."""
        return Client(
            connect(
                self.url,
                origin=origin,
                subprotocols=list(subprotocols) or None,
                compression=None,
                open_timeout=5,
                close_timeout=2,
                **options,
            )
        )

    def connect(self, token=None):
        """Open a line and pair."""
        client = self.open()
        client.send(type="pair", token=token or self.token)
        return client

    def stop(self, how=signal.SIGTERM):
        """End the process; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(
                "The bridge did not end when asked:\n" + "".join(self.lines)
            ) from None
