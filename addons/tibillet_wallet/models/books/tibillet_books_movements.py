"""What the ledger did and the books do not know yet, read from the transfers by SQL."""

from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL

from .rules import AT_ISSUER, Signature, book_lines

#: The transfers of one entry that share a signature, and the lines they make there.
Group = namedtuple("Group", "signature amount_minor operation_ids lines")


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _side_sql(self, wallet):
        """Where one side of a transfer stands, seen from the issuer: its holder's debt, its
        own money, or another company (``far``)."""
        return SQL(
            """SELECT CASE WHEN %(w)s.kind IN ('person', 'card') THEN 'holder'
                           WHEN %(w)s.kind = 'peer' THEN 'far'
                           WHEN %(w)s.kind = 'issuer'
                                AND NOT (o.act = ANY(%(home)s)) AND o.company_id <> s.company_id
                           THEN 'far'
                           WHEN %(w)s.kind IN ('place', 'pool')
                                AND COALESCE(%(w)s.company_id, 0) <> s.company_id
                                AND (%(w)s.company_id IS NOT NULL OR %(w)s.partner_id IS NOT NULL)
                           THEN 'far'
                           ELSE 'own' END AS side,
                      CASE WHEN %(w)s.kind = 'issuer'
                           THEN CASE WHEN o.act = ANY(%(home)s) THEN s.company_id
                                ELSE o.company_id END
                           WHEN %(w)s.kind IN ('place', 'pool') THEN %(w)s.company_id
                           END AS company_id,
                      %(w)s.partner_id AS partner_id""",
            w=SQL.identifier(wallet),
            home=list(AT_ISSUER),
        )

    @api.model
    def _business_day_sql(self, at):
        """The business day of an instant at place ``p``: what ``tibillet.place._business_day``
        answers, for many rows at once. Two readings of the wall clock, because the hour that
        is shown twice in autumn starts a day at its first showing."""
        zone = SQL("COALESCE(p.tz, 'Europe/Paris')")
        today = SQL("timezone(%s, timezone('UTC', %s))::date", zone, at)
        wall = SQL(
            "(%s + round(COALESCE(p.business_day_hour, 4) * 60)::int * interval '1 minute')", today
        )
        return SQL(
            """(%(today)s - CASE WHEN timezone('UTC', %(at)s) >= LEAST(
                    timezone(%(zone)s, %(wall)s),
                    timezone(%(zone)s, %(wall)s - interval '1 hour') + interval '1 hour')
                THEN 0 ELSE 1 END)""",
            today=today,
            at=at,
            zone=zone,
            wall=wall,
        )

    @api.model
    def _amount_sql(self):
        """What of a transfer ``t`` of asset ``s`` the books move: all of it."""
        return SQL("t.amount_minor")

    @api.model
    def _counts_sql(self):
        """Whether a transfer with sides ``d`` and ``c`` changes anybody's books."""
        return SQL(
            """
                   (d.side <> c.side
                    OR (d.side = 'far' AND (
                        d.company_id IS DISTINCT FROM c.company_id
                        OR d.partner_id IS DISTINCT FROM c.partner_id)))
               AND (s.backed
                    OR s.kind = 'claim'
                    -- A gift is no debt where it was given; elsewhere its giver owes it,
                    -- until they have settled.
                    OR (s.kind = 'gift' AND 'far' IN (d.side, c.side)
                        AND (o.act IN ('settle', 'remit')
                             OR 'holder' IN (d.side, c.side)
                                AND 'issuer' NOT IN (dw.kind, cw.kind))))
            """
        )

    @api.model
    def _movements_sql(self, only=None):
        """One row per posted transfer that changes somebody's books, and per company
        concerned (``book_company_id``), with the accounting day of the acting venue.

        :param SQL only: condition on the operation ``o``, to look at no more than needed
        """
        return SQL(
            """
            WITH operation AS MATERIALIZED (
                SELECT o.id, o.code, o.company_id, o.occurred_at,
                       -- A correction is booked as what it corrects.
                       CASE WHEN o.code = 'correct' THEN COALESCE(named.code, o.code)
                            ELSE o.code END AS act
                  FROM tibillet_operation o
                  LEFT JOIN tibillet_operation named ON named.id = o.names_id
                 WHERE o.state = 'posted' AND %(only)s)
            SELECT o.id AS operation_id, t.id AS transfer_id, o.code, o.act, t.asset_id,
                   %(amount)s AS amount_minor,
                   CASE WHEN s.kind = 'claim' THEN 'claim'
                        WHEN s.backed THEN 'backed' ELSE 'gift' END AS nature,
                   s.company_id AS issuer_company_id,
                   d.side AS debit_side,
                   CASE WHEN d.side = 'far' THEN d.company_id END AS debit_company_id,
                   CASE WHEN d.side = 'far' THEN COALESCE(dc.partner_id, d.partner_id) END
                       AS debit_partner_id,
                   c.side AS credit_side,
                   CASE WHEN c.side = 'far' THEN c.company_id END AS credit_company_id,
                   CASE WHEN c.side = 'far' THEN COALESCE(cc.partner_id, c.partner_id) END
                       AS credit_partner_id,
                   b.company_id AS book_company_id,
                   o.occurred_at AS occurred_at,
                   %(day)s AS day,
                   %(today)s AS today
              FROM operation o
              JOIN tibillet_transfer t ON t.operation_id = o.id
              JOIN tibillet_asset s ON s.id = t.asset_id
              JOIN tibillet_account da ON da.id = t.debit_account_id
              JOIN tibillet_wallet dw ON dw.id = da.wallet_id
              JOIN tibillet_account ca ON ca.id = t.credit_account_id
              JOIN tibillet_wallet cw ON cw.id = ca.wallet_id
             CROSS JOIN LATERAL (%(debit)s) d
             CROSS JOIN LATERAL (%(credit)s) c
              LEFT JOIN res_company dc ON dc.id = d.company_id
              LEFT JOIN res_company cc ON cc.id = c.company_id
             CROSS JOIN LATERAL (
                   SELECT DISTINCT v.company_id
                     FROM (VALUES (s.company_id),
                                  (CASE WHEN d.side = 'far' THEN d.company_id END),
                                  (CASE WHEN c.side = 'far' THEN c.company_id END)
                          ) v(company_id)
                    WHERE v.company_id IS NOT NULL) b
              LEFT JOIN tibillet_place p
                ON p.company_id = COALESCE(o.company_id, s.company_id)
             WHERE %(counts)s
            """,
            amount=self._amount_sql(),
            only=only or SQL("TRUE"),
            counts=self._counts_sql(),
            debit=self._side_sql("dw"),
            credit=self._side_sql("cw"),
            day=self._business_day_sql(SQL("o.occurred_at")),
            today=self._business_day_sql(SQL("(SELECT tibillet_now())")),
        )

    @api.model
    def _unbooked_sql(self):
        """The movements that no entry of their company holds yet. Operations that all their
        companies have booked are left out before anything is joined to them."""
        return SQL(
            """
            SELECT m.* FROM (%s) m
             WHERE NOT EXISTS (
                   SELECT FROM tibillet_ledger_entry_operation l
                    WHERE l.operation_id = m.operation_id
                      AND l.company_id = m.book_company_id)
            """,
            self._movements_sql(
                SQL(
                    # Correlated, so that it stays one look by key per operation.
                    """NOT EXISTS (
                           SELECT FROM tibillet_ledger_entry_operation booked
                            WHERE booked.operation_id = o.id
                            GROUP BY booked.operation_id
                           HAVING count(*) >= max(booked.companies))"""
                )
            ),
        )

    @api.model
    def _pending_days(self, companies=None, include_today=False):
        """Accounting days with operations to book, oldest first.

        :param companies: restrict to these; companies without chart are left out
        :param bool include_today: also the business day that is not over
        :return: list of (res.company, date)
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT day, book_company_id FROM (%s) u
                    WHERE (%s OR day < today) ORDER BY day, book_company_id""",
                self._unbooked_sql(),
                include_today,
            )
        )
        every_sudo = self.env["res.company"].sudo()  # the writer runs for all companies
        wanted_sudo = companies.sudo() if companies else every_sudo.search([])
        ready_sudo = wanted_sudo.filtered("root_id.chart_template")
        return [
            (self.env["res.company"].browse(company_id), day)
            for day, company_id in rows
            if company_id in ready_sudo.ids
        ]

    @api.model
    def _groups(self, entry):
        """What an entry holds, by signature, with the lines it makes in its company.

        :rtype: list[Group]
        """
        self.env.flush_all()
        columns = SQL(", ").join(SQL.identifier("m", name) for name in Signature._fields)
        rows = self.env.execute_query(
            SQL(
                """SELECT %(columns)s, sum(m.amount_minor)::bigint,
                          array_agg(DISTINCT m.operation_id ORDER BY m.operation_id)
                     FROM (%(movements)s) m
                    WHERE m.book_company_id = %(company)s
                    GROUP BY %(columns)s
                    ORDER BY %(columns)s""",
                columns=columns,
                company=entry.company_id.id,
                # An array, looked up by key whatever the planner believes of a new table.
                movements=self._movements_sql(
                    SQL(
                        "o.id = ANY(ARRAY(SELECT operation_id"
                        " FROM tibillet_ledger_entry_operation WHERE entry_id = %s))",
                        entry.id,
                    )
                ),
            )
        )
        groups = []
        for *values, amount_minor, operation_ids in rows:
            signature = Signature(*values)
            issuer_sudo = self.env["res.company"].sudo().browse(signature.issuer_company_id)
            lines = [
                line
                for line in book_lines(signature, issuer_sudo.partner_id.id)
                if line.company_id == entry.company_id.id
            ]
            groups.append(Group(signature, amount_minor, operation_ids, lines))
        return groups
