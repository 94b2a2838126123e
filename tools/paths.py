"""Where things are, and what the caller's environment asks for."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
REQUIREMENTS = ROOT / "requirements"

VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"

DATA = ROOT / ".data"
STATE = DATA / "state"
LOG = DATA / "log"
ODOO_DATA = DATA / "odoo"
MAIL = DATA / "mail"
TLS = DATA / "tls"
DUMPS = DATA / "dumps"
INSTALLED = DATA / "installed.json"
SECRET_KEY = DATA / "secret.key"

# Downloads only: can be shared between checkouts, never needed by a running server.
CACHE = Path(os.environ.get("TIBILLET_CACHE") or DATA).absolute()
APT = CACHE / "apt"
PIP_CACHE = CACHE / "pip"


def setting(name, default=""):
    """Return a variable given to make, stripped; empty counts as not given."""
    return os.environ.get(name, "").strip() or default


def site_packages():
    """Return the environment's site-packages folder; the environment must exist."""
    found = sorted(VENV.glob("lib/python3.*/site-packages"))
    return found[0]
