import base64
import datetime
import hashlib

import psycopg2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .. import keyfile
from ..exceptions import SigningError
from ..keyfile import KeyFileError

# A new key is published this long before it signs, so that every cached copy of the
# well-known document (it may be kept for minutes) knows it before it is needed.
PUBLISHED_BEFORE_SIGNING = datetime.timedelta(hours=1)

PURPOSES = [
    ("ticket", "Tickets"),
    ("message", "Messages between places"),
    ("log", "Public log"),
]


def _base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class TibilletKey(models.Model):
    """An Ed25519 key pair of a place, for one purpose.

    Only the public half is a field. The private half, encrypted by the key file, stands in
    the column ``cipher`` that the ORM does not know, so that no read, export, search,
    duplicate or log can carry it away; :meth:`_private_key` alone reads it.
    """

    _name = "tibillet.key"
    _description = "Signing key"
    _order = "place_id, purpose, signs_from desc, id desc"
    _rec_name = "kid"

    place_id = fields.Many2one("tibillet.place", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="place_id.company_id", store=True, index=True)
    purpose = fields.Selection(PURPOSES, required=True)
    kid = fields.Char(string="Key id", required=True, copy=False)
    public_key = fields.Char(required=True, copy=False, help="The 32 public bytes, in base64url.")
    signs_from = fields.Datetime(
        required=True, help="Published before, so that everyone knows the key when it signs."
    )
    revoked_at = fields.Datetime(
        string="Revoked on", help="Since then it signs nothing and is no longer published."
    )
    state = fields.Selection(
        [
            ("upcoming", "Published, signs soon"),
            ("signing", "Signing"),
            ("retired", "Retired, still published"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
    )

    _kid_uniq = models.Constraint("UNIQUE(kid)", "Two keys cannot have the same id.")
    _kid_check = models.Constraint(
        "CHECK(length(kid) = 8 AND octet_length(kid) = 8)", "A key id has 8 ASCII characters."
    )

    def init(self):
        self.env.cr.execute(SQL("ALTER TABLE tibillet_key ADD COLUMN IF NOT EXISTS cipher bytea"))

    @api.depends("signs_from", "revoked_at")
    def _compute_state(self):
        signing = self.place_id._signing_keys()
        now = fields.Datetime.now()
        for key in self:
            if key.revoked_at:
                key.state = "revoked"
            elif key.signs_from > now:
                key.state = "upcoming"
            else:
                signer = signing.get((key.place_id.id, key.purpose))
                key.state = "signing" if signer == key else "retired"

    def write(self, vals):
        """Only dates change, and only by the methods below: a key is what it is."""
        if set(vals) - {"signs_from", "revoked_at"}:
            raise UserError(self.env._("A key is never edited: make a new one instead."))
        return super().write(vals)

    def copy_data(self, default=None):
        raise UserError(self.env._("A key is never copied: make a new one instead."))

    # -- actions of the manager ----------------------------------------------------------

    def _check_manager(self, records):
        """Keys are a manager's business, within the manager's own companies."""
        if not self.env.user.has_group("tibillet_wallet.tibillet_wallet_group_manager"):
            raise AccessError(self.env._("Only a TiBillet manager changes keys."))
        records.check_access("read")

    def action_rotate(self):
        """Publish a successor that signs an hour from now; this key stays published."""
        self._check_manager(self)
        for key in self:
            if key.revoked_at:
                raise UserError(self.env._("This key is revoked: it has its successor already."))
            pending = self.search_count(
                [
                    ("place_id", "=", key.place_id.id),
                    ("purpose", "=", key.purpose),
                    ("revoked_at", "=", False),
                    ("signs_from", ">", fields.Datetime.now()),
                ]
            )
            if pending:
                raise UserError(self.env._("A successor of this key is published already."))
            signs_from = fields.Datetime.now() + PUBLISHED_BEFORE_SIGNING
            self._generate(key.place_id, key.purpose, signs_from)
        return True

    def action_revoke(self):
        """Withdraw a key that somebody else may hold: its successor signs at once."""
        self._check_manager(self)
        for key_sudo in self.sudo():
            if key_sudo.revoked_at:
                continue
            key_sudo.revoked_at = fields.Datetime.now()
            # Without a usable key file there is no successor yet, and that must not keep
            # anyone from withdrawing a stolen key.
            self._ensure(key_sudo.place_id)
        return True

    # -- business ------------------------------------------------------------------------

    @api.model
    def _generate(self, place, purpose, signs_from=None):
        """Make a key pair for ``place`` and ``purpose``; it signs from ``signs_from`` or now.

        :raise SigningError: the key file cannot be used, so nothing could be kept safely
        """
        box = self.env["tibillet.signer"]._key_file()
        private = Ed25519PrivateKey.generate()
        public = _base64url(private.public_key().public_bytes_raw())
        # sudo: nobody may create keys by hand, and callers have checked who asks.
        key_sudo = self.sudo().create(
            {
                "place_id": place.id,
                "purpose": purpose,
                "kid": self._thumbprint(public)[:8],
                "public_key": public,
                "signs_from": signs_from or fields.Datetime.now(),
            }
        )
        key_sudo.flush_recordset()
        self._store_cipher(key_sudo.id, box.encrypt(private.private_bytes_raw()))
        return key_sudo

    @api.model
    def _thumbprint(self, public_key):
        """RFC 7638 thumbprint of the public key, in base64url."""
        canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{public_key}"}}'
        return _base64url(hashlib.sha256(canonical.encode()).digest())

    @api.model
    def _ensure(self, places, strict=False):
        """Make every key that ``places`` lack.

        :param strict: raise when the key file cannot be used; else leave it for later, the
            housekeeping cron asks again
        """
        existing = places._signing_keys()
        try:
            for place in places:
                for purpose, __ in PURPOSES:
                    if (place.id, purpose) not in existing:
                        self._generate(place, purpose)
        except SigningError:
            if strict:
                raise

    @api.model
    def _store_cipher(self, key_id, cipher):
        self.env.cr.execute(
            SQL(
                "UPDATE tibillet_key SET cipher = %s WHERE id = %s",
                psycopg2.Binary(cipher),
                key_id,
            )
        )

    def _ciphers(self):
        """Encrypted private halves of these keys, by id."""
        rows = self.env.execute_query(
            SQL("SELECT id, cipher FROM tibillet_key WHERE id = ANY(%s)", self.ids)
        )
        return {key_id: bytes(cipher) for key_id, cipher in rows if cipher}

    def _private_key(self):
        """The private key itself, for :class:`TibilletSigner` and nobody else.

        :raise SigningError: no line of the key file opens it, or it is not this key's half
        """
        self.ensure_one()
        box = self.env["tibillet.signer"]._key_file()
        seed = box.decrypt(self._ciphers().get(self.id, b""))
        private = seed and Ed25519PrivateKey.from_private_bytes(seed)
        if not private or _base64url(private.public_key().public_bytes_raw()) != self.public_key:
            raise SigningError(
                "key_lost",
                self.env._(
                    "The key file does not open the key %(kid)s: put the line back that "
                    "protected it, or revoke the key.",
                    kid=self.kid,
                ),
            )
        return private

    @api.model
    def _protection(self):
        """How many keys in use the key file opens: ``{"current", "older", "lost"}``."""
        keys_sudo = self.sudo().search([("revoked_at", "=", False)])
        counts = {"current": 0, "older": 0, "lost": 0}
        try:
            box = keyfile.load()
        except KeyFileError:
            return counts | {"lost": len(keys_sudo)}
        ciphers = keys_sudo._ciphers()
        for key_id in keys_sudo.ids:
            cipher = ciphers.get(key_id, b"")
            if box.is_current(cipher):
                counts["current"] += 1
            else:
                counts["lost" if box.decrypt(cipher) is None else "older"] += 1
        return counts

    @api.model
    def _reencrypt(self):
        """Encrypt anew, under the key file's first line, what an older line protects.

        :return: number of keys re-encrypted
        :raise SigningError: the key file cannot be used
        """
        box = self.env["tibillet.signer"]._key_file()
        done = 0
        keys_sudo = self.sudo().search([])  # of every place: the key file is one for all
        for key_id, cipher in keys_sudo._ciphers().items():
            seed = None if box.is_current(cipher) else box.decrypt(cipher)
            if seed:
                self._store_cipher(key_id, box.encrypt(seed))
                done += 1
        return done

    def _jwk(self):
        """The public half as a JSON Web Key (RFC 8037) with its place and purpose."""
        self.ensure_one()
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "EdDSA",
            "use": "sig",
            "kid": self.kid,
            "x": self.public_key,
            "place": self.place_id.number,
            "purpose": self.purpose,
        }
