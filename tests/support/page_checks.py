"""What every public page is checked for: its hosts, its errors, its accessibility."""

from pathlib import Path
from urllib.parse import urlsplit

AXE = Path(__file__).parent / "axe" / "axe.min.js"
# WCAG 2.2 up to AA, as the European standard EN 301 549 asks.
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Watch:
    """Listens to a page from before its first request."""

    def __init__(self, page):
        self.hosts, self.failed, self.errors = set(), [], []
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("requestfailed", self._failed)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and self.errors.append(message.text),
        )
        page.on("websocket", lambda socket: self.hosts.add(urlsplit(socket.url).hostname))

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(parts.hostname)

    def _response(self, response):
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")

    def _failed(self, request):
        # A page that is left cancels what it no longer needs: that is no failure.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.failed.append(f"{request.failure} {request.url}")


def scroll_through(page):
    """Go down the page and back, so that lazy pictures are asked for."""
    page.evaluate(
        """async () => {
            const box = document.querySelector("#wrapwrap") || document.scrollingElement;
            for (let y = 0; y < box.scrollHeight; y += 500) {
                box.scrollTo(0, y);
                window.scrollTo(0, y);
                await new Promise((done) => setTimeout(done, 40));
            }
            box.scrollTo(0, 0);
            window.scrollTo(0, 0);
        }"""
    )
    page.wait_for_load_state("networkidle")


def early_connections(page):
    """Addresses that a page has the browser connect to before it asks anything of them."""
    return page.evaluate(
        "[...document.querySelectorAll('link[href]')]"
        ".filter((link) => /preconnect|dns-prefetch/.test(link.rel)).map((link) => link.href)"
    )


def axe_faults(page, selector):
    """What axe finds wrong in our own markup: one line a fault, with the element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async ([selector, tags]) => {
            const include = [...document.querySelectorAll(selector)];
            if (!include.length) { throw new Error("nothing matches " + selector); }
            const result = await axe.run({ include }, { runOnly: { type: "tag", values: tags } });
            return result.violations.flatMap((fault) => fault.nodes.map((node) =>
                `${fault.id}: ${fault.help}: ${node.html.slice(0, 160)}`));
        }""",
        [selector, AXE_RULES],
    )
    return found
