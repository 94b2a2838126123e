from odoo import api, models

OVERDUE_MINUTES = 15


class TibilletHealth(models.AbstractModel):
    _inherit = "tibillet.health"

    @api.model
    def _parts(self):
        return {**super()._parts(), "holds": self._part_holds}

    @api.model
    def _part_holds(self):
        """Live holds, the oldest, and those that ran out and that no sweep has released."""
        self.env.cr.execute(
            "SELECT count(*), min(o.occurred_at),"
            " count(*) FILTER (WHERE h.expires_at <= tibillet_now()),"
            " count(*) FILTER (WHERE h.expires_at <= tibillet_now() - make_interval(mins => %s))"
            " FROM tibillet_hold h JOIN tibillet_operation o ON o.id = h.operation_id",
            [OVERDUE_MINUTES],
        )
        live, oldest, run_out, overdue = self.env.cr.fetchone()
        answer = {
            "live": live,
            "oldest": oldest and oldest.isoformat(timespec="seconds") + "Z",
            "run_out": run_out,
        }
        if overdue:
            answer["warning"] = "Holds ran out and are not released: is the sweep running?"
        return answer
