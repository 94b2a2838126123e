"""The card page's acts: one door, one journal row and one key each, a refusal as an answer."""

from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.tibillet_wallet.exceptions import LedgerError


@dataclass
class Asked:
    """What a till asks for: who, on which card, under which key, and the words of the act."""

    session: object
    device: object
    key: str
    card: object
    values: dict

    @property
    def company(self):
        return self.session.company_id

    def text(self, name, most=200):
        """A typed text, or an empty one: nothing else passes."""
        value = self.values.get(name)
        return value.replace("\0", "").strip()[:most] if isinstance(value, str) else ""

    def minor(self, name):
        """A whole positive amount, or 0."""
        value = self.values.get(name)
        whole = isinstance(value, int) and not isinstance(value, bool)
        return value if whole and 0 < value < 2**31 else 0

    def id(self, name):
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0


class TibilletTillActs(models.AbstractModel):
    """An addon that brings a further act extends :meth:`_acts`."""

    _name = "tibillet.till.acts"
    _description = "Acts of the card page"

    @api.model
    def _acts(self):
        """Name → method that takes an :class:`Asked` and answers a dictionary."""
        return {"topup": self._topup}

    @api.model
    def _do(self, session, device, seq, key, uid, act, values):
        """Do one act, once per key. The act's number stays taken when it is refused."""
        till = self.env["tibillet.till"]
        till._check_key(key)
        todo = self._acts().get(act) if isinstance(act, str) else None
        if not todo or not isinstance(values, dict):
            raise LedgerError("invalid", self.env._("The till asked for an act that is not one."))
        device._take_token("act")
        acts_sudo = self.env["tibillet.device.act"].sudo()  # cashiers have no right on acts
        acts_sudo._record(device, seq, "card", key)
        # what was done before it was given up is told, so that nobody does it again
        done = till._operation(device, key).state == "posted"
        if not done and acts_sudo._is_voided(device, key):
            return LedgerError(
                "hold_resolved", self.env._("This was already given up on the till.")
            ).as_answer()
        try:
            with self.env.cr.savepoint():
                card_sudo = self.env["tibillet.card.page"]._card(uid)
                self._check_key_is_new(device, key, act)
                asked = Asked(session, device, key, card_sudo, values)
                return {"ok": True, "code": act, "message": ""} | todo(asked)
        except LedgerError as refusal:
            return refusal.as_answer()
        except UserError as refusal:  # a rule of Odoo's own, in its own words
            return {"ok": False, "code": "not_allowed", "message": str(refusal)}

    @api.model
    def _check_key_is_new(self, device, key, act):
        """One key, one act: the key of a promise refunds nothing.

        :raises LedgerError: ``key_conflict``
        """
        if act != "topup" and self.env["tibillet.topup"]._of(device, key):
            raise self.env["tibillet.topup"]._other_content()

    # -- top-up --------------------------------------------------------------------------

    @api.model
    def _topup(self, asked):
        """Promise a top-up: a line of the order that credits the card when it is paid."""
        promise_sudo = self.env["tibillet.topup"]._promise(
            asked,
            self._asset(asked),
            asked.minor("price_minor"),
            beside=asked.values.get("beside") or [],
        )
        return {"message": self.env._("Credited once it is paid.")} | promise_sudo._as_line()

    @api.model
    def _asset(self, asked):
        """The asset that the till names, as superuser; no list of assets is given for it."""
        assets_sudo = self.env["tibillet.asset"].sudo()  # cashiers read no assets
        asset_sudo = assets_sudo.browse(asked.id("asset_id")).exists()
        if not asset_sudo or asset_sudo.kind == "claim":
            raise LedgerError("invalid", self.env._("Choose first what is loaded or paid back."))
        return asset_sudo
