"""A till served from a public address asks leave to reach the bridge on this machine.

A page on localhost may speak to the loopback without asking, so nothing of this is ever seen in
development. Chromium is told here that the page's own port is public.
"""

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import threading

import pytest

from tests.nfc.bridge_process import BRIDGE, BridgeProcess

PATIENCE_SECONDS = 2
PAGE = b"""<!doctype html><html lang="en"><title>Till</title><script type="module">
import { BridgeSource } from "/src/app/readers/bridge_source.js";
window.told = [];
window.make = (url) => {
    const source = new BridgeSource({ url });
    for (const type of ["card", "error", "status"]) {
        source.addEventListener(type, ({ detail }) => {
            window.told.push({ type, after: performance.now() - window.since, ...detail });
        });
    }
    window.source = source;
    window.since = performance.now();
    source.start();
};
</script></html>"""


class _Files(http.server.SimpleHTTPRequestHandler):
    """The addon's `static` folder, and one page that loads the reader source from it."""

    # The module loader wants the right type, and the sources name each other without extension
    # as Odoo's bundles do.
    def do_GET(self):
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)
            return
        if "." not in self.path.rsplit("/", 1)[-1]:
            self.path += ".js"
        super().do_GET()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def site():
    """Port of a web server with the page."""
    handler = functools.partial(_Files, directory=str(BRIDGE.parent / "static"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def screen():
    """A screen nobody looks at: without one Chromium answers every question with no."""
    if not shutil.which("Xvfb"):
        pytest.fail("install the package xvfb: the browser asks only on a screen", pytrace=False)
    read, write = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x850x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(write)
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
        server.terminate()


def _close(context):
    """Close a browser; one that has gone already, its display with it, is closed."""
    from playwright.sync_api import Error

    try:
        context.close()
    except Error as error:
        if "closed" not in str(error).lower():
            raise


@pytest.fixture
def launch(chromium, tmp_path):
    """Factory of browsers with flags of their own; `display` gives one a screen."""
    from playwright.sync_api import sync_playwright

    with contextlib.ExitStack() as clean:
        playwright = clean.enter_context(sync_playwright())

        def start(*flags, display=None):
            context = playwright.chromium.launch_persistent_context(
                str(tmp_path / "profile"),
                executable_path=chromium,
                headless=display is None,
                env={**os.environ, "DISPLAY": display or ""},
                args=["--no-sandbox", "--disable-gpu", *flags],
            )
            clean.callback(_close, context)
            return context

        yield start


class Till:
    """The page, its browser and the bridge that it calls."""

    def __init__(self, context, bridge, origin):
        self.context = context
        self.bridge = bridge
        self.origin = origin
        self.page = context.pages[0]
        self.page.goto(origin)

    def start(self, token):
        """Make the reader source and let it call."""
        self.page.evaluate(
            "token => localStorage.setItem('tibillet.nfc.bridge_token', token)", token
        )
        self.page.evaluate("url => window.make(url)", self.bridge.url)

    def told(self, word, seconds=8):
        """Wait until the source has said this code or card number; return what it said with it."""
        said = "window.told.find(({ code, uid }) => (uid || code) === word)"
        self.page.wait_for_function(f"word => {said}", arg=word, timeout=seconds * 1000)
        return self.page.evaluate(f"word => {said}", word)

    def allow(self, setting):
        """What a person clicks: `granted`, `denied`."""
        client = self.context.new_cdp_session(self.page)
        client.send(
            "Browser.setPermission",
            {
                "permission": {"name": "loopback-network"},
                "setting": setting,
                "origin": self.origin,
            },
        )


@pytest.fixture
def open_till(site, launch, reader_service, tmp_path):
    """Open the page beside a real bridge; `public` makes it a page from elsewhere."""
    with contextlib.ExitStack() as clean:

        def start(*, public, display=None):
            origin = f"http://127.0.0.1:{site}"
            bridge = clean.enter_context(BridgeProcess(tmp_path, origins=(origin,)))
            flags = [f"--ip-address-space-overrides=127.0.0.1:{site}=public"] if public else []
            return Till(launch(*flags, display=display), bridge, origin)

        yield start


def test_on_this_machine_nothing_is_asked(open_till, card):
    till = open_till(public=False)
    till.start(till.bridge.token)
    till.told("ready")
    card("04A1B2C3D4E5F6").insert()
    till.told("04A1B2C3D4E5F6")


def test_from_elsewhere_the_till_says_so_after_two_seconds(open_till, screen, card):
    """Without this patience the connection would hang for ever: neither open nor error."""
    till = open_till(public=True, display=screen)
    till.start(till.bridge.token)
    first = till.told("permission_asked")
    assert till.page.evaluate("window.told.length") == 1
    assert (first["type"], first["permission"]) == ("status", "asked")
    assert PATIENCE_SECONDS * 1000 <= first["after"] < PATIENCE_SECONDS * 1000 + 1500
    assert till.page.evaluate("window.source.socket.readyState") == 0  # the question still stands
    till.allow("granted")
    assert till.told("ready")["permission"] == "granted"
    card("DEADBEEF").insert()
    till.told("DEADBEEF")


def test_from_elsewhere_without_a_token_nothing_is_asked(open_till, screen):
    till = open_till(public=True, display=screen)
    till.start("")
    till.told("bridge_unpaired")
    till.page.wait_for_timeout(PATIENCE_SECONDS * 1000 + 500)
    assert till.page.evaluate("window.told.length") == 1


def test_refused_then_granted(open_till):
    """Without a screen Chromium refuses by itself, as a person or a policy would."""
    till = open_till(public=True)
    till.start(till.bridge.token)
    assert till.told("permission_refused")["permission"] == "refused"
    till.page.wait_for_timeout(1000)
    assert till.page.evaluate("window.source.socket") is None
    till.allow("granted")
    till.told("ready")
