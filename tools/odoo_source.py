"""Odoo itself: from ODOO_HOME, else Debian's package, else a shallow git clone."""

import json
import os
import re
import shutil
import time
import uuid
from pathlib import Path

from tools import debian, paths, process, say, stamps
from tools.debian import SERIES, Unavailable
from tools.say import Refusal

GIT = "https://github.com/odoo/odoo.git"
PART = paths.DATA / "odoo.part"
CLONE = paths.CACHE / "odoo-git"
# Written into a copied tree before it is renamed into its place.
COPY_MARK = ".tibillet-copy"


def identity():
    """Return the name of the very installation that stands in the environment."""
    return installed().get("id", "")


def installed():
    """Return the record of what was installed: source, version, dates (empty if nothing)."""
    try:
        return json.loads(paths.INSTALLED.read_text())
    except (OSError, ValueError):
        return {}


def inputs():
    """Return the hash of what decides which Odoo stands in the environment."""
    from tools import environment

    home = paths.setting("ODOO_HOME")
    whole = "" if _present() else uuid.uuid4()
    return stamps.digest(environment.identity(), home, debian.TESTED, whole)


def _present():
    tree = linked_tree() or paths.site_packages()
    return (tree / "odoo" / "release.py").exists()


def linked_tree():
    """Return the tree that the environment points to, or None when Odoo stands inside it."""
    try:
        return Path((paths.site_packages() / "tibillet-odoo.pth").read_text().strip())
    except OSError:
        return None


def install():
    """Put Odoo into the environment; each source that cannot bring it is named with its reason."""
    reasons = []
    for title, source in (
        ("ODOO_HOME", _from_home),
        (f"Debian's package {debian.PACKAGE}", _from_debian),
        (f"git, branch {SERIES}", _from_git),
    ):
        try:
            record = source()
        except Unavailable as reason:
            reasons.append(f"{title}: {str(reason).rstrip('.')}")
            say.detail(reasons[-1])
            continue
        _write_command()
        record.update(
            id=uuid.uuid4().hex, installed=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        )
        stamps.write_whole(paths.INSTALLED, json.dumps(record, indent=1) + "\n")
        say.detail(
            f"Odoo {record['version']} of {record['date']}, from {record['source']} "
            "(written to .data/installed.json)"
        )
        return
    raise Refusal(f"No source brought Odoo {SERIES}: {'; '.join(reasons)}.")


def _write_command():
    """Write `.venv/bin/odoo`: with workers, Odoo starts its websocket process by that file."""
    command = paths.VENV / "bin" / "odoo"
    stamps.write_whole(
        command,
        f"#!{paths.VENV_PYTHON}\nfrom odoo.cli.command import main\n\nmain()\n",
        mode=0o755,
    )


def release(tree):
    """Return (series, date) of an Odoo tree read from its `release.py`, without running it."""
    source = tree / "odoo" / "release.py"
    found = re.search(
        r"^version_info\s*=\s*\(\s*['\"]?([\w~]+)['\"]?\s*,\s*(\d+)",
        source.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    date = time.strftime("%Y-%m-%d", time.gmtime(source.stat().st_mtime))
    return (f"{found.group(1)}.{found.group(2)}" if found else "unknown"), date


def _from_home():
    home = paths.setting("ODOO_HOME")
    if not home:
        raise Unavailable("not given")
    tree = Path(home).expanduser().absolute()
    if not (tree / "odoo" / "release.py").exists():
        raise Unavailable(f"{tree} holds no Odoo (odoo/release.py is missing)")
    series, date = release(tree)
    if series != SERIES:
        raise Refusal(
            f"ODOO_HOME ({tree}) is Odoo {series} and TiBillet needs {SERIES}: give a tree of "
            f"branch {SERIES}, or leave ODOO_HOME out."
        )
    _link(tree)
    return {"source": f"ODOO_HOME {tree}", "version": series, "date": date}


def _from_debian():
    files, version = debian.fetch()
    site = paths.site_packages()
    if _whole_copy(site) != version:
        say.detail("unpacking")
        debian.unpack(files, PART)
        tree = PART / "usr/lib/python3/dist-packages"
        _resolve_links(tree / "odoo", PART)
        _fill_gaps(tree / "odoo" / "addons")
        _empty_site()
        for found in tree.glob("odoo*.egg-info"):
            shutil.move(found, site / found.name)
        (tree / "odoo" / COPY_MARK).write_text(f"{version}\n")
        shutil.move(tree / "odoo", site / "odoo")
        stamps.discard(PART)
    _series, date = release(site)
    return {
        "source": f"Debian's package {debian.PACKAGE}",
        "version": version,
        "date": date,
        "files": [file.name for file in files],
    }


def _whole_copy(site):
    """Return the version of a copy that an earlier set-up put there whole, by one rename."""
    try:
        return (site / "odoo" / COPY_MARK).read_text().strip()
    except OSError:
        return ""


def _from_git():
    if not shutil.which("git"):
        raise Unavailable("git is not installed")
    if not (CLONE / "odoo" / "release.py").exists():
        part = CLONE.with_name("odoo-git.part")
        shutil.rmtree(part, ignore_errors=True)
        url = paths.setting("ODOO_GIT", GIT)
        say.detail(f"cloning branch {SERIES} of {url}")
        slow = ("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30")
        try:
            process.run(
                ["git", *slow, "clone", "--depth=1", f"--branch={SERIES}", url, part],
                why="git clone",
                env=process.environ(GIT_TERMINAL_PROMPT="0"),
            )
        except Refusal as failure:
            raise Unavailable(str(failure)) from failure
        part.rename(CLONE)
    series, date = release(CLONE)
    commit = process.run(["git", "-C", CLONE, "log", "-1", "--format=%h %cs"]).split()
    _link(CLONE)
    return {
        "source": "git",
        "version": f"{series} at {commit[0]}",
        "date": commit[1] if len(commit) > 1 else date,
    }


def _empty_site():
    """Return site-packages without any earlier Odoo, whole or half."""
    site = paths.site_packages()
    for left in (*site.glob("odoo"), *site.glob("odoo-*.*-info"), *site.glob("tibillet-odoo.pth")):
        stamps.discard(left)
    return site


def _link(tree):
    """Make a tree importable where it stands, and known to pip so that nothing replaces it."""
    site = _empty_site()
    info = site / f"odoo-{SERIES}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: odoo\nVersion: {SERIES}\n")
    (info / "INSTALLER").write_text("tibillet\n")
    (info / "RECORD").write_text("")
    stamps.write_whole(site / "tibillet-odoo.pth", f"{tree}\n")


def _resolve_links(tree, root):
    """Replace links that lead out of a Debian package's tree by the files they mean."""
    for folder, folders, files in os.walk(tree):
        for name in folders + files:
            link = Path(folder) / name
            if not link.is_symlink():
                continue
            target = os.readlink(link)
            base = root if target.startswith("/") else link.parent
            meant = Path(os.path.normpath(base / target.lstrip("/")))
            if not meant.exists():
                continue
            link.unlink()
            if meant.is_dir():
                shutil.copytree(meant, link)
            else:
                shutil.copy2(meant, link)


def _fill_gaps(addons):
    """Put an empty file where Debian left one out and Odoo's asset bundler would log an error."""
    gap = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not gap.exists():
        gap.parent.mkdir(parents=True, exist_ok=True)
        gap.write_text("/* Not in Debian's package: background blur in calls is unavailable. */\n")
