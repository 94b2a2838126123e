"""What has to be true before anything is built: each refusal says what to do."""

import os
import shutil
import socket
import sys
from pathlib import Path

from tools import environment, paths, process, say, stamps
from tools.say import Refusal

NEEDED_GB = 5
# Once everything stands, a start only writes logs and rows.
NEEDED_LATER_GB = 0.5


def check(ports):
    """Refuse what would fail later; `ports` maps a purpose to a port on this machine."""
    if not sys.platform.startswith("linux"):
        raise Refusal(f"TiBillet's set-up knows Linux and this is {sys.platform}.")
    if "," in str(paths.ROOT) or "\n" in str(paths.ROOT):
        raise Refusal(
            f"The folder {paths.ROOT} has a comma in its name, which Odoo takes for the end of a "
            "path: rename it, then try again."
        )
    environment.check_owner()
    if not os.access(paths.ROOT, os.W_OK):
        raise Refusal(
            f"You may not write in {paths.ROOT}: clone the repository into a folder of yours."
        )
    check_disk()
    for purpose, port in ports.items():
        check_port(purpose, port)


def check_disk():
    """Refuse to start a set-up that the disk cannot hold."""
    standing = stamps.read("requirements") is not None and paths.VENV.exists()
    needed = NEEDED_LATER_GB if standing else NEEDED_GB
    free = shutil.disk_usage(paths.ROOT).free / 10**9
    if free < needed:
        raise Refusal(
            f"There are {free:.1f} GB free at {paths.ROOT} and this needs {needed} GB: "
            "make room, or clone the repository onto a larger disk."
        )
    say.detail(f"{free:.0f} GB free")


def port_number(name, default):
    """Return a port given by variable, or its default."""
    given = paths.setting(name, str(default))
    if not given.isdigit() or not 1024 <= int(given) <= 65000:
        raise Refusal(f"{name}={given} is not a port: give a number from 1024 to 65000.")
    return int(given)


def check_port(purpose, port):
    """Refuse a port that another program listens on, and name that program."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
            return
        except OSError:
            pass
    raise Refusal(
        f"Port {port} ({purpose}) is taken by {_who_listens(port)}: stop it, or choose another "
        "by `make run PORT=…`."
    )


def _who_listens(port):
    """Return words for the program that listens on a port, as far as /proc shows it."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            words = row.split()
            if words[3] == "0A" and int(words[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{words[9]}]")
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(os.readlink(entry) in inodes for entry in folder.iterdir()):
                return _describe(int(folder.parent.name))
        except OSError:
            continue
    return "another program"


def _describe(pid):
    words = process.command_line(pid)
    try:
        where = os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        where = ""
    other = Path(where)
    if where and other != paths.ROOT and (other / "tools" / "odoo_source.py").exists():
        return f"TiBillet of another checkout, {other} (process {pid})"
    name = Path(words[0]).name if words and words[0] else "a program"
    return f"{name} (process {pid})"
