"""What an issuer's own tills took goes home each business day (architecture 4.5)."""

import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

_logger = logging.getLogger(__name__)

#: Of these an issuer's own till takes nothing home: a claim is owed by its holder, and units
#: that somebody else's ledger keeps are not ours to withdraw.
STAYS = ("claim", "external")


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _take_home(self, company):
        """Withdraw what a place's own tills took of its own assets, up to the end of its last
        business day: spent where it was issued, it circulates no more.

        One operation per asset and day, its key is the day: asked again, nothing happens, and
        what arrives late goes home the day after. Nothing in the books moves: the liability
        fell with the sale.

        :return: the operations posted now
        """
        place_sudo = self.env["tibillet.place"]._of_company(company)
        self.env.cr.execute("SELECT tibillet_business_day(%s)", [company.id])
        today = self.env.cr.fetchone()[0]
        origin, requests = f"home:{place_sudo.id}", []
        spoken = self.with_context(lang=company.sudo().partner_id.lang or self.env.lang)
        memo = spoken.env._("Taken by its own tills before %s", format_date(spoken.env, today))
        for account_id, issuer_id, amount_minor in self._taken_at_home(
            company, place_sudo._day_start(today), f"/{today}", origin
        ):
            requests.append(
                {
                    "key": f"{account_id}/{today}",
                    "origin": origin,
                    "code": "settle",
                    "transfers": [(account_id, issuer_id, amount_minor)],
                    "company_id": company.id,
                    "memo": memo,
                }
            )
        return self._post(requests)

    @api.model
    def _taken_at_home(self, company, ends_at, key_end, origin):
        """[(account of the takings, issuer's account, minor units)] of what did not go home
        yet under this day's keys. What was taken since the day's end is left to the next one;
        what was given back since lowers it, so that no more goes home than is there."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT n.place_id, n.issuer_id, n.minor
                  FROM (SELECT a.id AS place_id, i.id AS issuer_id,
                               tibillet_account_sum(a.id) - GREATEST(0, COALESCE((
                                   SELECT sum(CASE WHEN t.credit_account_id = a.id
                                                   THEN t.amount_minor ELSE -t.amount_minor END)
                                     FROM tibillet_operation o
                                     JOIN tibillet_transfer t ON t.operation_id = o.id
                                    WHERE o.occurred_at >= %(ends_at)s
                                      AND a.id IN (t.credit_account_id, t.debit_account_id)
                                   ), 0))::bigint AS minor
                          FROM tibillet_asset s
                          JOIN tibillet_wallet w ON w.kind = 'place' AND w.partner_id IS NULL
                                                AND w.company_id = s.company_id
                          JOIN tibillet_account a ON a.wallet_id = w.id AND a.asset_id = s.id
                          JOIN tibillet_account i ON i.wallet_id = s.issuer_wallet_id
                                                 AND i.asset_id = s.id
                         WHERE s.company_id = %(company)s AND NOT (s.kind = ANY(%(stays)s))) n
                 WHERE n.minor > 0
                   AND NOT EXISTS (SELECT FROM tibillet_operation o
                                    WHERE o.origin = %(origin)s
                                      AND o.key = n.place_id || %(key_end)s)
                 ORDER BY n.place_id
                """,
                ends_at=ends_at,
                company=company.id,
                stays=list(STAYS),
                origin=origin,
                key_end=key_end,
            )
        )

    @api.model
    def _cron_take_home(self):
        """Every place whose business day is over since the last time. One that cannot is
        logged and tried again within the hour; the others do not wait for it."""
        companies_sudo = self.env["tibillet.asset"].sudo().search([]).company_id
        for company_sudo in companies_sudo.sorted("id"):
            try:
                with self.env.cr.savepoint():
                    self._take_home(company_sudo)
            except UserError as reason:
                _logger.warning("takings of company %s stay there: %s", company_sudo.id, reason)
            self.env["ir.cron"]._commit_progress(1)
