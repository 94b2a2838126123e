"""`make stop` and `make clean`."""

import shutil

from tools import database, environment, paths, process, run_lock, say, serve


def stop(_words):
    """Stop what this checkout runs: its servers, then its databases."""
    stopped = []
    if serve.stop_running():
        stopped.append("the venue")
    for cluster in database.CLUSTERS:
        if database.stop(cluster):
            stopped.append(f"the database server {cluster}")
    run_lock.RECORD.unlink(missing_ok=True)
    say.line(f"Stopped {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


def clean(_words):
    """Stop everything, then remove `.data/` and `.venv/`."""
    environment.check_owner()
    stop([])
    for cluster in database.CLUSTERS:
        database.Server(cluster).remove()
    database.remove_outside()
    for folder in (paths.DATA, paths.VENV, *paths.ROOT.glob(".venv.part*")):
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            process.run(["rm", "-rf", "--", folder], why=f"Removing {folder}")
    say.line("Removed .data/ and .venv/.")
    return 0
