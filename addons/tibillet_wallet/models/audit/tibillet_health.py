from datetime import timedelta

from odoo import api, fields, models

LATE_HOURS = 36


class TibilletHealth(models.AbstractModel):
    _inherit = "tibillet.health"

    @api.model
    def _parts(self):
        return {**super()._parts(), "audit": self._part_audit}

    @api.model
    def _part_audit(self):
        """The last sweep of the ledger: a matter for people, never a reason to stop the server."""
        audits_sudo = self.env["tibillet.audit"].sudo()  # a monitor has no user
        last_sudo = audits_sudo.search([("state", "in", ("sound", "broken"))], limit=1)
        now = fields.Datetime.now()
        # Before the first night there is none yet: the job itself is as old as the addon.
        since = last_sudo.started_at or self.env.ref("tibillet_wallet.ir_cron_audit").create_date
        answer = {
            "last": last_sudo.started_at.isoformat() + "Z" if last_sudo else False,
            "broken": {f.check: f.row_count for f in last_sudo.finding_ids},
            "operations": last_sudo.operation_count,
            "seconds": round(last_sudo.duration_s, 1),
        }
        if last_sudo.state == "broken":
            answer["warning"] = "The last sweep of the ledger found something broken: see its page."
        elif now - since > timedelta(hours=LATE_HOURS):
            answer["warning"] = f"No sweep of the ledger has ended for {LATE_HOURS} hours."
        return answer
