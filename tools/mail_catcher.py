"""Catches the mail of `make run` and shows it on a page: nothing leaves this machine.

``python -m tools.mail_catcher FOLDER SMTP_PORT PAGE_PORT`` (in the environment: needs aiosmtpd).
Messages are files of the folder, newest last by name; the oldest go beyond `KEPT`.
"""

import email
import email.policy
import html
import os
import re
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

KEPT = 500
MAX_BYTES = 20 * 2**20

WORDS = {
    "en": {
        "title": "Caught mail",
        "intro": "Everything the venue sends stops here. Nothing left this machine.",
        "none": "No mail yet. Sign up or buy something, and it arrives here within a minute.",
        "to": "to",
        "back": "All mail",
        "links": "Links in this message",
        "files": "Attached",
        "plain": "no text",
    },
    "fr": {
        "title": "Courriels retenus",
        "intro": "Tout ce que le lieu envoie s’arrête ici. Rien n’a quitté cette machine.",
        "none": "Aucun courriel. Inscrivez-vous ou achetez : il arrive ici en moins d’une minute.",
        "to": "à",
        "back": "Tous les courriels",
        "links": "Liens de ce message",
        "files": "Pièces jointes",
        "plain": "sans texte",
    },
}

STYLE = """
body{margin:0;background:#FFFDF8;color:#1B1B1F;font:17px/1.5 system-ui,sans-serif}
main{max-width:50rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.6rem;margin:0 0 .25rem}p{margin:.25rem 0 1.25rem}
a{color:#B4412B}a:focus-visible{outline:3px solid #1F5F5B;outline-offset:2px}
ol,ul{list-style:none;margin:0;padding:0}
li a{display:block;padding:.8rem 1rem;margin-bottom:.5rem;background:#F4EFE6;color:inherit;
border:1px solid #D9D1C3;border-radius:.5rem;text-decoration:none;overflow-wrap:anywhere}
li a:hover{border-color:#B4412B}li b{display:block}
li.link a{background:#B4412B;color:#fff;border-color:#B4412B;font-weight:600}
small{color:#57534a}iframe,pre{width:100%;box-sizing:border-box;border:1px solid #D9D1C3;
border-radius:.5rem;background:#fff}iframe{height:70vh}pre{padding:1rem;white-space:pre-wrap}
h2{font-size:1.1rem;margin:1.25rem 0 .5rem}
"""


class Box:
    """The folder of caught messages."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server, _session, envelope):
        """Keep one message (called by aiosmtpd)."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        part = self.folder / f".{name}.part"
        recipients = ", ".join(envelope.rcpt_tos)
        part.write_bytes(b"X-Caught-For: " + recipients.encode() + b"\r\n" + envelope.content)
        os.replace(part, self.folder / f"{name}.eml")
        for old in self.names()[KEPT:]:
            (self.folder / f"{old}.eml").unlink(missing_ok=True)
        return "250 Caught"

    def names(self):
        """Return the names of the messages, newest first."""
        return sorted((path.stem for path in self.folder.glob("[0-9]*.eml")), reverse=True)

    def read(self, name):
        """Return a message, or None."""
        if not re.fullmatch(r"\d{20}-[0-9a-f]{8}", name):
            return None
        try:
            content = (self.folder / f"{name}.eml").read_bytes()
        except OSError:
            return None
        return email.message_from_bytes(content, policy=email.policy.default)


def links_of(message):
    """Return (address, words) of the links a person would click, in order, once each."""
    found = {}
    body = message.get_body(("html",))
    if body is not None:
        for address, words in re.findall(
            r'<a\b[^>]*\bhref="(https?://[^"]+)"[^>]*>(.*?)</a>', body.get_content(), re.S | re.I
        ):
            text = re.sub(r"<[^>]+>|\s+", " ", words)
            found.setdefault(html.unescape(address), " ".join(html.unescape(text).split()))
    else:
        body = message.get_body(("plain",))
        for address in re.findall(r"https?://[^\s<>\"]+", body.get_content() if body else ""):
            found.setdefault(address, address)
    return [(address, words or address) for address, words in found.items()][:8]


