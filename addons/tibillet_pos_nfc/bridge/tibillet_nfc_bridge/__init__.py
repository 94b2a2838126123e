"""Bridge between a PC/SC contactless reader and a till in a browser on the same machine."""

__version__ = "1.0.0"

SUBPROTOCOL = "tibillet.nfc.v1"
DEFAULT_PORT = 8765
