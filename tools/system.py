"""Packages of the operating system that pip cannot bring."""

import os
import shutil

from tools import paths, process, say
from tools.say import Refusal


def missing(packages):
    """Return those of the named Debian or Ubuntu packages that are not installed."""
    if not shutil.which("dpkg-query"):
        return []
    return [name for name in packages if not _installed(name)]


def _installed(name):
    try:
        status = process.run(["dpkg-query", "--show", "--showformat=${db:Status-Status}", name])
    except Refusal:
        return False
    return status == "installed"


def ensure(packages, what_for):
    """Install missing packages when root; otherwise refuse with the one line to type."""
    wanted = missing(packages)
    if not wanted:
        return
    line = f"apt-get install -y {' '.join(wanted)}"
    if os.geteuid() != 0:
        raise Refusal(f"For {what_for}, install what is missing, then try again: sudo {line}")
    say.detail(f"{line} (for {what_for})")
    log = paths.LOG / "apt.log"
    quiet = process.environ(DEBIAN_FRONTEND="noninteractive")
    process.run(["apt-get", "update", "-q"], log=log, why="apt-get update", env=quiet)
    process.run(
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *wanted],
        log=log,
        why=line,
        env=quiet,
    )
