"""Who is at the drawer: which paired device asks, and which employee stands before it."""

from odoo import models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class PosSession(models.Model):
    _inherit = "pos.session"

    def _tibillet_drawer_device(self, by):
        """The device that a drawer's act came from, as superuser; none when it proves none.

        An act without device is noted as one, never refused: a drawer has to be counted and a
        session closed on the evening when its tablet was revoked.
        """
        none_sudo = self.env["tibillet.device"].sudo()
        credential = by.get("device") if isinstance(by, dict) else None
        if not credential:
            return none_sudo
        try:
            return self._tibillet_device(credential)
        except LedgerError:
            return none_sudo

    def _tibillet_check_drawer_person(self, by):
        """Refuse whom Odoo's till lets only sell (*minimal rights*).

        :param by: what the till says of who stands before it; left out, the employee whom this
            session knows
        :raises LedgerError: ``not_allowed``, ``invalid``
        """
        session_sudo = self.sudo()  # a cashier reads no employee
        employee_sudo = session_sudo.employee_id
        asked = by.get("employee_id") if isinstance(by, dict) else None
        if not session_sudo.config_id.module_pos_hr:
            return employee_sudo.browse()
        if asked:
            if type(asked) is not int or not 0 < asked < 2**31:
                raise LedgerError("invalid", self.env._("Say who is at the till first."))
            allowed = session_sudo.config_id._employee_domain(self.env.uid)
            employee_sudo = employee_sudo.search([("id", "=", asked), *allowed], limit=1)
            if not employee_sudo:
                raise LedgerError("invalid", self.env._("Say who is at the till first."))
        if self._tibillet_is_minimal(employee_sudo):
            raise LedgerError("not_allowed", self._tibillet_minimal_sentence(employee_sudo))
        return employee_sudo

    def _tibillet_is_minimal(self, employee_sudo):
        """As Odoo's till works an employee's role out."""
        config_sudo = self.sudo().config_id
        managers = config_sudo.group_pos_manager_id
        return (
            config_sudo.module_pos_hr
            and employee_sudo in config_sudo.minimal_employee_ids
            and employee_sudo not in config_sudo.advanced_employee_ids
            and managers not in employee_sudo.user_id.all_group_ids
        )

    def _tibillet_minimal_sentence(self, employee_sudo):
        return self.env._(
            "%s sells at this till and has no right to its drawer. Call a colleague who has.",
            employee_sudo.name,
        )

    def _tibillet_known_at_the_drawer(self, by):
        """Remember who is at the till that asks: the closing that follows names nobody."""
        employee_sudo = self._tibillet_check_drawer_person(by)
        session_sudo = self.sudo()
        if employee_sudo and session_sudo.employee_id != employee_sudo:
            session_sudo.employee_id = employee_sudo

    def close_session_from_ui(self, bank_payment_method_diff_pairs=None):
        """Who may only sell does not close either, whatever the browser shows."""
        employee_sudo = self.sudo().employee_id
        if self._tibillet_has_shifts() and self._tibillet_is_minimal(employee_sudo):
            return {
                "successful": False,
                "message": self._tibillet_minimal_sentence(employee_sudo),
                "redirect": False,
            }
        return super().close_session_from_ui(bank_payment_method_diff_pairs)
