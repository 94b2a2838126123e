import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import LedgerError
from .common import WalletCase


@tagged("post_install", "-at_install")
class TestPost(WalletCase):
    def test_a_topup_issues_and_a_sale_moves(self):
        topup = self.load(2000)
        self.assertEqual((topup.state, topup.code, topup.paid_minor), ("posted", "topup", 2000))
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        self.post("sale", (mine, till, 600))
        self.assertEqual(mine.balance_minor, 1400)
        self.assertEqual(till._balance(), 600)
        self.assertEqual(self.issuer(self.token)._balance(), -2000)
        self.assertFalse(till.balance_minor, "a place keeps no running balance")
        self.assertEqual(self.ledger._audit(), {})

    def test_forms_that_are_refused(self):
        self.load(2000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        gift_till = self.place(self.bar, self.gift)
        post = self.ledger._post
        for name, request in {
            "no transfers": self.request("sale"),
            "same account": self.request("sale", (mine, mine, 100)),
            "two assets": self.request("sale", (mine, gift_till, 100)),
            "zero": self.request("sale", (mine, till, 0)),
            "negative": self.request("sale", (mine, till, -5)),
            "2**31": self.request("sale", (mine, till, 2**31)),
            "a float": self.request("sale", (mine, till, 1.0)),
            "a boolean": self.request("sale", (mine, till, True)),
            "empty key": {**self.request("sale", (mine, till, 100)), "key": ""},
            "65 characters": {**self.request("sale", (mine, till, 100)), "key": "k" * 65},
            "newline": {**self.request("sale", (mine, till, 100)), "key": "k\n"},
            "space": {**self.request("sale", (mine, till, 100)), "key": "a b"},
            "no origin": {**self.request("sale", (mine, till, 100)), "origin": ""},
            "unknown code": self.request("steal", (mine, till, 100)),
            "unknown means": self.request("sale", (mine, till, 100), means="shells"),
            "past hold": self.request("sale", (mine, till, 100), hold_until=self.in_minutes(-1)),
            "text as a date": self.request("sale", (mine, till, 100), hold_until="tomorrow"),
            "hold of a gift": self.request(
                "gift",
                (self.issuer(self.gift), self.account(self.wallet, self.gift), 100),
                hold_until=self.in_minutes(5),
            ),
            "nameless correction": self.request("correct", (till, mine, 100)),
        }.items():
            with self.subTest(name):
                self.assertRefused("invalid", post, [request])
        twice = self.request("sale", (mine, till, 100))
        self.assertRefused("invalid", post, [twice, dict(twice)])
        missing = self.request("sale", (mine, till, 100))
        missing["transfers"] = [(mine.id, 2**31 - 1, 100)]
        self.assertRefused("invalid", post, [missing])

    def test_key_of_64_characters_is_taken(self):
        self.load(100)
        request = self.request(
            "sale", (self.account(self.wallet, self.token), self.place(self.bar, self.token), 100)
        )
        request["key"] = "k" * 64
        self.assertEqual(self.ledger._post([request]).state, "posted")

    def test_same_key_one_effect(self):
        self.load(2000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        request = self.request("sale", (mine, till, 600), memo="first")
        first = self.ledger._post([request])
        again = self.ledger._post([{**request, "memo": "other", "device_seq": 9}])
        self.assertEqual(first, again)
        self.assertEqual(self.balance(), 1400)
        other = {**request, "transfers": [(mine.id, till.id, 601)]}
        self.assertRefused("key_conflict", self.ledger._post, [other])
        elsewhere = self.ledger._post([{**request, "origin": "device:2"}])
        self.assertNotEqual(first, elsewhere, "keys are unique per origin")

    def test_a_replay_beside_a_new_one(self):
        self.load(2000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        first = self.request("sale", (mine, till, 600))
        second = self.request("sale", (mine, till, 300))
        known = self.ledger._post([first])
        both = self.ledger._post([second, first])
        self.assertEqual(both[1], known)
        self.assertEqual(self.balance(), 1100)

    def test_floor(self):
        self.load(500)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        refusal = self.assertRefused(
            "insufficient_funds", self.ledger._post, [self.request("sale", (mine, till, 730))]
        )
        self.assertEqual(refusal.missing_minor, 230)

    def test_batch_is_all_or_nothing(self):
        self.load(1000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        requests = [self.request("sale", (mine, till, 600)) for _tap in range(2)]
        self.assertRefused("insufficient_funds", self.ledger._post, requests)

    def test_batch_item_by_item(self):
        self.load(1000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        results = self.ledger._post(
            [
                self.request("sale", (mine, till, 600)),
                self.request("sale", (mine, till, 600)),
                self.request("sale", (mine, mine, 1)),
                self.request("sale", (mine, till, 400)),
            ],
            item_by_item=True,
        )
        codes = [r.code for r in results]
        self.assertEqual(codes, ["sale", "insufficient_funds", "invalid", "sale"])
        self.assertIsInstance(results[1], LedgerError)
        self.assertEqual(self.balance(), 0)
        self.assertEqual(self.ledger._audit(), {})

    def test_archived_asset(self):
        mine = self.account(self.wallet, self.token)
        self.token.active = False
        self.assertRefused(
            "asset_archived",
            self.ledger._post,
            [self.request("topup", (self.issuer(self.token), mine, 100))],
        )

    def test_frozen_wallet_inside_a_batch(self):
        other = self.env["tibillet.card"].create({"company_id": self.bar.id}).wallet_id
        self.load(500)
        self.load(500, wallet=other)
        other.frozen = True
        till = self.place(self.bar, self.token)
        requests = [
            self.request("sale", (self.account(wallet, self.token), till, 100))
            for wallet in (self.wallet, other)
        ]
        self.assertRefused("wallet_frozen", self.ledger._post, requests)

    def test_load_cap(self):
        self.load(24_000)
        mine = self.account(self.wallet, self.token)
        refusal = self.assertRefused(
            "limit_exceeded",
            self.ledger._post,
            [self.request("topup", (self.issuer(self.token), mine, 1_001))],
        )
        self.assertIn("250", str(refusal))
        self.load(1_000)
        till = self.place(self.bar, self.token)
        sale = self.post("sale", (mine, till, 500))
        self.load(500)
        self.post("undo", (till, mine, 500), names_id=sale.id)
        self.assertEqual(self.balance(), 25_500, "what comes back is never refused by the cap")

    def test_load_cap_counts_within_a_batch(self):
        mine = self.account(self.wallet, self.token)
        requests = [
            self.request("topup", (self.issuer(self.token), mine, 13_000)) for _turn in range(2)
        ]
        self.assertRefused("limit_exceeded", self.ledger._post, requests)

    def test_settle_pays_no_more_than_the_place_took(self):
        self.load(1000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        self.post("sale", (mine, till, 600))
        issuer = self.issuer(self.token)
        self.assertRefused(
            "insufficient_funds", self.ledger._post, [self.request("settle", (till, issuer, 601))]
        )
        self.post("settle", (till, issuer, 600))
        self.assertEqual(till._balance(), 0)
        self.assertEqual(issuer._balance(), -400)

    def test_a_claim_is_not_spendable(self):
        claim = self.env["tibillet.asset"]._claim_of(self.bar)
        self.post("shortfall", (self.issuer(claim), self.account(self.wallet, claim), 100))
        self.assertRefused(
            "invalid",
            self.ledger._post,
            [
                self.request(
                    "sale", (self.account(self.wallet, claim), self.place(self.bar, claim), 100)
                )
            ],
        )

    def test_the_orm_refuses(self):
        operation = self.load(100)
        for record in (
            operation,
            operation.transfer_ids,
            self.account(self.wallet, self.token),
        ):
            for call, args in (
                (record.write, ({},)),
                (record.unlink, ()),
                (record.create, ({},)),
            ):
                self.assertRefused("not_allowed", call, *args)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses(self):
        """Triggers and constraints stop what walks round the ledger."""
        posted = self.load(100)
        held = self.spend(50, hold_until=self.in_minutes(5))
        for statement in (
            "UPDATE tibillet_transfer SET amount_minor = 1",
            "DELETE FROM tibillet_transfer",
            "TRUNCATE tibillet_transfer CASCADE",
            "UPDATE tibillet_hold_line SET amount_minor = 1",
            "DELETE FROM tibillet_hold_line",
            "DELETE FROM tibillet_operation",
            f"UPDATE tibillet_operation SET state = 'voided' WHERE id = {posted.id}",
            f"UPDATE tibillet_operation SET key = 'x' WHERE id = {held.id}",
            f"UPDATE tibillet_operation SET key = 'x', state = 'voided' WHERE id = {held.id}",
            "UPDATE tibillet_account SET balance_minor = -1 WHERE balance_minor = 100",
            "UPDATE tibillet_account SET held_minor = 101 WHERE balance_minor = 100",
            "INSERT INTO tibillet_transfer (operation_id, asset_id, debit_account_id,"
            " credit_account_id, amount_minor) SELECT operation_id, asset_id, debit_account_id,"
            " credit_account_id, 0 FROM tibillet_transfer LIMIT 1",
            "INSERT INTO tibillet_transfer (operation_id, asset_id, debit_account_id,"
            f" credit_account_id, amount_minor) SELECT operation_id, {self.gift.id},"
            " debit_account_id, credit_account_id, 1 FROM tibillet_transfer LIMIT 1",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(psycopg2.Error),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_statements_do_not_grow_with_the_batch(self):
        """1, 100 and 1,000 operations, plain or naming another one: as many statements."""
        cards = self.env["tibillet.card"].create([{"company_id": self.bar.id}] * 1000)
        till = self.place(self.bar, self.token)
        accounts = [self.account(card.wallet_id, self.token) for card in cards]
        issuer = self.issuer(self.token)
        self.ledger._post([self.request("topup", (issuer, one, 1000)) for one in accounts])
        sales, counts = {}, []
        for size in (1, 100, 1000):
            requests = [self.request("sale", (one, till, 10)) for one in accounts[:size]]
            sales[size], spent = self._count(requests)
            requests = [
                self.request("undo", (till, one, 5), names_id=sale.id)
                for one, sale in zip(accounts[:size], sales[size], strict=True)
            ]
            counts.append((spent, self._count(requests)[1]))
        self.assertEqual(counts, [(2, 3)] * 3)

    def test_thousands_at_once_are_all_or_nothing_too(self):
        """Written in parts, refused as a whole: the last of them is one cent too much."""
        self.load(2_500)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        requests = [self.request("sale", (mine, till, 1)) for _one in range(2_501)]
        self.assertRefused("insufficient_funds", self.ledger._post, requests)
        self.assertEqual(len(self.ledger._post(requests[:2_500])), 2_500)
        self.assertEqual(self.balance(), 0)

    def _count(self, requests):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        operations = self.ledger._post(requests)
        return operations, self.env.cr.sql_log_count - before
