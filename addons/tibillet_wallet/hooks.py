"""What install and uninstall do beyond the ORM."""

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

PARAMETERS = (
    "tibillet.dormancy_after",
    "tibillet.node_id",
    "tibillet.health_token_hash",
    "tibillet.source_url",
)
# Tables that no model owns, those that refer to others first.
TABLES = (
    "tibillet_single",
    "tibillet_rate_hit",
    "tibillet_hold",
    "tibillet_memo",
    "tibillet_ledger_rule",
    "tibillet_payout",
    "tibillet_rollup",
    "tibillet_rollup_mark",
    "tibillet_floor_change",
    "tibillet_refund_day",
    "tibillet_guard_passage",
)
# Models with activities, by the end of their names: the mixin's choices are named after its module.
WITH_ACTIVITIES = ("acceptance", "audit", "backing", "control", "meter", "settlement")


def post_init_hook(env):
    """The companies that were there before become places."""
    env["tibillet.well.known"]._init_node()
    env["tibillet.place"]._create_for(env["res.company"].with_context(active_test=False).search([]))


def uninstall_hook(env):
    """Take away what dropping our models leaves behind.

    That nothing backed circulates any more was checked when the uninstall was asked for
    (:class:`models.ir_module_module.IrModuleModule`).
    """
    _leave_books(env)
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
    # Odoo names the choices of a mixin's fields after the mixin's module, and forgets them there.
    env.cr.execute(
        SQL(
            "DELETE FROM ir_model_data WHERE model = 'ir.model.fields.selection' AND name ~ %s",
            f"^selection__tibillet_({'|'.join(WITH_ACTIVITIES)})__",
        )
    )


def _leave_books(env):
    """Take back what the companies' books were given and never used.

    What was used is part of the books and stays; the top-up product, which nothing could
    follow up any more, is then archived.
    """
    companies = env["res.company"].with_context(active_test=False).search([])
    assets = env["tibillet.asset"].with_context(active_test=False).search([])
    products = companies._tibillet_topup_products().product_tmpl_id
    journals = companies.tibillet_journal_id
    roles = env["tibillet.book.account"].search([])
    accounts = companies.tibillet_clearing_account_id | assets.liability_account_id
    accounts |= roles.account_id
    roles.unlink()
    assets.liability_account_id = False
    companies.write(
        {
            "tibillet_clearing_account_id": False,
            "tibillet_journal_id": False,
            "tibillet_topup_product_id": False,
        }
    )
    for product in products:
        if not _unlinked(product):
            product.active = False
    for record in [*journals, *accounts]:
        _unlinked(record)


def _unlinked(record):
    """Delete a record unless something names it; says whether it is gone."""
    try:
        # Being held on to is an answer here, not an error for the log.
        with mute_logger("odoo.sql_db"), record.env.cr.savepoint():
            record.unlink()
    except (UserError, psycopg2.IntegrityError):
        return False
    return True
