"""Which pages may speak with the bridge."""

from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


class OriginError(ValueError):
    """Not an origin, with a sentence that says why."""


def normalise(text):
    """Return an origin as a browser writes it: ``https://bar.example``, ``http://localhost:8069``.

    :raise OriginError: a wildcard, a path, or something else that is no origin
    """
    parts = urlsplit(text.strip())
    try:
        port = parts.port
    except ValueError:
        raise OriginError(f"“{text}” has no valid port.") from None
    if (
        parts.scheme not in DEFAULT_PORTS
        or not parts.hostname
        or "*" in parts.hostname
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise OriginError(
            f"“{text}” is no origin. Give the beginning of the till's address, "
            "such as https://bar.example or http://localhost:8069."
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    suffix = "" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"
