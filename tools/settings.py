"""What `make run` serves: ports, database name, Odoo's configuration and the secret key."""

import re
import secrets
from dataclasses import dataclass, field

from tools import check, odoo_source, paths, stamps
from tools.say import Refusal

CONFIGURATION = paths.DATA / "odoo.conf"


@dataclass
class Settings:
    """The variables of the command line, checked."""

    port: int = field(default_factory=lambda: check.port_number("PORT", 8069))
    database: str = field(default_factory=lambda: paths.setting("DB", "tibillet"))
    # Not HOST: some shells export that name for the machine.
    host: str = field(default_factory=lambda: paths.setting("LISTEN", "127.0.0.1"))
    https: bool = field(default_factory=lambda: paths.setting("HTTPS") not in ("", "0"))

    def __post_init__(self):
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", self.database):
            raise Refusal(
                f"DB={self.database} is not a name for a database: use small letters, digits and _."
            )

    @property
    def mail_port(self):
        """Port of the page that shows caught mail."""
        return self.port + 1

    @property
    def smtp_port(self):
        """Port where Odoo hands in its mail."""
        return self.port + 2

    @property
    def https_port(self):
        """Port that phones use with `HTTPS=1`."""
        return self.port + 3

    def ports(self):
        """Return the ports that have to be free, by purpose."""
        wanted = {
            "the venue": self.port,
            "the page of caught mail": self.mail_port,
            "catching mail": self.smtp_port,
        }
        if self.https:
            wanted["HTTPS"] = self.https_port
        return wanted

    @property
    def url(self):
        """Address of the first page."""
        return f"http://localhost:{self.port}"


def make_secret():
    """Create the key that encrypts secrets at rest; an existing one is never replaced."""
    if not paths.SECRET_KEY.exists():
        stamps.write_whole(paths.SECRET_KEY, secrets.token_urlsafe(48) + "\n", mode=0o600)
    paths.SECRET_KEY.chmod(0o600)


def write_configuration(settings, server):
    """Write Odoo's configuration for this start; passwords stay in the environment."""
    options = {
        "addons_path": ",".join(addons_path()),
        "data_dir": paths.ODOO_DATA,
        "db_host": server.get("PGHOST", ""),
        "db_port": server.get("PGPORT", ""),
        "db_user": server.get("PGUSER", ""),
        "db_name": settings.database,
        "dbfilter": f"^{settings.database}$",
        "list_db": False,
        "admin_passwd": secrets.token_urlsafe(24),
        "http_interface": settings.host,
        "http_port": settings.port,
        "proxy_mode": settings.https,
        "workers": 0,
        "max_cron_threads": 1,
        "smtp_server": "127.0.0.1",
        "smtp_port": settings.smtp_port,
    }
    rows = [f"{name} = {value}" for name, value in options.items() if value != ""]
    text = "\n".join(
        ["; Written by every `make run`: change variables there, not here.", "[options]"]
        + rows
        + ["", "[tibillet]", f"key_file = {paths.SECRET_KEY}", ""]
    )
    stamps.write_whole(CONFIGURATION, text, mode=0o600)
    for folder in (paths.ODOO_DATA, paths.MAIL):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    return CONFIGURATION


def addons_path():
    """Return the folders where Odoo finds addons beyond those inside its package."""
    folders = []
    home = odoo_source.linked_tree()
    if home and (home / "addons").is_dir():
        folders.append(str(home / "addons"))
    if any(paths.ADDONS.glob("*/__manifest__.py")):
        folders.append(str(paths.ADDONS))
    return folders
