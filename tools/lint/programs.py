"""Rules that other programs check: ruff, pylint with its Odoo plugin, eslint, prettier."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

from .fault import Fault

# What the Odoo plugin of pylint says and this house does otherwise.
NOT_OURS = {
    "C8112": "the readme is in readme/, chapter by chapter; nothing generates a README.rst",
    "C8116": "a manifest may say aloud that it is installable",
    "W8106": "rows of money are written by SQL: there create, write and unlink only refuse",
    "E8140": "and unlink refuses for the same reason",
    "W8113": "a field may say its name aloud, where its neighbours do",
    "W8163": "tables that hold a row per place, key or asset are read whole",
    "R8180": "a long model is told in several files, one subject each",
}


class ProgramFailed(RuntimeError):
    """A program could not do its work at all."""


def ruff(root):
    """Style and common mistakes of all Python."""
    done = _run([sys.executable, "-m", "ruff", "check", "--output-format=json", "."], root)
    for fault in _json(done, "ruff"):
        sentence = f"{fault['code']} {fault['message']}"
        yield Fault(
            root / os.path.relpath(fault["filename"], root), fault["location"]["row"], sentence
        )


def pylint(root):
    """Odoo's habits, on our addons."""
    addons = sorted(path.parent.name for path in (root / "addons").glob("*/__manifest__.py"))
    if not addons:
        return
    command = [sys.executable, "-m", "pylint", "--rcfile", str(root / "pyproject.toml")]
    command += [
        f"--disable={','.join(NOT_OURS)}",
        "--output-format=json2",
        *(f"addons/{name}" for name in addons),
    ]
    answer = _json(_run(command, root), "pylint")
    for fault in answer["messages"]:
        sentence = f"{fault['messageId']} {fault['symbol']}: {fault['message']}"
        yield Fault(root / fault["path"], fault["line"], sentence)


def eslint(root):
    """Mistakes in our JavaScript."""
    if not scripts(root):
        return
    command = [_node_program(root, "eslint"), "--format=json", *scripts(root)]
    for file in _json(_run(command, root), "eslint"):
        for fault in file["messages"]:
            path = root / os.path.relpath(file["filePath"], root)
            sentence = f"{fault.get('ruleId') or 'syntax'}: {fault['message']}"
            yield Fault(path, fault.get("line", 0), sentence)


def prettier(root):
    """Layout of our JavaScript and of what stands beside it."""
    files = scripts(root)
    if not files:
        return
    done = _run([_node_program(root, "prettier"), "--list-different", *files], root)
    if done.returncode not in (0, 1):
        raise ProgramFailed(f"prettier: {done.stderr.strip()[-2000:]}")
    for name in done.stdout.splitlines():
        yield Fault(root / name, 0, f"layout: run node_modules/.bin/prettier --write {name}")


def scripts(root):
    """Our own JavaScript, by path from the root; what others wrote lies in `static/lib`."""
    own = [*(root / "addons").rglob("*.js"), *root.glob("*.js")]
    names = sorted(str(path.relative_to(root)) for path in own)
    return [name for name in names if not re.search(r"(^|/)(lib|node_modules)/", name)]


def install_node_packages(root, say=print):
    """Bring eslint and prettier in the locked versions, once per lock file."""
    lock = (root / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock).hexdigest()
    stamp = root / "node_modules" / ".tibillet-lock"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = shutil.which("npm")
    if not npm:
        raise ProgramFailed("eslint and prettier need Node.js: apt-get install --yes nodejs npm")
    say("installing eslint and prettier (npm ci)", flush=True)
    done = _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], root)
    if done.returncode:
        raise ProgramFailed(f"npm ci failed:\n{done.stderr.strip()[-2000:]}")
    stamp.write_text(wanted)


def _node_program(root, name):
    return str(root / "node_modules" / ".bin" / name)


def _run(command, root):
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def _json(done, name):
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        output = (done.stderr or done.stdout).strip()[-2000:]
        raise ProgramFailed(f"{name} did not run: {output}") from error
