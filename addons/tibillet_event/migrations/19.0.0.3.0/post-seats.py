"""Seats are counted from now on: first what was sold before."""

from odoo.api import SUPERUSER_ID, Environment

from odoo.addons.tibillet_event.hooks import count_what_was_sold, send_mail_behind


def migrate(cr, version):
    """Called by Odoo once the tables of this version are there."""
    env = Environment(cr, SUPERUSER_ID, {})
    env["tibillet.seats"]._install_sql()
    count_what_was_sold(cr)
    send_mail_behind(env)
