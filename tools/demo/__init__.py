"""The demo territory: three fictional places in Brittany, made by code, once.

Run it with ``python -m tools.demo --config odoo.conf --database NAME``.
"""
