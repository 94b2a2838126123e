"""The money of a settlement: the ledger's operations, through its one door."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    def _set_off(self):
        """Both owe each other: the smaller side is settled at once, with the same amount of
        the larger one, and no money moves."""
        self.ensure_one()
        ways = self._lines_by_way()
        smaller_minor = min(sum(line._rest() for line in ways[side]) for side in (1, -1))
        if smaller_minor:
            self._settle(
                self._shares(ways[1], smaller_minor) + self._shares(ways[-1], smaller_minor),
                {"set_off": True, "date": self.env.cr.now().date(), "amount_minor": smaller_minor},
            )

    def _pay(self, amount_minor, date, journals):
        """Note a payment: less is owed in the ledger, money left and arrived in both books.

        :param journals: {company: bank journal}
        :raises UserError: with what stands in the way; nothing is written then
        """
        self.ensure_one()
        self._take_turn()
        settlement_sudo = self.sudo()  # the act was checked by its form; both books are written
        settlement_sudo._check_payable(amount_minor, date, journals)
        way = 1 if settlement_sudo.net_minor > 0 else -1
        payment_sudo = settlement_sudo._settle(
            settlement_sudo._shares(settlement_sudo._lines_by_way()[way], amount_minor),
            {"date": date, "amount_minor": amount_minor},
            journals,
        )
        settlement_sudo.paid_minor += amount_minor
        settlement_sudo._finish_when_paid()
        return payment_sudo

    def _lines_by_way(self):
        """Lines with a rest: 1 = what the first company owes, -1 = the second."""
        ways = {1: self.line_ids.browse(), -1: self.line_ids.browse()}
        for line in self.line_ids.filtered(lambda line: line._rest()):
            issuer_first = line.issuer_company_id == self.first_company_id
            ways[1 if issuer_first == (line.amount_minor > 0) else -1] |= line
        return ways

    @api.model
    def _shares(self, lines, amount_minor):
        """[(line, part)]: line by line, in their order."""
        shares = []
        for line in lines:
            part = min(line._rest(), amount_minor)
            if part:
                shares.append((line, part))
                amount_minor -= part
        return shares

    def _settle(self, shares, values, journals=None):
        """Post what is settled of some lines and write it down.

        :param shares: [(line, amount in minor units)]
        :return: the payment
        """
        payment = self.env["tibillet.settlement.payment"].create(
            {
                **values,
                "settlement_id": self.id,
                "recorded_by_id": self.env.uid,
                "recorded_at": self.env.cr.now(),
            }
        )
        transfers = {"settle": [], "remit": []}
        for line, part in shares:
            for code, made in line._transfers(part).items():
                transfers[code] += made
            line.settled_minor += part
        requests = [
            {
                "key": f"{payment.id}/{code}",
                "origin": f"settlement:{self.id}",
                "code": code,
                "transfers": made,
                "company_id": self.first_company_id.id,
                "memo": self.reference,
            }
            for code, made in transfers.items()
            if made
        ]
        operations = self.env["tibillet.ledger"]._post(requests)
        for operation in operations:
            payment[f"{operation.code}_operation_id"] = operation
        if journals:
            payment._book(journals)
        self._write_books()
        return payment


class TibilletSettlementLine(models.Model):
    _inherit = "tibillet.settlement.line"

    def _rest(self):
        """What is left of it to settle, without sign."""
        return abs(self.amount_minor) - self.settled_minor

    def _transfers(self, part):
        """The ledger's transfers that settle so much of this line, by code.

        What the place took goes home to its issuer (``settle``), the units with it. The rest
        stands for money loaded or paid back, whose units moved long ago: it is settled between
        the two places' settlement wallets (``remit``), either way, and moves no supply. The
        last part of a line takes home all that the place took up to the settlement's day, so
        that takings and collections, which cancel each other in the debt, do so in the units.
        """
        self.ensure_one()
        self.env.flush_all()
        account, wallet = self.env["tibillet.account"]._get, self.env["tibillet.wallet"]
        place = account(wallet._of_place(self.place_company_id), self.asset_id)
        there = account(wallet._of_settlements(self.place_company_id), self.asset_id)
        home = account(wallet._of_settlements(self.issuer_company_id), self.asset_id)
        issuer = account(self.asset_id.issuer_wallet_id, self.asset_id)
        taken_minor = self._taken_minor(place)
        if part < self._rest():
            taken_minor = min(taken_minor, part) if self.amount_minor > 0 else 0
        owed_minor = part if self.amount_minor > 0 else -part
        money_minor = owed_minor - taken_minor
        transfers = {"settle": [], "remit": []}
        if taken_minor:
            transfers["settle"].append((place.id, issuer.id, taken_minor))
        if money_minor > 0:
            transfers["remit"].append((there.id, home.id, money_minor))
        elif money_minor:
            transfers["remit"].append((home.id, there.id, -money_minor))
        return transfers

    def _taken_minor(self, place):
        """What the place took up to the settlement's day and that did not go home since."""
        place_sudo = self.env["tibillet.place"]._of_company(self.place_company_id)
        ends_at = place_sudo._day_start(self.settlement_id.until_day + timedelta(days=1))
        then_minor, now_minor = self.env.execute_query(
            SQL(
                """SELECT COALESCE(sum(CASE WHEN t.credit_account_id = %(account)s
                                            THEN t.amount_minor ELSE -t.amount_minor END),
                                   0)::bigint,
                          tibillet_account_sum(%(account)s)
                     FROM tibillet_transfer t
                     JOIN tibillet_operation o ON o.id = t.operation_id
                     LEFT JOIN tibillet_operation named
                       ON o.code = 'correct' AND named.id = o.names_id
                    WHERE (t.debit_account_id = %(account)s OR t.credit_account_id = %(account)s)
                      AND (o.occurred_at < %(ends_at)s
                           OR COALESCE(named.code, o.code) = 'settle')""",
                account=place.id,
                ends_at=ends_at,
            )
        )[0]
        return max(0, min(then_minor, now_minor))
