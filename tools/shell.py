"""`make shell`: Odoo's shell on the demo database, or a script given on standard input."""

import contextlib
import sys

from tools import database, environment, paths, process, run_lock
from tools.instance import Instance
from tools.say import Refusal
from tools.settings import CONFIGURATION, Settings, make_secret, write_configuration

_PLACES = (("db_host", "PGHOST"), ("db_port", "PGPORT"), ("db_user", "PGUSER"))


def shell(_words):
    """Run the shell and return its exit code; standard output is the script's alone."""
    with ready() as (command, env):
        sys.stdout.flush()
        return process.in_foreground(command, env=env, cwd=paths.ROOT)


@contextlib.contextmanager
def ready():
    """The command line and the variables of Odoo's shell, its database server running."""
    settings = Settings()
    environment.ensure()
    was_running = database.running("pg")
    server = database.ensure("pg")
    try:
        instance = Instance(server, settings.database)
        if not instance.is_whole() and instance.mark() is None:
            raise Refusal(f"There is no database {settings.database} yet: `make run` makes it.")
        make_secret()
        configuration = CONFIGURATION
        if not configuration.exists():
            configuration = write_configuration(settings, server)
        paths.LOG.mkdir(parents=True, exist_ok=True)
        command = [paths.VENV_PYTHON, "-m", "odoo", "shell", "-c", configuration]
        command += ["-d", settings.database, "--no-http", f"--logfile={paths.LOG / 'shell.log'}"]
        command += ["--shell-interface=python", "--max-cron-threads=0"]
        command += [f"--{name}={server[key]}" for name, key in _PLACES if server.get(key)]
        yield [str(word) for word in command], {**process.environ(), **server}
    finally:
        # A `make run` that began meanwhile needs it, also before it is connected.
        if not was_running and not run_lock.held():
            database.leave(server)
