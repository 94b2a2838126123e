"""The ticket on a phone: one page that its own worker keeps for when there is no network."""

import hashlib
import json
from base64 import b64encode

from markupsafe import Markup

from odoo.http import Controller, request, route
from odoo.tools import file_open

from .gate import LANGS

PHONE = "/my/ticket/<int:ticket_id>/<string:token>/phone"
# Of one address in ten minutes: at an entrance hundreds of phones share one.
LOOKS = ("event-ticket-phone", 3000, 600)
PAGE = {"type": "http", "auth": "public", "methods": ["GET"], "website": False}
PAGE |= {"multilang": False, "sitemap": False, "save_session": False}
QUIET = [("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex")]
QUIET += [("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff")]


def own_file(name):
    with file_open(f"tibillet_event/static/phone/{name}") as opened:
        return opened.read()


class PhoneController(Controller):
    def _ticket_sudo(self, ticket_id, token):
        # Whoever has the address holds the ticket, and sees nothing but it.
        ticket_sudo = request.env["event.registration"].sudo().browse(ticket_id).exists()
        if not ticket_sudo or not ticket_sudo._tibillet_page(token):
            raise request.not_found()
        return ticket_sudo

    def _limited(self):
        return not request.env["tibillet.rate.limit"]._hit_request(*LOOKS).allowed

    @route(PHONE, **PAGE)
    def page(self, ticket_id, token, lang=None, **unused):
        """The ticket as large as the screen; 410 with a sentence when it is not valid."""
        ticket_sudo = self._ticket_sudo(ticket_id, token)
        if self._limited():
            return request.make_response("", QUIET, status=429)
        code = ticket_sudo._tibillet_print_lang(LANGS.get((lang or "")[:2]))
        values = ticket_sudo.with_context(lang=code)._tibillet_phone()
        qweb = request.env["ir.qweb"].with_context(lang=code)
        body = qweb._render(
            "tibillet_event.phone_page",
            {
                **values,
                "language": code[:2],
                "style": Markup(own_file("phone.css")),  # noqa: S704  our own file
                "script": Markup(own_file("phone.js")),  # noqa: S704  our own file
            },
        )
        policy = (
            "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'sha256-"
            + self._digest("phone.js")
            + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
        )
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", policy),
            *QUIET,
        ]
        status = 200 if values["good"] else 410
        return request.make_response(f"<!DOCTYPE html>\n{body}", headers, status=status)

    def _digest(self, name):
        digest = hashlib.sha256(own_file(name).encode()).digest()
        return b64encode(digest).decode()

    @route(f"{PHONE}/now", **PAGE)
    def now(self, ticket_id, token, lang=None, **unused):
        """Whether the ticket is still valid, for a page that was kept."""
        ticket_sudo = self._ticket_sudo(ticket_id, token)
        if self._limited():
            return request.make_response("", QUIET, status=429)
        code = ticket_sudo._tibillet_print_lang(LANGS.get((lang or "")[:2]))
        values = ticket_sudo.with_context(lang=code)._tibillet_phone()
        answer = {name: values[name] for name in ("good", "said", "code_id", "scanned")}
        return request.make_response(
            json.dumps(answer), [("Content-Type", "application/json"), *QUIET]
        )

    @route(f"{PHONE}/worker.js", **PAGE)
    def worker(self, ticket_id, token, **unused):
        """The worker of this ticket's page alone."""
        self._ticket_sudo(ticket_id, token)
        path = f"/my/ticket/{ticket_id}/{token}/phone"
        body = f"self.PAGE = {json.dumps(path)};\n{own_file('worker.js')}"
        headers = [
            ("Content-Type", "text/javascript; charset=utf-8"),
            ("Service-Worker-Allowed", path),
            *QUIET,
        ]
        return request.make_response(body, headers)
