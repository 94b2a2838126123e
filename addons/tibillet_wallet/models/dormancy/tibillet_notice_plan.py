from odoo import api, models
from odoo.tools import SQL


class TibilletNotice(models.Model):
    """Which notices are owed: every statement works on all accounts at once."""

    _inherit = "tibillet.notice"

    @api.model
    def _plan(self):
        """Write down what is due and what comes next; void what is no longer needed."""
        self._void_stale()
        self._plan_reminders()
        self._plan_countdown()
        assets_sudo = self.env["tibillet.asset"].sudo()  # of every issuer: the night's plan
        self._plan_frozen(assets_sudo.search([("frozen_at", "!=", False)]))

    def _insert(self, source):
        """Add planned rows; one that was voided and is needed after all comes back."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO tibillet_notice AS row
                   (account_id, wallet_id, asset_id, company_id, why, turn, counted_from,
                    due_at, state, tries)
            SELECT account_id, wallet_id, asset_id, company_id, why, turn, counted_from,
                   due_at, 'due', 0 FROM (%s) planned
            ON CONFLICT (account_id, why, turn, counted_from) DO UPDATE
               SET state = 'due', channel = NULL, mail_id = NULL, due_at = EXCLUDED.due_at
             WHERE row.state = 'void' OR (row.state = 'due' AND row.due_at <> EXCLUDED.due_at
                                          AND row.due_at > tibillet_now())
                """,
                source,
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _plan_reminders(self):
        """The reminder of the period's end, then one every year: the last that is due, and
        the next. What a server slept through is not sent in a burst."""
        return self._insert(
            SQL(
                """
            SELECT d.account_id, d.wallet_id, d.asset_id, d.company_id,
                   CASE WHEN turn = 0 THEN 'dormant' ELSE 'yearly' END AS why, turn,
                   d.acted_at AS counted_from, d.since + make_interval(years => turn) AS due_at
              FROM tibillet_dormancy d
             CROSS JOIN LATERAL (
                   SELECT extract(year FROM age(tibillet_now(), d.since))::int AS past) years
             CROSS JOIN LATERAL generate_series(years.past, years.past + 1) turn
             WHERE d.state = 'dormant'
                """
            )
        )

    @api.model
    def _plan_countdown(self):
        """The three notices before an extinction that could come, for who accepted its terms.

        Each is planned once the one before it was delivered, so many days ahead of the first
        day on which all would be in time.
        """
        return self._insert(
            SQL(
                """
            WITH concerned AS (
                SELECT d.*, CASE WHEN w.kind = 'card'
                            THEN GREATEST(d.since, d.acted_at + interval '5 years')
                            ELSE d.since END AS first_day,
                       max(n.delivered_at) FILTER (WHERE n.why = 'before_90') AS told_90,
                       max(n.delivered_at) FILTER (WHERE n.why = 'before_30') AS told_30
                  FROM tibillet_dormancy d
                  JOIN tibillet_asset s ON s.id = d.asset_id AND s.extinguish_allowed
                       AND s.frozen_at IS NULL
                  JOIN tibillet_wallet w ON w.id = d.wallet_id AND w.frozen IS NOT TRUE
                  JOIN tibillet_terms_consent c ON c.wallet_id = d.wallet_id
                       AND c.asset_id = d.asset_id AND c.terms_date = s.extinguish_terms_date
                  LEFT JOIN tibillet_notice n ON n.account_id = d.account_id
                       AND n.counted_from = d.acted_at AND n.state = 'delivered'
                 WHERE d.state <> 'awake'
                 GROUP BY d.id, w.kind
            )
            SELECT account_id, wallet_id, asset_id, company_id, step.why, 0 AS turn,
                   acted_at AS counted_from,
                   GREATEST(first_day, told_90 + interval '90 days', told_30 + interval '30 days')
                   - make_interval(days => step.days) AS due_at
              FROM concerned
              JOIN (VALUES ('before_90', 90), ('before_30', 30), ('before_7', 7))
                   AS step(why, days)
                ON step.why = 'before_90'
                OR (step.why = 'before_30' AND told_90 IS NOT NULL)
                OR (step.why = 'before_7' AND told_30 IS NOT NULL)
             WHERE first_day - interval '90 days' <= tibillet_now()
                """
            )
        )

    @api.model
    def _plan_frozen(self, assets):
        """Tell every holder of a frozen asset, once per freeze."""
        return self._insert(
            SQL(
                """
            SELECT a.id AS account_id, a.wallet_id, a.asset_id, s.company_id, 'frozen' AS why,
                   0 AS turn, s.frozen_at AS counted_from, s.frozen_at AS due_at
              FROM tibillet_account a JOIN tibillet_asset s ON s.id = a.asset_id
             WHERE s.id = ANY(%s) AND s.frozen_at IS NOT NULL AND a.balance_minor > 0
                """,
                assets.ids,
            )
        )

    @api.model
    def _void_stale(self, accounts=None):
        """Void what is owed no longer: its holder acted, the switch is off, the asset is free.

        :param accounts: only those of these accounts; all when left out
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            UPDATE tibillet_notice n SET state = 'void'
              FROM tibillet_asset s
             WHERE s.id = n.asset_id AND n.state IN ('due', 'queued', 'failed') AND %(only)s
               AND CASE WHEN n.why = 'frozen' THEN s.frozen_at IS DISTINCT FROM n.counted_from
                   ELSE (n.why LIKE 'before%%' AND s.extinguish_allowed IS NOT TRUE)
                        OR NOT EXISTS (
                            SELECT FROM tibillet_dormancy d
                             WHERE d.account_id = n.account_id AND d.acted_at = n.counted_from
                               AND d.state <> 'awake')
                   END
         RETURNING n.mail_id
                """,
                only=SQL("n.account_id = ANY(%s)", accounts.ids) if accounts else SQL("TRUE"),
            )
        )
        self.invalidate_model()
        self._cancel_mails({mail_id for [mail_id] in rows if mail_id})
        return len(rows)
