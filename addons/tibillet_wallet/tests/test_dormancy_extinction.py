from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .dormancy_common import DormancyCase


@tagged("post_install", "-at_install")
class TestDormancyExtinction(DormancyCase):
    """Every condition alone: all others hold, this one does not, and nothing moves."""

    def setUp(self):
        super().setUp()
        self.Consent = self.env["tibillet.terms.consent"]
        self.mine = self.account(self.person, self.token)
        self.company_env()

    def company_env(self):
        for company in (self.bar, self.coop):
            if "tibillet_second_factor" in company:
                company.tibillet_second_factor = False

    def allow(self, asset=None):
        (asset or self.token).write(
            {"extinguish_terms_date": "2020-01-01", "extinguish_allowed": True}
        )

    def ready(self, before_minor=0, after_minor=1800, wallet=None, consent=True):
        """A wallet of which everything allows the extinction, at the first possible day."""
        wallet = wallet or self.person
        self.allow()
        if before_minor:
            self.load(before_minor, wallet=wallet)
        if consent:
            self.days(1)
            self.Consent._accept(wallet, self.token)
            self.days(1)
        if after_minor:
            self.load(after_minor, wallet=wallet)
        self.days(365 - 90)
        for pause in (60, 23, 7, 1):
            self.tell()
            self.days(pause)
        self.sweep()

    def refused(self, words, code="not_allowed", account=None):
        refusal = self.assertRefused(code, self.Dormancy._extinguish, account or self.mine)
        self.assertIn(words, str(refusal))

    # -- all conditions hold -------------------------------------------------------------

    def test_when_all_holds_what_was_loaded_since_the_terms_moves_to_the_pool(self):
        self.ready(before_minor=500, after_minor=1300)
        self.assertEqual(
            self.notices(self.person, ("delivered",)).mapped("why"),
            ["before_90", "before_30", "before_7", "dormant"],
        )
        self.assertEqual(self.balance(wallet=self.person), 1800, "no cron ever took anything")
        operation = self.Dormancy._extinguish(self.mine)
        self.assertEqual(operation.code, "extinguish")
        self.assertEqual(operation.transfer_ids.amount_minor, 1300)
        self.assertEqual(self.balance(wallet=self.person), 500, "what is older never")
        pool = operation.transfer_ids.credit_account_id
        self.assertEqual((pool.wallet_id.kind, pool._balance()), ("pool", 1300))
        row = self.row(self.person)
        self.assertEqual((row.choice, row.extinction_id), ("extinguish", operation))
        self.refused("not dormant")

    def test_nothing_extinguishes_by_itself(self):
        self.ready()
        for _year in range(6):
            self.days(366)
            self.tell()
        self.assertEqual(self.balance(wallet=self.person), 1800)

    # -- one condition after the other ---------------------------------------------------

    def test_not_without_the_switch(self):
        self.ready()
        self.token.extinguish_allowed = False
        self.refused("did not allow it")

    def test_not_when_it_woke(self):
        self.ready()
        self.spend(100, wallet=self.person)
        self.refused("not dormant")

    def test_not_before_it_sleeps(self):
        self.allow()
        self.load(1800, wallet=self.person)
        self.refused("not dormant")

    def test_not_without_accepted_terms(self):
        self.ready()
        self.Consent.search([]).unlink()
        self.refused("did not accept")

    def test_not_by_other_terms_than_those_accepted(self):
        self.ready()
        self.token.extinguish_terms_date = "2024-01-01"
        self.refused("did not accept")

    def test_not_what_was_loaded_before_the_terms(self):
        self.ready(before_minor=1800, after_minor=0)
        self.refused("before its holder accepted")

    def test_not_without_each_of_the_three_notices(self):
        self.ready()
        for why, days in (("before_90", "90"), ("before_30", "30"), ("before_7", "7")):
            with self.subTest(why):
                notice = self.notices(self.person).filtered(lambda n, w=why: n.why == w)
                at = notice.delivered_at
                notice.write({"state": "failed", "delivered_at": False})
                self.refused(f"{days} days before")
                notice.write({"state": "delivered", "delivered_at": at})

    def test_not_when_a_notice_came_too_late(self):
        self.ready()
        notice = self.notices(self.person).filtered(lambda n: n.why == "before_30")
        notice.delivered_at = self.in_minutes(-29 * 24 * 60)
        self.refused("30 days before")

    def test_not_by_the_notices_of_an_earlier_sleep(self):
        self.ready()
        self.Dormancy._keep(self.mine)
        self.days(366)
        self.sweep()
        self.assertEqual(self.state(self.person), "dormant")
        self.refused("90 days before")

    def test_not_while_something_is_on_hold(self):
        self.ready()
        self.spend(100, wallet=self.person, hold_until=self.in_minutes(5))
        self.refused("on hold")

    def test_not_when_frozen(self):
        self.ready()
        self.person.frozen = True
        self.refused("frozen", "wallet_frozen")
        self.person.frozen = False
        self.token.frozen_at = self.in_minutes(0)
        self.refused("frozen", "wallet_frozen")

    def test_an_anonymous_card_not_before_five_years(self):
        self.allow()
        self.Consent._accept(self.wallet, self.token)
        self.days(1)
        self.load(722)
        account = self.account(self.wallet, self.token)
        self.days(366 * 4)
        self.sweep()
        self.Notice._shown(self.wallet, "till", "k0")
        self.assertFalse(
            self.notices(self.wallet).filtered(lambda n: n.why.startswith("before")),
            "and nobody counts down before",
        )
        self.refused("five years", account=account)
        self.days(366)
        for key in range(4):
            self.sweep()
            self.Notice._shown(self.wallet, "qr", f"k{key + 1}")
            self.days(91)
        self.assertEqual(self.Dormancy._extinguish(account).transfer_ids.amount_minor, 722)

    def test_a_late_notice_moves_the_day(self):
        """A countdown that starts late leaves ninety days all the same."""
        self.load(1800, wallet=self.person)
        self.days(400)
        self.sweep()
        self.allow()
        self.Consent._accept(self.person, self.token)
        self.tell()
        self.days(60)
        self.tell()
        told = self.notices(self.person, ("delivered",)).mapped("why")
        self.assertEqual(told, ["dormant", "before_90", "before_30"])
        self.assertTrue(
            all(n.due_at > self.in_minutes(0) for n in self.notices(self.person, ("due",)))
        )

    # -- first in, first out -------------------------------------------------------------

    def loaded_since(self, *story):
        """What is left of the loads after the terms, which stand as "terms" in the story."""
        wallet = self.env["tibillet.wallet"].create({"kind": "person"})
        account, moment = self.account(wallet, self.token), None
        for act in story:
            self.days(1)
            if act == "terms":
                moment = self.in_minutes(0)
            elif act > 0:
                self.load(act, wallet=wallet)
            else:
                self.spend(-act, wallet=wallet)
        return self.Dormancy._loaded_since(account, moment)

    def test_the_oldest_money_is_spent_first(self):
        for story, expected in (
            ((1000, "terms"), 0),
            (("terms", 1000), 1000),
            ((1000, "terms", 500), 500),
            ((1000, "terms", 500, -400), 500),
            ((1000, "terms", 500, -1200), 300),
            ((1000, -300, "terms", 500, -700, -100), 400),
            ((1000, "terms", 500, -1500), 0),
            ((1000, "terms", 500, -1500, 200), 200),
        ):
            with self.subTest(story):
                self.assertEqual(self.loaded_since(*story), expected)

    def test_what_came_back_is_of_unknown_age_and_kept(self):
        wallet = self.env["tibillet.wallet"].create({"kind": "person"})
        self.load(1000, wallet=wallet)
        self.days(1)
        moment = self.in_minutes(0)
        self.days(1)
        self.load(500, wallet=wallet)
        sale = self.spend(1500, wallet=wallet)
        account = self.account(wallet, self.token)
        self.post("undo", (self.place(self.bar, self.token), account, 1500), names_id=sale.id)
        self.assertEqual(self.Dormancy._loaded_since(account, moment), 0)

    # -- back ----------------------------------------------------------------------------

    def test_it_comes_back_within_five_years_once(self):
        self.ready()
        operation = self.Dormancy._extinguish(self.mine)
        self.days(365 * 4)
        restored = self.Dormancy._restore(operation)
        self.assertEqual((restored.code, restored.names_id), ("correct", operation))
        self.assertEqual(self.balance(wallet=self.person), 1800)
        self.assertEqual(self.row(self.person).choice, "restore")
        refusal = self.assertRefused("not_allowed", self.Dormancy._restore, operation)
        self.assertIn("before", str(refusal))

    def test_it_does_not_come_back_after_five_years(self):
        self.ready()
        operation = self.Dormancy._extinguish(self.mine)
        self.days(365 * 5 + 3)
        refusal = self.assertRefused("not_allowed", self.Dormancy._restore, operation)
        self.assertIn("five years", str(refusal))

    def test_the_pool_must_still_hold_it(self):
        self.ready()
        operation = self.Dormancy._extinguish(self.mine)
        pool = operation.transfer_ids.credit_account_id
        other = self.spend(100, wallet=self._loaded_stranger())
        self.post(
            "correct",
            (other.transfer_ids.credit_account_id, other.transfer_ids.debit_account_id, 100),
            names_id=other.id,
        )
        # What the pool holds leaves it as a correction of a donation to it.
        gift = self.Dormancy._give(
            self.account(self._loaded_stranger(), self.token), 50, key=self.key(), origin="test"
        )
        self.assertEqual(gift.transfer_ids.credit_account_id, pool)
        self.env.cr.execute(
            "INSERT INTO tibillet_rollup (account_id, transfer_id, balance_minor)"
            " SELECT %s, max(id), 1700 FROM tibillet_transfer",
            [pool.id],
        )
        self.assertRefused("insufficient_funds", self.Dormancy._restore, operation)

    def _loaded_stranger(self):
        wallet = self.env["tibillet.wallet"].create({"kind": "person"})
        self.load(1000, wallet=wallet)
        return wallet

    def test_nothing_else_is_restored(self):
        self.load(100)
        self.assertRefused("not_allowed", self.Dormancy._restore, self.spend(100))

    def test_twice_at_once_is_one_operation(self):
        """The key is that of this sleep: a second asker finds the first one's operation."""
        self.ready()
        operation = self.Dormancy._extinguish(self.mine)
        since = int(self.row(self.person).since.timestamp())
        self.assertEqual(operation.key, f"extinguish/{self.mine.id}/{since}")
        self.assertEqual(operation.origin, "dormancy")

    # -- the switch and the terms --------------------------------------------------------

    def test_the_switch_is_off_and_dated(self):
        asset = self.make_asset("neuf", "local", self.bar)
        self.assertFalse(asset.extinguish_allowed)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            asset.extinguish_allowed = True
            self.env.flush_all()
        asset.invalidate_recordset()
        manager = asset.with_user(self.manager_bar)
        manager.write({"extinguish_terms_date": "2026-01-01", "extinguish_allowed": True})
        self.assertEqual(asset.extinguish_allowed_by_id, self.manager_bar)
        at = asset.extinguish_allowed_at
        self.assertTrue(at)
        manager.write(
            {
                "extinguish_allowed": False,
                "extinguish_allowed_at": "2001-01-01 00:00:00",
                "extinguish_allowed_by_id": self.manager_coop.id,
            }
        )
        self.assertEqual(asset.extinguish_allowed_by_id, self.manager_bar, "kept")
        self.assertEqual(asset.extinguish_allowed_at, at)

    def test_only_debts_are_extinguished(self):
        with self.assertRaises(IntegrityError) as caught, mute_logger("odoo.sql_db"):
            self.allow(self.gift)
            self.env.flush_all()
        self.assertIn("extinguish_backed", str(caught.exception))

    def test_who_may_switch_it_on(self):
        for user in (self.accountant_bar, self.user_bar, self.manager_coop):
            with self.assertRaises(AccessError):
                self.token.with_user(user).write({"extinguish_terms_date": "2026-01-01"})

    def test_terms_are_accepted_once_per_version(self):
        refusal = self.assertRefused("invalid", self.Consent._accept, self.person, self.token)
        self.assertIn("no terms", str(refusal))
        self.allow()
        first = self.Consent._accept(self.person, self.token)
        at = first.accepted_at
        self.days(1)
        self.assertEqual(self.Consent._accept(self.person, self.token), first)
        self.assertEqual(first.accepted_at, at)
        self.token.extinguish_terms_date = "2024-01-01"
        self.assertNotEqual(self.Consent._accept(self.person, self.token), first)

    # -- the buttons ---------------------------------------------------------------------

    def test_buttons_ask_the_role(self):
        self.ready()
        row = self.row(self.person).with_env(self.env)
        self.assertRefused("not_allowed", row.with_user(self.accountant_bar).action_extinguish)
        with self.assertRaises(AccessError):
            row.with_user(self.manager_coop).action_extinguish()
        row.with_user(self.manager_bar).action_extinguish()
        self.assertEqual(self.balance(wallet=self.person), 0)
        self.assertRefused("not_allowed", row.with_user(self.accountant_bar).action_restore)
        row.with_user(self.manager_bar).action_restore()
        self.assertEqual(self.balance(wallet=self.person), 1800)

    def test_the_second_factor_is_asked(self):
        self.ready()
        row = self.row(self.person).with_env(self.env)
        self.bar.tibillet_second_factor = True
        self.assertRefused("not_allowed", row.with_user(self.manager_bar).action_extinguish)
