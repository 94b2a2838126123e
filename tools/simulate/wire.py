"""A signed-in browser on a bad network: questions get lost, answers get lost, some go twice."""

import contextlib
import http.client
import json
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

from tests.support.rpc import Rpc, RpcError

#: What passes by itself: two at once, a restart. The till sends again (order_sender.js).
PASSING = ("SerializationFailure", "DeadlockDetected", "LockNotAvailable", "ConcurrencyError")
#: How long a till waits before it sends again what got no answer (till_client.js).
RETRY_S = 1.0
#: How long a lost request lives on the wire before its browser is gone.
CUT_S = 0.05


class Gone(Exception):
    """No answer came, twice: the server may have heard it or not."""


class Wire:
    """RPC of one till. ``ask`` repeats the same request as the browser does."""

    def __init__(self, server, login, password):
        self.rpc = Rpc(server, login, password, timeout=120)
        self.times = {}
        self.asked = 0
        self.lost = Counter()
        self.sent_again = Counter()

    def ask(self, model, method, args, dice=None, loss=0.0, kwargs=None):
        """The answer, however often the request had to be sent.

        :raises Gone: after two tries without answer
        :raises RpcError: what the server raised
        """
        fate = self._fate(dice, loss)
        if fate:
            self.lost[fate] += 1
        if fate == "twice":
            return self._twice(model, method, args, kwargs)
        if fate == "answer":
            self._send_and_leave(model, method, args, kwargs)
            time.sleep(RETRY_S)
            self.sent_again[method] += 1
        elif fate == "request":
            time.sleep(RETRY_S)
            self.sent_again[method] += 1
        try:
            return self._call(model, method, args, kwargs)
        except OSError as error:
            self.lost["refused"] += 1
            time.sleep(RETRY_S)
            self.sent_again[method] += 1
            with contextlib.suppress(OSError):
                return self._call(model, method, args, kwargs)
            raise Gone(method) from error

    def hopeless(self, model, method, args):
        """Send it and hear nothing, twice: the cashier leaves."""
        self.lost["both"] += 1
        for _try in range(2):
            self._send_and_leave(model, method, args, None)
        raise Gone(method)

    def _fate(self, dice, loss):
        if dice is None or dice.random() >= loss:
            return None
        return dice.choices(("answer", "request", "twice"), (60, 20, 20))[0]

    def _call(self, model, method, args, kwargs):
        self.asked += 1
        started = time.perf_counter()
        try:
            return self.rpc.call(model, method, args, **(kwargs or {}))
        finally:
            took = (time.perf_counter() - started) * 1000
            self.times.setdefault(method, []).append(took)

    def _twice(self, model, method, args, kwargs):
        """Asked again while the first is still on its way (three slow seconds, till_client.js)."""
        self.sent_again[method] += 1
        beside = threading.Thread(target=self._send_raw, args=(model, method, args, kwargs))
        beside.start()
        try:
            return self._call(model, method, args, kwargs)
        finally:
            beside.join()

    def _send_and_leave(self, model, method, args, kwargs):
        self._send_raw(model, method, args, kwargs, wait=False)

    def _send_raw(self, model, method, args, kwargs, wait=True):
        """A request on a connection of its own; without ``wait`` it is cut at once."""
        where = urlsplit(self.rpc.url)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=120)
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs or {}}
        body = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
        cookies = "; ".join(f"{name}={value}" for name, value in self.rpc.http.cookies.items())
        try:
            connection.request(
                "POST",
                f"/web/dataset/call_kw/{model}/{method}",
                json.dumps(body),
                {"Content-Type": "application/json", "Cookie": cookies},
            )
            if wait:
                connection.getresponse().read()
            else:
                time.sleep(CUT_S)
        except OSError:
            self.lost["refused"] += 1
        finally:
            connection.close()


def passes(error):
    """Whether an error of the server is one that the next try may well not meet."""
    return isinstance(error, RpcError) and error.name.rpartition(".")[2] in PASSING
