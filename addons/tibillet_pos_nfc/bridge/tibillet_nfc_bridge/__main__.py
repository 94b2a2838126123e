"""Command line: ``python -m tibillet_nfc_bridge --origin https://bar.example``."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path

from . import DEFAULT_PORT, __version__
from .field import Field
from .origins import OriginError, normalise
from .pairing import PairingError, TokenFile
from .server import HOST, Bridge

DEFAULT_ORIGIN = "http://localhost:8069"


def _default_token_file():
    """Where systemd lets us write, else the user's own state folder."""
    state = os.environ.get("STATE_DIRECTORY")
    if state:
        return Path(state.split(":")[0]) / "token"
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "tibillet-nfc-bridge" / "token"


def _parser():
    parser = argparse.ArgumentParser(
        prog="tibillet_nfc_bridge",
        description="Tell the till in this machine's browser which card touches the reader.",
    )
    parser.add_argument(
        "--origin",
        action="append",
        help="address of a till that may connect; may be repeated "
        f"(default: $TIBILLET_NFC_ORIGINS, else {DEFAULT_ORIGIN})",
    )
    parser.add_argument(
        "--port", type=int, default=os.environ.get("TIBILLET_NFC_PORT", DEFAULT_PORT)
    )
    parser.add_argument("--token-file", type=Path, default=_default_token_file())
    parser.add_argument(
        "--new-token",
        action="store_true",
        help="make a new pairing token, show it, and end (tills paired before must pair again)",
    )
    parser.add_argument(
        "--reader",
        default=os.environ.get("TIBILLET_NFC_READER", ""),
        help="use only readers whose name contains this text",
    )
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--version", action="version", version=__version__)
    return parser


def _prepare_token(token_file):
    """Show the token when it is made; never into the journal of a service."""
    if token_file.exists():
        return
    if os.environ.get("JOURNAL_STREAM"):
        raise PairingError(
            "There is no pairing token yet, and the journal is no place to show one. "
            "Run tibillet-nfc-bridge --new-token in a terminal (see INSTALL.md)."
        )
    _show(token_file.create())


def _show(token):
    print(f"Pairing token (shown once, type it into the till): {token}", flush=True)


async def _serve(bridge, field):
    # First of all: asked to end a moment after it listens, it must still end in order.
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no handlers in the loop
            loop.add_signal_handler(name, ended.set)
    await bridge.start()
    print(f"Listening on ws://{HOST}:{bridge.port}", flush=True)
    field.start(bridge.emit)
    try:
        await ended.wait()
    finally:
        await asyncio.to_thread(field.stop)
        await bridge.stop()


def main(argv=None):
    """Run; return the exit code: 0, or 2 with a sentence when it cannot start."""
    options = _parser().parse_args(argv)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("websockets").setLevel(logging.CRITICAL)  # a refused page is logged by us
    token_file = TokenFile(options.token_file)
    try:
        if options.new_token:
            _show(token_file.create())
            return 0
        given = options.origin or os.environ.get("TIBILLET_NFC_ORIGINS", "").split()
        origins = [normalise(origin) for origin in given or [DEFAULT_ORIGIN]]
        _prepare_token(token_file)
    except (OriginError, PairingError) as error:
        print(error, file=sys.stderr)
        return 2
    field = Field(options.reader)
    bridge = Bridge(field, token_file, origins, options.port)
    try:
        asyncio.run(_serve(bridge, field))
    except OSError as error:
        print(f"Cannot listen on {HOST}:{options.port}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
