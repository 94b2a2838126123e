"""`make run` and `make dev`: every step from a bare machine to a venue on a page."""

from tools import check, database, environment, paths, process, say, serve, stamps, upgrade
from tools.instance import Instance
from tools.run_lock import RunLock
from tools.settings import Settings, make_secret, write_configuration

# The steps in order; each is named when it begins, and skipped when its result stands.
STEPS = (
    "check",
    "python",
    "odoo",
    "requirements",
    "secret",
    "postgres",
    "database",
    "modules",
    "demo",
    "serve",
)
DEMO = paths.ROOT / "tools" / "demo"


def run(_words):
    """Set everything up, then serve until Ctrl-C or `make stop`."""
    return _run(developing=False)


def dev(_words):
    """As `run`, reloading code and views, with Odoo's log on the terminal."""
    return _run(developing=True)


def _run(developing):
    settings = Settings()
    environment.check_owner()
    with RunLock() as lock:
        lock.note(url=settings.url)
        with say.step("check"):
            check.check(settings.ports())
        environment.ensure()
        if not paths.SECRET_KEY.exists():
            with say.step("secret"):
                make_secret()
        make_secret()
        server = _postgres()
        try:
            configuration = write_configuration(settings, server)
            instance = Instance(server, settings.database)
            with stamps.alone("instance"):
                _database(instance, configuration)
                _demo(instance, settings, configuration)
            serve.serve(lock, settings, configuration, server, developing=developing)
        finally:
            database.leave(server)
    return 0


def _postgres():
    if database.running("pg"):
        return database.ensure("pg")
    with say.step("postgres"):
        return database.ensure("pg")


def _database(instance, configuration):
    instance.check_ours()
    if instance.is_whole():
        upgrade.move(instance, configuration)
        return
    with say.step("database"):
        instance.create()
    with say.step("modules"):
        instance.install(configuration)


def _demo(instance, settings, configuration):
    if not (DEMO / "__main__.py").exists():
        return
    sources = sorted(path for path in DEMO.rglob("*") if path.suffix in {".py", ".txt", ".csv"})
    wanted = stamps.digest(settings.port, *sources)
    if (instance.mark() or {}).get("demo") == wanted:
        return
    with say.step("demo"):
        command = [paths.VENV_PYTHON, "-m", "tools.demo", "--config", configuration]
        command += ["--database", settings.database, "--port", settings.port]
        env = {**process.environ(PYTHONUNBUFFERED="1"), **instance.server}
        with process.followed(command, env=env, cwd=paths.ROOT) as child:
            last = say.forward(child.stdout)
        if child.returncode:
            raise say.Refusal(f"Building the demo territory failed: {last or 'no message'}")
        instance.note_demo(wanted)
