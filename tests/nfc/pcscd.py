"""A real ``pcscd`` with virtual readers, for one test run.

The service speaks over one system socket; `make test` gives these tests a folder of their own for
it (`tools/testing/readers.py`) where the machine allows. A lock file makes test runs wait for each
other. Its readers come from a configuration of ours: their ports do not collide with a virtual
reader that is installed for other uses.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SOCKET = Path("/run/pcscd/pcscd.comm")
LOCK = Path(tempfile.gettempdir()) / "tibillet-pcscd.lock"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
READER = """FRIENDLYNAME "{name}"
DEVICENAME   /dev/null:0x{port:04X}
LIBPATH      {driver}
CHANNELID    0x{port:04X}
"""


class PcscdError(Exception):
    """The reader service cannot be had here, with a sentence that says what to do."""


class Pcscd:
    """Start, kill and restart a private reader service.

    :param port: port of the reader's first slot; the second slot has the next one
    :param lock_seconds: how long to wait for another test run to let the service go
    """

    def __init__(self, port=18590, lock_seconds=1500):
        self.port = port
        self.process = None
        self._lock_seconds = lock_seconds
        self._lock = None
        self._config = Path(tempfile.mkdtemp(prefix="tibillet-pcscd-"))

    # --- life ---------------------------------------------------------------------------------
    def open(self):
        """Take the machine's only place for a reader service and start it."""
        self._check_machine()
        self._take_lock()
        try:
            if self._answers():
                raise PcscdError(
                    "Another pcscd runs on this machine. These tests kill and restart theirs: "
                    "stop it first (systemctl stop pcscd.socket pcscd.service)."
                )
            self.plug()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def close(self):
        """Stop the service and leave the machine as it was found."""
        self.kill(signal.SIGTERM)
        shutil.rmtree(self._config, ignore_errors=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def start(self):
        """Start the service; return once it answers and its virtual readers listen."""
        SOCKET.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            ["pcscd", "--foreground", "--config", str(self._config), *self._no_polkit()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait(self._answers, "pcscd did not answer within 10 s.")

    def kill(self, how=signal.SIGKILL):
        """End the service, by default without a goodbye."""
        if self.process:
            self.process.send_signal(how)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
            self.process = None
            SOCKET.unlink(missing_ok=True)
            (SOCKET.parent / "pcscd.pid").unlink(missing_ok=True)

    # --- readers ------------------------------------------------------------------------------
    def plug(self):
        """Have a reader of two slots when the service starts next (the driver knows only one)."""
        (self._config / "reader").write_text(
            READER.format(name="Virtual PCD", port=self.port, driver=DRIVER)
        )

    def unplug(self):
        """Have no reader when the service starts next."""
        (self._config / "reader").unlink(missing_ok=True)

    # --- helpers ------------------------------------------------------------------------------
    @staticmethod
    def _check_machine():
        if not shutil.which("pcscd") or not DRIVER.exists():
            raise PcscdError("Install the reader service: apt-get install pcscd vsmartcard-vpcd")
        if os.geteuid() != 0:
            raise PcscdError("pcscd needs root for its socket under /run: run these tests as root.")

    def _take_lock(self):
        try:
            self._lock = LOCK.open("w")
        except PermissionError:  # made by another user: reading is enough to lock it
            self._lock = LOCK.open()
        end = time.monotonic() + self._lock_seconds
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > end:
                    raise PcscdError("Another test run has held the readers too long.") from None
                time.sleep(0.2)

    @staticmethod
    def _no_polkit():
        # Debian 13's asks polkit who may come in, and refuses even root where none runs.
        said = subprocess.run(["pcscd", "--help"], capture_output=True, text=True).stdout
        return ["--disable-polkit"] if "--disable-polkit" in said else []

    @staticmethod
    def _answers():
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(SOCKET))
            except OSError:
                return False
        return True

    @staticmethod
    def _wait(condition, otherwise, seconds=10):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise PcscdError(otherwise)
            time.sleep(0.05)
