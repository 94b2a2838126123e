import base64
import json
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.tibillet_wallet import keyfile

from ..tickets import cose
from . import revoked
from .outside_document import NotFetched, fetch

KNOWN_BYTES = 500_000
MOST_KEYS = 50
EVENTS = re.compile(r"\d{1,15}(,\d{1,15})*")
#: What its server said.
READ = {"document", "fetched_at", "problem_code", "key_count", "revoked_count"}
X = re.compile(r"[A-Za-z0-9_-]{43}")


class TibilletGateAlly(models.Model):
    """Another place whose tickets our gates let in: its public keys, its list of void tickets.

    Fetched by the clock and by a button, kept with its date: a gate that has it needs no network.
    A key that is no longer in the place's document is no longer trusted.
    """

    _name = "tibillet.gate.ally"
    _description = "Allied venue"
    _order = "name, id"

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    name = fields.Char(string="Venue", required=True)
    url = fields.Char(
        string="Its public document",
        help="https://their-address/.well-known/tibillet; empty for another place of this server.",
    )
    place_number = fields.Integer(
        string="Place number",
        required=True,
        help="The number of the place in its document: tickets name it.",
    )
    event_numbers = fields.Char(
        string="Only for its events",
        help="Their numbers, with commas; empty: any event of that place.",
    )
    active_until = fields.Datetime(string="Until", help="Empty: as long as it stands here.")
    document = fields.Text(readonly=True, copy=False, groups="base.group_system")
    fetched_at = fields.Datetime(string="Last read", readonly=True, copy=False)
    problem = fields.Char(string="Last try", compute="_compute_problem")
    problem_code = fields.Char(readonly=True, copy=False)
    key_count = fields.Integer(string="Keys", readonly=True, copy=False)
    revoked_count = fields.Integer(string="Void tickets", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(company_id, COALESCE(url, ''), place_number)", "This venue is in the list already."
    )

    @api.depends("problem_code", "fetched_at")
    def _compute_problem(self):
        said = self._problems()
        for ally in self:
            ally.problem = said.get(ally.problem_code, "")

    def _problems(self):
        return {
            "address": self.env._("The address is not one that begins with https://."),
            "private": self.env._("The address leads into a private network."),
            "silent": self.env._("Their server did not answer whole, or not in time."),
            "status": self.env._("Their server answered with an error."),
            "too_long": self.env._("What their server sent is too long."),
            "moved": self.env._("The address leads from one to another without end."),
            "unreadable": self.env._("What their server sent is no such document."),
            "place": self.env._("Their document has no ticket key of a place of that number."),
            "revoked": self.env._("Their list of void tickets could not be read: kept as it was."),
        }

    @api.constrains("event_numbers", "place_number", "url", "company_id")
    def _check_ally(self):
        for ally in self:
            if ally.place_number < 1:
                raise ValidationError(self.env._("Write the number of their place."))
            if ally.event_numbers and not EVENTS.fullmatch(ally.event_numbers.replace(" ", "")):
                raise ValidationError(self.env._("Write numbers of events, with commas."))
            if ally.url and not ally.url.startswith(("https://", "http://")):
                raise ValidationError(self._problems()["address"])
            if not ally.url and ally._place_here().company_id == ally.company_id:
                raise ValidationError(self.env._("This is your own place: it needs no alliance."))

    def _place_here(self):
        places_sudo = self.env["tibillet.place"].sudo()  # numbers and public keys
        return places_sudo.search([("number", "=", self.place_number)], limit=1)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_typed(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Another address or number is another venue: what was read of the former is forgotten."""
        self._check_typed(vals)
        result = super().write(vals)
        if {"url", "place_number", "company_id"} & vals.keys():
            allies_sudo = self.sudo()  # what was read is written here only
            super(TibilletGateAlly, allies_sudo).write(dict.fromkeys(READ, False))
        return result

    def _check_typed(self, vals):
        """:raises AccessError: for who writes what only a venue's server says"""
        if not self.env.su and READ & vals.keys():
            raise AccessError(self.env._("What a venue says is read from its server only."))

    # -- reading it ------------------------------------------------------------------------------

    def action_fetch(self):
        """Read the venue's document now.

        :raises AccessError: for who may not change it
        """
        self.check_access("write")
        if not self.env.user.has_group("tibillet_event.tibillet_event_group_manager"):
            raise AccessError(self.env._("Allied venues are a manager's business."))
        for ally in self:
            ally._fetch()

    @api.model
    def _cron_fetch(self):
        """Each venue in a transaction of its own; for the clock."""
        cron = self.env["ir.cron"]
        allies = self.search(self._current())
        cron._commit_progress(remaining=len(allies))
        for ally in allies:
            ally._fetch()
            if not cron._commit_progress(1):
                return

    def _fetch(self):
        """Ask the venue, and keep what it says; what cannot be read changes nothing but a note."""
        self.ensure_one()
        ally_sudo = self.sudo()  # what is read is written here only
        before = ally_sudo._read_document()
        try:
            keys, address = ally_sudo._fetch_keys()
        except NotFetched as error:
            ally_sudo.problem_code = error.code
            return
        listed, problem = before.get("revoked"), ""
        try:
            listed = ally_sudo._fetch_revoked(keys, address, listed) or listed
        except (NotFetched, revoked.RevokedUnreadable):
            problem = "revoked"
        ally_sudo.write(
            {
                "document": json.dumps({"keys": keys, "revoked": listed}),
                "fetched_at": fields.Datetime.now(),
                "problem_code": problem,
                "key_count": len(keys),
                "revoked_count": len((listed or {}).get("digests", ())),
            }
        )

    def _loopback(self):
        """Whether this machine may be asked: an operator says so, for demonstrations and tests."""
        return keyfile.operator_setting("ally_loopback") == "yes"

    def _fetch_keys(self):
        """(JWKs of that place for tickets, address of its list or empty)."""
        if self.url:
            body = fetch(self.url, KNOWN_BYTES, self._loopback())
        else:
            body, _etag = self.env["tibillet.well.known"]._body()
        try:
            known = json.loads(body)
            keys = [key for key in known["keys"] if self._is_ticket_key(key)][:MOST_KEYS]
            place = next((one for one in known["places"] if one["number"] == self.place_number), {})
            address = place.get("revoked") or ""
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NotFetched("unreadable") from error
        if not keys or not place or not isinstance(address, str):
            raise NotFetched("place")
        names = ("kty", "crv", "alg", "use", "kid", "x", "place", "purpose")
        return [{name: key[name] for name in names if name in key} for key in keys], address

    def _is_ticket_key(self, key):
        return (
            (key.get("kty"), key.get("crv"), key.get("purpose")) == ("OKP", "Ed25519", "ticket")
            and type(key.get("place")) is int
            and key["place"] == self.place_number
            and isinstance(key.get("kid"), str)
            and len(key["kid"]) == 8
            and isinstance(key.get("x"), str)
            and bool(X.fullmatch(key["x"]))
        )

    def _fetch_revoked(self, keys, address, before):
        if not address:
            return None
        if self.url:
            body = fetch(address, revoked.LONGEST_BYTES, self._loopback())
        else:
            body = self.env["tibillet.well.known"]._revoked_body(self._place_here())
        listed = revoked.read(body, keys, self.place_number)
        if before and listed.issued < before["issued"] // 1000:
            raise revoked.RevokedUnreadable("older than the one that we have")
        return {"digests": sorted(listed.digests), "issued": listed.issued * 1000}

    def _read_document(self):
        return json.loads(self.document) if self.document else {}

    # -- for the gate ----------------------------------------------------------------------------

    @api.model
    def _current(self):
        now = fields.Datetime.now()
        return ["|", ("active_until", "=", False), ("active_until", ">", now)]

    @api.model
    def _of(self, company, among=None):
        allies_sudo = self.sudo()  # for a gate of that company: public keys
        found = allies_sudo.search([("company_id", "=", company.id), *self._current()])
        return found if among is None else found & among.sudo()

    @api.model
    def _trusted(self, company, among=None):
        """The venues whose tickets gates of this company let in, as the gate's protocol has them.

        :param among: those that a list names; by default all
        Of an event's hours its ticket tells: ``opens`` and ``closes`` are null.
        """
        found = []
        for ally_sudo in self._of(company, among):
            document = ally_sudo._read_document()
            if document.get("keys"):
                numbers = ally_sudo._numbers()
                found.append(
                    {
                        "name": ally_sudo.name,
                        "place": ally_sudo.place_number,
                        "keys": document["keys"],
                        "events": {
                            str(one): {"name": f"#{one}", "opens": None, "closes": None}
                            for one in sorted(numbers)
                        }
                        if numbers
                        else None,
                        "revoked": document["revoked"],
                    }
                )
        return found

    def _numbers(self):
        return {int(one) for one in (self.event_numbers or "").replace(" ", "").split(",") if one}

    @api.model
    def _verify(self, text, company, among=None):
        """Whose ticket this is, among the allied venues of a company; its hours are not asked.

        :return: (ally in sudo, payload), or a code: ``unknown`` (no ticket), ``signature``,
            ``cancelled`` (in their list of void tickets), ``wrong_event``
        """
        try:
            sealed = cose.read(text)
        except cose.TicketUnreadable:
            return "unknown"
        number = sealed.payload[cose.PLACE]
        named = self._of(company, among).filtered(lambda one: one.place_number == number)
        for ally_sudo in named:
            document = ally_sudo._read_document()
            if not any(_verifies(key, sealed) for key in document.get("keys", ())):
                continue
            if cose.digest(text) in (document["revoked"] or {}).get("digests", ()):
                return "cancelled"
            numbers = ally_sudo._numbers()
            if numbers and sealed.payload[cose.EVENT] not in numbers:
                return "wrong_event"
            return ally_sudo, sealed.payload
        return "signature"


def _verifies(key, sealed):
    if key["kid"] != sealed.kid:
        return False
    try:
        raw = base64.urlsafe_b64decode(key["x"] + "=")
        Ed25519PublicKey.from_public_bytes(raw).verify(sealed.signature, sealed.signed)
    except (InvalidSignature, ValueError):
        return False
    return True
