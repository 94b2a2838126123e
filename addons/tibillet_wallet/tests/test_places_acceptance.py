from datetime import UTC, date, datetime, time, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestAcceptance(WalletCase):
    """Proposed by one side, agreed by the other; what was signed changes by a new signature."""

    def propose(self, user, **values):
        """The co-operative's euro for the bar."""
        return (
            self.env["tibillet.acceptance"]
            .with_user(user)
            .create({"asset_id": self.euro.id, "company_id": self.bar.id, **values})
        )

    def active(self, **values):
        acceptance = self.propose(self.manager_bar, **values)
        acceptance.with_user(self.manager_coop).action_countersign()
        return acceptance

    def test_proposed_by_the_acceptor(self):
        acceptance = self.propose(self.manager_bar)
        self.assertEqual(acceptance.agreed_by_id, self.manager_bar)
        self.assertFalse(acceptance.countersigned_by_id)
        self.assertEqual(acceptance.agreement_text, "La Coopérative still has to agree.")
        self.assertTrue(acceptance.with_user(self.manager_coop).can_countersign)
        self.assertFalse(acceptance.can_countersign or acceptance.can_agree)
        acceptance.with_user(self.manager_coop).action_countersign()
        self.assertEqual(acceptance.state, "active")
        self.assertTrue(acceptance.contract_date)
        self.assertIn("In force since", acceptance.agreement_text)

    def test_signed_in_the_night_it_is_in_force_at_once(self):
        """At one in the morning the business day is yesterday's, and tills go by it."""
        acceptance = self.propose(self.manager_bar)
        night = datetime.combine(date.today() + timedelta(days=1), time(0, 30))  # UTC
        self.env.cr.execute(
            "SELECT set_config('tibillet.clock_offset', %s, true)",
            [f"{int((night - datetime.now(UTC).replace(tzinfo=None)).total_seconds())} seconds"],
        )
        acceptance.with_user(self.manager_coop).action_countersign()
        self.env.cr.execute("SELECT tibillet_business_day(%s)", [self.bar.id])
        [business_day] = self.env.cr.fetchone()
        self.assertEqual(acceptance.contract_date, business_day)
        self.assertEqual(business_day, night.date() - timedelta(days=1))

    def test_proposed_by_the_issuer(self):
        acceptance = self.propose(self.manager_coop)
        self.assertEqual(acceptance.countersigned_by_id, self.manager_coop)
        self.assertEqual(acceptance.state, "proposed")
        self.assertEqual(acceptance.agreement_text, "Le Phare still has to agree.")
        with self.assertRaisesRegex(AccessError, "Only Le Phare, who is to take it"):
            acceptance.action_agree()
        acceptance.with_user(self.manager_bar).action_agree()
        self.assertEqual(acceptance.state, "active")

    def test_nobody_signs_for_the_other(self):
        acceptance = self.propose(self.manager_bar, agreed_by_id=self.manager_coop.id)
        self.assertEqual(acceptance.agreed_by_id, self.manager_bar)
        with self.assertRaisesRegex(AccessError, "Only La Coopérative, who issues it"):
            acceptance.action_countersign()
        for field, value in (
            ("state", "active"),
            ("countersigned_by_id", self.manager_coop.id),
            ("agreed_at", "2020-01-01"),
        ):
            with self.subTest(field), self.assertRaisesRegex(AccessError, "buttons"):
                acceptance.write({field: value})

    def test_an_accountant_agrees_to_nothing(self):
        acceptance = self.propose(self.manager_coop)
        self.bar.flush_recordset()
        with self.assertRaises(AccessError):
            acceptance.with_user(self.accountant_bar).action_agree()

    def test_terms_changed_before_the_signature_are_signed_anew(self):
        """The issuer has countersigned; the acceptor slips in a right, then agrees."""
        acceptance = self.propose(self.manager_coop)
        mine = acceptance.with_user(self.manager_bar)
        mine.may_load = True
        self.assertFalse(acceptance.countersigned_by_id, "that was not what the issuer signed")
        self.assertEqual(
            (acceptance.agreed_by_id, acceptance.state), (self.manager_bar, "proposed")
        )
        acceptance.action_countersign()
        self.assertEqual((acceptance.state, acceptance.may_load), ("active", True))

    def test_the_same_terms_written_again_keep_the_signatures(self):
        categories = self.env["product.category"].create([{"name": "Food"}, {"name": "Drinks"}])
        acceptance = self.propose(
            self.manager_coop, product_category_ids=[Command.set(categories.ids)], contract_ref="K1"
        )
        acceptance.with_user(self.manager_bar).write(
            {
                "may_load": False,
                "contract_ref": "K1",
                "end_date": False,
                "company_id": self.bar.id,
                "product_category_ids": [Command.set(categories.ids)],
            }
        )
        self.assertEqual(acceptance.countersigned_by_id, self.manager_coop)
        acceptance.with_user(self.manager_bar).product_category_ids = categories[0]
        self.assertFalse(acceptance.countersigned_by_id)

    def test_signed_terms_are_the_issuers_to_change(self):
        acceptance = self.active()
        food = self.env["product.category"].create({"name": "Food"})
        for values in (
            {"may_load": True},
            {"may_refund": True},
            {"refund_day_ceiling_text": "10"},
            {"exposure_ceiling_minor": 5},
            {"contract_ref": "X"},
            {"end_date": False, "contract_date": "2020-01-01"},
            {"product_category_ids": [Command.set(food.ids)]},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(AccessError, "What La Coopérative has signed stays"),
            ):
                acceptance.write(values)
        self.assertEqual(acceptance.state, "active")
        self.assertFalse(acceptance.may_load or acceptance.may_refund)

    def test_a_change_by_the_issuer_is_a_new_signature(self):
        acceptance = self.active()
        other = self.manager_coop.copy({"login": "manager_coop_2"})
        acceptance.with_user(other).write({"may_refund": True, "refund_day_ceiling_text": "50"})
        self.assertEqual(acceptance.countersigned_by_id, other)
        self.assertEqual((acceptance.state, acceptance.refund_day_ceiling_minor), ("active", 5_000))

    def test_the_acceptor_may_leave_sooner_and_not_stay_longer(self):
        acceptance = self.active(end_date="2999-12-31")
        acceptance.end_date = "2999-06-30"
        for later in ("2999-12-31", False):
            with self.subTest(later), self.assertRaisesRegex(AccessError, "has signed"):
                acceptance.end_date = later
        acceptance.with_user(self.manager_coop).end_date = False
        self.assertFalse(acceptance.end_date)

    def test_ended_by_either_side_and_proposed_again(self):
        acceptance = self.active(end_date="2999-01-01")
        acceptance.action_end()
        self.assertEqual(acceptance.agreement_text, "Ended: Le Phare no longer takes it.")
        with self.assertRaisesRegex(UserError, "has ended"):
            acceptance.with_user(self.manager_coop).action_countersign()
        acceptance.action_propose_again()
        self.assertEqual(acceptance.state, "proposed")
        self.assertFalse(acceptance.countersigned_by_id, "who ended it has to be asked again")
        with self.assertRaisesRegex(UserError, "Only an acceptance that has ended"):
            acceptance.action_propose_again()
        acceptance.with_user(self.manager_coop).action_countersign()
        self.assertEqual(acceptance.state, "active")

    def test_run_off(self):
        """After its date nothing is taken; what holders have stays theirs at the issuer."""
        self.load(1000, self.euro)
        acceptance = self.active(contract_date="2020-01-01")
        self.assertEqual(self.spend(100).state, "posted")
        acceptance.end_date = "2020-12-31"
        self.assertRefused("asset_not_accepted", self.spend, 100)
        self.assertIn("Ran out on", acceptance.agreement_text)
        self.assertEqual(self.balance(self.euro), 900)
        self.assertEqual(self.spend(900, company=self.coop).state, "posted")

    def test_parties_stay_once_signed(self):
        acceptance = self.active()
        third = self.env["res.company"].create(
            {"name": "Le Large", "currency_id": self.bar.currency_id.id}
        )
        for values in ({"company_id": third.id}, {"acceptor": str(third.id)}):
            with self.subTest(values), self.assertRaisesRegex(AccessError, "keeps its asset"):
                acceptance.with_user(self.manager_coop).write(values)

    def test_what_was_in_force_is_not_deleted(self):
        acceptance = self.active()
        for state in ("active", "ended"):
            with self.subTest(state), self.assertRaisesRegex(UserError, "was in force stays"):
                acceptance.unlink()
            acceptance.action_end()
        proposed = self.env["tibillet.acceptance"].create(
            {"asset_id": self.token.id, "company_id": self.coop.id}
        )
        proposed.with_user(self.manager_bar).unlink()

    def test_ones_own_asset_needs_none(self):
        with self.assertRaisesRegex(ValidationError, "La Coopérative issues .* takes it anyway"):
            self.propose(self.manager_coop, company_id=self.coop.id)

    def test_proposed_by_the_code_that_the_issuer_told(self):
        """A manager of the bar sees neither the co-operative nor what it issues."""
        user = self.manager_bar
        self.assertFalse(
            self.env["tibillet.asset"].with_user(user).search([("code", "=", "euro-federe")])
        )
        with Form(self.env["tibillet.acceptance"].with_user(user)) as form:
            form.asset_code = "Euro-Federe "
            form.acceptor = str(self.bar.id)
            form.exposure_ceiling_text = "1,000"
        acceptance = form.record
        self.assertEqual((acceptance.asset_id, acceptance.company_id), (self.euro, self.bar))
        self.assertEqual(acceptance.exposure_ceiling_minor, 100_000)
        self.assertEqual(
            acceptance.with_user(user).read(["asset_id"])[0]["asset_id"][1], "Euro-Federe"
        )
        with self.assertRaisesRegex(UserError, "No asset has the code “inconnu”"):
            self.env["tibillet.acceptance"].with_user(user).create({"asset_code": "inconnu"})

    def test_history(self):
        acceptance = self.active()
        issuer = self.env(user=self.manager_coop, context={"lang": "en_US"})
        self.env.flush_all()
        self.env.cr.precommit.clear()
        acceptance.with_env(issuer).write({"may_load": True, "refund_day_ceiling_minor": 500})
        self.env.cr.flush()
        tracked = self.env["mail.tracking.value"].search(
            [("mail_message_id.model", "=", acceptance._name)]
        )
        self.assertEqual(
            set(tracked.mapped("field_id.name")), {"may_load", "refund_day_ceiling_minor"}
        )

    def test_negative_ceiling_and_end_before_start(self):
        acceptance = self.active()
        for values in (
            {"refund_day_ceiling_text": "-5"},
            {"exposure_ceiling_text": "0.001"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                acceptance.with_user(self.manager_coop).write(values)
        self.assertEqual(acceptance.refund_day_ceiling_minor, 0)
