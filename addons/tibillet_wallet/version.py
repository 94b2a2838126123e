"""Which version of the source runs here: release and, from a checkout, its commit."""

import functools
import os
import re

from odoo.modules.module import Manifest

from .keyfile import operator_setting

COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def release():
    """Version of this addon, such as ``19.0.0.1.0``."""
    return Manifest.for_addon("tibillet_wallet")["version"]


def homepage():
    """The project's page, from the manifest."""
    return Manifest.for_addon("tibillet_wallet")["website"]


def commit():
    """The commit that runs: ``TIBILLET_COMMIT``, else read from the checkout, else ''."""
    return operator_setting("commit") or _checked_out()


def _read(*path):
    try:
        with open(os.path.join(*path), encoding="utf-8") as stream:
            return stream.read().strip()
    except (OSError, UnicodeDecodeError):
        return ""


@functools.cache
def _checked_out():
    folder = os.path.dirname(os.path.realpath(__file__))
    while folder != os.path.dirname(folder):
        if os.path.exists(os.path.join(folder, ".git")):
            return _head(os.path.join(folder, ".git"))
        folder = os.path.dirname(folder)
    return ""


def _head(git):
    if os.path.isfile(git):
        # A linked working tree: the file names its own folder, that one the shared one.
        git = os.path.join(os.path.dirname(git), _read(git).removeprefix("gitdir: "))
    common = os.path.join(git, _read(git, "commondir") or ".")
    head = _read(git, "HEAD")
    if head.startswith("ref: "):
        name = head.removeprefix("ref: ")
        head = _read(git, name) or _read(common, name)
        if not head:
            packed = _read(common, "packed-refs").splitlines()
            head = next((row.split()[0] for row in packed if row.endswith(f" {name}")), "")
    return head if COMMIT.fullmatch(head) else ""
