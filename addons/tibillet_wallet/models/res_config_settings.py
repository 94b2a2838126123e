from odoo import fields, models
from odoo.exceptions import AccessError

from .tibillet_health import TOKEN_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    tibillet_source_url = fields.Char(
        string="Address of the source code",
        config_parameter="tibillet.source_url",
        help="{commit} and {release} are replaced by those of the running version.",
    )
    tibillet_tap_limit = fields.Monetary(
        related="company_id.tibillet_tap_limit",
        readonly=False,
    )
    tibillet_stored_limit = fields.Monetary(
        related="company_id.tibillet_stored_limit",
        readonly=False,
    )
    tibillet_spent_limit = fields.Monetary(
        related="company_id.tibillet_spent_limit",
        readonly=False,
    )
    tibillet_keys_problem = fields.Char(
        string="Problem of the signing keys", compute="_compute_tibillet_keys"
    )
    tibillet_keys_advice = fields.Char(
        string="Advice on the signing keys", compute="_compute_tibillet_keys"
    )
    tibillet_health_token_set = fields.Boolean(
        string="A token of the health page is set", compute="_compute_tibillet_health_token_set"
    )

    def _compute_tibillet_keys(self):
        signer = self.env["tibillet.signer"]
        counts = self.env["tibillet.key"]._protection()
        problem, advice = "", ""
        if of_file := signer._key_file_problem():
            problem = signer._key_file_sentence(of_file)
        elif counts["lost"]:
            problem = self.env._(
                "The key file does not open %(count)s of the keys. Put the line back that "
                "protected them, or revoke them.",
                count=counts["lost"],
            )
        elif counts["older"]:
            advice = self.env._(
                "%(count)s keys are still under an older line of the key file. Protect them "
                "anew before you take that line away.",
                count=counts["older"],
            )
        for settings in self:
            settings.tibillet_keys_problem = problem
            settings.tibillet_keys_advice = advice

    def _compute_tibillet_health_token_set(self):
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        for settings in self:
            settings.tibillet_health_token_set = bool(parameter_sudo.get_param(TOKEN_PARAMETER))

    def _tibillet_check_system(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator changes these settings."))

    def action_tibillet_reencrypt(self):
        """Protect every key by the first line of the key file."""
        self._tibillet_check_system()
        done = self.env["tibillet.key"]._reencrypt()
        message = self.env._(
            "%(count)s keys are now protected by the first line of the key file.", count=done
        )
        return self._tibillet_tell(message, "success", sticky=False)

    def action_tibillet_health_token(self):
        """Make a token for the health page and show it, this once."""
        self._tibillet_check_system()
        token = self.env["tibillet.health"]._new_token()
        message = self.env._("Copy this token now, it is not shown again: %(token)s", token=token)
        return self._tibillet_tell(message, "warning", sticky=True)

    def _tibillet_tell(self, message, kind, sticky):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "sticky": sticky,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
