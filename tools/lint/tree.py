"""The tree says nothing of the machine it was written on, nor where that machine fetches from."""

import configparser
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from .fault import Fault

BINARY = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".mo", ".gz", ".woff2", ".dump", ".pdf"}
# Folders in which people and build machines keep their things; production paths are others.
HOMES = re.compile(r"(?<![\w.$}/-])/(?:home|root|Users|work|opt/tb)/[\w.-]+")
# How package managers write down an address of a registry.
REGISTRY = re.compile(
    r'"resolved"\s*:\s*"(?:https?|git)'
    r"|(?:--(?:extra-)?index-url|--find-links|--registry)[= ]\S*//"
    r"|^[ \t]*(?:registry|index-url|extra-index-url)\s*=\s*\S*//"
    r"|(?:@|//)[\w.-]*(?:artifactory|nexus|pypi-proxy|npm-proxy|registry)[\w.-]*[/:]",
    re.M,
)
PUBLIC = {"", "localhost", "127.0.0.1", "github.com"}


def tracked(root):
    """Files that git knows or would add, or all files where there is no repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
    )
    top = subprocess.run(
        ["git", "rev-parse", "--show-toplevel"], cwd=root, capture_output=True, text=True
    )
    if listed.returncode or Path(top.stdout.strip()) != Path(root):
        return sorted(path for path in Path(root).rglob("*") if path.is_file())
    paths = [Path(root, os.fsdecode(name)) for name in listed.stdout.split(b"\0") if name]
    return sorted(path for path in paths if path.is_file())


def check(root):
    """Addresses of registries and paths of a machine in any text file."""
    hosts = configured_hosts()
    for path in tracked(root):
        if path.suffix in BINARY:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for pattern, sentence in (
            (HOMES, "a path of one machine"),
            (REGISTRY, "the address of a package registry"),
        ):
            for found in pattern.finditer(text):
                yield Fault(path, _line(text, found.start()), f"{sentence}: {found[0].strip()}")
        for host in hosts:
            if host in text:
                line = _line(text, text.index(host))
                yield Fault(path, line, "the host that this machine's package tools are set to")


def configured_hosts():
    """Hosts that pip and npm of this machine fetch from, unless they are everybody's."""
    texts = [os.environ.get("PIP_INDEX_URL", ""), os.environ.get("npm_config_registry", "")]
    home = Path.home()
    files = (home / ".npmrc", Path("/etc/npmrc"))
    for path in files:
        if path.exists():
            texts += re.findall(r"registry\s*=\s*(\S+)", path.read_text(errors="replace"))
    for path in (Path("/etc/pip.conf"), home / ".pip/pip.conf", home / ".config/pip/pip.conf"):
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read(path)
        except configparser.Error:
            continue
        for section in parser.sections():
            texts += [value for name, value in parser.items(section) if name.endswith("index-url")]
    hosts = {urlsplit(text.strip()).hostname or "" for text in texts}
    return {host for host in hosts - PUBLIC if "." in host}


def _line(text, position):
    return text.count("\n", 0, position) + 1
