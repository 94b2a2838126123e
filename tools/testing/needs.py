"""What `make test` needs from the machine beyond Python: a browser, the card service, Node,
readers of PDFs and of QR codes."""

import glob
import os
import shutil
import subprocess

# Name for people → (Debian package, how to see that it is there).
NEEDS = {
    "Chromium": ("chromium", ("chromium", "chromium-browser", "google-chrome")),
    "pcscd": ("pcscd", ("pcscd", "/usr/sbin/pcscd")),
    "the virtual card reader": (
        "vsmartcard-vpcd",
        ("/usr/lib/pcsc/drivers/serial/libifdvpcd.so*",),
    ),
    "the headers of PC/SC": ("libpcsclite-dev", ("/usr/include/PCSC/winscard.h",)),
    "swig": ("swig", ("swig",)),
    "a screen for the browser": ("xvfb", ("Xvfb",)),
    "a C compiler": ("build-essential", ("cc",)),
    "GnuPG": ("gnupg", ("gpg",)),
    "poppler": ("poppler-utils", ("pdftoppm",)),
    "qpdf": ("qpdf", ("qpdf",)),
    "zbar": ("zbar-tools", ("zbarimg",)),
    "Node.js": ("nodejs", ("node",)),
    "npm": ("npm", ("npm",)),
}


def missing(only=None):
    """What is not on this machine, as a list of names of `NEEDS` (or of the given ones)."""
    return [name for name in only or NEEDS if not any(map(_there, NEEDS[name][1]))]


def _there(witness):
    return bool(glob.glob(witness)) if witness.startswith("/") else bool(shutil.which(witness))


def command(names):
    """The one line that installs these."""
    packages = " ".join(sorted({NEEDS[name][0] for name in names}))
    return f"apt-get install --yes --no-install-recommends {packages}"


def install(names):
    """Install when root; otherwise say the line to run. Returns whether all is there now."""
    line = command(names)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"make test needs {_sentence(names)}. Run this line, then `make test` again:")
        print(f"    sudo {line}")
        return False
    print(f"installing {_sentence(names)}: {line}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # The package lists of a fresh machine may be empty or old: try, refresh, try again.
    for attempt in (line, "apt-get update --quiet", line):
        done = subprocess.run(attempt.split(), env=environment, capture_output=True, text=True)
        if attempt == line and done.returncode == 0:
            break
    still = missing(names)
    if still:
        print(
            f"{_sentence(still)} could not be installed:\n{done.stdout[-600:]}{done.stderr[-1200:]}"
        )
        print(f"    {command(still)}")
    return not still


def _sentence(names):
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
