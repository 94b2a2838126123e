"""The Python environment under `.venv/`: Odoo, its pinned requirements, ours."""

import os
import shutil
import sys
import sysconfig
import time
import uuid
from pathlib import Path

from tools import odoo_source, paths, process, say, stamps
from tools.say import Refusal

CONSTRAINTS = paths.REQUIREMENTS / "constraints.txt"
BASE = ("odoo", "project")


def ensure(extras=()):
    """Make the environment whole and return the path of its Python.

    `extras` name files of `requirements/` beyond the base, such as ``test`` and ``nfc``. Quick
    and silent when nothing changed; repairs what an interrupted set-up left half-done.
    """
    check_owner()
    with stamps.alone():
        for name, wanted, build in _steps(tuple(extras)):
            perform(name, wanted, build)
    return str(paths.VENV_PYTHON)


def perform(name, wanted, build):
    """Run one step unless its stamp says that the same inputs were already built."""
    if stamps.read(name) == wanted():
        return False
    stamps.forget(name)
    with say.step(name):
        began = time.monotonic()
        build()
        stamps.write(name, wanted(), time.monotonic() - began)
    return True


def _steps(extras):
    yield "python", _python_inputs, _build_python
    yield "odoo", odoo_source.inputs, odoo_source.install
    yield "requirements", lambda: _requirement_inputs(BASE), lambda: _install(BASE)
    for extra in extras:
        yield (
            f"requirements-{extra}",
            lambda extra=extra: _requirement_inputs((extra,)),
            lambda extra=extra: _install((extra,)),
        )


def check_owner():
    """Refuse an environment or data that another user made: half of it could not be repaired."""
    for folder in (paths.VENV, paths.DATA):
        if folder.exists() and folder.stat().st_uid != os.geteuid():
            raise Refusal(
                f"{folder.name}/ was made by {_user_name(folder.stat().st_uid)} and you are "
                f"{_user_name(os.geteuid())}: run the command as that user, or have them run "
                "`make clean` first."
            )


def _user_name(uid):
    import pwd

    try:
        return f"user {pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"user number {uid}"


def identity():
    """Return the name that this very environment got when it was made ("" when there is none)."""
    try:
        return (paths.VENV / "tibillet-id").read_text().strip()
    except OSError:
        return ""


def _python_inputs():
    whole = identity() if os.access(paths.VENV_PYTHON, os.X_OK) else f"none {uuid.uuid4()}"
    return stamps.digest(f"{sys.version_info[:3]} {sys.platform}", whole, str(paths.ROOT))


def _build_python():
    """Create the environment; the file `tibillet-id`, written last, says that it is whole."""
    import venv

    stamps.discard(paths.VENV)
    say.detail(f"Python {'.'.join(map(str, sys.version_info[:3]))} from {sys.executable}")
    venv.EnvBuilder(symlinks=True, with_pip=False).create(paths.VENV)
    try:
        process.run(
            [paths.VENV_PYTHON, "-m", "ensurepip", "--default-pip"],
            why="Installing pip",
            env=process.environ(),
        )
    except Refusal:
        _pip_from_debian()
    stamps.write_whole(paths.VENV / "tibillet-id", uuid.uuid4().hex + "\n")


def _pip_from_debian():
    """Debian and Ubuntu take pip out of Python: use the wheel they put in a package of its own."""
    from tools import debian

    wheels = sorted(Path("/usr/share/python-wheels").glob("pip-*.whl"))
    if not wheels:
        say.detail("this Python has no pip: fetching the system's package python3-pip-whl")
        folder = debian.unpack_from_own_suites(["python3-pip-whl"])
        wheels = sorted(folder.glob("usr/share/python-wheels/pip-*.whl"))
    if not wheels:
        raise Refusal(
            "This Python has no pip and no package brings it: install python3-venv, then try again."
        )
    process.run(
        [paths.VENV_PYTHON, "-m", "pip", "install", "--quiet", wheels[-1]],
        why="Installing pip",
        env=process.environ(PYTHONPATH=wheels[-1]),
    )


def _requirement_inputs(names):
    files = [paths.REQUIREMENTS / f"{name}.txt" for name in names]
    return stamps.digest(identity(), odoo_source.identity(), CONSTRAINTS, *files)


def _install(names):
    if "nfc" in names:
        from tools import system

        packages = ["libpcsclite-dev", "swig"]
        if not shutil.which("cc"):
            packages += ["gcc", "libc6-dev"]
        if not (Path(sysconfig.get_path("include")) / "Python.h").exists():
            packages.append("python3-dev")
        system.ensure(packages, "building the card reader's library")
    command = [paths.VENV_PYTHON, "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--constraint", CONSTRAINTS]
    for name in names:
        command += ["--requirement", paths.REQUIREMENTS / f"{name}.txt"]
    _drop_half_installed()
    say.detail(f"installing {', '.join(f'requirements/{name}.txt' for name in names)}")
    process.run(
        command,
        log=paths.LOG / f"requirements-{'-'.join(names)}.log",
        why="Installing the Python requirements",
        env=process.environ(PIP_CACHE_DIR=paths.PIP_CACHE, PIP_ROOT_USER_ACTION="ignore"),
    )


def _drop_half_installed():
    """Forget packages whose installation was cut short: pip writes RECORD last of all."""
    for info in paths.site_packages().glob("*.dist-info"):
        if not (info / "RECORD").exists():
            stamps.discard(info)
    for left in paths.site_packages().glob("~*"):
        stamps.discard(left)
