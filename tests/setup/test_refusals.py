"""What set-up refuses before it builds anything: one sentence, exit code 2, by real conditions."""

import ast
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.making import PYTHON, ROOT, Checkout, clean_environment, copy_checkout


def test_wrong_python(home):
    """Any Python but 3.11 to 3.13 gets the sentence, the oldest too."""
    others = [
        *Path.home().glob(".pyenv/versions/*/bin/python"),
        *Path("/usr/bin").glob("python[23]*"),
        *Path("/usr/local/bin").glob("python[23]*"),
    ]
    tried = 0
    for python in others:
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        found = subprocess.run([python, "-c", code], capture_output=True, text=True)
        if found.returncode or found.stdout.strip() in ("3.11", "3.12", "3.13"):
            continue
        done = subprocess.run(
            [python, "-B", "-m", "tools", "run"],
            cwd=ROOT,
            env=clean_environment(home),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 2, (python, done.stderr)
        assert done.stderr.count("\n") == 1
        assert f"Python {found.stdout.strip()} runs here" in done.stderr
        tried += 1
    if not tried:  # a machine with the right Pythons only: let one of them lie
        code = (
            "import sys, runpy; sys.version_info = (3, 10, 0); "
            "runpy.run_module('tools', run_name='__main__')"
        )
        done = subprocess.run([PYTHON, "-B", "-c", code], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 2
        assert "Python 3.10 runs here" in done.stderr


def test_entry_parses_on_old_pythons():
    """The two files that a wrong Python reads hold nothing that it cannot parse."""
    for name in ("__init__.py", "__main__.py"):
        tree = ast.parse((ROOT / "tools" / name).read_text(), feature_version=(3, 4))
        assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree))


def test_port_taken(bare):
    """The program that has the port is named."""
    with socket.create_server(("127.0.0.1", bare.port)):
        said = bare.refused("run")
    assert f"Port {bare.port} (the venue) is taken by" in said
    assert f"(process {os.getpid()})" in said
    assert not (bare.root / ".venv").exists()


def test_second_port_taken(bare):
    """The ports of caught mail are looked at too."""
    with socket.create_server(("127.0.0.1", bare.port + 1)):
        assert "caught mail" in bare.refused("run")


@pytest.mark.parametrize("port", ["http", "80", "70000"])
def test_port_is_no_port(bare, port):
    assert "is not a port" in bare.refused("run", PORT=port)


def test_name_of_database(bare):
    """A name that would need quoting everywhere is refused at once."""
    assert "is not a name for a database" in bare.refused("run", DB="my-db; DROP")


def test_unknown_command(bare):
    assert "Commands: run" in bare.refused("runn")


def test_command_of_a_later_version(bare):
    """A command whose part is not in the checkout says so."""
    assert "not part of this version" in bare.refused("simulate")


def test_comma_in_path(open_folder, home):
    """Odoo splits its addons path at commas."""
    root = copy_checkout(open_folder / "one,two")
    assert "has a comma in its name" in Checkout(root, home).refused("run")


def test_little_disk(bare):
    """Less than 5 GB, on a small file system where the machine lets us mount one."""
    small = bare.root.parent / "small"
    small.mkdir()
    script = (
        'mount -t tmpfs -o size=64m none "$1" && cp -r "$2" "$1/checkout" && '
        'cd "$1/checkout" && exec "$3" -B -m tools run'
    )
    mount = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "-r", "--mount"]
    words = [*mount, "sh", "-c", script, "sh", str(small), str(bare.root), PYTHON]
    done = subprocess.run(words, env=bare.env, capture_output=True, text=True)
    if "mount" in done.stderr or "unshare" in done.stderr:
        done = bare.python(
            "import shutil, collections, sys; "
            "shutil.disk_usage = lambda p: collections.namedtuple('U', 'free')(4_900_000_000); "
            "from tools.commands import run; sys.exit(run(['run']))"
        )
    assert done.returncode == 2, done.stderr
    assert "GB free" in done.stderr
    assert "this needs 5 GB" in done.stderr
    assert done.stderr.count("\n") == 1


def test_environment_of_another_user(bare):
    """Half-owned folders cannot be repaired: their owner is named."""
    (bare.root / ".venv").mkdir()
    if os.geteuid() == 0:
        os.chown(bare.root / ".venv", 65534, 65534)
        said = bare.refused("run")
    else:
        done = bare.python(
            "import os, sys; os.geteuid = lambda: 12345; "
            "from tools.commands import run; sys.exit(run(['run']))"
        )
        assert done.returncode == 2
        said = done.stderr
    assert ".venv/ was made by user" in said
    assert "make clean" in said


def test_odoo_home_of_another_series(bare, tmp_path):
    """A tree of another series is refused, not replaced in silence."""
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    said = bare.refused("run", ODOO_HOME=str(tmp_path))
    assert "is Odoo 18.0 and TiBillet needs 19.0" in said