class Page(BaseHTTPRequestHandler):
    """List of messages, one message, its text, its attachments."""

    box = None
    server_version = "TiBilletMail"

    def do_GET(self):
        """Answer; only by a name of this machine, so that no other site can read mail."""
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        if host not in ("localhost", "127.0.0.1", "[::1]"):
            return self._send(403, "text/plain", b"Only as localhost.")
        words = urlsplit(self.path).path.strip("/").split("/")
        if words == [""]:
            return self._list()
        message = self.box.read(words[1]) if words[0] == "mail" and len(words) > 1 else None
        if message is None:
            return self._send(404, "text/plain; charset=utf-8", b"Not here.")
        if len(words) == 2:
            return self._message(words[1], message)
        if words[2] == "body":
            return self._body(message)
        return self._attachment(message, words[2])

    def _language(self):
        return "fr" if self.headers.get("Accept-Language", "").lower().startswith("fr") else "en"

    def _send(self, code, kind, content, policy="default-src 'none'"):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def _page(self, title, body):
        language = self._language()
        text = (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{html.escape(title)}</title><style>{STYLE}</style></head>"
            f"<body><main>{body}</main></body></html>"
        )
        self._send(
            200,
            "text/html; charset=utf-8",
            text.encode(),
            "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
        )

    def _list(self):
        words = WORDS[self._language()]
        rows = []
        for name in self.box.names()[:100]:
            message = self.box.read(name)
            if message is not None:
                rows.append(
                    f'<li><a href="/mail/{name}"><b>{_show(message["subject"])}</b>'
                    f"<small>{words['to']} {_show(message['to'])} · {_when(name)}</small></a></li>"
                )
        body = f"<ol>{''.join(rows)}</ol>" if rows else f"<p>{words['none']}</p>"
        self._page(words["title"], f"<h1>{words['title']}</h1><p>{words['intro']}</p>{body}")

    def _message(self, name, message):
        words = WORDS[self._language()]
        parts = [
            f'<p><a href="/">← {words["back"]}</a></p>',
            f"<h1>{_show(message['subject'])}</h1>",
            f"<p><small>{_show(message['from'])} {words['to']} {_show(message['to'])} · "
            f"{_when(name)}</small></p>",
        ]
        links = "".join(
            f'<li class="link"><a href="{html.escape(address)}" target="_blank" '
            f'rel="noopener noreferrer">{html.escape(text)}</a></li>'
            for address, text in links_of(message)
        )
        if links:
            parts.append(f"<h2>{words['links']}</h2><ul>{links}</ul>")
        files = "".join(
            f'<li><a href="/mail/{name}/{number}">{_show(part.get_filename())}</a></li>'
            for number, part in enumerate(message.iter_attachments())
        )
        if files:
            parts.append(f"<h2>{words['files']}</h2><ul>{files}</ul>")
        parts.append(
            f'<iframe src="/mail/{name}/body" sandbox="allow-popups" '
            f'title="{_show(message["subject"])}"></iframe>'
        )
        self._page(str(message["subject"] or ""), "".join(parts))

    def _body(self, message):
        part = message.get_body(("html", "plain"))
        if part is None:
            text = f"<p>{WORDS[self._language()]['plain']}</p>"
        elif part.get_content_type() == "text/html":
            text = '<base target="_blank">' + part.get_content()
        else:
            text = f"<pre style='white-space:pre-wrap'>{html.escape(part.get_content())}</pre>"
        self._send(
            200,
            "text/html; charset=utf-8",
            text.encode("utf-8", "replace"),
            "default-src 'none'; style-src 'unsafe-inline'; img-src data: http://localhost:* "
            "http://*.localhost:*; sandbox allow-popups",
        )

    def _attachment(self, message, number):
        parts = list(message.iter_attachments())
        if not number.isdigit() or int(number) >= len(parts):
            return self._send(404, "text/plain", b"Not here.")
        content = parts[int(number)].get_payload(decode=True) or b""
        kind = parts[int(number)].get_content_type()
        safe = kind in ("application/pdf", "text/calendar", "image/png", "image/jpeg")
        return self._send(200, kind if safe else "application/octet-stream", content)

    def log_message(self, format, *args):
        """Say nothing: addresses of people do not belong into a log."""


def _show(value):
    return html.escape(str(value or "—"))


def _when(name):
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(int(name[:20]) // 10**9))


def main(folder, smtp_port, page_port):
    """Catch and show until ended by a signal."""
    from aiosmtpd.controller import Controller

    box = Box(folder)
    catcher = Controller(box, hostname="127.0.0.1", port=int(smtp_port), data_size_limit=MAX_BYTES)
    catcher.start()
    Page.box = box
    ThreadingHTTPServer(("127.0.0.1", int(page_port)), Page).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:4])
