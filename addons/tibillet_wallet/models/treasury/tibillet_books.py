"""Is the money of the issue at the bank? Bank statements beside what the books owe."""

from collections import namedtuple
from datetime import date

from odoo import api, models
from odoo.tools import SQL

#: What a bank account says. Amounts in minor units of the company's currency; ``oddity`` is
#: true when the lines of the statement do not add up to its ending balance.
Bank = namedtuple(
    "Bank",
    "backs day balance_minor oddity unmatched_count unmatched_minor oldest named",
)
#: A line of a bank account that nothing explains; ``entry`` is the number of an entry of the
#: same amount in the same journal that no line of the bank stands for yet, or nothing.
Unmatched = namedtuple("Unmatched", "day label amount_minor entry")
#: Owed by the books, by account: money on cards, and places; the credit balances only.
Owed = namedtuple("Owed", "cards_minor places_minor")

#: Lines that nothing explains, named one by one; the count and the sum are always whole.
NAMED_LIMIT = 5
#: Days between a payment noted here and its line at the bank.
NEAR_DAYS = 10
EVER = date(9999, 12, 31)


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _documented_sql(self, company):
        """Add the chargebacks: what the bank took stands in the entry of the notice."""
        return [
            *super()._documented_sql(company),
            SQL(
                """SELECT o.id AS operation_id
                     FROM tibillet_provider_charge c
                     JOIN account_move m ON m.id = c.move_id AND m.state = 'posted'
                    CROSS JOIN LATERAL (
                          VALUES (c.taken_operation_id), (c.claim_operation_id)) o(id)
                    WHERE c.company_id = %s AND o.id IS NOT NULL""",
                company.id,
            ),
            SQL(
                """SELECT o.id AS operation_id
                     FROM tibillet_provider_charge c
                     JOIN account_move m ON m.id = c.won_move_id AND m.state = 'posted'
                     JOIN tibillet_operation o
                       ON o.names_id IN (c.taken_operation_id, c.claim_operation_id)
                      AND o.code = 'correct' AND o.origin = 'provider-charge:' || c.company_id
                    WHERE c.company_id = %s""",
                company.id,
            ),
        ]

    @api.model
    def _banks(self, companies):
        """What the bank accounts of some companies say, in a fixed number of statements.

        The balance is the ending balance of the last bank statement; where a journal has no
        statement, it is the sum of its lines up to the last one that was matched.

        :return: ``{tibillet.backing.bank id: Bank}``
        """
        books_sudo = self.sudo()  # statements are read for who may read the page
        books_sudo.env.flush_all()
        unmatched = books_sudo._banks_unmatched(companies)
        return {
            id_: Bank(backs, day, minor, bool(odd), *unmatched.get(journal_id, (0, 0, None, ())))
            for id_, journal_id, backs, day, minor, odd in books_sudo.env.execute_query(
                SQL(
                    """
                    SELECT b.id, b.journal_id, b.backs, COALESCE(s.day, m.day),
                           round(COALESCE(s.balance, m.balance, 0)
                                 * (10 ^ cur.decimal_places)::numeric)::bigint,
                           s.day IS NOT NULL AND NOT s.complete
                      FROM tibillet_backing_bank b
                      JOIN res_company c ON c.id = b.company_id
                      JOIN res_currency cur ON cur.id = c.currency_id
                      LEFT JOIN LATERAL (
                           SELECT st.date AS day, st.balance_end_real AS balance,
                                  COALESCE(st.is_complete, FALSE) AS complete
                             FROM account_bank_statement st
                            WHERE st.journal_id = b.journal_id AND st.date IS NOT NULL
                            ORDER BY st.first_line_index DESC NULLS LAST, st.id DESC
                            LIMIT 1) s ON TRUE
                      LEFT JOIN LATERAL (
                           SELECT last.day, (
                                  SELECT sum(l.amount)
                                    FROM account_bank_statement_line l
                                    JOIN account_move lm ON lm.id = l.move_id
                                   WHERE l.journal_id = b.journal_id AND lm.state = 'posted'
                                     AND l.internal_index <= last.internal_index) AS balance
                             FROM (SELECT l.internal_index, lm.date AS day
                                     FROM account_bank_statement_line l
                                     JOIN account_move lm ON lm.id = l.move_id
                                    WHERE l.journal_id = b.journal_id AND lm.state = 'posted'
                                      AND l.is_reconciled
                                    ORDER BY l.internal_index DESC LIMIT 1) last
                           ) m ON s.day IS NULL
                     WHERE b.company_id = ANY(%s)""",
                    companies.ids,
                )
            )
        }

    @api.model
    def _banks_unmatched(self, companies):
        """The lines of the bank that no document explains: those still on the suspense account.

        :return: ``{journal id: (count, sum in minor units, oldest day, [Unmatched])}``
        """
        found = {}
        for journal_id, count, minor, oldest, *line in self.env.execute_query(
            SQL(
                """
                SELECT l.journal_id, l.lines, l.total_minor, l.oldest,
                       l.day, l.label, l.amount_minor, e.name
                  FROM (SELECT s.journal_id, m.company_id, m.date AS day,
                               COALESCE(s.payment_ref, m.ref, m.name) AS label, s.amount,
                               round(s.amount * (10 ^ cur.decimal_places)::numeric)::bigint
                                   AS amount_minor,
                               count(*) OVER own AS lines, min(m.date) OVER own AS oldest,
                               (sum(round(s.amount * (10 ^ cur.decimal_places)::numeric))
                                   OVER own)::bigint AS total_minor,
                               row_number() OVER (PARTITION BY s.journal_id
                                                  ORDER BY s.internal_index) AS place
                          FROM tibillet_backing_bank b
                          JOIN account_bank_statement_line s ON s.journal_id = b.journal_id
                          JOIN account_move m ON m.id = s.move_id AND m.state = 'posted'
                          JOIN res_company c ON c.id = b.company_id
                          JOIN res_currency cur ON cur.id = c.currency_id
                         WHERE b.company_id = ANY(%(companies)s)
                           AND s.is_reconciled IS NOT TRUE
                        WINDOW own AS (PARTITION BY s.journal_id)) l
                  JOIN account_journal j ON j.id = l.journal_id
                  LEFT JOIN LATERAL (
                       SELECT m.name
                         FROM account_move m
                         JOIN account_move_line i ON i.move_id = m.id
                        WHERE m.journal_id = l.journal_id AND m.state = 'posted'
                          AND m.statement_line_id IS NULL AND i.balance = l.amount
                          AND i.account_id = j.default_account_id
                          AND m.date BETWEEN l.day - %(near)s AND l.day + %(near)s
                        ORDER BY abs(m.date - l.day), m.id LIMIT 1) e ON TRUE
                 WHERE l.place <= %(limit)s
                 ORDER BY l.journal_id, l.place""",
                companies=companies.ids,
                near=NEAR_DAYS,
                limit=NAMED_LIMIT,
            )
        ):
            lines = found.setdefault(journal_id, (count, minor, oldest, []))[3]
            lines.append(Unmatched(*line))
        return found

    @api.model
    def _owed_by_the_books(self, days):
        """What the books of some companies owe at the end of some days: money on the cards of
        what they issued, and what is due to and from other places where that is a credit.

        A debit is a claim, not money at the bank: it takes nothing off.

        :param days: set of (company id, date)
        :return: ``{(company id, date): Owed}`` in minor units of the company's currency
        """
        books_sudo = self.sudo()  # sums, for who may read the page
        books_sudo.env.flush_all()
        pairs = sorted(days)
        owed = {pair: {"cards": 0, "places": 0} for pair in pairs}
        for company_id, day, what, minor in books_sudo.env.execute_query(
            SQL(
                """
                SELECT a.company_id, d.day, a.what,
                       round(-sum(l.balance) * (10 ^ cur.decimal_places)::numeric)::bigint
                  FROM (SELECT company_id, liability_account_id AS account_id, 'cards' AS what
                          FROM tibillet_asset
                         WHERE backed AND liability_account_id IS NOT NULL
                         UNION
                        SELECT company_id, account_id, 'places' FROM tibillet_book_account
                         WHERE role IN ('due_to', 'due_from', 'merchant')) a
                  JOIN unnest(%s::int[], %s::date[]) d(company_id, day)
                    ON d.company_id = a.company_id
                  JOIN res_company c ON c.id = a.company_id
                  JOIN res_currency cur ON cur.id = c.currency_id
                  JOIN account_move_line l
                    ON l.account_id = a.account_id AND l.company_id = a.company_id
                   AND l.parent_state = 'posted' AND l.date <= d.day
                 GROUP BY a.company_id, d.day, a.what, a.account_id, cur.decimal_places""",
                [company_id for company_id, _day in pairs],
                [day for _company_id, day in pairs],
            )
        ):
            owed[company_id, day][what] += max(0, minor)
        return {pair: Owed(one["cards"], one["places"]) for pair, one in owed.items()}
