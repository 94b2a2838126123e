"""Real Odoo servers for the tests: started on a free port, watched, stopped or killed."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from tools.testing.layout import ROOT
from tools.testing.log_files import LogFile
from tools.testing.template import odoo_command


def free_port():
    """A TCP port of the loopback interface that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configure_this_process(name):
    """Point this process's Odoo at the tests' server; harmless when called again."""
    from odoo.tools import config

    command = odoo_command(name)
    config.parse_config(command[command.index("odoo") + 1 :], setup_logging=False)
    # Without this a process that has loaded no server would find none of Odoo's own addons.
    from odoo.modules.module import initialize_sys_path

    initialize_sys_path()


class OdooServer:
    """One Odoo server process (and its workers) on one database."""

    def __init__(self, database, log, *, workers=0, port=None, cron=False, options=(), env=None):
        self.database = str(database)
        self.port = port or free_port()
        self.log = log
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [
            *odoo_command(self.database, log=log),
            *("--http-port", str(self.port), "--gevent-port", str(free_port())),
            *("--workers", str(workers)),
            *("--max-cron-threads", "1" if cron else "0", *options),
        ]
        self._env = env or {}
        self._process = None

    @property
    def pid(self):
        """Process id of the server (the parent of its workers)."""
        return self._process.pid

    @property
    def running(self):
        """Whether the server process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self, timeout=90):
        """Start and wait until it answers; raises with the log's end when it does not."""
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env={**os.environ, **self._env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self.running:
            if self._answers():
                return self
            time.sleep(0.1)
        self.kill()
        tail = self.log.read_text(errors="replace")[-4000:] if self.log.exists() else "(no log)"
        raise AssertionError(f"the server did not answer on {self.url}:\n{tail}")

    def _answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self, timeout=20):
        """Stop as an operator does (SIGTERM), then make sure that nothing is left."""
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self):
        """Stop as a power cut does: SIGKILL to the server and all its workers."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()

    def restart(self):
        """Kill and start again on the same port and database."""
        self.kill()
        return self.start()

    def log_text(self):
        """Everything logged so far."""
        return self.log.read_text(errors="replace")

    def warnings(self):
        """WARNING and worse records logged so far."""
        return LogFile(self.log).new_warnings()
