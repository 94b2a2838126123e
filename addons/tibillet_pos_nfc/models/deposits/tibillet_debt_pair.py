"""What two places owe each other for cups, beside what they owe for wallets."""

from odoo import fields, models
from odoo.tools import SQL

# The wallet's own rows are numbered by transfers, far below.
FIRST_ID = 1_000_000_000


class TibilletDebtPair(models.Model):
    _inherit = "tibillet.debt.pair"

    cups = fields.Monetary(
        string="For cups",
        readonly=True,
        help="Positive: the one owes the other deposits of its cups; negative: the other owes "
        "the one. What the books say; a payment noted on these accounts settles it.",
    )

    @property
    def _table_query(self):
        """The wallet's pairs and the cups' accounts, netted.

        Both books say the same (the mirror); the first place's are read.
        """
        return SQL(
            """
            SELECT COALESCE(min(b.id) FILTER (WHERE b.kind = 0),
                            %(first_id)s + b.first_company_id * 10000 + b.second_company_id)
                       AS id,
                   b.first_company_id, b.second_company_id, b.currency_id,
                   sum(b.owed_by_first) AS owed_by_first,
                   sum(b.owed_by_second) AS owed_by_second,
                   sum(b.cups) AS cups,
                   sum(b.net) + sum(b.cups) AS net,
                   (sum(b.net_minor) + sum(round(b.cups / u.rounding)))::bigint AS net_minor
              FROM (
                SELECT 0 AS kind, w.id, w.first_company_id, w.second_company_id, w.currency_id,
                       w.owed_by_first, w.owed_by_second, w.net, w.net_minor, 0 AS cups
                  FROM (%(wallets)s) w
                UNION ALL
                SELECT 1, NULL, k.company_id, other.id, c.currency_id, 0, 0, 0, 0,
                       -sum(l.balance)
                  FROM tibillet_book_account k
                  JOIN res_company c ON c.id = k.company_id
                  JOIN LATERAL (SELECT min(o.id) AS id FROM res_company o
                                 WHERE o.partner_id = k.partner_id) other
                    ON other.id > k.company_id
                  JOIN account_move_line l
                    ON l.account_id = k.account_id AND l.parent_state = 'posted'
                       AND l.company_id = k.company_id
                 WHERE k.role = 'deposit_due'
              GROUP BY k.company_id, other.id, c.currency_id
                ) b
              JOIN res_currency u ON u.id = b.currency_id
          GROUP BY b.first_company_id, b.second_company_id, b.currency_id
            """,
            first_id=FIRST_ID,
            wallets=super()._table_query,
        )
