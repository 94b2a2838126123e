import random
from datetime import datetime, timedelta

from odoo.tests import TransactionCase, tagged

from ..lots import CHEQUE_DAYS, Lots, Move
from .acts_common import ActsCase

NOW = datetime(2026, 7, 1, 20, 0)
CARD, PERSON, ELSE = 1, 2, 99


class Story:
    """Moves of a card, written down in the order in which they happen."""

    def __init__(self):
        self.moves = []

    def _add(self, code, debit, credit, amount, *, means=None, names=None, days_ago=0):
        at = NOW - timedelta(days=days_ago)
        operation = len(self.moves) + 1
        self.moves.append(Move(operation, code, means, names, at, debit, credit, amount))
        return operation

    def load(self, amount, means, **values):
        return self._add("topup", ELSE, CARD, amount, means=means, **values)

    def pay(self, amount, code="sale", **values):
        return self._add(code, CARD, ELSE, amount, **values)

    def back(self, amount, names, code="undo", account=CARD):
        return self._add(code, ELSE, account, amount, names=names)

    def refund(self, amount, means, account=CARD):
        return self._add("refund", account, ELSE, amount, means=means)

    def merge(self, amount):
        return self._add("merge", CARD, PERSON, amount)

    def lots(self):
        return Lots.replay({CARD, PERSON}, self.moves)


