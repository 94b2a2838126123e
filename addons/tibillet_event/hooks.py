"""What install and uninstall do beyond the ORM."""

from odoo.tools import SQL

MAIL_BEHIND = "event.event_mail_async"


def post_init_hook(env):
    """Count what was sold before us; what was oversold then stays, and sells nothing more."""
    count_what_was_sold(env.cr)
    say_by_which_way(env.cr)
    send_mail_behind(env)


def say_by_which_way(cr):
    """The channel of what was registered before channels were noted."""
    cr.execute(
        """
        UPDATE event_registration r SET tibillet_channel = CASE
               WHEN r.tibillet_guest_list_id IS NOT NULL THEN 'guest'
               WHEN o.website_id IS NOT NULL THEN 'web' ELSE 'desk' END
          FROM event_registration x LEFT JOIN sale_order o ON o.id = x.sale_order_id
         WHERE x.id = r.id AND r.tibillet_channel IS NULL
        """
    )


def send_mail_behind(env):
    """Odoo's mails on registering go by its clock, not within the request that registers.

    Else every registration updates one row of the event's mail scheduler: in a rush whole
    requests collide on it, and a buyer waits for a mail server.
    """
    env["ir.config_parameter"].set_param(MAIL_BEHIND, "True")


def count_what_was_sold(cr):
    """Counters of every event; a draft that no confirmed order stands behind holds no seat."""
    cr.execute(
        """
        UPDATE event_registration r SET tibillet_hold_until = r.create_date
         WHERE r.state = 'draft' AND EXISTS (
               SELECT FROM sale_order o WHERE o.id = r.sale_order_id AND o.state <> 'sale')
        """
    )
    cr.execute("SELECT tibillet_seat_sync(id, true) FROM event_event")
    # The guard sees each registration; what it takes here is forgiven by the second count.
    cr.execute("ALTER TABLE event_registration DISABLE TRIGGER tibillet_seat_guard")
    cr.execute(
        """
        UPDATE event_registration SET tibillet_seated =
               (COALESCE(active, true) AND state <> 'cancel' AND tibillet_hold_until IS NULL)
        """
    )
    cr.execute("ALTER TABLE event_registration ENABLE TRIGGER tibillet_seat_guard")
    cr.execute("SELECT tibillet_seat_sync(id, true) FROM event_event")


def uninstall_hook(env):
    """Take away the guard and its functions: Odoo's registrations go on without us."""
    env["ir.config_parameter"].search([("key", "=", MAIL_BEHIND)]).unlink()
    functions = env.execute_query(
        SQL(
            """
            SELECT p.oid::regprocedure::text FROM pg_proc p
              JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = current_schema AND p.proname LIKE ANY (%s)
            """,
            [
                r"tibillet\_seat\_%",
                r"tibillet\_ticket\_%",
                r"tibillet\_waiting\_%",
                r"tibillet\_shift\_%",
                r"tibillet\_day\_right\_%",
            ],
        )
    )
    for [signature] in functions:
        # The signature comes from the catalogue, quoted by it. CASCADE: its triggers.
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS " + signature + " CASCADE"))  # pylint: disable=sql-injection
