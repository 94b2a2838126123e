"""Odoo from Debian's package, without touching the system: private apt lists, cache and status.

apt checks every download against the archive's signed index. What it checked is remembered by
its hash in `verified.json`, so that the same file serves later without network.
"""

import hashlib
import json
import os
import re
import shutil
from pathlib import Path

from tools import paths, process, say, stamps
from tools.say import Refusal

PACKAGE = "odoo-19"
SERIES = "19.0"
# The version this checkout is tested with; a later one of the series is taken, and said.
TESTED = "19.0.0+dfsg-1"

# Debian splits these off Odoo; links in its tree lead to them.
COMPANIONS = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
# Odoo needs version 4 of Font Awesome and the older Inconsolata: gone from sid, kept by releases.
RELEASE_COMPANIONS = ("fonts-font-awesome", "fonts-inconsolata")
RELEASES = ("trixie", "bookworm")

ARCHIVES = paths.APT / "archives"
VERIFIED = ARCHIVES / "verified.json"


class Unavailable(Exception):
    """This source cannot bring Odoo here; the message says why."""


def os_release():
    """Return the fields of /etc/os-release."""
    fields = {}
    try:
        for row in Path("/etc/os-release").read_text().splitlines():
            name, _, value = row.partition("=")
            fields[name] = value.strip('"')
    except OSError:
        pass
    return fields


def fetch():
    """Return the checked .deb files and the version of Odoo in them, from the cache if whole."""
    cached = _cached()
    if cached:
        say.detail(f"{PACKAGE} {cached[1]} from the cache")
        return cached
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Unavailable("this machine has no apt")
    release, sources = _sources()
    apt = _Apt("odoo", sources)
    try:
        apt.update()
        version = _check_version(apt.candidate(PACKAGE))
        wanted = [PACKAGE, *COMPANIONS]
        for package in RELEASE_COMPANIONS:
            wanted.append(package + apt.in_release(package, (release, *RELEASES)))
        files = apt.download(wanted)
    except Refusal as failure:
        raise Unavailable(str(failure)) from failure
    _remember(version, files)
    return files, version


def unpack(files, folder):
    """Unpack .deb files into an empty folder."""
    stamps.discard(folder)
    folder.mkdir(parents=True)
    for file in files:
        process.run(["dpkg-deb", "-x", file, folder], why=f"Unpacking {file.name}")


def unpack_from_own_suites(packages):
    """Return a folder with packages of the machine's own release unpacked (no root needed)."""
    apt = _Apt("own", None)
    apt.update()
    folder = paths.APT / "own" / "unpacked"
    unpack(apt.download(packages), folder)
    return folder


def _sources():
    """Return a release and the lines of the private sources list (None: the machine's own)."""
    system = os_release()
    codename = system.get("VERSION_CODENAME", "")
    suite = paths.setting("DEBIAN_SUITE", "sid")
    mirror = paths.setting("DEBIAN_MIRROR")
    keyring = Path(
        paths.setting("DEBIAN_KEYRING", "/usr/share/keyrings/debian-archive-keyring.gpg")
    )
    if not mirror and system.get("ID") != "debian":
        return codename, None
    if not mirror:
        mirror = _own_mirror(codename)
    if not keyring.exists():
        raise Unavailable(f"the keyring {keyring} is missing (DEBIAN_KEYRING names another)")
    release = codename if codename in RELEASES else RELEASES[0]
    return release, [f"deb [signed-by={keyring}] {mirror} {name} main" for name in (suite, release)]


def _own_mirror(codename):
    """Return the mirror from which this Debian takes its main suite."""
    targets = process.run(
        ["apt-get", "indextargets", "--no-release-info", "--format", "$(SITE)|$(RELEASE)"]
    )
    sites = [row.split("|") for row in targets.split() if "|" in row]
    exact = [site for site, release in sites if release == codename]
    loose = [site for site, release in sites if "security" not in release + site]
    if not exact + loose:
        raise Unavailable("apt on this machine names no mirror (DEBIAN_MIRROR names one)")
    return (exact + loose)[0]


