import json

from odoo.http import Controller, request, route

from ..models.gate.tibillet_gate_config import now_ms
from ..models.gate.tibillet_gate_device import clean_name

PAIRS = ("gate-pair", 60, 600)  # of one address, in ten minutes: a crew behind one box
CALLS = ("gate", 600, 60)  # of one phone, in a minute
LARGEST = 2_000_000
LANGS = {"fr": "fr_FR", "en": "en_US"}

GATE = {"type": "http", "auth": "public", "methods": ["POST"], "csrf": False}
GATE |= {"website": False, "multilang": False, "sitemap": False, "save_session": False}


class GateController(Controller):
    """What gate phones ask (``docs/gate.md``). Authenticated by their header alone."""

    # -- helpers -----------------------------------------------------------------------------

    def _body(self):
        """The request's JSON object, or None."""
        if (request.httprequest.content_length or 0) > LARGEST:
            return None
        try:
            body = json.loads(request.httprequest.get_data(cache=False) or b"{}")
        except (ValueError, RecursionError):
            return None
        return body if isinstance(body, dict) else None

    def _say(self, answer, status=200):
        headers = [("Cache-Control", "no-store")]
        return request.make_json_response({"now": now_ms(), **answer}, headers, status=status)

    def _speak(self, body):
        """Answer in the phone's language."""
        asked = body.get("lang")
        lang = LANGS.get(asked) if isinstance(asked, str) else None
        if lang and request.env["res.lang"]._get_data(code=lang):
            request.update_context(lang=lang)

    def _sentence(self, code):
        return request.env["tibillet.gate.words"]._sentence(code)

    def _refuse(self, code, status=200):
        return self._say({"ok": False, "code": code, "message": self._sentence(code)}, status)

    def _phone(self, work, late=False):
        """Run ``work(device, body)`` for the phone that asks.

        :param late: a revoked phone may ask it, too
        """
        body = self._body()
        if body is None:
            return self._refuse("invalid", 400)
        self._speak(body)
        device = request.env["tibillet.gate.device"]._by_header(
            request.httprequest.headers.get("Authorization")
        )
        limits = request.env["tibillet.rate.limit"]
        if not device:
            limited = limits._hit_request(*PAIRS)
            return self._too_often(limited) if not limited.allowed else self._refuse("unknown", 401)
        limited = limits._hit(CALLS[0], device.id, *CALLS[1:])
        if not limited.allowed:
            return self._too_often(limited)
        if not late and device._refused():
            return self._refuse("device_revoked")
        return work(device, body)

    def _too_often(self, limited):
        answer = {"ok": False, "code": "rate_limited", "retry_after_s": limited.retry_after_s}
        answer["message"] = request.env._(
            "Too many tries in a short time. Try again in %(seconds)s s.",
            seconds=limited.retry_after_s,
        )
        return self._say(answer, 429)

    # -- pairing -----------------------------------------------------------------------------

    @route("/tibillet/gate/pair", **GATE)
    def pair(self, **unused):
        """A volunteer's phone becomes a gate phone."""
        body = self._body()
        if body is None:
            return self._refuse("invalid", 400)
        self._speak(body)
        limited = request.env["tibillet.rate.limit"]._hit_request(*PAIRS)
        if not limited.allowed:
            return self._too_often(limited)
        link_sudo = request.env["tibillet.gate.pairing"]._by_token(body.get("token"))
        looking = body.get("mode") != "pair"
        code = link_sudo._refusal()
        if code and not (looking and code == "full"):
            return self._unpaired(code)
        if looking:
            place_sudo = request.env["tibillet.place"].sudo()
            place_sudo = place_sudo.search([("company_id", "=", link_sudo.company_id.id)], limit=1)
            return self._say(
                {
                    "ok": True,
                    "place": place_sudo.name,
                    "list": link_sudo.list_id.name,
                    "gate": link_sudo.gate_id.name,
                    "until": request.env["tibillet.gate.config"]._ms(link_sudo.until),
                }
            )
        if not clean_name(body.get("name")):
            return self._unpaired("invalid")
        # One phone after the other: the greatest number holds for many at once.
        request.env.cr.execute(
            "SELECT id FROM tibillet_gate_pairing WHERE id = %s FOR UPDATE", [link_sudo.id]
        )
        device_sudo, secret = request.env["tibillet.gate.device"]._pair(link_sudo, body["name"])
        return self._say(
            {
                "ok": True,
                "device": {"id": device_sudo.id, "secret": secret, "name": device_sudo.name},
                "config": request.env["tibillet.gate.config"]._config(device_sudo),
            }
        )

    def _unpaired(self, code):
        sentence = {
            "unknown": request.env._("This link is not complete. Scan the QR again."),
            "revoked": request.env._("This link was withdrawn. Ask the steward for a new one."),
            "expired": request.env._("This link is over. Ask the steward for a new one."),
            "full": request.env._("This link has served all its phones. Ask for another one."),
            "invalid": request.env._("Write your name: the steward sees who checks."),
        }[code]
        return self._say({"ok": False, "code": code, "message": sentence})

    # -- the day -----------------------------------------------------------------------------

    @route("/tibillet/gate/state", **GATE)
    def state(self, **unused):
        """Contact: what the phone says of itself; what is new for it."""

        def work(device, body):
            config = request.env["tibillet.gate.config"]
            device._seen(
                waiting=_whole(body.get("queue"), 0, 1_000_000),
                battery=_percent(body.get("battery")),
                clock_off_s=_whole(body.get("clock_off_s"), -(10**8), 10**8),
            )
            answer = {"ok": True, **config._counts(device)}
            known = config._config(device)
            if body.get("config") != known["version"]:
                answer["config"] = known
            return self._say(answer)

        return self._phone(work)

    @route("/tibillet/gate/guests", **GATE)
    def guests(self, **unused):
        """The encrypted guest list, or what has changed of it."""

        def work(device, body):
            since = _whole(body.get("since"), 1, 2**40)
            version, whole, rows = request.env["tibillet.gate.guests"]._rows(device.list_id, since)
            return self._say(
                {"ok": True, "version": version, "full": whole, "rows": rows, "gone": []}
            )

        return self._phone(work)

    @route("/tibillet/gate/redeem", **GATE)
    def redeem(self, **unused):
        """Decide about one ticket."""

        def work(device, body):
            answer = request.env["tibillet.gate.door"]._redeem(device, body)
            return self._say(answer)

        return self._phone(work)

    @route("/tibillet/gate/search", **GATE)
    def search(self, **unused):
        """Guests by name, for phones that may."""

        def work(device, body):
            if not device.may_search:
                sentence = request.env._("This phone may not search by name. Ask the steward.")
                return self._say({"ok": False, "code": "not_on_list", "message": sentence})
            rows = request.env["tibillet.gate.search"]._search_guests(device, body.get("q"))
            return self._say({"ok": True, "rows": rows})

        return self._phone(work)

    @route("/tibillet/gate/sync", **GATE)
    def sync(self, **unused):
        """Take in what was decided without network, also from a revoked phone."""

        def work(device, body):
            scans = body.get("scans")
            if not isinstance(scans, list):
                return self._refuse("invalid", 400)
            taken = request.env["tibillet.gate.sync"]._take(device, scans)
            device._seen(waiting=_whole(body.get("queue"), 0, 1_000_000))
            return self._say({"ok": True, "taken": taken, "revoked": device._refused()})

        return self._phone(work, late=True)


def _whole(value, least, most):
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    return None


def _percent(value):
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return round(value * 100)
    return None
