"""The card reader's service has one socket for the machine; its tests get one of their own.

They run where `/run/pcscd` is another, empty folder: a service that the machine has already, as
systemd starts one at the first question, is neither asked nor disturbed, and root is not needed.
"""

import os
import pwd
import subprocess
from functools import cache
from pathlib import Path

SHARDS = {"tests/e2e", "tests/nfc"}
FOLDER = Path("/run/pcscd")


def refused(names):
    """Why the readers' tests among these shards cannot run here, or an empty text."""
    wanted = sorted(SHARDS & set(names))
    if not wanted or os.geteuid() == 0 or _prefix():
        return ""
    return (
        f"{' and '.join(wanted)} start a card reader's service, and this machine gives that to "
        "root only: run `make test` as root, or name other tests by TESTS=."
    )


def apart(name, command):
    """The command of a shard, in a place of its own when it starts the readers' service."""
    return [*_prefix(), *command] if name in SHARDS else command


@cache
def _prefix():
    """What runs a command with a `/run/pcscd` of its own; empty where that is not allowed."""
    inside = ["unshare", "--mount"]
    if os.geteuid() == 0:
        FOLDER.mkdir(exist_ok=True)
    else:
        # pytest names its folders by LOGNAME: those of the real root are closed to us.
        name = pwd.getpwuid(os.geteuid()).pw_name
        inside = ["env", f"LOGNAME={name}", *inside, "--map-root-user"]
    covered = FOLDER if FOLDER.is_dir() else FOLDER.parent
    mount = f"mount -t tmpfs tmpfs {covered}"
    try:
        tried = subprocess.run([*inside, "sh", "-c", mount], capture_output=True)
    except OSError:
        return []
    return [] if tried.returncode else [*inside, "sh", "-c", f'{mount} && exec "$@"', "sh"]
