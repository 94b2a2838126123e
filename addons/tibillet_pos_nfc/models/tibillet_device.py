"""A till that has been given the right to hold money, and the proof that it is itself."""

import hashlib
import hmac
import secrets

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

# Crockford's alphabet: no I, L, O, U, so that a code read aloud is typed as it was said.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
CODE_MINUTES = 15
PER_MINUTE = {"act": 240, "lookup": 60}


def digest(secret):
    """SHA-256 of a secret of full entropy: a slow hash would protect nothing more."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TibilletDevice(models.Model):
    _name = "tibillet.device"
    _description = "Paired till"
    _inherit = ["pos.load.mixin"]
    _order = "config_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Written on the machine, for instance “Bar left”.")
    config_id = fields.Many2one(
        "pos.config", string="Till", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True, index=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("new", "Waiting for its till"), ("paired", "Paired"), ("revoked", "Revoked")],
        default="new",
        required=True,
        readonly=True,
        copy=False,
    )
    secret_hash = fields.Char(groups=fields.NO_ACCESS, copy=False)
    code_hash = fields.Char(groups=fields.NO_ACCESS, copy=False)
    code_expires_at = fields.Datetime(groups=fields.NO_ACCESS, copy=False)
    paired_at = fields.Datetime(readonly=True, copy=False)
    paired_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    last_seq = fields.Integer(compute="_compute_last_seq", string="Last act")
    gap_ids = fields.One2many(
        "tibillet.device.gap",
        "device_id",
        string="Missing acts",
        groups="tibillet_pos_nfc.tibillet_pos_nfc_group_manager",
    )

    def _compute_last_seq(self):
        counts = dict(
            self.env["tibillet.device.act"]
            .sudo()
            ._read_group([("device_id", "in", self.ids)], ["device_id"], ["seq:max"])
        )
        for device in self:
            device.last_seq = counts.get(device, 0)

    @api.model
    def _load_pos_data_domain(self, data, config):
        return [("config_id", "=", config.id), ("state", "=", "paired")]

    @api.model
    def _load_pos_data_fields(self, config):
        return ["id", "name", "state"]

    # -- pairing -----------------------------------------------------------------------

    def action_pairing_code(self):
        """Show a code, valid fifteen minutes and once, to type on the till.

        :raises AccessError: for anyone but a till manager
        """
        self.ensure_one()
        code = self._new_code()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Pairing code of %(device)s", device=self.name),
                "message": self.env._(
                    "%(code)s. Type it on the till within %(minutes)s minutes; it works once.",
                    code=f"{code[:5]}-{code[5:]}",
                    minutes=CODE_MINUTES,
                ),
                "sticky": True,
                "type": "info",
            },
        }

    def _new_code(self):
        """Make and remember (hashed) a one-time pairing code; answers it in clear, once."""
        self.check_access("write")
        code = "".join(secrets.choice(CODE_ALPHABET) for _index in range(CODE_LENGTH))
        expiry = fields.Datetime.add(fields.Datetime.now(), minutes=CODE_MINUTES)
        device_sudo = self.sudo()  # the hashes are hidden from every group
        device_sudo.write({"code_hash": digest(code), "code_expires_at": expiry})
        return code

    @api.model
    def _pair_by_code(self, config, code):
        """Trade a pairing code for a credential.

        :returns: the device and its credential, shown to the till this once
        :raises LedgerError: ``not_allowed`` when no waiting device has this code
        """
        cleaned = "".join(sign for sign in str(code).upper() if sign.isalnum())
        cleaned = cleaned.translate(str.maketrans("ILO", "110"))
        device_sudo = self.sudo().search(
            [
                ("config_id", "=", config.id),
                ("code_hash", "=", digest(cleaned)),
                ("code_expires_at", ">=", fields.Datetime.now()),
            ],
            limit=1,
        )
        if len(cleaned) != CODE_LENGTH or not device_sudo:
            raise LedgerError(
                "not_allowed",
                self.env._("This code is wrong or too old. Ask a manager for a new one."),
            )
        return device_sudo, device_sudo._give_credential()

    def _give_credential(self):
        """Make a new secret, forget the former one and the code; answer the credential."""
        self.ensure_one()
        secret = secrets.token_urlsafe(32)
        self.write(
            {
                "secret_hash": digest(secret),
                "code_hash": False,
                "code_expires_at": False,
                "state": "paired",
                "paired_at": fields.Datetime.now(),
                "paired_by_id": self.env.uid,
            }
        )
        return f"{self.id}.{secret}"

    def action_revoke(self):
        """Refuse every further act of this till, at once."""
        self.check_access("write")
        device_sudo = self.sudo()  # the hashes are hidden from every group
        device_sudo.write({"state": "revoked", "secret_hash": False, "code_hash": False})

    def write(self, vals):
        if "config_id" in vals and any(
            device.config_id.id != vals["config_id"] and device.state != "new" for device in self
        ):
            raise UserError(
                self.env._("A till that has been paired stays where it is. Pair another one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(device.last_seq for device in self):
            raise UserError(
                self.env._("A till that has worked is kept for its history. Revoke it instead.")
            )

    # -- each request ------------------------------------------------------------------

    @api.model
    def _authenticate(self, credential, config):
        """The device that this credential proves, if it may act on this till.

        :param credential: ``<id>.<secret>`` as given at pairing
        :raises LedgerError: ``not_allowed``
        """
        number, _dot, secret = str(credential or "").partition(".")
        if number.isascii() and number.isdigit() and len(number) < 10 and secret:
            self.flush_model(["active", "config_id", "secret_hash", "state"])
            rows = self.env.execute_query(  # narrow: a customer waits
                SQL(
                    "SELECT secret_hash FROM tibillet_device"
                    " WHERE id = %s AND active AND state = 'paired' AND config_id = %s",
                    int(number),
                    config.id,
                )
            )
            known = (rows and rows[0][0]) or ""
            if hmac.compare_digest(known, digest(secret)):
                return self.sudo().browse(int(number))  # the hash is hidden
        refusal = LedgerError(
            "not_allowed",
            self.env._("This till is not paired. Ask a manager to pair it."),
        )
        refusal.unpaired = True  # the till forgets its credential and asks for a new one
        raise refusal

    @property
    def _ledger_origin(self):
        """Who acts, in the ledger's words."""
        return f"device:{self.id}"

    def _take_token(self, kind):
        """Count one request of the device, in the transaction that does it.

        :param kind: ``act`` or ``lookup``: a look could be probing numbers, so fewer
        :raises LedgerError: ``rate_limited``
        """
        self.ensure_one()
        answer = self.env["tibillet.rate.limit"]._hit(
            f"till_{kind}", self.id, self._per_minute(kind), 60, cr=self.env.cr
        )
        self._check_allowed(answer.allowed)

    def _per_minute(self, kind):
        parameter = self.env["ir.config_parameter"].sudo().get_param
        return int(parameter(f"tibillet_pos_nfc.{kind}s_per_minute", PER_MINUTE[kind]))

    def _check_allowed(self, allowed):
        if not allowed:
            raise LedgerError(
                "rate_limited", self.env._("Too many taps at once. Wait a few seconds.")
            )

    def _begin_act(self, seq, kind, key):
        """Count a request and write its act in the journal, in one round trip: a customer waits.

        As ``_take_token`` and ``_record`` do one after the other.

        :returns: whether the till gave the key up before, and the operation that the key made
            already, as superuser (empty: none)
        :raises LedgerError: ``rate_limited``, ``invalid``, ``key_conflict``
        """
        self.ensure_one()
        acts = self.env["tibillet.device.act"]
        acts._check_seq(seq)
        caller = self.env["tibillet.rate.limit"]._caller("till_act", self.id)
        [(begun,)] = self.env.execute_query(
            SQL(
                "SELECT tibillet_device_act_begin(%s, %s, %s, %s, %s, %s)",
                self.id,
                psycopg2.Binary(caller),
                self._per_minute("act"),
                seq,
                kind,
                key,
            )
        )
        self._check_allowed(begun["allowed"])
        acts._check_written(begun["written"])
        operations_sudo = self.env["tibillet.operation"].sudo()  # cashiers read none
        return begun["voided"], operations_sudo.browse(begun["operation_id"] or ())
