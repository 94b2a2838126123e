"""Tickets of events to come have their numbers from now on; by which way they were sold."""

from odoo import SUPERUSER_ID, api

from odoo.addons.tibillet_event.hooks import say_by_which_way


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["tibillet.ticket.number"]._install_sql()
    say_by_which_way(cr)