def _check_version(version):
    """Return a version of the series, saying so when it is not the tested one."""
    if not version:
        raise Unavailable(f"the suites of this machine's mirror carry no {PACKAGE}")
    if not re.match(rf"(\d+:)?{re.escape(SERIES)}\b", version):
        raise Refusal(
            f"{PACKAGE} is now {version} and TiBillet needs series {SERIES} (tested with "
            f"{TESTED}): give an older tree by ODOO_HOME, or take a later TiBillet."
        )
    if version != TESTED:
        newer = _newer(version, TESTED)
        say.detail(
            f"{PACKAGE} {version} is {'newer' if newer else 'older'} than {TESTED}, which this "
            "checkout was tested with: going on, same series"
        )
    return version


def _newer(version, other):
    try:
        process.run(["dpkg", "--compare-versions", version, "gt", other])
    except Refusal:
        return False
    return True


def _cached():
    """Return the files and version of an earlier download if every hash still fits."""
    try:
        record = json.loads(VERIFIED.read_text())
        files = [ARCHIVES / name for name in record["files"]]
        whole = all(_hash(ARCHIVES / name) == value for name, value in record["files"].items())
    except (OSError, ValueError, KeyError):
        return None
    return (files, record["version"]) if whole else None


def _remember(version, files):
    record = {"version": version, "files": {file.name: _hash(file) for file in files}}
    stamps.write_whole(VERIFIED, json.dumps(record, indent=1) + "\n")


def _hash(file):
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


class _Apt:
    """apt on lists, cache and status of its own below the download cache."""

    def __init__(self, name, sources):
        self.home = paths.APT / name
        for folder in ("lists/partial", "cache/archives/partial", "etc/preferences.d"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        ARCHIVES.mkdir(parents=True, exist_ok=True)
        (self.home / "status").write_text("")
        options = {
            "Dir::State::Lists": self.home / "lists",
            "Dir::State::status": self.home / "status",
            "Dir::Cache": self.home / "cache",
            "Dir::Etc::Preferences": "/dev/null",
            "Dir::Etc::PreferencesParts": self.home / "etc/preferences.d",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "20",
            "Acquire::Languages": "none",
            "APT::Update::Error-Mode": "any",
        }
        if sources is not None:
            (self.home / "etc/sources.list").write_text("\n".join(sources) + "\n")
            options["Dir::Etc::SourceList"] = self.home / "etc/sources.list"
            options["Dir::Etc::SourceParts"] = "/dev/null"
        if os.geteuid() == 0:
            options["APT::Sandbox::User"] = "root"
        self.options = [f"-o{name}={value}" for name, value in options.items()]
        self.env = process.environ(LC_ALL="C.UTF-8", DEBIAN_FRONTEND="noninteractive")

    def _run(self, program, *words, why=None, cwd=None):
        why = why or f"{program} {words[0]}"
        return process.run([program, *self.options, "-q", *words], why=why, env=self.env, cwd=cwd)

    def update(self):
        say.detail("reading the package lists")
        self._run("apt-get", "update", why="Reading the package lists")

    def candidate(self, package):
        """Return the version that apt would take, or an empty string."""
        policy = self._run("apt-cache", "policy", package)
        found = re.search(r"Candidate: (\S+)", policy)
        return found.group(1) if found and found.group(1) != "(none)" else ""

    def in_release(self, package, releases):
        """Return ``/release`` for the first release that has the package, else nothing."""
        madison = self._run("apt-cache", "madison", package)
        for release in releases:
            if release and re.search(rf"\b{re.escape(release)}/", madison):
                return f"/{release}"
        return ""

    def download(self, packages):
        """Download packages into the archive folder and return their files, in order."""
        say.detail(f"downloading {len(packages)} packages")
        uris = self._run("apt-get", "download", "--print-uris", *packages, cwd=ARCHIVES)
        names = re.findall(r"^'[^']*' (\S+\.deb) \d+", uris, re.MULTILINE)
        self._run("apt-get", "download", *packages, why="Downloading the packages", cwd=ARCHIVES)
        files = [ARCHIVES / name for name in names]
        absent = [file.name for file in files if not file.exists()]
        if absent or len(files) < len(packages):
            raise Refusal(f"apt did not bring {', '.join(absent) or 'every package'}")
        return files