def test_no_source_brings_odoo(bare, tmp_path):
    """Each source is named with its reason before the next is tried."""
    done = bare.tools(
        "run",
        ODOO_HOME=str(tmp_path / "nowhere"),
        DEBIAN_MIRROR=f"file:{tmp_path}/no-mirror",
        ODOO_GIT=f"file://{tmp_path}/no-git",
        TIBILLET_CACHE=str(tmp_path / "cache"),
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1
    for source in ("ODOO_HOME: ", "Debian's package odoo-19: ", "git, branch 19.0: "):
        assert source in done.stderr
        assert source in done.stdout
    assert "holds no Odoo" in done.stderr


@pytest.fixture(scope="module")
def keyring(tmp_path_factory):
    """A signing key of our own, as (gpg home, keyring)."""
    assert shutil.which("gpg"), "install gnupg: these tests sign a mirror of their own"
    folder = tmp_path_factory.mktemp("gpg", numbered=True)
    folder.chmod(0o700)
    gpg = ["gpg", "--homedir", str(folder), "--batch", "--quiet", "--passphrase", ""]
    subprocess.run([*gpg, "--quick-gen-key", "Test <t@example.org>", "rsa2048"], check=True)
    exported = subprocess.run([*gpg, "--export"], check=True, capture_output=True).stdout
    (folder / "ring.gpg").write_bytes(exported)
    yield gpg, folder / "ring.gpg"
    subprocess.run(["gpgconf", "--homedir", str(folder), "--kill", "gpg-agent"], check=False)


def mirror(folder, version, gpg):
    """Make a Debian mirror of two suites whose package odoo-19 has this version (or none)."""
    pool = folder / "pool"
    pool.mkdir()
    index = b""
    if version:
        package = folder / "package"
        (package / "DEBIAN").mkdir(parents=True)
        control = (
            f"Package: odoo-19\nVersion: {version}\nArchitecture: all\n"
            "Maintainer: Test <t@example.org>\nDescription: test\n"
        )
        (package / "DEBIAN" / "control").write_text(control)
        built = pool / "odoo-19_all.deb"
        subprocess.run(["dpkg-deb", "--build", package, built], check=True, capture_output=True)
        content = built.read_bytes()
        index = (
            f"{control}Filename: pool/{built.name}\nSize: {len(content)}\n"
            f"SHA256: {hashlib.sha256(content).hexdigest()}\n\n"
        ).encode()
    for suite in ("sid", "bookworm", "trixie"):
        for architecture in ("all", "amd64", "arm64"):
            binary = folder / "dists" / suite / "main" / f"binary-{architecture}"
            binary.mkdir(parents=True)
            (binary / "Packages").write_bytes(index)
        release = release_of(folder / "dists" / suite, suite)
        subprocess.run(
            [*gpg, "--clearsign", "-o", str(folder / "dists" / suite / "InRelease")],
            input=release.encode(),
            check=True,
        )
    return f"file:{folder}"


def release_of(folder, suite):
    """Return the text of a Release file over the indexes of a suite."""
    rows = [
        f"Origin: Debian\nSuite: {suite}\nCodename: {suite}\nComponents: main",
        "Architectures: all amd64 arm64\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:",
    ]
    for path in sorted(folder.rglob("Packages")):
        content = path.read_bytes()
        name = path.relative_to(folder)
        rows.append(f" {hashlib.sha256(content).hexdigest()} {len(content)} {name}")
    return "\n".join(rows) + "\n"


def fetch_from(bare, tmp_path, url, ring):
    """Let the Debian source try a mirror; return the outcome and what was printed."""
    code = (
        "from tools import debian\n"
        "from tools.say import Refusal\n"
        "try: debian.fetch()\n"
        "except (debian.Unavailable, Refusal) as e: print('OUTCOME', type(e).__name__, e)\n"
    )
    done = bare.python(
        code,
        DEBIAN_MIRROR=url,
        DEBIAN_KEYRING=str(ring),
        TIBILLET_CACHE=str(tmp_path / "cache"),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_mirror_without_odoo(bare, tmp_path, keyring):
    """A suite that has no odoo-19 is one reason, and the next source is tried."""
    url = mirror(tmp_path, "", keyring[0])
    said = fetch_from(bare, tmp_path, url, keyring[1])
    assert "OUTCOME Unavailable the suites of this machine's mirror carry no odoo-19" in said


def test_mirror_with_another_series(bare, tmp_path, keyring):
    """An odoo-19 that left its series is refused."""
    url = mirror(tmp_path, "19.1.0+dfsg-1", keyring[0])
    said = fetch_from(bare, tmp_path, url, keyring[1])
    assert "odoo-19 is now 19.1.0+dfsg-1 and TiBillet needs series 19.0" in said


def test_mirror_with_a_newer_patch(bare, tmp_path, keyring):
    """A later version of the series is taken, and said to be newer."""
    url = mirror(tmp_path, "19.0.20270101+dfsg-1", keyring[0])
    said = fetch_from(bare, tmp_path, url, keyring[1])
    assert "19.0.20270101+dfsg-1 is newer than 19.0.0+dfsg-1" in said


def test_mirror_signed_by_somebody_else(bare, tmp_path, keyring):
    """What apt cannot verify is never used: Debian's keyring does not know our test key."""
    url = mirror(tmp_path, "19.0.0+dfsg-1", keyring[0])
    ring = tmp_path / "other.gpg"
    ring.write_bytes(b"")
    said = fetch_from(bare, tmp_path, url, ring)
    assert "OUTCOME Unavailable Reading the package lists failed" in said


def test_ubuntu_uses_its_own_suites(bare, tmp_path):
    """On Ubuntu without variables, the machine's own sources are asked, no Debian mirror."""
    done = bare.python(
        "from tools import debian\n"
        "debian.os_release = lambda: {'ID': 'ubuntu', 'VERSION_CODENAME': 'noble'}\n"
        "print(debian._sources())",
        TIBILLET_CACHE=str(tmp_path),
    )
    assert done.stdout.strip() == "('noble', None)", done.stderr
    done = bare.python(
        "from tools import debian\n"
        "debian.os_release = lambda: {'ID': 'ubuntu', 'VERSION_CODENAME': 'noble'}\n"
        "print(debian._sources()[1])",
        DEBIAN_MIRROR="https://debian.example/debian",
        DEBIAN_KEYRING=sys.executable,
    )
    assert f"deb [signed-by={sys.executable}] https://debian.example/debian sid main" in done.stdout
