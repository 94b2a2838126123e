"""Serving: Odoo, the page of caught mail, HTTPS for phones; until Ctrl-C or `make stop`."""

import contextlib
import http.client
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request

from tools import odoo_source, paths, process, reload, run_lock, say
from tools.say import Refusal

READY_SECONDS = 180


class _Stop(Exception):
    """Somebody asked us to end."""


def serve(lock, settings, configuration, server, *, developing):
    """Start the servers, print where to look, and stay until asked to stop."""
    children = {}
    watch = reload.Watch()

    def on_signal(signum, _frame):
        raise _Stop(signum)

    previous = {
        signum: signal.signal(signum, on_signal)
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        with say.step("serve"):
            _start_all(children, settings, configuration, server, developing)
            lock.note(url=settings.url, children={name: c.pid for name, c in children.items()})
            _wait_ready(children, settings)
        _welcome(settings)
        if developing:
            say.line("Python and views of addons/ are reloaded; after a new field or data file,")
            say.line("end this and start it again.\n")
            _develop(children, watch, lambda: _start_odoo(configuration, server, developing))
        else:
            _watch(children)
    except _Stop:
        say.line("\nstopping")
    finally:
        for signum in previous:
            signal.signal(signum, signal.SIG_IGN)
        for child in reversed(children.values()):
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
        for child in children.values():
            _finish(child)
        for signum, handler in previous.items():
            signal.signal(signum, handler)


def _finish(child):
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _start_all(children, settings, configuration, server, developing):
    env = process.environ(TIBILLET_CHECKOUT=paths.ROOT)
    helper = [paths.VENV_PYTHON, "-m"]
    children["mail"] = _start(
        "mail",
        [*helper, "tools.mail_catcher", paths.MAIL, settings.smtp_port, settings.mail_port],
        env,
    )
    children["odoo"] = _start_odoo(configuration, server, developing)
    if settings.https:
        children["https"] = _start(
            "https", [*helper, "tools.tls_proxy", settings.https_port, settings.port], env
        )


def _start_odoo(configuration, server, developing):
    command = [paths.VENV_PYTHON, "-m", "odoo", "-c", configuration]
    if developing:
        # Views from their files, refusals explained. Reloading is ours (tools/reload.py), and
        # "qweb" would warn of Odoo's own templates on every page.
        command.append("--dev=access,xml")
    env = process.environ(TIBILLET_CHECKOUT=paths.ROOT)
    return _start("odoo", command, {**env, **server}, to_terminal=developing)


def _start(name, command, env, *, to_terminal=False):
    options = {"env": env, "cwd": paths.ROOT, "stdin": subprocess.DEVNULL}
    if to_terminal:
        return process.start(command, **options)
    paths.LOG.mkdir(parents=True, exist_ok=True)
    with (paths.LOG / f"{name}.log").open("w") as log:
        return process.start(command, stdout=log, stderr=subprocess.STDOUT, **options)


def _wait_ready(children, settings):
    limit = time.monotonic() + READY_SECONDS
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    urls = [f"http://{host}:{settings.port}/", f"http://127.0.0.1:{settings.mail_port}/"]
    if settings.https:
        urls.append(f"https://127.0.0.1:{settings.https_port}/")
    for url in urls:
        while not _answers(url, settings.port):
            _check_children(children)
            if time.monotonic() > limit:
                raise Refusal(
                    f"{url} did not answer within {READY_SECONDS} s: see .data/log/odoo.log."
                )
            time.sleep(0.2)


def _answers(url, port):
    request = urllib.request.Request(url, headers={"Host": f"localhost:{port}"})
    # This machine's own pages: never by the proxy that the environment may name.
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=_our_tls(url))
    )
    try:
        with direct.open(request, timeout=60) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise Refusal(
                f"{url} answers with error {error.code}: see .data/log/odoo.log."
            ) from None
        return True
    except (OSError, http.client.HTTPException):
        return False


def _our_tls(url):
    """Return what checks our own certificate, for addresses that have one."""
    if not url.startswith("https:"):
        return None
    try:
        return ssl.create_default_context(cafile=str(paths.TLS / "ca.crt"))
    except OSError:
        return ssl.create_default_context()


def _check_children(children):
    for name, child in children.items():
        if child.poll() is not None:
            last = process.tail(paths.LOG / f"{name}.log")
            raise Refusal(
                f"The {name} server ended by itself (code {child.returncode}): {last or 'no word'} "
                f"(.data/log/{name}.log)."
            )


def _watch(children):
    while True:
        _check_children(children)
        time.sleep(0.5)


def _develop(children, watch, start_odoo):
    """Start Odoo afresh whenever our Python changed; one that ended waits for the next change."""
    ended = False
    while True:
        _check_children({name: child for name, child in children.items() if name != "odoo"})
        files, fault = watch.changed()
        if fault:
            say.line(f"not reloaded: {fault}")
        if files:
            say.line(f"reloading: {', '.join(files)}")
            children["odoo"].send_signal(signal.SIGTERM)
            _finish(children["odoo"])
            children["odoo"] = start_odoo()
            ended = False
        elif not ended and children["odoo"].poll() is not None:
            ended = True
            say.line("Odoo ended by itself (above): it starts again with the next change.")
        time.sleep(0.5)


def _welcome(settings):
    installed = odoo_source.installed()
    rows = [
        "",
        f"TiBillet is on {settings.url}",
        f"   Odoo {installed.get('version')} of {installed.get('date')}, from "
        f"{installed.get('source')}",
        f"   mail is caught and shown on http://localhost:{settings.mail_port}",
    ]
    rows += [f"   {row}" for row in _demo_rows(settings)]
    rows += ["   Ctrl-C, or `make stop` elsewhere, ends it", ""]
    for row in rows:
        say.line(row)
    if settings.https:
        _show_https(settings)


def _demo_rows(settings):
    """Return what `tools/demo/welcome.txt` tells a newcomer (logins, pages worth opening)."""
    source = paths.ROOT / "tools" / "demo" / "welcome.txt"
    if not source.exists():
        return []
    text = source.read_text(encoding="utf-8").replace("{port}", str(settings.port))
    return [row for row in text.splitlines() if not row.startswith("#")]


def _show_https(settings):
    command = [paths.VENV_PYTHON, "-m", "tools.tls_proxy", "--show", settings.https_port]
    shown = subprocess.run(
        [str(word) for word in command],
        cwd=paths.ROOT,
        env=process.environ(),
        capture_output=True,
        check=False,
    )
    say.line(shown.stdout.decode("utf-8", "replace"))


def stop_running(patience=40.0):
    """End this checkout's `make run` from another terminal; say whether one ran."""
    pid = run_lock.read().get("pid")
    if not pid or not process.alive(pid) or "tools" not in process.command_line(pid):
        run_lock.end_leftovers()
        return False
    run_lock.end(pid, patience)
    run_lock.end_leftovers()
    return True
