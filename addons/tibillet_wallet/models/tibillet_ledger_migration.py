from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

GUARDED = ("tibillet_operation", "tibillet_transfer", "tibillet_hold_line")


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    @contextmanager
    def _guards_open(self, reason):
        """Let a migration pass the append-only triggers, within its own transaction.

        The passage is recorded (who, when, why) and stays after the guards are back: they
        protect against mistakes, the public log protects against the administrator.

        :param reason: a sentence of at least ten characters, kept for good
        """
        self.env.flush_all()
        self.env.cr.execute("INSERT INTO tibillet_guard_passage (reason) VALUES (%s)", [reason])
        for table in GUARDED:
            self._switch_guards(table, "DISABLE")
        try:
            yield
            self.env.flush_all()
        finally:
            for table in GUARDED:
                self._switch_guards(table, "ENABLE")

    def _switch_guards(self, table, how):
        statement = SQL("ALTER TABLE %s %s TRIGGER USER", SQL.identifier(table), SQL(how))
        self.env.cr.execute(statement)
