"""Points go back with the money that earned them, as far as they are still there."""

from odoo.tests import tagged

from .test_loyal_points import LoyalCase


@tagged("post_install", "-at_install")
class TestLoyalBack(LoyalCase):
    def give_back(self, sale, minor, before=0):
        """An undo of a part, as the till asks for it."""
        earned, forgiven = self.ledger._earned_back(sale, before, minor)
        back = (self.place(self.bar, self.token), self.account(self.wallet, self.token), minor)
        self.post("undo", back, names_id=sale.id, earned=earned)
        self.assertEqual(self.ledger._audit(), {})
        return sum(line[2] for line in earned), sum(forgiven.values())

    def test_parts_take_back_in_all_what_the_whole_would(self):
        sale = self.spend(1000)
        taken = [self.give_back(sale, 333, before)[0] for before in (0, 333, 666)]
        taken.append(self.give_back(sale, 1, 999)[0])
        self.assertEqual((taken, self.have()), ([3, 3, 3, 1], 0))

    def test_points_that_were_spent_are_forgiven_and_stay_so(self):
        sale = self.spend(1000)
        self.spend(0, lines=[(None, 8, self.points)])
        self.assertEqual(self.give_back(sale, 500), (2, 3))
        self.load(10, asset=self.points, code="reward")
        self.assertEqual(self.give_back(sale, 500, 500), (5, 0))
        self.assertEqual(self.have(), 5)

    def test_points_on_hold_are_not_taken(self):
        sale = self.spend(1000)
        self.spend(0, lines=[(None, 7, self.points)], hold_until=self.in_minutes(5))
        self.assertEqual(self.give_back(sale, 1000), (3, 7))

    def test_points_are_taken_from_the_person_who_claimed_the_card(self):
        sale = self.spend(1000)
        person = self.env["tibillet.wallet"].create({"kind": "person"})
        for asset, minor in ((self.token, 9000), (self.points, 10)):
            holders = (self.account(self.wallet, asset), self.account(person, asset))
            self.post("merge", (*holders, minor))
        self.wallet.merged_into_id = person
        earned, forgiven = self.ledger._earned_back(sale, 0, 1000)
        self.assertEqual(forgiven, {})
        holder = self.account(person, self.points)
        self.assertEqual(earned, [(holder.id, self.issuer(self.points).id, 10)])

    def test_points_whose_hold_is_over_are_taken(self):
        sale = self.spend(1000)
        self.spend(0, lines=[(None, 7, self.points)], hold_until=self.in_minutes(5))
        self.wait(6)
        self.assertEqual(self.give_back(sale, 1000), (10, 0))

    def test_no_more_comes_back_than_was_given(self):
        sale, issuer, mine = self.spend(300), self.issuer(self.points), self.account
        self.load(50, asset=self.points, code="reward")
        back = (self.place(self.bar, self.token), mine(self.wallet, self.token), 300)
        more = [(mine(self.wallet, self.points).id, issuer.id, 4)]
        self.assertRefused("limit_exceeded", self.post, "undo", back, names_id=sale.id, earned=more)
