from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import split_every

from odoo.addons.base.models.ir_cron import IrCron

from .dormancy_common import DormancyCase


@tagged("post_install", "-at_install")
class TestDormancyMark(DormancyCase):
    def test_a_year_without_any_act_marks_and_takes_nothing(self):
        self.load(1800, wallet=self.person)
        self.days(364)
        self.sweep()
        self.assertFalse(self.row(self.person))
        before = self.snapshot()
        self.days(2)
        self.sweep()
        self.assertEqual(self.state(self.person), "dormant")
        self.assertEqual(self.snapshot(), before, "the mark moves nothing")
        self.assertEqual(self.token._dormant_minor(), 1800)

    def test_the_period_is_the_assets(self):
        self.token.dormancy_months = 3
        self.load(500)
        self.load(500, self.euro)
        self.days(93)
        self.sweep()
        self.assertEqual(self.state(), "dormant")
        self.assertFalse(self.row(asset=self.euro))

    def test_each_act_of_the_holder_wakes(self):
        Person = self.env["tibillet.wallet"]
        acts = {
            "sale": lambda w: self.spend(100, wallet=w),
            "topup": lambda w: self.load(100, wallet=w),
            "refund": lambda w: self.post(
                "refund", (self.account(w, self.token), self.issuer(self.token), 100)
            ),
            "give": lambda w: self.Dormancy._give(
                self.account(w, self.token), 100, key=self.key(), origin="test"
            ),
            "keep": lambda w: self.Dormancy._keep(self.account(w, self.token)),
        }
        wallets = {act: Person.create({"kind": "person"}) for act in acts}
        for wallet in wallets.values():
            self.load(1000, wallet=wallet)
        self.days(370)
        self.sweep()
        for act, wallet in wallets.items():
            with self.subTest(act):
                self.assertEqual(self.state(wallet), "dormant")
                dormant_minor = self.token._dormant_minor()
                acts[act](wallet)
                self.assertEqual(
                    self.token._dormant_minor(),
                    dormant_minor - 1000,
                    "the sum knows at once, before any night",
                )
                self.sweep()
                self.assertEqual(self.state(wallet), "awake")
                self.days(360)
                self.sweep()
                self.assertEqual(self.state(wallet), "awake", "the period starts anew")
                self.days(-360)

    def test_the_staffs_acts_do_not_wake(self):
        sale = self.load(1000) and self.spend(100)
        self.days(370)
        self.sweep()
        self.load(50, code="reward")
        self.load(50, self.gift, code="gift")
        self.post(
            "correct",
            (self.place(self.bar, self.token), self.account(self.wallet, self.token), 100),
            names_id=sale.id,
        )
        self.sweep()
        self.assertEqual(self.state(), "dormant")
        self.assertEqual(self.token._dormant_minor(), 1050)

    def test_a_gift_never_used_sleeps_from_its_day(self):
        self.load(700, self.gift, code="gift")
        self.days(370)
        self.sweep()
        self.assertEqual(self.state(asset=self.gift), "dormant")

    def test_what_is_empty_owed_or_frozen_is_not_marked(self):
        claim = self.env["tibillet.asset"]._claim_of(self.bar)
        self.load(300, claim, code="shortfall")
        self.load(400)
        self.spend(400)
        frozen = self.make_person("Gelée", "gel@example.org")
        self.load(500, wallet=frozen)
        frozen.frozen = True
        self.days(400)
        self.sweep()
        self.assertFalse(self.Dormancy.search([]))

    def test_a_longer_period_and_an_emptied_account_take_the_mark_off(self):
        self.load(300)
        self.load(300, self.euro)
        self.days(370)
        self.sweep()
        self.token.dormancy_months = 24
        self.post("chargeback", (self.account(self.wallet, self.euro), self.issuer(self.euro), 300))
        self.sweep()
        self.assertEqual(self.state(), "awake")
        self.assertEqual(self.state(asset=self.euro), "awake")
        self.token.dormancy_months = 12
        self.sweep()
        self.assertEqual(self.state(), "dormant", "the period is what is looked at, not the mark")

    def test_a_late_order_of_an_old_evening_wakes_for_a_whole_period(self):
        self.load(1000)
        self.env.cr.execute("SELECT tibillet_now() + interval '1 hour'")
        evening = self.env.cr.fetchone()[0]
        self.days(400)
        self.sweep()
        self.assertEqual(self.state(), "dormant")
        self.spend(100, occurred_at=evening)
        self.sweep()
        self.sweep()
        self.assertEqual(self.state(), "awake")

    def test_dormant_is_part_of_held(self):
        self.load(1000)
        self.load(2500, wallet=self.person)
        self.days(370)
        self.load(400, wallet=self.make_person("Neuve", "n@example.org"))
        self.sweep()
        self.assertEqual(self.token._dormant_minor(), 3500)
        self.assertEqual(self.token.held_minor, 3900)
        accountant = self.token.with_user(self.accountant_bar)
        self.assertEqual(accountant.dormant_text, "35.00\N{NO-BREAK SPACE}€")
        self.assertEqual(accountant.dormant_count, 2)
        self.assertAlmostEqual(accountant.dormant_share, 3500 / 3900)

    def test_marking_costs_the_same_statements_for_ten_as_for_a_thousand(self):
        counts = {}
        for wanted in (10, 1000):
            self.env.cr.execute(
                "WITH w AS (INSERT INTO tibillet_wallet (kind, frozen)"
                " SELECT 'person', false FROM generate_series(1, %s) RETURNING id)"
                " INSERT INTO tibillet_account"
                " (wallet_id, asset_id, balance_minor, held_minor, floor_minor)"
                " SELECT id, %s, 0, 0, 0 FROM w RETURNING id",
                [wanted, self.token.id],
            )
            accounts = self.Account.browse(row[0] for row in self.env.cr.fetchall())
            place = self.place(self.bar, self.token)
            self.env.cr.execute("ANALYZE tibillet_account, tibillet_wallet")
            for chunk in split_every(500, accounts):
                self.ledger._post([self.request("deposit_back", (place, a, 100)) for a in chunk])
            self.days(370)
            before = self.env.cr.sql_log_count
            self.Dormancy._wake()
            marked = self.Dormancy._mark(batch=20_000)[1]
            self.Notice._plan()
            counts[wanted] = self.env.cr.sql_log_count - before
            self.assertEqual(marked, wanted)
        self.assertEqual(counts[10], counts[1000])

    def test_a_sweep_that_runs_out_of_time_goes_on_where_it_stopped(self):
        for serial in range(5):
            self.load(100, wallet=self.make_person(f"P{serial}", f"p{serial}@example.org"))
        self.days(370)
        commits = []

        def out_of_time(cron, processed=0, *, remaining=None, deactivate=False):
            commits.append(remaining)
            return 0

        module = "odoo.addons.tibillet_wallet.models.dormancy.tibillet_dormancy_sweep"
        with (
            patch.object(IrCron, "_commit_progress", out_of_time),
            patch(f"{module}.BATCH", 2),
            patch.object(type(self.Dormancy), "_mark", _mark_by_two(self.Dormancy)),
        ):
            runs = 0
            while not commits or commits[-1]:
                self.Dormancy._cron_mark()
                runs += 1
                self.assertLess(runs, 100)
        self.assertGreater(runs, 2)
        self.assertEqual(len(self.Dormancy.search([("state", "=", "dormant")])), 5)
        self.assertEqual(len(self.notices().filtered(lambda n: n.why == "dormant")), 5)

    def test_who_reads_and_nobody_writes(self):
        self.load(1000)
        self.days(370)
        self.sweep()
        row = self.row()
        self.assertEqual(row.with_user(self.accountant_bar).amount_text, "10.00\N{NO-BREAK SPACE}€")
        self.assertEqual(row.with_user(self.accountant_bar).wallet_text, self.card.number)
        for act in (lambda r: r.write({"state": "awake"}), lambda r: r.unlink()):
            with self.assertRaises(AccessError):
                act(row.with_user(self.manager_bar))
        with self.assertRaises(AccessError):
            row.with_user(self.accountant_coop).read(["state"])
        with self.assertRaises(AccessError):
            self.Dormancy.with_user(self.user_bar).action_open()

    def test_the_list_never_names_anybody_and_costs_the_same_queries(self):
        for serial in range(30):
            self.load(100, wallet=self.make_person(f"Secret {serial}", f"s{serial}@example.org"))
        self.days(370)
        self.sweep()
        counts = []
        names = ["wallet_text", "asset_id", "amount_text", "told", "state"]
        for limit in (1, 5, 30):
            self.env.invalidate_all()
            rows = self.Dormancy.with_user(self.accountant_bar).search([], limit=limit)
            before = self.env.cr.sql_log_count
            read = rows.read(names)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(read), limit)
            self.assertNotIn("Secret", str(read))
        self.assertEqual(counts[1], counts[2])

    def test_opening_the_list_wakes_first(self):
        self.load(1000)
        self.days(370)
        self.sweep()
        self.spend(100)
        self.Dormancy.with_user(self.accountant_bar).action_open()
        self.assertEqual(self.state(), "awake")

    def test_a_person_can_be_forgotten(self):
        self.load(1000, wallet=self.person)
        self.days(370)
        self.sweep()
        self.post_office()
        mail = self.mails()
        message = mail.mail_message_id
        self.assertIn("Claire", mail.body_html)
        before = self.snapshot()
        self.Dormancy._erase(self.person)
        self.assertFalse(self.row(self.person) or self.notices(states=None))
        self.assertFalse(mail.exists() or message.exists())
        self.assertEqual(self.snapshot(), before)


def _mark_by_two(model):
    mark = type(model)._mark

    def by_two(self, after=0, batch=2):
        return mark(self, after, batch)

    return by_two
