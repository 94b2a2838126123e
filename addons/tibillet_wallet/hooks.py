"""What install and uninstall do beyond the ORM."""

from odoo.tools import SQL

PARAMETERS = ("tibillet.node_id", "tibillet.health_token_hash", "tibillet.source_url")


def post_init_hook(env):
    """The companies that were there before become places."""
    env["tibillet.well.known"]._init_node()
    env["tibillet.place"]._create_for(env["res.company"].with_context(active_test=False).search([]))


def uninstall_hook(env):
    """Take away what dropping our models leaves behind."""
    env.cr.execute(SQL("DROP TABLE IF EXISTS tibillet_rate_hit"))
    env["ir.config_parameter"].search([("key", "in", PARAMETERS)]).unlink()
