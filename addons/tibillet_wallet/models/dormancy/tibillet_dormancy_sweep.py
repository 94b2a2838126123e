from odoo import api, models
from odoo.tools import SQL

from .rules import LEAD_DAYS

BATCH = 10_000
AFTER = "tibillet.dormancy_after"


class TibilletDormancy(models.Model):
    _inherit = "tibillet.dormancy"

    @api.model
    def _cron_mark(self):
        """Every night: wake, mark, plan the notices. A sweep that runs out of time goes on
        where it stopped."""
        parameters_sudo = self.env["ir.config_parameter"].sudo()  # the sweep's own bookmark
        progress = self.env["ir.cron"]
        after = int(parameters_sudo.get_param(AFTER) or 0)
        if not after:
            self._wake()
        while True:
            last, _marked, looked = self._mark(after)
            after = last if looked == BATCH else 0
            parameters_sudo.set_param(AFTER, str(after))
            if not after:
                break
            if not progress._commit_progress(looked, remaining=1):
                return
        self.env["tibillet.notice"]._plan()
        self.env["tibillet.notice"]._wake_cron()
        progress._commit_progress(1, remaining=0)

    @api.model
    def _mark(self, after=0, batch=BATCH):
        """Mark the accounts whose holder did nothing for the asset's period, in one statement.

        An account that holds value and whose asset may be extinguished is written down
        ``LEAD_DAYS`` earlier as ``soon``: its holder is told before. Where nobody ever acted
        (a gift that was never used), the period starts with the first operation.

        :param after: look at accounts with a higher id than this one
        :returns: (last account looked at, how many were marked, how many were looked at)
        """
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                """
            WITH clock AS MATERIALIZED (SELECT tibillet_now() AS moment),
            looked AS MATERIALIZED (
                SELECT id, wallet_id, asset_id FROM tibillet_account
                 WHERE id > %(after)s AND balance_minor > 0 ORDER BY id LIMIT %(batch)s
            ), candidate AS (
                SELECT l.id, l.wallet_id, l.asset_id, s.company_id, past.acts,
                       COALESCE(GREATEST(past.act_at, d.acted_at), past.first_at) AS acted_at,
                       make_interval(months => s.dormancy_months) AS period,
                       make_interval(days => CASE WHEN s.extinguish_allowed
                                                  THEN %(lead)s ELSE 0 END) AS lead
                  FROM looked l
                  JOIN tibillet_asset s ON s.id = l.asset_id
                  JOIN tibillet_wallet w ON w.id = l.wallet_id
                  LEFT JOIN tibillet_dormancy d ON d.account_id = l.id
                 CROSS JOIN LATERAL %(past)s past
                 -- A holder who cannot act is not asleep.
                 WHERE s.kind <> 'claim' AND s.frozen_at IS NULL AND w.frozen IS NOT TRUE
                   AND (d.id IS NULL OR d.state <> 'dormant')
            ), marked AS (
                INSERT INTO tibillet_dormancy AS row
                       (account_id, wallet_id, asset_id, company_id, state, acted_at, since, acts)
                SELECT id, wallet_id, asset_id, company_id,
                       CASE WHEN acted_at + period <= moment THEN 'dormant' ELSE 'soon' END,
                       acted_at, acted_at + period, acts
                  FROM candidate, clock WHERE acted_at + period - lead <= moment
                ON CONFLICT (account_id) DO UPDATE
                   SET state = EXCLUDED.state, acted_at = EXCLUDED.acted_at,
                       since = EXCLUDED.since, acts = EXCLUDED.acts
                 WHERE (row.state, row.acted_at, row.since, row.acts) IS DISTINCT FROM
                       (EXCLUDED.state, EXCLUDED.acted_at, EXCLUDED.since, EXCLUDED.acts)
                RETURNING 1
            )
            SELECT (SELECT max(id) FROM looked), (SELECT count(*)::int FROM marked),
                   (SELECT count(*)::int FROM looked)
                """,
                after=after,
                batch=batch,
                lead=LEAD_DAYS,
                past=self._past(SQL("l.id")),
            )
        )
        self.invalidate_model()
        return row

    @api.model
    def _wake(self):
        """Take the mark off whatever its holder touched, emptied, or need not wait for any more
        (the asset's period was made longer, its extinction switched off). One statement.

        :returns: how many accounts woke
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
            UPDATE tibillet_dormancy d
               SET state = 'awake', acts = now.acts,
                   acted_at = CASE WHEN now.acts > d.acts
                                   THEN GREATEST(d.acted_at, now.posted_at) ELSE d.acted_at END
              FROM (SELECT d.id, past.acts, past.posted_at
                      FROM tibillet_dormancy d
                      JOIN tibillet_account a ON a.id = d.account_id
                      JOIN tibillet_asset s ON s.id = d.asset_id
                     CROSS JOIN LATERAL %(past)s past
                     WHERE d.state <> 'awake'
                       AND (past.acts > d.acts OR a.balance_minor <= 0
                            OR d.acted_at + make_interval(months => s.dormancy_months,
                                   days => CASE WHEN s.extinguish_allowed
                                                THEN -%(lead)s ELSE 0 END) > tibillet_now())
                   ) now
             WHERE now.id = d.id
                """,
                past=self._past(SQL("d.account_id")),
                lead=LEAD_DAYS,
            )
        )
        woken = self.env.cr.rowcount
        self.invalidate_model()
        return woken
