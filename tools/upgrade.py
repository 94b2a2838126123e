"""`make upgrade`: move a database to this version of the addons, after a dump."""

from dataclasses import dataclass, field

from tools import database, environment, paths, say, stamps
from tools.instance import Instance, fingerprint, manifest, our_addons, wanted_modules
from tools.run_lock import RunLock
from tools.say import Refusal
from tools.settings import Settings, write_configuration


@dataclass
class Changes:
    """What differs between a database and this checkout."""

    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    versions: list = field(default_factory=list)
    newer: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.new or self.changed)


def compare(instance):
    """Return the changes from the versions recorded in a database to those of the manifests.

    An addon also counts as changed when its files are not those that the database was last
    brought to by this checkout: while developing, versions stand still.
    """
    installed = instance.installed_versions()
    mark = instance.mark() or {}
    known = mark.get("addons", {})
    changes = Changes()
    for name in wanted_modules():
        if name not in installed and name not in mark.get("modules", ()):
            changes.new.append(name)
    for name in our_addons():
        if name not in installed:
            continue
        theirs, ours = version_key(installed[name]), version_key(manifest(name)["version"])
        if theirs > ours:
            changes.newer.append(f"{name} {installed[name]}")
        elif theirs < ours:
            changes.changed.append(name)
            changes.versions.append(f"{name} {installed[name]} to {manifest(name)['version']}")
        elif known.get(name) != fingerprint(name):
            changes.changed.append(name)
    return changes


def version_key(version):
    """Return a version as numbers; Odoo records ``1.0`` as ``19.0.1.0``."""
    parts = [int(part) if part.isdigit() else 0 for part in version.split(".")]
    return tuple(parts if len(parts) >= 4 else [19, 0, *parts])


def move(instance, configuration):
    """Bring an existing database to this checkout. Return what was done, or None."""
    changes = compare(instance)
    if changes.newer:
        raise Refusal(
            f"The database {instance.name} was made by a later version ({changes.newer[0]}): "
            "take that version of TiBillet, or another database by DB=…."
        )
    if not changes:
        return None
    with say.step("upgrade"):
        if changes.versions:
            target = instance.dump()
            say.detail(f"dumped to {target.relative_to(paths.ROOT)}")
        for row in changes.versions:
            say.detail(row)
        for title, names in (("installing", changes.new), ("updating", changes.changed)):
            if names:
                say.detail(f"{title} {', '.join(names)}")
        instance.update(configuration, changes)
    return changes


def upgrade(_words):
    """Run the command; the database comes from `DB=` and PG*, as for `make run`."""
    settings = Settings()
    environment.ensure()
    with RunLock() as lock:
        lock.note()
        was_running = database.running("pg")
        server = database.ensure("pg")
        try:
            instance = Instance(server, settings.database)
            if not instance.is_whole() and instance.mark() is None:
                raise Refusal(
                    f"There is no database {settings.database} to upgrade: `make run` makes one."
                )
            if instance.sql("SELECT to_regclass('ir_module_module')", instance.name) == "":
                raise Refusal(f"The database {settings.database} is not one of Odoo's.")
            if "tibillet_wallet" not in instance.installed_versions():
                raise Refusal(f"The database {settings.database} holds no TiBillet addon.")
            configuration = write_configuration(settings, server)
            with stamps.alone("instance"):
                done = move(instance, configuration)
            if done is None:
                say.line(f"The database {settings.database} is already at this version.")
            else:
                say.line(f"The database {settings.database} is at this version now.")
        finally:
            if not was_running:
                database.leave(server)
    return 0
