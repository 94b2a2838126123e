"""Every code of the ledger against every precondition it has: each breaks one precondition of
one code (the table: ``codes_table``)."""

from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..ledger_rules import RULES
from .codes_common import CodesCase
from .codes_table import (
    ALLOWED,
    CAPPED,
    COVERED,
    EXPIRING_ONLY,
    HOLDERS,
    MAY_BE_HELD,
    MOVES_ARCHIVED,
    NAMES,
    REFUNDABLE_ONLY,
    TOUCHES_FROZEN,
    WHOLE,
)


@tagged("post_install", "-at_install")
class TestCodes(CodesCase):
    # -- the table ------------------------------------------------------------------------

    def test_the_table_has_every_code_and_says_the_same(self):
        self.assertEqual(set(ALLOWED), set(RULES))
        for code, rule in RULES.items():
            with self.subTest(code):
                row = ALLOWED[code]
                self.assertEqual(set(row.debit), rule.debit)
                self.assertEqual(set(row.credit), rule.credit)
                self.assertEqual(set(row.assets), rule.assets)
                self.assertEqual(row.supply, rule.supply)

    def test_every_code_is_taken_as_it_should_be(self):
        for code in RULES:
            with self.subTest(code), self.env.cr.savepoint() as point:
                op = self.ledger._post([self.ready(code)])
                self.assertEqual((op.code, op.state), (code, "posted"))
                self.assertEqual(self.ledger._audit(), {})
                point.rollback()
                self.env.invalidate_all()

    def test_every_code_links_only_its_kinds(self):
        """Every pair of wallet kinds that the table does not name, for every code."""
        kinds = ("card", "person", "place", "issuer", "pool", "peer")
        for code, row in ALLOWED.items():
            if code == "correct":
                continue
            asset = self.kind_for(code)
            named = self.ready("undo")["names_id"] if code == "undo" else None
            for debit in kinds:
                for credit in kinds:
                    if debit in row.debit and credit in row.credit:
                        continue
                    if debit == credit == "issuer":
                        continue
                    with self.subTest(code=code, debit=debit, credit=credit):
                        request = self.request(
                            code,
                            (
                                self.side(debit, asset),
                                self._second(credit, asset)
                                if debit == credit
                                else self.side(credit, asset),
                                1,
                            ),
                            names_id=named,
                        )
                        self.assertRefused("invalid", self.ledger._post, [request])

    def test_every_code_moves_only_its_kinds_of_asset(self):
        for code, row in ALLOWED.items():
            for kind, asset in self.assets.items():
                if kind in row.assets or code == "correct":
                    continue
                with self.subTest(code=code, asset=kind):
                    debit = self.side(row.debit[0], asset)
                    credit = self.side(row.credit[0], asset, other=row.debit[0] == row.credit[0])
                    request = self.request(code, (debit, credit, 1))
                    if code == "undo":
                        request["names_id"] = self.ready("undo")["names_id"]
                    self.assertRefused("invalid", self.ledger._post, [request])

    @mute_logger("odoo.sql_db")
    def test_the_database_knows_the_table_by_itself(self):
        """The trigger refuses what walks round ``_post``: the code of a row is all it needs."""
        held = self.spend_something()
        for code, row in ALLOWED.items():
            if code == "correct":
                continue
            debit = "place" if "place" not in row.debit else "card"
            with self.subTest(code), self.assertRaisesRegex(Exception, "does not move"):
                with self.env.cr.savepoint():
                    self._write_round(held, code, self.side(debit, self.token), self.pool)

    @mute_logger("odoo.sql_db")
    def test_no_transfer_between_people_of_what_is_backed(self):
        """No code and no way: neither through the ledger nor past it."""
        one, two = (self.account(wallet, self.token) for wallet in self.people)
        self.fill(one, self.token, 500)
        request = self.request("transfer", (one, two, 100))
        self.assertRefused("invalid", self.ledger._post, [request])
        op = self.spend_something()
        with self.assertRaisesRegex(Exception, "does not move"), self.env.cr.savepoint():
            self._write_round(op, "correct", one, self.people[1])
        self.assertFalse(
            [name for name in self.env["tibillet.asset"]._fields if "transfer" in name],
            "there is no switch for it",
        )

    # -- one precondition after the other, for every code -----------------------------------

    def test_held(self):
        def hold(request, _accounts):
            request["hold_until"] = self.in_minutes(5)

        self.each(MAY_BE_HELD, hold, "invalid")

    def test_archived(self):
        def archive(_request, accounts):
            # An asset is never archived while it circulates: put it so past its guard.
            self.env.cr.execute("ALTER TABLE tibillet_asset DISABLE TRIGGER tibillet_freeze")
            self.env.cr.execute(
                "UPDATE tibillet_asset SET active = false WHERE id = %s", [accounts.asset_id.id]
            )
            self.env.cr.execute("ALTER TABLE tibillet_asset ENABLE TRIGGER tibillet_freeze")
            self.env.invalidate_all()

        self.each(MOVES_ARCHIVED, archive, "asset_archived")

    def test_frozen(self):
        def freeze(_request, accounts):
            accounts.wallet_id.filtered(lambda wallet: wallet.kind in HOLDERS).frozen = True
            if not accounts.wallet_id.filtered("frozen"):
                accounts.wallet_id[0].frozen = True  # settle: between a place and its issuer

        self.each(TOUCHES_FROZEN, freeze, "wallet_frozen")

    def test_merged(self):
        def merge(_request, accounts):
            accounts.wallet_id[0].merged_into_id = self.people[1]

        self.each(set(), merge, "invalid")

    def test_moments(self):
        def tomorrow(request, _accounts):
            request["occurred_at"] = self.in_minutes(60)

        def before_the_first(request, accounts):
            request["occurred_at"] = accounts.asset_id.first_at - timedelta(seconds=1)

        for code in RULES:
            self.fill_once(self.kind_for(code))
        self.each(set(), tomorrow, "invalid")
        self.each(set(), before_the_first, "invalid")
        at_once = self.request(
            "topup", (self.issuer(self.token), self.account(self.wallet, self.token), 5)
        )
        at_once["occurred_at"] = self.in_minutes(1)
        self.assertTrue(self.ledger._post([at_once]), "a clock may be a little ahead")
        self.assertRefused(
            "invalid", self.ledger._post, [{**at_once, "key": "k", "occurred_at": "soon"}]
        )

    def test_capped(self):
        def cap(request, accounts):
            asset = accounts.asset_id
            self.env.cr.execute(
                "UPDATE tibillet_asset SET load_cap_minor = 99 WHERE id = %s", [asset.id]
            )
            self.env.invalidate_all()

        for code in RULES:
            with self.subTest(code), self.env.cr.savepoint() as point:
                request = self.ready(code)
                cap(request, self.env["tibillet.account"].browse(request["transfers"][0][:2]))
                if code in CAPPED:
                    self.assertRefused("limit_exceeded", self.ledger._post, [request])
                else:
                    self.assertTrue(self.ledger._post([request]))
                point.rollback()
                self.env.invalidate_all()

    def test_refundable_only(self):
        """What is paid back in money: gifts and vouchers never are."""
        for code, row in ALLOWED.items():
            if "voucher" not in row.assets or code == "correct":
                continue
            voucher = self.assets["voucher"]
            voucher.expiry_months = 12
            with self.subTest(code), self.env.cr.savepoint() as point:
                request = self.ready(code, voucher)
                if code in REFUNDABLE_ONLY:
                    self.assertRefused("not_allowed", self.ledger._post, [request])
                else:
                    self.assertTrue(self.ledger._post([request]))
                point.rollback()
                self.env.invalidate_all()

    def test_expiring_only(self):
        for code in EXPIRING_ONLY:
            request = self.ready(code, self.assets["voucher"])
            self.assertTrue(RULES[code].expiring)
            self.assertRefused("not_allowed", self.ledger._post, [request])
        self.assertEqual({code for code, rule in RULES.items() if rule.expiring}, EXPIRING_ONLY)

    def test_whole(self):
        def one_less(request, _accounts):
            debit, credit, amount = request["transfers"][0]
            request["transfers"] = [(debit, credit, amount - 1)]

        self.each(set(RULES) - WHOLE, one_less, "invalid")

        def on_hold(_request, accounts):
            accounts = accounts.filtered(lambda a: a.wallet_id.kind in HOLDERS)
            asset = accounts.asset_id
            if asset.kind == "claim" or not accounts:
                return
            self.fill(accounts[0], asset, 1)
            self.post(
                "sale",
                (accounts[0], self.place(self.bar, asset), 1),
                hold_until=self.in_minutes(5),
            )

        self.each(set(RULES) - WHOLE, on_hold, "not_allowed")

    def test_a_hold_that_ran_out_keeps_nothing_from_being_emptied_or_merged(self):
        for code in sorted(WHOLE):
            with self.subTest(code), self.env.cr.savepoint() as point:
                request = self.ready(code)
                account = self.env["tibillet.account"].browse(request["transfers"][0][0])
                till = self.place(self.bar, self.token)
                self.post("sale", (account, till, 40), hold_until=self.in_minutes(5))
                self.assertRefused("not_allowed", self.ledger._post, [request])
                self.wait(6)
                self.assertEqual(self.ledger._post([request]).state, "posted")
                point.rollback()
                self.env.invalidate_all()

    def test_floor_of_every_code_that_takes(self):
        for code, row in ALLOWED.items():
            takes = set(row.debit) & set(HOLDERS)
            if not takes or code == "correct":
                continue
            with self.subTest(code), self.env.cr.savepoint() as point:
                request = self.ready(code)
                debit, credit, amount = request["transfers"][0]
                request["transfers"] = [(debit, credit, amount + 1)]
                expected = "invalid" if code in WHOLE else "insufficient_funds"
                self.assertRefused(expected, self.ledger._post, [request])
                point.rollback()
                self.env.invalidate_all()

    def test_settle_is_covered(self):
        self.assertEqual({code for code, rule in RULES.items() if rule.payout}, COVERED)
        request = self.ready("settle")
        debit, credit, amount = request["transfers"][0]
        request["transfers"] = [(debit, credit, amount + 1)]
        self.assertRefused("insufficient_funds", self.ledger._post, [request])

    def test_only_the_issuer_of_the_asset(self):
        stranger = self.env["tibillet.wallet"]._of_issuer(self.coop)
        for code, row in ALLOWED.items():
            if not row.supply:
                continue
            with self.subTest(code), self.env.cr.savepoint() as point:
                request = self.ready(code)
                debit, credit, amount = request["transfers"][0]
                asset = self.env["tibillet.account"].browse(debit).asset_id
                foreign = self.account(stranger, asset).id
                request["transfers"] = [
                    (foreign, credit, amount) if row.supply > 0 else (debit, foreign, amount)
                ]
                self.assertRefused("invalid", self.ledger._post, [request])
                point.rollback()
                self.env.invalidate_all()

    def test_supply(self):
        """What is issued is minus the issuer's balance: each code changes it as it says."""
        for code, row in ALLOWED.items():
            if code == "correct":
                continue
            with self.subTest(code), self.env.cr.savepoint() as point:
                request = self.ready(code)
                asset = self.env["tibillet.account"].browse(request["transfers"][0][0]).asset_id
                before = self.issuer(asset)._balance()
                self.ledger._post([request])
                self.assertEqual(before - self.issuer(asset)._balance(), row.supply * 100)
                point.rollback()
                self.env.invalidate_all()

    # -- operations that name another one -----------------------------------------------------

    def test_named(self):
        def nameless(request, _accounts):
            request["names_id"] = None

        self.each(set(RULES) - NAMES, nameless, "invalid")

    def test_undo_names_a_sale_and_never_gives_back_more(self):
        self.load(1000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        sale = self.post("sale", (mine, till, 600))
        topup = self.load(100)
        undo = self.ledger._post
        for names, code in ((topup, "invalid"), (sale.browse(2**31 - 1), "invalid")):
            request = self.request("undo", (till, mine, 100), names_id=names.id)
            self.assertRefused(code, undo, [request])
        self.post("undo", (till, mine, 400), names_id=sale.id)
        request = self.request("undo", (till, mine, 201), names_id=sale.id)
        refusal = self.assertRefused("limit_exceeded", undo, [request])
        self.assertIn("come back", str(refusal))
        self.post("undo", (till, mine, 200), names_id=sale.id)

    def test_undo_goes_to_who_paid_and_comes_from_who_sold(self):
        self.load(1000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        sale = self.post("sale", (mine, till, 600))
        friend = self.account(self.people[0], self.token)
        elsewhere = self.place(self.coop, self.token)
        for debit, credit in ((till, friend), (elsewhere, mine)):
            request = self.request("undo", (debit, credit, 100), names_id=sale.id)
            self.assertRefused("invalid", self.ledger._post, [request])

    def test_nothing_that_moved_nothing_is_undone(self):
        self.load(1000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        held = self.post("sale", (mine, till, 600), hold_until=self.in_minutes(5))
        request = self.request("undo", (till, mine, 100), names_id=held.id)
        self.assertRefused("invalid", self.ledger._post, [request])

    def test_a_correction_reverses_or_completes_and_is_not_corrected(self):
        mine, issuer = self.account(self.wallet, self.token), self.issuer(self.token)
        topup = self.load(1000)
        first = self.post("correct", (mine, issuer, 300), names_id=topup.id)
        again = self.request("correct", (issuer, mine, 300), names_id=first.id)
        refusal = self.assertRefused("invalid", self.ledger._post, [again])
        self.assertIn("correct the first operation again", str(refusal))
        more = self.request("correct", (mine, issuer, 701), names_id=topup.id)
        self.assertRefused("limit_exceeded", self.ledger._post, [more])
        self.post("correct", (issuer, mine, 50), names_id=topup.id)
        self.post("correct", (mine, issuer, 750), names_id=topup.id)
        self.assertEqual(self.balance(), 0)
        stranger = self.request(
            "correct", (self.place(self.bar, self.token), mine, 1), names_id=topup.id
        )
        self.assertRefused("invalid", self.ledger._post, [stranger])

    def test_an_extinction_comes_back_from_the_pool(self):
        self.load(1000)
        mine, pool = self.account(self.wallet, self.token), self.account(self.pool, self.token)
        gone = self.post("extinguish", (mine, pool, 1000))
        self.post("correct", (pool, mine, 1000), names_id=gone.id)
        self.assertEqual(self.balance(), 1000)
        again = self.request("correct", (pool, mine, 1000), names_id=gone.id)
        self.assertRefused("limit_exceeded", self.ledger._post, [again])

    # -- one key, one effect --------------------------------------------------------------------

    def test_a_repeated_key_answers_its_first_result_whatever_has_changed(self):
        """A cap reached by the first, an account emptied by it, a wallet frozen since."""
        for code in RULES:
            with self.subTest(code), self.env.cr.savepoint() as point:
                request = self.ready(code)
                first = self.ledger._post([request])
                accounts = self.env["tibillet.account"].browse(request["transfers"][0][:2])
                self.env.cr.execute(
                    "UPDATE tibillet_asset SET load_cap_minor = 1 WHERE id = %s",
                    [accounts.asset_id.id],
                )
                accounts.wallet_id.frozen = True
                self.env.invalidate_all()
                self.assertEqual(self.ledger._post([request]), first)
                other = {**request, "transfers": [(*request["transfers"][0][:2], 99)]}
                self.assertRefused("key_conflict", self.ledger._post, [other])
                point.rollback()
                self.env.invalidate_all()

    def test_first_at_is_the_first_moment_and_stays(self):
        asset = self.make_asset("neuf", "local", self.bar)
        self.assertFalse(asset.first_at)
        account = self.account(self.wallet, asset)
        moment = datetime(2026, 3, 1, 12, 0)
        self.post("topup", (self.issuer(asset), account, 100), occurred_at=moment)
        asset.invalidate_recordset()
        self.assertEqual(asset.first_at, moment)
        self.load(100, asset)
        asset.invalidate_recordset()
        self.assertEqual(asset.first_at, moment)
