"""Calls to the world outside, which always end."""

import requests
from requests.adapters import HTTPAdapter

USER_AGENT = "TiBillet-for-Odoo"


class _EndingAdapter(HTTPAdapter):
    def __init__(self, timeout_s):
        self._timeout_s = timeout_s
        super().__init__()

    def send(self, request, **kwargs):
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._timeout_s
        return super().send(request, **kwargs)


def session(timeout_s):
    """A ``requests`` session that gives up when the other side is silent for ``timeout_s``.

    Redirects are left to the caller (``allow_redirects=True``): a signed message is meant for
    the address that it was signed for.
    """
    outside = requests.Session()
    outside.headers["User-Agent"] = USER_AGENT
    for scheme in ("https://", "http://"):
        outside.mount(scheme, _EndingAdapter(timeout_s))
    return outside
