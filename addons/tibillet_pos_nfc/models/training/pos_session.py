"""Who may put a till into training: it sells there without a trace, so a cashier may not."""

from odoo import models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class PosSession(models.Model):
    _inherit = "pos.session"

    def tibillet_training(self, by=None):
        """Let a till go into training, by a manager's right, and note in the session who did.

        Leaving it asks nobody: whoever finds a till in training may bring it back to work.

        :param by: ``{"device", "employee_id"}``: see ``tibillet_cash``
        :returns: ``{"ok", "code": "training", "message"}``, or a refusal
        """
        states = ("opening_control", "opened")
        return self._tibillet_answer(lambda: self._tibillet_begin_training(by), states)

    def _tibillet_begin_training(self, by):
        employee_sudo = self._tibillet_check_drawer_person(by)
        if not self._tibillet_is_managed_by(employee_sudo):
            raise LedgerError(
                "not_allowed",
                self.env._(
                    "Only a till manager puts a till into training. Nothing was changed: call one."
                ),
            )
        session_sudo = self.sudo()  # the session's own notes
        session_sudo.message_post(
            body=self.env._(
                "Training was begun at this till by %(person)s.",
                person=self._tibillet_person(employee_sudo),
            )
        )
        return {"ok": True, "code": "training", "message": ""}

    def _tibillet_is_managed_by(self, employee_sudo):
        """Whether the user who is signed in is a till manager, and so is who stands there."""
        if not self.env["tibillet.undo"]._is_manager():
            return False
        config_sudo = self.config_id.sudo()  # a cashier reads no rights of employees
        return (
            not config_sudo.module_pos_hr
            or not employee_sudo
            or employee_sudo in config_sudo.advanced_employee_ids
            or employee_sudo.user_id == self.env.user
        )
