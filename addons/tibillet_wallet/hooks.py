"""What install and uninstall do beyond the ORM."""

from odoo.tools import SQL

PARAMETERS = ("tibillet.node_id", "tibillet.health_token_hash", "tibillet.source_url")
# Tables that no model owns, those that refer to others first.
TABLES = (
    "tibillet_rate_hit",
    "tibillet_hold",
    "tibillet_payout",
    "tibillet_rollup",
    "tibillet_guard_passage",
)


def post_init_hook(env):
    """The companies that were there before become places."""
    env["tibillet.well.known"]._init_node()
    env["tibillet.place"]._create_for(env["res.company"].with_context(active_test=False).search([]))


def uninstall_hook(env):
    """Take away what dropping our models leaves behind.

    That nothing backed circulates any more was checked when the uninstall was asked for
    (:class:`models.ir_module_module.IrModuleModule`).
    """
    for table in TABLES:
        env.cr.execute(SQL("DROP TABLE IF EXISTS %s CASCADE", SQL.identifier(table)))
    functions = env.execute_query(
        SQL(
            """
            SELECT p.oid::regprocedure::text FROM pg_proc p
              JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = current_schema AND p.proname LIKE %s
            """,
            r"tibillet\_%",
        )
    )
    for [signature] in functions:
        # The signature comes from the catalogue, quoted by it. CASCADE: its triggers.
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS " + signature + " CASCADE"))  # pylint: disable=sql-injection
    env["ir.config_parameter"].search([("key", "in", PARAMETERS)]).unlink()
