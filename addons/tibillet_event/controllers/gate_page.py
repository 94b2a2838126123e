import functools
import hashlib
import json
from pathlib import Path

from markupsafe import Markup

from odoo.http import Controller, request, route
from odoo.tools import file_open

from .gate import LANGS

STATIC = Path(__file__).parents[1] / "static"
FOLDERS = ("gate", "lib/noble-ed25519")
SCANNER = "web/static/lib/zxing-library/zxing-library.js"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

PAGE = {"type": "http", "auth": "public", "methods": ["GET"], "website": False}
PAGE |= {"multilang": False, "sitemap": False, "save_session": False, "readonly": True}
FOREVER = ("Cache-Control", "public, max-age=31536000, immutable")


@functools.cache
def bundle():
    """Name → bytes of the page's own files, and the version that they make together."""
    files = {
        path.relative_to(STATIC).as_posix(): path.read_bytes()
        for folder in FOLDERS
        for path in sorted((STATIC / folder).iterdir())
        if path.suffix in TYPES
    }
    with file_open(SCANNER, "rb") as scanner:
        # For browsers that read no QR by themselves: fetched when one asks for it.
        files["scanner.js"] = scanner.read()
    known = hashlib.sha256()
    for name, body in files.items():
        known.update(name.encode() + b"\0" + body)
    return known.hexdigest()[:12], files


class GatePageController(Controller):
    """The page of a volunteer's phone at the gate, its worker and its own files."""

    @route("/tibillet/gate", **PAGE)
    def page(self, lang=None, **unused):
        """The page, in the language of the browser or the one that its address asks."""
        asked = [lang] if lang in LANGS else request.httprequest.accept_languages.values()
        code = next((LANGS[one[:2]] for one in asked if one[:2] in LANGS), None)
        if code and request.env["res.lang"]._get_data(code=code):
            request.update_context(lang=code)
        version, files = bundle()
        words = request.env["tibillet.gate.words"]._page()
        setup = {
            "version": version,
            "lang": (request.env.lang or "en_US")[:2],
            "files": [f"/tibillet/gate/files/{version}/{name}" for name in files],
        }
        html = request.env["ir.qweb"]._render(
            "tibillet_event.gate_page",
            {
                "base": f"/tibillet/gate/files/{version}/gate",
                "language": setup["lang"],
                "title": words["title"],
                "noscript": words["noscript"],
                "words": _in_script(words),
                "setup": _in_script(setup),
            },
        )
        return request.make_response(
            f"<!DOCTYPE html>\n{html}",
            headers=[
                ("Content-Type", "text/html; charset=utf-8"),
                ("Cache-Control", "no-cache"),
                ("Vary", "Accept-Language"),
                ("X-Frame-Options", "DENY"),
                ("Referrer-Policy", "no-referrer"),
                (
                    "Content-Security-Policy",
                    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:;"
                    " frame-ancestors 'none'",
                ),
            ],
        )

    @route("/tibillet/gate/files/<string:version>/<path:name>", **PAGE)
    def files(self, version, name, **unused):
        """One file of the bundle; its address changes with its contents."""
        now, files = bundle()
        body = files.get(name)
        if body is None:
            raise request.not_found()
        headers = [("Content-Type", TYPES[Path(name).suffix] + "; charset=utf-8")]
        headers.append(FOREVER if version == now else ("Cache-Control", "no-store"))
        return request.make_response(body, headers=headers)

    @route("/tibillet/gate/worker.js", **PAGE)
    def worker(self, **unused):
        """The worker that keeps the page for when there is no network."""
        version, files = bundle()
        base = f"/tibillet/gate/files/{version}/"
        setup = {
            "version": version,
            "files": [base + name for name in files if name != "scanner.js"],
        }
        body = f"self.SETUP = {json.dumps(setup)};\n".encode() + files["gate/worker.js"]
        return request.make_response(
            body,
            headers=[
                ("Content-Type", "text/javascript; charset=utf-8"),
                ("Cache-Control", "no-cache"),
                ("Service-Worker-Allowed", "/tibillet/gate"),
            ],
        )

    @route("/tibillet/gate/manifest.webmanifest", **PAGE)
    def manifest(self, **unused):
        """What makes the page installable."""
        words = request.env["tibillet.gate.words"]._page()
        version, __ = bundle()
        icon = f"/tibillet/gate/files/{version}/gate/icon.svg"
        manifest = {
            "name": words["title"],
            "short_name": words["title"],
            "start_url": "/tibillet/gate",
            "scope": "/tibillet/gate",
            "display": "standalone",
            "background_color": "#fffdf8",
            "theme_color": "#1b1b1f",
            "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml"}],
        }
        return request.make_response(
            json.dumps(manifest), headers=[("Content-Type", "application/manifest+json")]
        )


def _in_script(value):
    """JSON that stands in a page's script whatever it says."""
    said = json.dumps(value)
    return Markup(said.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
