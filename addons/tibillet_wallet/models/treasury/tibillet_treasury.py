"""Money in, out and owed, by day and place: a reading of ledger and documents, no table."""

from odoo import fields, models
from odoo.tools import SQL

from ..tibillet_operation import MEANS

#: What is added up, in this order in every part of the statement.
MEASURES = (
    "money_in",
    "money_out",
    "issued",
    "spent",
    "refunded",
    "owed_to_holders",
    "owed_to_others",
    "owed_by_others",
    "deposits",
)
ISSUING = ("topup", "gift", "reward", "issue")
SPENDING = ("sale", "deposit_back", "undo")
PAID_BACK = ("refund", "empty")
REFUNDING = (*PAID_BACK, "chargeback")


class TibilletTreasury(models.Model):
    """One row per company, business day, till, means and asset.

    Money is what came and left as cash, by bank card or by transfer. Value is what cards were
    given, paid and gave back. What is owed and held is the change of that day: summed from the
    first day on it is what stands today. It names no wallet, no card and no person.
    """

    _name = "tibillet.treasury"
    _description = "Treasury"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "day"

    company_id = fields.Many2one("res.company", string="Place", readonly=True)
    day = fields.Date(
        string="Business day", readonly=True, help="The day of the place: it ends in the night."
    )
    spot = fields.Char(string="Till", readonly=True, help="Empty: not at a till.")
    means = fields.Selection(MEANS, string="Means", readonly=True)
    asset_id = fields.Many2one("tibillet.asset", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    money_in = fields.Monetary(
        string="Money in",
        readonly=True,
        help="Sales and top-ups that were paid, and settlements received.",
    )
    money_out = fields.Monetary(
        string="Money out",
        readonly=True,
        help="What was paid back, settlements paid, transfers that left.",
    )
    issued = fields.Monetary(
        string="Value given out", readonly=True, help="Top-ups and gifts, on cards."
    )
    spent = fields.Monetary(string="Value spent", readonly=True)
    refunded = fields.Monetary(string="Value taken back", readonly=True)
    owed_to_holders = fields.Monetary(
        string="Owed to holders",
        readonly=True,
        help="By how much it changed: summed over all days, what stands on cards.",
    )
    owed_to_others = fields.Monetary(
        string="Owed to places",
        readonly=True,
        help="By how much it changed: summed over all days, what is due to other places.",
    )
    owed_by_others = fields.Monetary(
        string="Owed by places",
        readonly=True,
        help="By how much it changed: summed over all days, what other places owe.",
    )
    deposits = fields.Monetary(
        string="Deposits held",
        readonly=True,
        help="By how much they changed: summed over all days, what is held for cups.",
    )

    @property
    def _table_query(self):
        self.env.flush_all()
        sums = SQL(", ").join(
            SQL("sum(%(name)s) AS %(name)s", name=SQL.identifier(name)) for name in MEASURES
        )
        differs = SQL(" OR ").join(SQL("sum(%s) <> 0", SQL.identifier(name)) for name in MEASURES)
        return SQL(
            """
            SELECT row_number() OVER (
                       ORDER BY company_id, day, spot, means, asset_id, currency_id) AS id,
                   company_id, day, spot, means, asset_id, currency_id, %(sums)s
              FROM (%(parts)s) part
             GROUP BY company_id, day, spot, means, asset_id, currency_id
            HAVING %(differs)s
            """,
            sums=sums,
            parts=SQL(" UNION ALL ").join(self._parts()),
            differs=differs,
        )

    def _parts(self):
        """The statements that are added up, each with the columns of :meth:`_columns`. The
        wallet knows no till: an addon that takes money adds what its documents say."""
        return [
            self._moved_part(),
            self._held_part(),
            *self._owed_parts(),
            *self._settled_parts(),
            *self._charged_parts(),
        ]

    def _columns(self, *, company, day, currency, spot=None, means=None, asset=None, **measures):
        """The columns of a part: who, when, where and how; 0 for what it does not measure."""
        null = SQL("NULL")
        return SQL(
            "SELECT %s AS company_id, %s AS day, (%s)::varchar AS spot, (%s)::varchar AS means,"
            " (%s)::integer AS asset_id, %s AS currency_id, %s",
            company,
            day,
            spot or null,
            means or null,
            asset or null,
            currency,
            SQL(", ").join(
                SQL("(%s)::numeric AS %s", measures.get(name, SQL("0")), SQL.identifier(name))
                for name in MEASURES
            ),
        )

    def _spot_sql(self):
        """Where an operation ``o`` took place, for people; the tills' addon knows."""
        return SQL("NULL")

    def _moved_part(self):
        """What cards were given, paid and gave back, and the money of it where no till's order
        says so: by hand in the backend."""
        amount = SQL("t.amount_minor / (10 ^ s.scale)::numeric")
        out = SQL(
            "((d.wallet_id = s.issuer_wallet_id)::int - (c.wallet_id = s.issuer_wallet_id)::int)"
        )
        to_place = SQL("((cw.kind = 'place')::int - (dw.kind = 'place')::int)")
        # An order documents what a till did; a correction follows what it corrects.
        by_hand = SQL("(COALESCE(n.origin, o.origin) NOT LIKE 'device:%%')::int")

        def when(acts, sign):
            return SQL(
                "CASE WHEN %s = ANY(%s) THEN %s * %s ELSE 0 END",
                SQL("CASE WHEN o.code = 'correct' THEN n.code ELSE o.code END"),
                list(acts),
                sign,
                amount,
            )

        return SQL(
            """%(columns)s
                 FROM tibillet_transfer t
                 JOIN tibillet_operation o ON o.id = t.operation_id AND o.state = 'posted'
                 LEFT JOIN tibillet_operation n ON n.id = o.names_id AND o.code = 'correct'
                 JOIN tibillet_asset s ON s.id = t.asset_id
                  AND s.currency_id IS NOT NULL AND s.kind <> 'claim'
                 JOIN tibillet_account d ON d.id = t.debit_account_id
                 JOIN tibillet_wallet dw ON dw.id = d.wallet_id
                 JOIN tibillet_account c ON c.id = t.credit_account_id
                 JOIN tibillet_wallet cw ON cw.id = c.wallet_id
                 LEFT JOIN tibillet_place p ON p.company_id = COALESCE(o.company_id, s.company_id)
            """,
            columns=self._columns(
                company=SQL("COALESCE(o.company_id, s.company_id)"),
                day=self.env["tibillet.books"]._business_day_sql(SQL("o.occurred_at")),
                currency=SQL("s.currency_id"),
                spot=self._spot_sql(),
                means=SQL("COALESCE(o.means, n.means)"),
                asset=SQL("t.asset_id"),
                money_in=SQL("%s * %s", by_hand, when(("topup",), out)),
                money_out=SQL("%s * -(%s)", by_hand, when(PAID_BACK, out)),
                issued=when(ISSUING, out),
                spent=when(SPENDING, to_place),
                refunded=SQL("-(%s)", when(REFUNDING, out)),
            ),
        )

    def _held_part(self):
        """What an issuer owes to holders, by whom it changed where."""
        change = SQL(
            "((cw.kind IN ('person', 'card'))::int - (dw.kind IN ('person', 'card'))::int)"
        )
        return SQL(
            """%(columns)s
                 FROM tibillet_transfer t
                 JOIN tibillet_operation o ON o.id = t.operation_id AND o.state = 'posted'
                 JOIN tibillet_asset s ON s.id = t.asset_id AND s.backed
                 JOIN res_company sc ON sc.id = s.company_id
                 JOIN tibillet_account d ON d.id = t.debit_account_id
                 JOIN tibillet_wallet dw ON dw.id = d.wallet_id
                 JOIN tibillet_account c ON c.id = t.credit_account_id
                 JOIN tibillet_wallet cw ON cw.id = c.wallet_id
                 LEFT JOIN tibillet_place p ON p.company_id = COALESCE(o.company_id, s.company_id)
                WHERE %(change)s <> 0
            """,
            columns=self._columns(
                company=SQL("s.company_id"),
                day=self.env["tibillet.books"]._business_day_sql(SQL("o.occurred_at")),
                currency=SQL("COALESCE(s.currency_id, sc.currency_id)"),
                # Another company's tills are not named here.
                spot=SQL("CASE WHEN o.company_id = s.company_id THEN %s END", self._spot_sql()),
                asset=SQL("t.asset_id"),
                owed_to_holders=SQL("%s * t.amount_minor / (10 ^ s.scale)::numeric", change),
            ),
            change=change,
        )

    def _owed_parts(self):
        """What an issuer and a place owe each other, as each of the two sees it."""
        for company, measure in (
            ("issuer_company_id", "owed_to_others"),
            ("place_company_id", "owed_by_others"),
        ):
            column = SQL.identifier("b", company)
            yield SQL(
                "%s FROM (%s) b WHERE %s IS NOT NULL",
                self._columns(
                    company=column,
                    day=SQL("b.day"),
                    currency=SQL("b.currency_id"),
                    asset=SQL("b.asset_id"),
                    **{measure: SQL("b.amount")},
                ),
                self.env["tibillet.debt.line"]._lines_sql(),
                column,
            )

    def _settled_parts(self):
        """Settlements that were paid: from one company's bank to the other's."""
        for debtor, creditor in (("first", "second"), ("second", "first")):
            for side, measure in ((debtor, "money_out"), (creditor, "money_in")):
                yield SQL(
                    """%s FROM tibillet_settlement_payment y
                         JOIN tibillet_settlement s ON s.id = y.settlement_id
                         JOIN res_currency cur ON cur.id = s.currency_id
                        WHERE NOT COALESCE(y.set_off, FALSE)
                          AND (s.net_minor > 0) = %s AND s.net_minor <> 0""",
                    self._columns(
                        company=SQL.identifier("s", f"{side}_company_id"),
                        day=SQL("y.date"),
                        currency=SQL("s.currency_id"),
                        means=SQL("'transfer'"),
                        **{measure: SQL("y.amount_minor / (10 ^ cur.decimal_places)::numeric")},
                    ),
                    debtor == "first",
                )

    def _charged_parts(self):
        """What providers took, and what they gave back of it."""
        for day, measure, minor, only in (
            (
                SQL("g.date"),
                "money_out",
                SQL("g.amount_minor + g.fee_minor + g.vat_minor"),
                SQL("TRUE"),
            ),
            (SQL("g.won_on"), "money_in", SQL("g.amount_minor"), SQL("g.state = 'won'")),
        ):
            yield SQL(
                """%s FROM tibillet_provider_charge g
                     JOIN res_company gc ON gc.id = g.company_id
                     JOIN res_currency cur ON cur.id = gc.currency_id
                     LEFT JOIN tibillet_operation o ON o.id = g.operation_id
                    WHERE %s""",
                self._columns(
                    company=SQL("g.company_id"),
                    day=day,
                    currency=SQL("gc.currency_id"),
                    means=SQL("o.means"),
                    **{measure: SQL("(%s) / (10 ^ cur.decimal_places)::numeric", minor)},
                ),
                only,
            )
