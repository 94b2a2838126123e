from odoo.tests import tagged

from .dormancy_common import DormancyCase


@tagged("post_install", "-at_install")
class TestDormancyChoice(DormancyCase):
    def setUp(self):
        super().setUp()
        self.load(1800, wallet=self.person)
        self.days(370)
        self.sweep()
        self.mine = self.account(self.person, self.token)

    def give(self, amount_minor=1800, **values):
        return self.Dormancy._give(
            values.pop("account", self.mine),
            amount_minor,
            key=values.pop("key", None) or self.key(),
            origin="user:1",
            company=self.bar,
            **values,
        )

    def test_keep_is_written_down_and_moves_nothing(self):
        before = self.snapshot()
        self.Dormancy._keep(self.mine)
        row = self.row(self.person)
        self.assertEqual((row.state, row.choice), ("awake", "keep"))
        self.assertEqual(row.choice_by_id, self.env.user)
        self.assertEqual(row.choice_at, row.acted_at)
        self.assertEqual(self.snapshot(), before)
        self.assertFalse(self.notices(self.person), "nobody is reminded of what is kept")
        self.days(366)
        self.sweep()
        self.assertEqual(row.state, "dormant", "a year later it sleeps again")

    def test_keep_works_before_it_sleeps_and_for_several(self):
        self.load(500, wallet=self.wallet)
        self.load(600, self.euro)
        accounts = self.account(self.wallet, self.token) | self.account(self.wallet, self.euro)
        self.days(300)
        self.Dormancy._keep(accounts)
        self.days(300)
        self.sweep()
        self.assertEqual(set(accounts.mapped(lambda a: self.Dormancy._of(a).state)), {"awake"})

    def test_only_a_holder_chooses(self):
        place = self.place(self.bar, self.token)
        self.assertRefused("invalid", self.Dormancy._keep, place)
        self.assertRefused("invalid", self.give, account=place)
        self.assertRefused("invalid", self.Dormancy._keep, self.Account)

    def test_given_in_part_to_the_issuers_own_pool(self):
        operation = self.give(120)
        self.assertEqual(operation.code, "give")
        self.assertEqual(self.balance(wallet=self.person), 1680)
        pool = operation.transfer_ids.credit_account_id.wallet_id
        self.assertEqual((pool.kind, pool.company_id), ("pool", self.bar))
        row = self.row(self.person)
        self.assertEqual((row.state, row.choice), ("awake", "give"))
        self.sweep()
        self.assertEqual(row.state, "awake")

    def test_given_at_another_desk_goes_to_its_own_issuer(self):
        self.load(700, self.euro, wallet=self.person)
        account = self.account(self.person, self.euro)
        operation = self.give(700, account=account, to="place")
        receiver = operation.transfer_ids.credit_account_id.wallet_id
        self.assertEqual((receiver.kind, receiver.company_id), ("place", self.coop))
        self.assertEqual(operation.company_id, self.bar)

    def test_the_receipt_says_what_to_whom_and_that_it_is_no_tax_receipt(self):
        text = self.Dormancy._receipt_text(self.give(120))
        for words in ("1.20", "Jeton", "Le Phare", "not a tax receipt"):
            self.assertIn(words, text)
        self.assertNotIn("Claire", text)

    def test_more_than_there_is_is_refused(self):
        self.assertRefused("insufficient_funds", self.give, 1801)
        self.assertEqual(self.state(self.person), "dormant")

    def test_nothing_is_given_to_a_stranger(self):
        self.assertRefused("invalid", self.give, 100, to="issuer")

    def test_a_frozen_wallet_gives_nothing(self):
        self.person.frozen = True
        self.assertRefused("wallet_frozen", self.give)

    def test_the_same_key_gives_once(self):
        key = self.key()
        first = self.give(100, key=key)
        self.assertEqual(self.give(100, key=key), first)
        self.assertEqual(self.balance(wallet=self.person), 1700)
