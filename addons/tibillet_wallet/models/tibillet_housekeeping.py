from odoo import api, models

from ..exceptions import SigningError


class TibilletHousekeeping(models.AbstractModel):
    """What has to be tidied every hour; addons add theirs by extending :meth:`_tasks`."""

    _name = "tibillet.housekeeping"
    _description = "Housekeeping"

    @api.model
    def _tasks(self):
        """Methods without argument, each short; every one commits by itself."""
        return [
            self.env["tibillet.rate.limit"]._clean,
            self.env["tibillet.outbox"]._clean,
            self._keys,
        ]

    @api.model
    def _cron_tidy(self):
        tasks = self._tasks()
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=len(tasks))
        for task in tasks:
            task()
            progress._commit_progress(1)

    @api.model
    def _keys(self):
        """Keys that could not be made without key file, and those under one of its older lines."""
        keys = self.env["tibillet.key"]
        places_sudo = self.env["tibillet.place"].sudo().search([])  # those of every company
        try:
            keys._ensure(places_sudo, strict=True)
            keys._reencrypt()
        except SigningError:
            # The settings and the health page say it until somebody sets a key file.
            return
