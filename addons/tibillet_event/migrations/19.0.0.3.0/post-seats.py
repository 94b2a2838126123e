"""Seats are counted from now on: first what was sold before."""

from odoo.api import SUPERUSER_ID, Environment

from odoo.addons.tibillet_event.hooks import count_what_was_sold


def migrate(cr, version):
    """Called by Odoo once the tables of this version are there."""
    Environment(cr, SUPERUSER_ID, {})["tibillet.seats"]._install_sql()
    count_what_was_sold(cr)
