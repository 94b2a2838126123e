"""The figures of a statement: from the orders what was sold, from the books what is held."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class TibilletMerchant(models.Model):
    _inherit = "tibillet.merchant"

    def _statement_prefix(self):
        return f"ST{self.company_id.id}-{self.id}"


class TibilletMerchantStatement(models.Model):
    _inherit = "tibillet.merchant.statement"

    @api.model
    def _lock_sql(self, merchant):
        return SQL(
            "UPDATE tibillet_merchant SET write_date = write_date WHERE id = %s RETURNING id",
            merchant.id,
        )

    def _take_turn(self, state):
        """Collide with whoever acts on it at the same moment, then look at its state.

        :raises UserError: when it is no longer in that state
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE tibillet_merchant_statement SET write_date = write_date WHERE id = %s"
                " RETURNING id",
                self.id,
            )
        )
        self.invalidate_recordset(["state"])
        if self.state != state:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(statement)s is “%(state)s”: nothing was changed.",
                    statement=self.reference,
                    state=states[self.state],
                )
            )

    @api.model
    def _figures(self, merchant, sessions):
        """What a statement of these sessions says.

        :returns: values of its record
        """
        company = merchant.company_id
        currency = company.currency_id
        figures = self.env["tibillet.figures"]._compute_figures(sessions)
        wallet = self._in_wallet(merchant, sessions)
        held_minor = self._held(merchant, sessions)
        days = self._days(merchant, sessions)
        own = sessions.order_ids.payment_ids.filtered("payment_method_id.tibillet_merchant_id")
        own_minor = self.env["tibillet.till"]._to_minor(sum(own.mapped("amount")), currency)
        in_wallet_minor = sum(part["value"] for part in wallet)
        gross_minor = figures["turnover"]["gross"]
        content = {
            "merchant": merchant._identity(),
            "contract": merchant.contract_reference or "",
            "rate": merchant.commission_rate,
            "base": merchant.commission_base,
            "turnover": figures["turnover"],
            "vat": figures["vat"],
            "moved": figures["moved"],
            "days": days,
            "wallet": wallet,
            "held": held_minor,
            "own": own_minor,
            "sessions": sessions.mapped("name"),
        }
        stamps = [day["day"] for day in days]
        today = fields.Date.to_string(fields.Date.context_today(self))
        return {
            "currency_id": currency.id,
            "content": content,
            "gross_minor": gross_minor,
            "held_minor": held_minor,
            "due_minor": in_wallet_minor + held_minor,
            "from_day": min(stamps, default=today),
            "until_day": max(stamps, default=today),
        }

    @api.model
    def _in_wallet(self, merchant, sessions):
        """What cards paid into the merchant's wallet, less what went back, asset by asset."""
        payments = sessions.order_ids.payment_ids._tibillet_wallet_lines()
        account = self.env["tibillet.account"]
        wallet = self.env["tibillet.wallet"]._merchant_wallet(merchant.partner_id)
        sums = {}
        for payment in payments:
            for transfer in payment._tibillet_operations().transfer_ids:
                if transfer.earned:
                    continue
                for side, sign in (("credit_account_id", 1), ("debit_account_id", -1)):
                    if wallet and transfer[side].wallet_id == wallet:
                        asset = transfer.asset_id
                        sums[asset] = sums.get(asset, 0) + sign * transfer.amount_minor
        return [
            {
                "account": account._get(wallet, asset).id,
                "asset": asset.name,
                "asset_id": asset.id,
                "amount": amount,
                "value": amount * asset.unit_value_minor // 10**asset.scale,
            }
            for asset, amount in sorted(sums.items(), key=lambda item: item[0].id)
        ]

    @api.model
    def _held(self, merchant, sessions):
        """What the closings of these sessions say is held for it: the books' word."""
        account = self.env["tibillet.book.account"]._account(
            merchant.company_id, "merchant", merchant.partner_id
        )
        lines = sessions.move_id.line_ids.filtered(
            lambda line: line.account_id == account and line.parent_state == "posted"
        )
        currency = merchant.company_id.currency_id
        return self.env["tibillet.till"]._to_minor(-sum(lines.mapped("balance")), currency)

    @api.model
    def _days(self, merchant, sessions):
        """By business day: sold, given back, and what came by which means."""
        factor = 10**merchant.company_id.currency_id.decimal_places
        moved = list(self.env["tibillet.figures"]._moved_products(merchant.company_id))
        day = self.env["tibillet.books"]._business_day_sql(SQL("o.date_order"))
        self.env.flush_all()
        rows = {}
        for key, sold, back in self.env.execute_query(
            SQL(
                """SELECT %(day)s, round(COALESCE(sum(l.price_subtotal_incl)
                              FILTER (WHERE l.price_subtotal_incl > 0), 0) * %(factor)s)::bigint,
                          round(COALESCE(sum(l.price_subtotal_incl)
                              FILTER (WHERE l.price_subtotal_incl < 0), 0) * %(factor)s)::bigint
                     FROM pos_order o
                     JOIN pos_order_line l ON l.order_id = o.id
                LEFT JOIN tibillet_place p ON p.company_id = o.company_id
                    WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done')
                      AND NOT l.product_id = ANY(%(moved)s)
                 GROUP BY 1 ORDER BY 1""",
                day=day,
                factor=factor,
                ids=sessions.ids,
                moved=moved,
            )
        ):
            rows[key] = {"day": str(key), "sold": sold, "back": back, "means": []}
        methods = self.env["pos.payment.method"]
        for key, method_id, amount in self.env.execute_query(
            SQL(
                """SELECT %(day)s, y.payment_method_id, round(sum(y.amount) * %(factor)s)::bigint
                     FROM pos_payment y
                     JOIN pos_order o ON o.id = y.pos_order_id
                LEFT JOIN tibillet_place p ON p.company_id = o.company_id
                    WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done')
                 GROUP BY 1, 2 ORDER BY 1, 2""",
                day=day,
                factor=factor,
                ids=sessions.ids,
            )
        ):
            row = rows.setdefault(key, {"day": str(key), "sold": 0, "back": 0, "means": []})
            row["means"].append([methods.browse(method_id).name, amount])
        return [rows[key] for key in sorted(rows)]
