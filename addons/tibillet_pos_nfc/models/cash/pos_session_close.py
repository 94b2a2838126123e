"""What Odoo's opening, cash moves and closing do with the parts of a session."""

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class PosSession(models.Model):
    _inherit = "pos.session"

    def _set_opening_control_data(self, cashbox_value, notes):
        """Read a float typed with a comma; who opens has the drawer."""
        if isinstance(cashbox_value, str):
            cashbox_value = self._tibillet_read_amount(cashbox_value, zero=True)
        result = super()._set_opening_control_data(cashbox_value, notes)
        if self._tibillet_has_shifts():
            shifts_sudo = self.env["tibillet.cash.shift"].sudo()  # closed to cashiers
            session_sudo = self.sudo()  # its float and its employee
            self.flush_recordset()
            shifts_sudo._begin(session_sudo, self._tibillet_person(), session_sudo.employee_id)
        return result

    def try_cash_in_out(self, _type, amount, reason, partner_id, extras):
        """Read an amount typed with a comma; refuse one that cannot be.

        Odoo writes the entry with the cashier's own rights, which end at the books: the till
        could not note its change money. Here whoever may work on this open till may do it.
        """
        for session in self:
            amount = session._tibillet_read_amount(amount)
        sessions = self
        if self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_user"):
            self.check_access("read")
            sessions_sudo = self.filtered(lambda session: session.state == "opened").sudo()
            if sessions_sudo != self:
                raise LedgerError("not_allowed", self.env._("This till is not open."))
            sessions = sessions_sudo
        return super(PosSession, sessions).try_cash_in_out(
            _type, amount, reason, partner_id, extras
        )

    def _prepare_account_bank_statement_line_vals(
        self, session, sign, amount, reason, partner_id, extras
    ):
        values = super()._prepare_account_bank_statement_line_vals(
            session, sign, amount, reason, partner_id, extras
        )
        if session._tibillet_has_shifts():
            values |= {"tibillet_shift_id": session._tibillet_shift().id, "tibillet_kind": "move"}
        return values

    def get_closing_control_data(self):
        """Say nothing of the drawer before it is counted; afterwards, what was counted."""
        data = super().get_closing_control_data()
        details = data["default_cash_details"]
        if details and self.state == "opened" and self._tibillet_has_shifts():
            shift_sudo = self._tibillet_shift()
            blind = self._tibillet_to_count(shift_sudo)
            details["tibillet_blind"] = blind
            if blind:
                details |= {"amount": 0, "payment_amount": 0, "moves": []}
                # less what was paid otherwise, it would be what is in the drawer
                data["orders_details"]["amount"] = 0
            else:
                details["tibillet_counted"] = shift_sudo._expected()
        return data

    def post_closing_cash_details(self, counted_cash):
        """Keep what was counted blind; another sum needs another count."""
        if isinstance(counted_cash, str):
            counted_cash = self._tibillet_read_amount(counted_cash, zero=True)
        if self.state == "opened" and self._tibillet_has_shifts() and self.config_id.cash_control:
            shift_sudo = self._tibillet_shift()
            if not self._tibillet_to_count(shift_sudo) and self.currency_id.compare_amounts(
                shift_sudo._expected(), counted_cash
            ):
                return {
                    "successful": False,
                    "message": self.env._("The drawer was counted. Count it again to change it."),
                    "redirect": False,
                }
        return super().post_closing_cash_details(counted_cash)

    def _cannot_close_session(self, bank_payment_method_diffs=None):
        return (
            super()._cannot_close_session(bank_payment_method_diffs)
            or self._tibillet_refuse_uncounted()
            or self._tibillet_refuse_large_difference()
        )

    def _tibillet_refuse_uncounted(self):
        """A cashier counts the drawer blind before it closes; a manager closes as she sees fit.

        A rescue session has no drawer of its own: it is that of the session beside it.
        """
        if (
            self.env.su
            or self.rescue
            or self.state == "closed"
            or not self._tibillet_has_shifts()
            or not self._tibillet_to_count(self._tibillet_shift())
            or self.env["tibillet.undo"]._is_manager()
        ):
            return None
        return {
            "successful": False,
            "message": self.env._(
                "Count the drawer first: “Cash drawer” in the till's menu, then close. A till "
                "manager may close without."
            ),
            "redirect": False,
        }

    def _tibillet_refuse_large_difference(self):
        """The most that a cashier may be off holds for each count, not only for the last."""
        config = self.config_id
        if not config.set_maximum_difference or self.env.user.has_group(
            "point_of_sale.group_pos_manager"
        ):
            return None
        off = [
            abs(shift_sudo.difference)
            for shift_sudo in self.sudo().tibillet_shift_ids.filtered("blind")
        ]
        if (
            not off
            or self.currency_id.compare_amounts(max(off), config.amount_authorized_diff) <= 0
        ):
            return None
        return {
            "successful": False,
            "message": self.env._(
                "A count is off by %(amount)s, more than a cashier may close. Ask a manager.",
                amount=self.currency_id.format(max(off)),
            ),
            "redirect": False,
        }

    def _validate_session(
        self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None
    ):
        """End the last part, close, then write the Z in the same transaction.

        The count is asked for here too: a session also closes by the backend's button.
        """
        refused = self._tibillet_refuse_uncounted()
        if refused:
            raise LedgerError("not_allowed", refused["message"])
        counts = self.state != "closed" and self._tibillet_has_shifts()
        if counts:
            self._tibillet_end_shifts()
        result = super()._validate_session(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )
        if counts and self.state == "closed":
            self.env["tibillet.closing"].sudo()._write_down(self.sudo())
        return result

    def _tibillet_end_shifts(self):
        """Close the part that runs with what Odoo's closing was told.

        After a blind count nothing is left to tell, also when another user closes from the
        backend: what was counted, less the bags dropped since, is what the drawer holds.
        """
        self._tibillet_finish_counts()
        shift_sudo = self._tibillet_shift()
        expected = shift_sudo._expected()
        session_sudo = self.sudo()  # the sum is read only to cashiers
        if not self.config_id.cash_control:
            counted = 0.0
        elif self._tibillet_to_count(shift_sudo):
            counted = session_sudo.cash_register_balance_end_real
        else:
            counted = session_sudo.cash_register_balance_end_real = expected
        passed = shift_sudo._figures()[shift_sudo.id]
        if shift_sudo.number > 1 and not any(passed.values()):
            shift_sudo.unlink()  # the empty part that followed the last count
            return
        has_drawer = self.config_id.cash_control
        shift_sudo.write(
            {
                "state": "closed",
                "closed_at": fields.Datetime.now(),
                "person": shift_sudo.person or self._tibillet_person(),
                "counted": counted,
                "expected": expected if has_drawer else 0.0,
                "difference": self.currency_id.round(counted - expected) if has_drawer else 0.0,
            }
        )
        shift_sudo.flush_recordset()

    def _tibillet_finish_counts(self):
        """Compare the counts whose tablet stopped before it heard the difference."""
        shifts_sudo = self.sudo().tibillet_shift_ids  # closed to cashiers
        for shift_sudo in shifts_sudo.filtered(lambda shift: shift.state == "counted"):
            self._tibillet_compare(shift_sudo.id)
            self.invalidate_recordset(["cash_register_balance_end", "cash_register_difference"])

    # -- preview and Z -----------------------------------------------------------------

    def action_tibillet_preview(self):
        """Open the preview (X) of this session."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/preview/{self.id}.pdf",
            "target": "new",
        }

    def action_tibillet_closing(self):
        """Open the Z of this session."""
        self.ensure_one()
        closing = self.env["tibillet.closing"].search([("session_id", "=", self.id)], limit=1)
        if not closing:
            raise UserError(self.env._("This session has no Z: it is open, or older than them."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "tibillet.closing",
            "res_id": closing.id,
            "views": [(False, "form")],
        }

    def _tibillet_preview(self):
        """The content of the X, for who may read a Z."""
        self.ensure_one()
        self.env["tibillet.closing"].check_access("read")
        closings_sudo = self.env["tibillet.closing"].sudo()  # reads orders, ledger and drawer
        return closings_sudo._preview(self.sudo())
