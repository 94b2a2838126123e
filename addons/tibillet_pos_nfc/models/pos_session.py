"""The till's door to the ledger, and what a session owes it when it opens and closes."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .till_tap import fill


class PosSession(models.Model):
    _inherit = "pos.session"

    @api.model
    def _load_pos_data_models(self, config):
        return [*super()._load_pos_data_models(config), "tibillet.device"]

    @api.model_create_multi
    def create(self, vals_list):
        """Stock goes down at the sale, not at the closing, where cards are taken."""
        sessions = super().create(vals_list)
        sessions.filtered("config_id.tibillet_wallet").update_stock_at_closing = False
        return sessions

    # -- what the till calls -----------------------------------------------------------

    def tibillet_pair(self, code=None, name=None):
        """Pair the browser that asks, by a manager's code or by a signed-in manager.

        :param code: what the manager was shown; not needed by a manager
        :param name: how a till made by a manager on the spot is called
        :returns: ``{"ok", "device": {"id", "name"}, "credential", "last_seq"}``, the
            credential this once, or a refusal
        """
        states = ("opening_control", "opened")  # the count of the cash may wait for the pairing
        return self._tibillet_answer(lambda: self._tibillet_pair(code, name), states)

    def tibillet_lookup(self, device, uid):
        """What a card holds and what this till may take from it.

        :param device: the till's credential
        :param uid: what the reader read, hexadecimal
        :returns: ``{"ok", "code", "message", "card", "left", "left_minor"}``
        """
        return self._tibillet_answer(
            lambda: self.env["tibillet.till"]._lookup(self, self._tibillet_device(device), uid)
        )

    def tibillet_hold(self, device, seq, key, uid, lines, up_to=None, facts=None):
        """Set the price of a basket aside on a card: what answers a tap.

        :param device: the till's credential
        :param seq: the act's number in the till's own count, without gap
        :param key: the till's key of this payment, repeated in retries
        :param uid: what the reader read, hexadecimal
        :param lines: ``[{"product_id", "amount_minor", "asset_id"?, "refunded_line_id"?}]``;
            a negative total asks to give money back to the card
        :param up_to: take at most this, in minor units, and say what is missing
        :param facts: ``{"age_seen", "product_ids"}``: what the cashier saw, the whole basket;
            with ``"reprice": True`` and ``"pricelist_id"`` (of the basket) the answer
            ``other_prices`` tells which list this card opens, and nothing is taken;
            ``{"asked", "also", "elsewhere_minor", "kept"}``: see ``_check_how``
        :returns: ``{"ok", "code", "message", "amount_minor", "missing_minor", "split",
            "left", "left_minor", "card", "expires_at", "rest_minor"}``; a refusal may
            carry ``why``, what the screen shows
        """
        return self._tibillet_answer(
            lambda: self.env["tibillet.till"]._hold(
                self, self._tibillet_device(device), seq, key, uid, lines, up_to, facts
            ),
            numbered=True,
        )

    def tibillet_renew(self, device, keys):
        """Keep holds alive while the till still has their orders.

        :returns: ``{"ok", "renewed": [key…], "lost": [key…]}``
        """
        return self._tibillet_answer(
            lambda: self.env["tibillet.till"]._renew(self, self._tibillet_device(device), keys)
        )

    def tibillet_void(self, device, seq, key):
        """Give back what a key holds; a key that never arrived is refused from then on.

        :returns: ``{"ok", "code", "message"}``
        """
        return self._tibillet_answer(
            lambda: self.env["tibillet.till"]._give_up(
                self, self._tibillet_device(device), seq, key
            ),
            numbered=True,
        )

    def tibillet_demo_cards(self):
        """Cards to tap on the screen's reader, in a database marked demo or test only.

        :returns: ``[{"uid", "name", "left_minor"}]``, at most twelve
        :raises AccessError: elsewhere: chip numbers are what a cloned card is made of
        """
        self.ensure_one()
        if not (
            self.config_id._tibillet_is_simulated()
            and self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_user")
        ):
            raise AccessError(self.env._("Demonstration cards exist in demonstrations only."))
        return self.env["tibillet.till"]._demo_cards(self.company_id)

    def _tibillet_answer(self, act, states=("opened",), numbered=False):
        """A refusal is an answer: the till shows it, nothing is raised at the cashier.

        :param numbered: whether the act has a number of the till. What it refuses once that is
            written, it answers; what it raises says ``unnumbered``, and the till gives the number
            back or tells it as given up: else it would look like an act that got lost
        """
        self.ensure_one()
        if not self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_user"):
            raise AccessError(self.env._("Only a cashier may take cards."))
        self._tibillet_read()
        try:
            if self.company_id not in self.env.companies:
                raise LedgerError(
                    "not_allowed", self.env._("This till belongs to another company.")
                )
            if self.state not in states:
                raise self._tibillet_closed()
            return act()
        except LedgerError as error:
            unpaired = {"unpaired": True} if getattr(error, "unpaired", False) else {}
            # of two acts numbered alike the other one has the number
            unused = {"unnumbered": True} if numbered and error.code != "key_conflict" else {}
            return error.as_answer() | unpaired | unused | getattr(error, "told", {})

    def _tibillet_read(self):
        """What an act asks of its session and till, in one narrow query: a customer waits.

        Rights and rules apply as to any read, they look at what is in the cache.
        """
        config = self.env["pos.config"]
        self.flush_recordset(["state", "config_id"])
        config.flush_model(["company_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT s.state, s.config_id, c.company_id"
                " FROM pos_session s JOIN pos_config c ON c.id = s.config_id WHERE s.id = %s",
                self.id,
            )
        )
        for state, config_id, company_id in rows:
            fill(self, {"state": state, "config_id": config_id})
            fill(config.browse(config_id), {"company_id": company_id})
        self.check_access("read")
        self.config_id.check_access("read")

    def _tibillet_closed(self):
        """The refusal of a till whose session ended, perhaps by somebody else's hand."""
        return self.env["tibillet.till"]._refusal(
            "not_allowed",
            "till_closed",
            self.env._(
                "This till is not open: its session was closed. Nothing was taken and the basket "
                "is kept; load the page again to open a new one."
            ),
        )

    def _tibillet_device(self, credential):
        return self.env["tibillet.device"]._authenticate(credential, self.config_id)

    def _tibillet_pair(self, code, name):
        hit = self.env["tibillet.rate.limit"]._hit("till-pair", self.env.uid, 20, 600)
        if not hit.allowed:
            raise LedgerError(
                "rate_limited", self.env._("Too many pairing codes were tried. Wait ten minutes.")
            )
        devices = self.env["tibillet.device"]
        if code:
            device_sudo, credential = devices._pair_by_code(self.config_id, code)
        elif self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_manager"):
            device = devices.create(
                {
                    "name": name or self.env._("Till %(name)s", name=self.config_id.name),
                    "config_id": self.config_id.id,
                }
            )
            device_sudo = device.sudo()  # the secret's hash is hidden from every group
            credential = device_sudo._give_credential()
        else:
            raise LedgerError("not_allowed", self.env._("Ask a manager for a pairing code."))
        return {
            "ok": True,
            "code": "paired",
            "message": self.env._("Paired: %(device)s", device=device_sudo.name),
            "device": {"id": device_sudo.id, "name": device_sudo.name},
            "credential": credential,
            "last_seq": device_sudo.last_seq,
        }

    # -- closing -----------------------------------------------------------------------

    def get_closing_control_data(self):
        """Mark the cards' line, so that the closing shows nothing to count beside it."""
        data = super().get_closing_control_data()
        wallet_ids = set(self.config_id._tibillet_methods().ids)
        for line in data["non_cash_payment_methods"]:
            line["tibillet"] = line["id"] in wallet_ids
        return data

    def _cannot_close_session(self, bank_payment_method_diffs=None):
        """Refuse a counted difference on cards: nobody counts what the ledger holds."""
        refused = self._tibillet_refuse_difference(bank_payment_method_diffs)
        return refused or super()._cannot_close_session(bank_payment_method_diffs)

    def _tibillet_refuse_difference(self, differences):
        typed = {int(method_id) for method_id, amount in (differences or {}).items() if amount}
        if typed & set(self.config_id._tibillet_methods().ids):
            return {
                "successful": False,
                "message": self.env._(
                    "Card payments are what the ledger says. Remove the difference typed on them."
                ),
                "redirect": False,
            }
        return None

    def _validate_session(
        self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None
    ):
        """Release what no order followed, then close; also guards the backend's button."""
        refused = self._tibillet_refuse_difference(bank_payment_method_diffs)
        if refused:
            raise LedgerError("not_allowed", refused["message"])
        self.env["tibillet.till"]._release_session(self)
        return super()._validate_session(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )

    def _create_pay_later_receivable_lines(self, data):
        """Clearing is no customer's debt: keep it out of the follow-ups."""
        data = super()._create_pay_later_receivable_lines(data)
        clearing = self.config_id._tibillet_methods().receivable_account_id
        lines = data["pay_later_move_lines"].filtered(lambda line: line.account_id in clearing)
        lines.no_followup = True
        return data
