from odoo import api, fields, models
from odoo.fields import Domain


class TibilletAtTills(models.AbstractModel):
    """A rule of prices that counts at some tills of a place, or at all of them."""

    _name = "tibillet.at.tills"
    _description = "Rule of some tills"

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    config_ids = fields.Many2many(
        "pos.config",
        string="Tills",
        check_company=True,
        groups="point_of_sale.group_pos_user",
        help="Left empty, every till of the place.",
    )

    def _configs(self):
        """The tills where these rules count, as superuser: who sets them may set no tills."""
        configs_sudo = self.env["pos.config"].sudo()
        for rule_sudo in self.sudo():
            configs_sudo |= rule_sudo.config_ids or configs_sudo.search(
                [("company_id", "=", rule_sudo.company_id.id)]
            )
        return configs_sudo

    @api.model
    def _at_domain(self, config):
        """Which rules count at a till."""
        return Domain("company_id", "=", config.company_id.id) & (
            Domain("config_ids", "=", False) | Domain("config_ids", "in", config.ids)
        )

    @api.model
    def _at(self, config):
        """The rules that count at a till, as superuser: a cashier reads no rules."""
        rules_sudo = self.sudo()
        return rules_sudo.search(self._at_domain(config))

    def _counts_at(self, config):
        """Whether this rule counts at a till, or at one whose open bills it shares."""
        self.ensure_one()
        tills = config | config.trusted_config_ids
        return self.company_id == config.company_id and (
            not self.config_ids or bool(self.config_ids & tills)
        )
