"""What is owed each way, and proposing it: by an accountant or by the weekly job."""

import logging

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from .tibillet_settlement import OPEN_STATES

_logger = logging.getLogger(__name__)

#: Days that the debtor has, when nobody says otherwise.
DAYS_TO_PAY = 14
#: Words of the statement, in the order of the query.
NATURES = ("sale", "topup", "refund", "other")


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    @api.model
    def _owed(self, pair, currency, until_day, since_day=None):
        """What two companies owe each other up to a business day, per asset and way.

        Whatever was settled counts, whenever it was; what open settlements claim is left to
        them. Lines that sum to nothing and moved nothing are left out.

        :param pair: two companies
        :param since_day: what happened after it is told by nature, the rest carried over
        :return: list of values for ``tibillet.settlement.line``
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.asset_id, d.issuer_company_id, d.place_company_id, %(natures)s,
                       sum(d.amount_minor)::bigint
                  FROM (%(lines)s) d
                  JOIN tibillet_asset s ON s.id = d.asset_id
                 WHERE d.issuer_company_id = ANY(%(pair)s) AND d.place_company_id = ANY(%(pair)s)
                   AND s.currency_id = %(currency)s AND s.kind <> 'claim'
                   AND (d.day <= %(until)s OR d.nature = 'settle')
                 GROUP BY 1, 2, 3 ORDER BY 2, 1, 3
                """,
                natures=SQL(", ").join(
                    SQL(
                        "COALESCE(sum(d.amount_minor) FILTER (WHERE d.nature = %s"
                        " AND (%s::date IS NULL OR d.day > %s)), 0)::bigint",
                        nature,
                        since_day,
                        since_day,
                    )
                    for nature in NATURES
                ),
                lines=self.env["tibillet.debt.line"]._lines_sql(),
                pair=pair.ids,
                currency=currency.id,
                until=until_day,
            )
        )
        claimed = self._claimed(pair, currency)
        lines = []
        for asset_id, issuer_id, place_id, *moved, total_minor in rows:
            amount_minor = total_minor - claimed.get((asset_id, place_id), 0)
            if amount_minor or any(moved):
                lines.append(
                    {
                        "asset_id": asset_id,
                        "issuer_company_id": issuer_id,
                        "place_company_id": place_id,
                        **{f"{n}_minor": m for n, m in zip(NATURES, moved, strict=True)},
                        "carried_minor": amount_minor - sum(moved),
                        "amount_minor": amount_minor,
                    }
                )
        return lines

    @api.model
    def _claimed(self, pair, currency):
        """(asset id, place id) → what open settlements of the pair still claim, signed."""
        self.env.flush_all()
        return {
            (asset_id, place_id): minor
            for asset_id, place_id, minor in self.env.execute_query(
                SQL(
                    """SELECT l.asset_id, l.place_company_id,
                              sum(l.amount_minor - sign(l.amount_minor) * l.settled_minor)::bigint
                         FROM tibillet_settlement_line l
                         JOIN tibillet_settlement s ON s.id = l.settlement_id
                        WHERE s.first_company_id = ANY(%(pair)s)
                          AND s.second_company_id = ANY(%(pair)s)
                          AND s.currency_id = %(currency)s AND s.state = ANY(%(open)s)
                        GROUP BY 1, 2""",
                    pair=pair.ids,
                    currency=currency.id,
                    open=list(OPEN_STATES),
                )
            )
        }

    @api.model
    def _net_minor(self, first, lines):
        """What the first company owes net over these lines; negative: is owed."""
        return sum(
            line["amount_minor"] * (1 if line["issuer_company_id"] == first.id else -1)
            for line in lines
        )

    @api.model
    def _last_of(self, pair, currency):
        """The latest settlement of a pair that was not withdrawn."""
        settlements_sudo = self.sudo()  # the pair's own history
        return settlements_sudo.search(
            [
                ("first_company_id", "in", pair.ids),
                ("second_company_id", "in", pair.ids),
                ("currency_id", "=", currency.id),
                ("state", "!=", "cancelled"),
            ],
            order="until_day desc, id desc",
            limit=1,
        )

    @api.model
    def _propose(self, one, other, currency, until_day, due_date):
        """Write down what two companies owe each other up to a day, for both to agree on.

        :raises UserError: with what stands in the way
        :raises ConcurrencyError: another proposal of the same pair; Odoo starts again
        """
        settlements_sudo = self.env(user=SUPERUSER_ID, su=True)[self._name]
        pair_sudo = (one | other).with_env(settlements_sudo.env).sorted("id")
        settlements_sudo._check_proposal(pair_sudo, currency, until_day, due_date)
        since_day = settlements_sudo._last_of(pair_sudo, currency).until_day
        lines = settlements_sudo._owed(pair_sudo, currency, until_day, since_day or None)
        settlements_sudo._check_something_owed(pair_sudo, lines, until_day)
        first_sudo, second_sudo = pair_sudo
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO tibillet_settlement
                       (reference, first_company_id, second_company_id, currency_id, number,
                        since_day, until_day, due_date, net_minor, paid_minor, turns, state,
                        create_uid, create_date, write_uid, write_date)
                   SELECT %(reference)s, %(first)s, %(second)s, %(currency)s,
                          COALESCE(max(number), 0) + 1, %(since)s, %(until)s, %(due)s, %(net)s,
                          0, 0, 'proposed', %(uid)s, timezone('UTC', now()), %(uid)s,
                          timezone('UTC', now())
                     FROM tibillet_settlement
                    WHERE first_company_id = %(first)s AND second_company_id = %(second)s
                      AND currency_id = %(currency)s
                   ON CONFLICT (first_company_id, second_company_id, currency_id, number)
                   DO NOTHING RETURNING id""",
                reference=settlements_sudo.env["ir.sequence"].next_by_code("tibillet.settlement"),
                first=first_sudo.id,
                second=second_sudo.id,
                currency=currency.id,
                since=since_day or None,
                until=until_day,
                due=due_date,
                net=self._net_minor(first_sudo, lines),
                uid=self.env.uid,
            )
        )
        if not rows:
            raise ConcurrencyError("another settlement of this pair took its number")
        settlements_sudo.invalidate_model()
        settlement_sudo = settlements_sudo.browse(rows[0][0])
        settlements_sudo.env["tibillet.settlement.line"].create(
            [{**line, "settlement_id": settlement_sudo.id} for line in lines]
        )
        settlement_sudo._ask_to_agree()
        return settlement_sudo.with_env(self.env)

    # -- every week ------------------------------------------------------------------------

    @api.model
    def _cron_propose(self):
        """Each pair that owes something, up to its last business day that is over. A pair that
        cannot be settled now (a session is open, a chart is missing) waits a week; why is logged.
        """
        pairs_sudo = self.env["tibillet.debt.pair"].sudo().search([])
        for pair_sudo in pairs_sudo:
            companies_sudo = pair_sudo.first_company_id | pair_sudo.second_company_id
            until_day, due_date = self._usual_days(companies_sudo)
            try:
                with self.env.cr.savepoint():
                    self._propose(*companies_sudo, pair_sudo.currency_id, until_day, due_date)
            except UserError as reason:
                _logger.info("no settlement of companies %s: %s", companies_sudo.ids, reason)
            self.env["ir.cron"]._commit_progress(1)
