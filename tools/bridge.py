"""`make nfc-bridge`: the program between a card reader and the till's browser."""

import os
import subprocess

from tools import environment, paths, process
from tools.say import Refusal

FOLDER = paths.ADDONS / "tibillet_pos_nfc" / "bridge"


def bridge(words):
    """Run the bridge in the foreground with the environment that has the reader's library."""
    if not (FOLDER / "tibillet_nfc_bridge").is_dir():
        raise Refusal("`make nfc-bridge` is not part of this version yet.")
    python = environment.ensure(("nfc",))
    env = process.environ(PYTHONPATH=FOLDER)
    env.setdefault("HOME", os.path.expanduser("~"))
    return subprocess.run(
        [python, "-m", "tibillet_nfc_bridge", *words], cwd=FOLDER, env=env, check=False
    ).returncode
