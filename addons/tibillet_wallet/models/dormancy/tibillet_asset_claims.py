from odoo import fields, models
from odoo.tools import SQL, format_date

from .claim_list import claim_list_pdf


class TibilletAsset(models.Model):
    _inherit = "tibillet.asset"

    def _claims(self):
        """Who is owed what of this asset: (name or False, e-mail or False, card numbers,
        amount in minor units), in one query, people first."""
        self.ensure_one()
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
            SELECT p.name, p.email, c.numbers, a.balance_minor
              FROM tibillet_account a
              JOIN tibillet_wallet w ON w.id = a.wallet_id
              LEFT JOIN res_partner p ON p.id = w.partner_id
              LEFT JOIN LATERAL (SELECT string_agg(number, ', ' ORDER BY id) AS numbers
                                   FROM tibillet_card WHERE wallet_id = w.id) c ON true
             WHERE a.asset_id = %s AND a.balance_minor > 0
             ORDER BY p.name IS NULL, p.name, c.numbers, a.id
                """,
                self.id,
            )
        )

    def _claim_list_pdf(self):
        """The list of claims for the liquidator, as a PDF in the user's language.

        It names holders: who may have it is checked by the caller.
        """
        claims = self._claims()
        total_minor = sum(claim[3] for claim in claims)
        today = format_date(self.env, fields.Date.context_today(self))
        facts = [
            self.env._("Issuer and debtor: %s", self.company_id.name),
            self.env._(
                "%(count)s holders are owed %(amount)s in all, on %(day)s.",
                count=len(claims),
                amount=self._format(total_minor),
                day=today,
            ),
        ]
        if self.frozen_at:
            facts.append(
                self.env._("Frozen since %s: nothing moves.", format_date(self.env, self.frozen_at))
            )
        rows = [
            [
                at,
                name or self.env._("Bearer of the card"),
                " · ".join(part for part in (email, numbers) if part) or "–",
                self._format(amount_minor),
            ]
            for at, (name, email, numbers, amount_minor) in enumerate(claims, start=1)
        ]
        return claim_list_pdf(
            self.env._("List of claims: %s", self.name),
            facts,
            [
                self.env._("No."),
                self.env._("Holder"),
                self.env._("Mail, card"),
                self.env._("Amount owed"),
            ],
            rows,
            ["", self.env._("Total"), "", self._format(total_minor)],
            self.env._("Page"),
        )
