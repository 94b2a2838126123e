"""The sweep's page: when it runs, what it says, who hears of it, who may read what."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.audit import checks
from ..models.audit.tibillet_audit import STEPS
from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestAuditPage(BooksCase):
    def setUp(self):
        super().setUp()
        self.Audit = self.env["tibillet.audit"]
        self.Audit.search([]).unlink()
        self.purse = self.account(self.wallet, self.token)
        self.load(1000)

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_wallet.ir_cron_audit").method_direct_trigger()
        self.env.invalidate_all()
        return self.Audit.search([], limit=1)

    @contextmanager
    def fault(self):
        """A balance that is one cent too high, while the block runs."""
        change = "UPDATE tibillet_account SET balance_minor = balance_minor + %s WHERE id = %s"
        self.env.cr.execute(change, [1, self.purse.id])
        try:
            yield
        finally:
            self.env.cr.execute(change, [-1, self.purse.id])

    def activities(self):
        return self.env["mail.activity"].search([("res_model", "=", "tibillet.audit")])

    # -- running -----------------------------------------------------------------------

    def test_by_night(self):
        audit = self.run_cron()
        self.assertEqual((audit.state, audit.user_id.id), ("sound", False))
        self.env.cr.execute("SELECT count(*) FROM tibillet_operation")
        self.assertEqual(audit.operation_count, self.env.cr.fetchone()[0])
        self.assertEqual((audit.steps_done, audit.progress), (STEPS, 100))
        self.assertTrue(audit.started_at)
        self.assertFalse(self.activities())

    def test_on_demand(self):
        mine = self.Audit.with_user(self.accountant_bar)
        action = mine.action_run()
        audit = self.Audit.browse(action["res_id"])
        self.assertEqual((audit.state, audit.user_id), ("asked", self.accountant_bar))
        self.assertEqual(mine.action_run()["res_id"], audit.id, "one at a time")
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("tibillet_wallet.ir_cron_audit").id)]
        )
        self.assertTrue(triggers)
        self.assertEqual(self.run_cron(), audit)
        self.assertEqual(audit.state, "sound")
        self.assertEqual(self.Audit.search_count([]), 1, "what was asked for is the nightly one")

    def test_a_fault_is_told(self):
        with self.fault():
            audit = self.run_cron()
        self.assertEqual((audit.state, audit.finding_count), ("broken", 3))
        found = {finding.check: finding for finding in audit.finding_ids}
        self.assertEqual(set(found), {"balance", "sum", "books"})
        self.assertEqual(found["balance"].row_ids, [self.purse.id])
        self.assertEqual(found["balance"].row_list, str(self.purse.id))
        self.assertIn("not the sum", found["balance"].sentence)

    def test_managers_hear_of_it_once(self):
        with self.fault():
            audit = self.run_cron()
            told = self.activities().filtered(lambda one: one.res_id == audit.id)
            self.assertIn(self.manager_bar, told.user_id)
            self.assertIn(self.manager_coop, told.user_id)
            self.assertNotIn(self.accountant_bar, told.user_id)
            self.assertIn("not the sum", told[0].note)
            again = self.run_cron()
            self.assertEqual(again.state, "broken")
            self.assertFalse(self.activities().filtered(lambda one: one.res_id == again.id))
        whole = self.run_cron()
        self.assertEqual(whole.state, "sound")
        with self.fault():
            back = self.run_cron()
        self.assertTrue(self.activities().filtered(lambda one: one.res_id == back.id))

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["tibillet_wallet"], ["fr_FR"])
        self.manager_bar.lang = "fr_FR"
        with self.fault():
            audit = self.run_cron()
        mine = self.activities().filtered(lambda one: one.user_id == self.manager_bar)
        self.assertIn("registre", mine.summary)
        sentences = audit.with_context(lang="fr_FR").finding_ids._sentences()
        plain = audit.with_context(lang="en_US").finding_ids._sentences()
        for check, sentence in sentences.items():
            self.assertNotEqual(sentence, plain[check])

    def test_what_does_not_finish_says_so(self):
        asked = self.Audit.create({"user_id": self.env.uid})
        stopped = patch.object(type(self.ledger), "_audit", side_effect=ZeroDivisionError)
        with stopped, mute_logger("odoo.addons.tibillet_wallet.models.audit.tibillet_audit"):
            self.run_cron()
        self.assertEqual(asked.state, "failed")
        interrupted = self.Audit.create({"state": "running"})
        self.assertEqual(self.run_cron().state, "sound")
        self.assertEqual(interrupted.state, "failed")

    def test_passages_through_the_guards_are_counted(self):
        self.run_cron()
        with self.ledger._guards_open("test: a passage for the sweep to count"):
            pass
        self.assertEqual(self.run_cron().passage_count, 1)
        self.assertEqual(self.run_cron().passage_count, 0)

    def test_every_check_has_its_sentence(self):
        self.assertEqual(set(self.env["tibillet.audit.finding"]._sentences()), set(checks.CHECKS))

    # -- the books ---------------------------------------------------------------------

    def test_books_agree_with_the_ledger(self):
        self.post(
            "sale",
            (self.purse, self.place(self.coop, self.token), 300),
            company_id=self.coop.id,
        )
        self.assertEqual(self.ledger._audit_books(), {})
        for company in (self.bar, self.coop):
            self.write(company, today=True)
        self.assertEqual(self.ledger._audit_books(), {})
        self.assertTrue(
            self.env["tibillet.book.account"].search([("role", "=", "due_to")]), "no pair was made"
        )

    def test_mirror_broken_in_the_books(self):
        self.post(
            "sale",
            (self.purse, self.place(self.coop, self.token), 300),
            company_id=self.coop.id,
        )
        for company in (self.bar, self.coop):
            self.write(company, today=True)
        due = self.env["tibillet.book.account"].search(
            [("role", "=", "due_from"), ("company_id", "=", self.coop.id)]
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance + 1, debit = debit + 1"
            " WHERE id = (SELECT min(id) FROM account_move_line WHERE account_id = %s)",
            [due.account_id.id],
        )
        broken = self.ledger._audit_books()
        self.assertEqual(broken["mirror"], [self.coop.id])
        self.assertIn(self.coop.id, broken["books"])

    def test_mirror_of_an_operation_that_only_one_side_booked(self):
        """The issuer says it owes; the place's books do not know: found though each agrees."""
        self.post(
            "sale",
            (self.purse, self.place(self.coop, self.token), 300),
            company_id=self.coop.id,
        )
        self.write(self.bar, today=True)
        self.assertEqual(self.ledger._audit_books(), {}, "the other side is still to be written")

    # -- who reads what ----------------------------------------------------------------

    def test_other_companies_are_not_named(self):
        audit = self.Audit.create({"state": "broken"})
        finding = self.env["tibillet.audit.finding"].create(
            {
                "audit_id": audit.id,
                "check": "books",
                "row_count": 2,
                "row_ids": [self.bar.id, self.coop.id],
            }
        )
        mine = finding.with_user(self.accountant_bar).with_company(self.bar)
        self.assertIn(self.bar.name, mine.row_list)
        self.assertNotIn(self.coop.name, mine.row_list)
        finding.row_ids, finding.row_count = [self.coop.id], 1
        self.assertEqual(mine.row_list, "1 of other companies")

    def test_the_rows_that_open_are_those_of_ones_companies(self):
        foreign = self.load(500, self.euro)
        audit = self.Audit.create({"state": "broken"})
        finding = self.env["tibillet.audit.finding"].create(
            {"audit_id": audit.id, "check": "early", "row_count": 1, "row_ids": foreign.ids}
        )
        action = finding.with_user(self.accountant_bar).action_view_rows()
        rows = self.env[action["res_model"]].with_user(self.accountant_bar)
        seen = rows.search(action["domain"])
        self.assertFalse(seen.filtered(lambda op: op.company_id == self.coop))
        many = self.env["tibillet.audit.finding"].create(
            {"audit_id": audit.id, "check": "key", "row_count": 90, "row_ids": list(range(90))}
        )
        self.assertTrue(many.row_list.endswith("19 and 70 more"))

    def test_only_accountants_ask(self):
        for user in (self.user_bar, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.Audit.with_user(user).action_run()
        with self.assertRaises(AccessError):
            self.Audit.with_user(self.manager_bar).create({"state": "sound"})

    # -- upkeep ------------------------------------------------------------------------

    def test_old_sound_sweeps_go(self):
        old, broken, last = self.Audit.create(
            [{"state": "sound"}, {"state": "broken"}, {"state": "sound"}]
        )
        self.env.cr.execute(
            "UPDATE tibillet_audit SET create_date = create_date - interval '366 days'"
            " WHERE id = ANY(%s)",
            [[old.id, broken.id, last.id]],
        )
        self.env.invalidate_all()
        tasks = self.env["tibillet.housekeeping"]._tasks()
        [tidy] = [task for task in tasks if task.__self__._name == "tibillet.audit"]
        tidy()
        self.assertEqual(self.Audit.search([]), last | broken)

    def test_health(self):
        health = self.env["tibillet.health"]
        cron = self.env.ref("tibillet_wallet.ir_cron_audit")
        self.env.cr.execute(
            "UPDATE ir_cron SET create_date = now() AT TIME ZONE 'UTC' WHERE id = %s", [cron.id]
        )
        self.env.invalidate_all()
        self.assertNotIn("warning", health._part_audit())
        audit = self.run_cron()
        part = health._report()["parts"]["audit"]
        self.assertEqual((part["ok"], part["broken"]), (True, {}))
        self.assertNotIn("warning", part)
        audit.started_at = fields.Datetime.now() - timedelta(hours=37)
        self.assertIn("36 hours", health._part_audit()["warning"])
        with self.fault():
            self.run_cron()
        part = health._part_audit()
        self.assertEqual(part["broken"], {"sum": 1, "balance": 1, "books": 1})
        self.assertIn("broken", part["warning"])
