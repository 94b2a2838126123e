"""Set-up and care of a TiBillet for Odoo checkout: ``python3 -m tools <command>``.

Standard library only: this package runs on the system's Python before any environment exists.
What needs a package is run by the environment's Python (`tools.environment.ensure`).
"""
