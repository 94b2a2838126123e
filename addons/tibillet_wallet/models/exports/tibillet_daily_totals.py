"""What consumers bought each day, per rate of VAT: for e-reporting, money moved left out."""

import csv
import io
import json

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

READER = "tibillet_wallet.tibillet_wallet_group_reader"
FORMAT = {"format": "tibillet-daily-totals", "version": 1}
#: More is no period that anybody reports, and would be a long wait.
MOST_DAYS = 400


class TibilletDailyTotals(models.AbstractModel):
    """Sales to consumers by accounting day and rate, in minor units of the company's currency.

    The wallet knows invoices; each addon that sells (a till) adds its rows. What only moved
    (top-ups, refunds of cards, deposits) and what is sold for somebody else is in none.
    """

    _name = "tibillet.daily.totals"
    _description = "Daily sales to consumers per rate"

    @api.model
    def _check_may(self, company):
        """:raises AccessError: for anybody who does not read this company's books"""
        if not self.env.user.has_group(READER) or company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("Only who reads the books of this company has its daily sales.")
            )

    @api.model
    def _days(self, company, first, last):
        """Totals of a period.

        :param first, last: dates, both included
        :return: list of ``{"day", "operations", "rates": [{"rate", "base_minor", "vat_minor",
            "operations"}]}``, days without sales left out
        :raises UserError: when the period makes no sense
        """
        if not first or not last or first > last or (last - first).days > MOST_DAYS:
            raise UserError(
                self.env._("Choose a first and a last day, at most %s days apart.", MOST_DAYS)
            )
        self.env.flush_all()
        totals_sudo = self.sudo()  # checked by the caller: sums of one company, nobody's name
        days = {}
        for row in totals_sudo._rows(company, first, last):
            day = days.setdefault(row["day"], {"operations": set(), "rates": {}})
            rate = day["rates"].setdefault(
                row["rate"], {"base_minor": 0, "vat_minor": 0, "operations": set()}
            )
            rate["base_minor"] += row["base_minor"]
            rate["vat_minor"] += row["vat_minor"]
            rate["operations"] |= row["operations"]
            day["operations"] |= row["operations"]
        return [
            {
                "day": str(day),
                "operations": len(days[day]["operations"]),
                "rates": [
                    {"rate": rate, **sums, "operations": len(sums["operations"])}
                    for rate, sums in sorted(days[day]["rates"].items())
                ],
            }
            for day in sorted(days)
        ]

    @api.model
    def _rows(self, company, first, last):
        """Rows to add up; a seam for addons that sell.

        :return: list of ``{"day": date, "rate": per cent, "base_minor", "vat_minor",
            "operations": set of keys}``
        """
        return self._invoice_rows(company, first, last)

    @api.model
    def _moved_product_ids(self, company):
        """Products whose sale is money moved and no turnover; a seam."""
        products = self.env["product.product"].with_context(active_test=False)
        cups = products.search([("tibillet_deposit", "=", True)])
        return (cups | company.tibillet_topup_product_id).ids

    @api.model
    def _invoice_rows(self, company, first, last):
        """Posted invoices, credit notes and receipts of customers who are consumers: no company
        and no VAT number. Their day is the invoice's date."""
        unit = 10**company.currency_id.decimal_places
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.invoice_date, r.rate,
                       COALESCE(sum(-l.balance) FILTER (WHERE r.side = 'base'), 0),
                       COALESCE(sum(-l.balance) FILTER (WHERE r.side = 'tax'), 0),
                       array_agg(DISTINCT m.id)
                  FROM account_move m
                  JOIN res_partner p ON p.id = m.commercial_partner_id
                  JOIN account_move_line l ON l.move_id = m.id
                 CROSS JOIN LATERAL (
                       SELECT 'tax' AS side, t.amount::float8 AS rate
                         FROM account_tax t
                        WHERE t.id = l.tax_line_id AND t.amount_type = 'percent'
                        UNION ALL
                       SELECT 'base', COALESCE((
                              SELECT sum(t.amount) FROM account_move_line_account_tax_rel x
                                JOIN account_tax t ON t.id = x.account_tax_id
                               WHERE x.account_move_line_id = l.id
                                 AND t.amount_type = 'percent'), 0)::float8
                        WHERE l.display_type = 'product') r
                 WHERE m.company_id = %(company)s AND m.state = 'posted'
                   AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND m.invoice_date BETWEEN %(first)s AND %(last)s
                   AND p.is_company IS NOT TRUE AND COALESCE(p.vat, '') IN ('', '/')
                   AND NOT COALESCE(l.product_id = ANY(%(moved)s), FALSE)
                 GROUP BY 1, 2
                """,
                company=company.id,
                first=first,
                last=last,
                moved=self._moved_product_ids(company),
            )
        )
        return [
            {
                "day": day,
                "rate": rate,
                "base_minor": round(base * unit),
                "vat_minor": round(vat * unit),
                "operations": {f"invoice:{move_id}" for move_id in move_ids},
            }
            for day, rate, base, vat, move_ids in rows
        ]

    # -- files -----------------------------------------------------------------------------

    @api.model
    def _json(self, company, first, last):
        """The totals as JSON, the same bytes for the same sales.

        :rtype: bytes
        """
        self._check_may(company)
        company_sudo = company.sudo()  # its registry numbers, for who reads its books
        content = {
            **FORMAT,
            "company": company_sudo.name,
            "registry": company_sudo.company_registry or "",
            "vat_number": company_sudo.vat or "",
            "currency": company_sudo.currency_id.name,
            "decimals": company_sudo.currency_id.decimal_places,
            "first": str(first),
            "last": str(last),
            "days": self._days(company, first, last),
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()

    @api.model
    def _csv(self, company, first, last):
        """One line per day and rate; amounts with a dot, as programs read them.

        :rtype: bytes
        """
        self._check_may(company)
        decimals = company.sudo().currency_id.decimal_places
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(("day", "rate", "base", "vat", "total", "operations", "currency"))
        for day in self._days(company, first, last):
            for rate in day["rates"]:
                amounts = (
                    rate["base_minor"],
                    rate["vat_minor"],
                    rate["base_minor"] + rate["vat_minor"],
                )
                writer.writerow(
                    (
                        day["day"],
                        f"{rate['rate']:g}",
                        *(f"{minor / 10**decimals:.{decimals}f}" for minor in amounts),
                        rate["operations"],
                        company.sudo().currency_id.name,
                    )
                )
        return ("\ufeff" + out.getvalue()).encode()
