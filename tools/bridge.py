"""`make nfc-bridge`: the program between a card reader and the till's browser."""

import os
from pathlib import Path

from tools import environment, paths, process, say
from tools.demo.territory import PLACES
from tools.say import Refusal
from tools.settings import Settings

FOLDER = paths.ADDONS / "tibillet_pos_nfc" / "bridge"
SERVICE = Path("/usr/sbin/pcscd")


def bridge(words):
    """Run the bridge in the foreground with the environment that has the reader's library.

    The tills of `make run` may connect; `TIBILLET_NFC_ORIGINS` names others in their place.
    """
    if not (FOLDER / "tibillet_nfc_bridge").is_dir():
        raise Refusal("`make nfc-bridge` is not part of this version yet.")
    python = environment.ensure(("nfc",))
    env = process.environ(PYTHONPATH=FOLDER)
    if "HOME" not in os.environ:
        env["HOME"] = os.path.expanduser("~")  # where the token is kept
    if not paths.setting("TIBILLET_NFC_ORIGINS"):
        env["TIBILLET_NFC_ORIGINS"] = " ".join(demo_tills(Settings()))
    if not SERVICE.exists():
        say.line(
            "The card reader's service is not installed, no reader will be found: "
            "apt-get install pcscd libccid"
        )
    if not words:
        say.line(f"Tills that may connect: {env['TIBILLET_NFC_ORIGINS']}")
        say.line("Another pairing token: python3 -m tools nfc-bridge --new-token")
    command = [python, "-m", "tibillet_nfc_bridge", *words]
    return process.in_foreground(command, cwd=FOLDER, env=env)


def demo_tills(settings):
    """Return where the pages of `make run` come from: the first page, and each place's own."""
    addresses = [("http", settings.port)]
    if settings.https:
        addresses.append(("https", settings.https_port))
    hosts = ["localhost", *(f"{place.slug}.localhost" for place in PLACES)]
    return [f"{scheme}://{host}:{port}" for scheme, port in addresses for host in hosts]
