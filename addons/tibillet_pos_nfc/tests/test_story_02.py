from odoo.tests import tagged

from .common import OTHER_UID
from .test_deposit_rules import DepositCase


@tagged("post_install", "-at_install")
class TestStory02(DepositCase):
    """Story 2, the cup tent, without the control page: only returns, 312 cups, eleven by one
    child, some bought with gift, some from the neighbour festival."""

    def test_the_cup_tent(self):
        self.config.tibillet_deposit_max = 10
        # one was bought with a gift on the card: the cup itself was paid in refundable money
        self.load(self.card, 1000, self.gift)
        before = (self.free(asset=self.gift), self.free())

        self.assertEqual(self.give_back(11)["code"], "not_allowed")
        child = self.give_back(11, user=self.till_manager)
        self.assertEqual(child.state, "paid")
        for _round in range(29):
            self.assertEqual(self.give_back(10, uid=OTHER_UID).state, "paid")
        theirs = self.give_back(10, cup=self.their_cup)
        self.order([(self.cash, -1.0, False)], [(self.cup, -1, 1.0)])

        # refundable money only
        self.assertEqual(self.free(asset=self.gift), before[0])
        self.assertEqual(self.free(), before[1] + 1100 + 1000)
        self.assertEqual(self.free(self.other_card), 29000)
        # the other owner's cups are its debt
        self.assertEqual(theirs.lines.tibillet_deposit_owner_id, self.festival)
        moves = self.env["tibillet.deposit.move"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sum(moves.mapped("qty_back")), 312)
        due = moves.filtered(lambda move: move.owner_id == self.festival)
        self.assertEqual(sum(due.mapped("amount")), -10.0)

        # the session of returns only closes at -312
        orders = self.till_session.sudo().order_ids
        self.assertEqual(sum(orders.mapped("amount_total")), -312.0)
        self.closing_session.post_closing_cash_details(-1.0)
        result = self.closing_session.close_session_from_ui()
        self.assertTrue(result["successful"], result)
        move = self.till_session.sudo().move_id
        self.assertEqual(round(sum(move.line_ids.mapped("balance")), 2), 0)
        self.assertEqual(self.balance(move, self.cup.property_account_income_id), 302.0)
        self.assertEqual(self.balance(move, self.their_cup.property_account_income_id), 10.0)
        self.assertEqual(self.balance(move, self.company.tibillet_clearing_account_id), -311.0)

        # and nothing of it is unexplained
        books = self.env["tibillet.books"]
        books._write_pending(self.company, include_today=True)
        self.assertEqual(books._control(self.company)["clearing"]["unexplained_minor"], 0)

    def balance(self, move, account):
        lines = move.line_ids.filtered(lambda line: line.account_id == account)
        return round(sum(lines.mapped("balance")), 2)
