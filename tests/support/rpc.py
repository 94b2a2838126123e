"""A signed-in client of an Odoo server, as the web client and the till are."""

import itertools

import requests


class RpcError(Exception):
    """The server answered with an error; `.name` is the exception's Python path."""

    def __init__(self, error):
        self.data = error.get("data") or {}
        self.name = self.data.get("name", "")
        super().__init__(self.data.get("message") or error.get("message"))


class Rpc:
    """JSON-RPC with a session cookie; one instance is one signed-in browser.

    >>> admin = rpc(server)                                   # the fixture
    >>> admin.call("res.partner", "search_count", [[]])
    """

    def __init__(self, server, login="admin", password="admin", timeout=60):
        self.url = server.url
        self.database = server.database
        self.timeout = timeout
        self.http = requests.Session()
        self._numbers = itertools.count(1)
        answer = self.json(
            "/web/session/authenticate", db=self.database, login=login, password=password
        )
        self.uid = answer["uid"]

    def json(self, path, **params):
        """POST a JSON-RPC request to any route; returns its result or raises `RpcError`."""
        answer = self.http.post(
            self.url + path,
            json={"jsonrpc": "2.0", "id": next(self._numbers), "method": "call", "params": params},
            timeout=self.timeout,
        )
        answer.raise_for_status()
        body = answer.json()
        if "error" in body:
            raise RpcError(body["error"])
        return body.get("result")

    def call(self, model, method, args=(), **kwargs):
        """Call a public method; for a method of records the first argument is the list of ids."""
        return self.json(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=list(args),
            kwargs=kwargs,
        )

    def get(self, path, **options):
        """GET a page with this session; returns the `requests` response."""
        return self.http.get(self.url + path, timeout=self.timeout, **options)
