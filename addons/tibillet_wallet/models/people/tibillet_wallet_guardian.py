from odoo import api, fields, models

from ...ledger_rules import SPENDABLE


class TibilletWallet(models.Model):
    """Somebody who looks after a wallet that is not theirs: a child's, a protected person's.

    A guardian sees it, tops it up, blocks its cards and sets what may be spent in a day;
    nothing moves into the guardian's own wallet.
    """

    _inherit = "tibillet.wallet"

    guardian_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        help="Looks after this wallet: sees it, tops it up, blocks its cards, limits its day.",
    )
    daily_limit_minor = fields.Integer(
        default=0, help="Most that is spent in a day, in minor units. 0 = no limit."
    )
    daily_limit = fields.Float(
        string="Daily limit",
        digits=(16, 2),
        compute="_compute_daily_limit",
        inverse="_inverse_daily_limit",
        help="Most that is spent in a day of the venue, in money. 0 = no limit.",
    )

    _daily_limit_positive = models.Constraint(
        "CHECK (daily_limit_minor >= 0)", "A daily limit is 0 (none) or more."
    )

    @api.depends("daily_limit_minor")
    def _compute_daily_limit(self):
        scale = 10**self.env.company.currency_id.decimal_places
        for wallet in self:
            wallet.daily_limit = wallet.daily_limit_minor / scale

    def _inverse_daily_limit(self):
        scale = 10**self.env.company.currency_id.decimal_places
        for wallet in self:
            wallet.daily_limit_minor = round(wallet.daily_limit * scale)

    def _may_act_for(self, partner):
        """Whether ``partner`` is the wallet's holder or its guardian."""
        self.ensure_one()
        wallet_sudo = self.sudo()._surviving()  # asked by the person, who reads no wallets
        return bool(partner) and partner in (wallet_sudo.partner_id | wallet_sudo.guardian_id)

    def _spending_limits(self, company):
        """What bounds the spending of this wallet at ``company`` today.

        Addons that know of another limit extend it and append theirs.

        :return: list of (limit, spent so far, sentence), amounts in minor units of the
            company's currency; ``%(limit)s`` and ``%(rest)s`` in the sentence are amounts
        """
        self.ensure_one()
        wallet_sudo = self.sudo()  # asked by the till, whose cashier reads no wallets
        if not wallet_sudo.daily_limit_minor:
            return []
        # A rival sale of this wallet must collide with ours, or both would fit.
        self.env.cr.execute(
            "UPDATE tibillet_wallet SET daily_limit_minor = daily_limit_minor WHERE id = %s",
            [self.id],
        )
        return [
            (
                wallet_sudo.daily_limit_minor,
                wallet_sudo._spent_today(company),
                self.env._("This card spends at most %(limit)s a day; %(rest)s is left for today."),
            )
        ]

    def _spent_today(self, company):
        """What was spent since the day began at ``company``, in minor units, holds included.

        What places gave back is taken off; minutes, points and other currencies are left out.
        """
        place = self.env["tibillet.place"]._of_company(company)
        self.env.cr.execute(
            """
            WITH mine AS (
                SELECT a.id FROM tibillet_account a JOIN tibillet_asset s ON s.id = a.asset_id
                 WHERE a.wallet_id = %(wallet)s AND s.kind = ANY(%(kinds)s)
                   AND s.currency_id = %(currency)s
            )
            SELECT COALESCE(sum(amount_minor), 0)::bigint FROM (
                SELECT t.amount_minor FROM tibillet_transfer t
                  JOIN tibillet_operation o ON o.id = t.operation_id
                 WHERE t.debit_account_id IN (SELECT id FROM mine) AND o.code = 'sale'
                   AND o.occurred_at >= %(since)s
                 UNION ALL
                SELECT l.amount_minor FROM tibillet_hold_line l
                  JOIN tibillet_operation o ON o.id = l.operation_id
                  JOIN tibillet_hold h ON h.operation_id = o.id
                 WHERE l.debit_account_id IN (SELECT id FROM mine) AND o.code = 'sale'
                   AND h.expires_at > tibillet_now() AND o.occurred_at >= %(since)s
                 UNION ALL
                SELECT -t.amount_minor FROM tibillet_transfer t
                  JOIN tibillet_operation o ON o.id = t.operation_id
                 WHERE t.credit_account_id IN (SELECT id FROM mine)
                   AND o.code IN ('undo', 'deposit_back') AND o.occurred_at >= %(since)s
            ) line
            """,
            {
                "wallet": self.id,
                "kinds": list(SPENDABLE),
                "currency": company.currency_id.id,
                "since": place._day_start(place._business_day()),
            },
        )
        return max(0, self.env.cr.fetchone()[0])

    def _check_spending_limits(self, company, amount_minor):
        """Refuse a sale that would pass a limit of this wallet; called by ``_spend``.

        :param amount_minor: what the sale takes, in minor units of the company's currency
        :raises LedgerError: ``limit_exceeded``, with what is left for today
        """
        ledger = self.env["tibillet.ledger"]
        for limit_minor, spent_minor, sentence in self._spending_limits(company):
            if spent_minor + amount_minor > limit_minor:
                raise ledger._refusal(
                    "limit_exceeded",
                    sentence
                    % {
                        "limit": ledger._money(company, limit_minor),
                        "rest": ledger._money(company, max(0, limit_minor - spent_minor)),
                    },
                )
