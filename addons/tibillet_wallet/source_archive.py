"""The source of our addons as they run here, modified or not, as an archive."""

import gzip
import io
import os
import tarfile

from odoo.modules.module import Manifest

# What source is made of. Anything else that lies about in a folder stays where it is.
SUFFIXES = [
    ".py",
    ".pyi",
    ".xml",
    ".csv",
    ".sql",
    ".js",
    ".mjs",
    ".css",
    ".scss",
    ".html",
    ".md",
    ".rst",
    ".txt",
    ".toml",
    ".cfg",
    ".json",
    ".po",
    ".pot",
    ".svg",
    ".png",
    ".jpg",
    ".webp",
    ".ico",
    ".wav",
    ".mp3",
    ".woff2",
    ".service",
    ".rules",
]
SKIPPED_FOLDERS = ("__pycache__", "node_modules")


def build(addons):
    """Bytes of a ``.tar.gz`` with the folders of ``addons``; the same files, the same bytes."""
    tarred = io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for addon in addons:
            for path, name in _files(addon):
                member = tarfile.TarInfo(name)
                member.mode = 0o644
                with open(path, "rb") as stream:
                    content = stream.read()
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return gzip.compress(tarred.getvalue(), mtime=0)


def _files(addon):
    root = Manifest.for_addon(addon).path
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(
            one for one in folders if one not in SKIPPED_FOLDERS and not one.startswith(".")
        )
        for file in sorted(files):
            path = os.path.join(folder, file)
            visible = not file.startswith(".") and not os.path.islink(path)
            if visible and (os.path.splitext(file)[1] in SUFFIXES or file == "LICENSE"):
                yield path, f"{addon}/{os.path.relpath(path, root)}"
