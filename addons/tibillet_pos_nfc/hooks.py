"""What installing and removing the addon does beside its own tables."""

from odoo.tools import SQL


def post_init_hook(env):
    """Give every till of a company with a chart of accounts its wallet payment method.

    A till with an open session is left alone: Odoo freezes its methods until it closes;
    the manager then ticks the box on the till's form.
    """
    for config in env["pos.config"].search([]):
        if config.company_id.chart_template and not config.has_active_session:
            config._tibillet_ensure_payment_method()


def uninstall_hook(env):
    """Leave no value of the terminal selection behind: an unknown one stops every till.

    The methods themselves stay, archived and taken off the tills, because past payments
    name them.
    """
    env["ir.config_parameter"].search([("key", "=like", "tibillet_pos_nfc.%")]).unlink()
    env.cr.execute("DROP FUNCTION IF EXISTS tibillet_guard_shift() CASCADE")  # and its triggers
    env.cr.execute(
        """
        DROP FUNCTION IF EXISTS tibillet_device_act_record(integer, integer, text, text);
        DROP FUNCTION IF EXISTS
            tibillet_device_act_begin(integer, bytea, integer, integer, text, text);
        DROP FUNCTION IF EXISTS tibillet_till_read(integer, text, integer[]);
        DROP FUNCTION IF EXISTS tibillet_till_told(integer, integer, integer, text[], text);
        """
    )
    # Odoo names the choices of a mixin's fields after the mixin's module, and forgets them there.
    env.cr.execute(
        SQL(
            "DELETE FROM ir_model_data WHERE model = 'ir.model.fields.selection' AND name LIKE %s",
            r"selection\_\_tibillet\_till\_%",
        )
    )
    methods = (
        env["pos.payment.method"]
        .with_context(active_test=False)
        .search([("use_payment_terminal", "=", "tibillet_nfc")])
    )
    if not methods:
        return
    env.flush_all()
    env.cr.execute(
        "DELETE FROM pos_config_pos_payment_method_rel WHERE pos_payment_method_id = ANY(%s)",
        [methods.ids],
    )
    env.cr.execute(
        """
        UPDATE pos_payment_method
           SET use_payment_terminal = NULL, payment_method_type = 'none', active = FALSE
         WHERE id = ANY(%s)
        """,
        [methods.ids],
    )
    env.invalidate_all()