@tagged("post_install", "-at_install")
class TestLots(TransactionCase):
    def setUp(self):
        super().setUp()
        self.story = Story()

    def test_cash_is_spent_last(self):
        self.story.load(20, "cash")
        self.story.load(30, "bank_card")
        self.story.pay(40)
        self.assertEqual(self.story.lots().of_means("cash"), 10)
        self.assertEqual(self.story.lots().of_means("bank_card"), 0)

    def test_cash_that_was_spent_does_not_come_back_by_a_bank_card(self):
        """Ten in cash, drunk; then ten by (a stolen) bank card: nothing goes out in cash."""
        self.story.load(10, "cash")
        self.story.pay(10)
        self.story.load(10, "bank_card")
        self.assertEqual(self.story.lots().of_means("cash"), 0)
        self.assertEqual(self.story.lots().of_means("bank_card"), 10)

    def test_what_is_unknown_is_not_cash(self):
        self.story.load(10, None)
        self.assertEqual(self.story.lots().of_means("cash"), 0)
        self.assertEqual(self.story.lots().refundable_minor(NOW), 10)

    def test_a_title_is_spent_first_and_never_paid_back(self):
        self.story.load(20, "bank_card")
        self.story.load(15, "title")
        self.assertEqual(self.story.lots().refundable_minor(NOW), 20)
        self.story.pay(10)
        self.assertEqual(self.story.lots().of_means("title"), 5)
        self.assertEqual(self.story.lots().refundable_minor(NOW), 20)

    def test_a_refund_leaves_the_title_where_it_is(self):
        self.story.load(20, "bank_card")
        self.story.load(15, "title")
        self.story.refund(20, "transfer")
        self.assertEqual(self.story.lots().of_means("title"), 15)
        self.assertEqual(self.story.lots().refundable_minor(NOW), 0)

    def test_a_cheque_is_paid_back_after_thirty_days(self):
        self.story.load(10, "cheque", days_ago=CHEQUE_DAYS - 1)
        self.assertEqual(self.story.lots().refundable_minor(NOW), 0)
        self.assertEqual(self.story.lots().refundable_minor(NOW + timedelta(days=1)), 10)

    def test_a_sale_taken_back_restores_what_it_took(self):
        self.story.load(20, "bank_card")
        self.story.load(20, "cash")
        sale = self.story.pay(30)
        self.assertEqual(self.story.lots().of_means("cash"), 10)
        self.story.back(5, sale)
        self.assertEqual(self.story.lots().of_means("cash"), 15)
        self.story.back(25, sale)
        self.assertEqual(self.story.lots().of_means("cash"), 20)
        self.assertEqual(self.story.lots().of_means("bank_card"), 20)

    def test_a_sale_taken_back_makes_no_cash(self):
        self.story.load(20, "bank_card")
        sale = self.story.pay(20)
        self.story.back(20, sale)
        self.assertEqual(self.story.lots().of_means("cash"), 0)

    def test_a_merge_carries_it_over(self):
        self.story.load(10, "cash")
        self.story.load(5, "bank_card")
        sale = self.story.pay(3)
        self.story.merge(12)
        lots = self.story.lots()
        self.assertEqual((lots.of_means("cash"), lots.of_means("bank_card")), (10, 2))
        self.story.back(3, sale, account=PERSON)
        self.assertEqual(self.story.lots().of_means("bank_card"), 5)

    def test_a_correction_takes_away_what_the_named_top_up_brought(self):
        first = self.story.load(50, "cash")
        self.story.load(10, "cash")
        self.story.load(7, "bank_card")
        self.story.pay(45, code="correct", names=first)
        lots = self.story.lots()
        self.assertEqual((lots.of_means("cash"), lots.of_means("bank_card")), (15, 7))

    def test_cash_paid_back_is_taken_from_the_cash(self):
        self.story.load(10, "cash")
        self.story.load(10, "bank_card")
        self.story.refund(6, "cash")
        lots = self.story.lots()
        self.assertEqual((lots.of_means("cash"), lots.of_means("bank_card")), (4, 10))

    def test_an_overdraft_is_filled_first(self):
        self.story.pay(8)
        self.story.load(10, "cash")
        self.assertEqual(self.story.lots().of_means("cash"), 2)
        self.assertEqual(self.story.lots().total_minor(), 2)

    def test_whatever_happens_the_lots_add_up_and_cash_is_not_made(self):
        """A thousand lives of a card: lots sum to the balance; cash never exceeds what came."""
        for seed in range(1000):
            dice, story, balance, sales, cash = random.Random(seed), Story(), 0, {}, 0
            for _step in range(dice.randint(1, 30)):
                amount = dice.randint(1, 40)
                act = dice.choice(("load", "load", "pay", "pay", "undo", "refund"))
                if act == "load":
                    means = dice.choice(("cash", "bank_card", "title", "cheque", None))
                    story.load(amount, means)
                    balance += amount
                    cash += amount if means == "cash" else 0
                elif act == "pay" and balance >= amount:
                    sales[story.pay(amount)] = amount
                    balance -= amount
                elif act == "undo" and sales:
                    sale = dice.choice([*sales])
                    part = min(amount, sales[sale])
                    if part:
                        story.back(part, sale)
                        sales[sale] -= part
                        balance += part
                elif act == "refund":
                    part = min(amount, story.lots().of_means("cash"))
                    if part:
                        story.refund(part, "cash")
                        balance -= part
                        cash -= part
                lots = story.lots()
                self.assertEqual(lots.total_minor(), balance, f"seed {seed}")
                self.assertLessEqual(lots.of_means("cash"), cash, f"seed {seed}")


@tagged("post_install", "-at_install")
class TestLotsOfTheLedger(ActsCase):
    def test_the_lots_of_an_account_are_those_of_its_transfers(self):
        self.load_by("cash", 2000)
        self.load_by("bank_card", 1000)
        self.spend(2500)
        lots = self.Account._lots(self.wallet, self.token)
        self.assertEqual(lots.of_means("cash"), 500)
        self.assertEqual(lots.total_minor(), self.balance())

    def test_a_merged_card_brings_its_cash(self):
        self.load_by("cash", 2000)
        person = self.name_the_card()
        self.post(
            "merge", (self.account(self.wallet, self.token), self.account(person, self.token), 2000)
        )
        self.env.cr.execute(
            "UPDATE tibillet_wallet SET merged_into_id = %s WHERE id = %s",
            [person.id, self.wallet.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.Account._lots(person, self.token).of_means("cash"), 2000)
