"""Every check of the sweep finds the fault planted for it, and nothing in a sound ledger."""

import json

from odoo.tests import tagged

from ..models.audit import checks
from .common import WalletCase

WHY = "test: a fault for the sweep to find"


@tagged("post_install", "-at_install")
class TestAuditChecks(WalletCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["tibillet.card"].create(
            {"uid": "04A1B2C3D4E5F7", "company_id": cls.bar.id, "state": "anonymous"}
        )

    def setUp(self):
        super().setUp()
        self.purse = self.account(self.wallet, self.token)
        self.till = self.place(self.bar, self.token)
        self.topup = self.load(5000)
        self.sale = self.spend(600)
        self.held = self.spend(500, hold_until=self.in_minutes(5))
        self.captured = self.spend(400, hold_until=self.in_minutes(5))
        self.ledger._capture(self.captured, 300)
        self.voided = self.spend(200, hold_until=self.in_minutes(5))
        self.ledger._void(self.voided)
        self.undo = self.post("undo", (self.till, self.purse, 100), names_id=self.sale.id)
        self.assertEqual(self.ledger._audit(), {})

    def plant(self, statement, *values):
        """Change the ledger behind its back, past the triggers."""
        self.env.flush_all()
        with self.ledger._guards_open(WHY):
            self.env.cr.execute(statement, values or None)
        self.env.invalidate_all()

    def drop(self, table, *names):
        """Take constraints away, so that what they refuse can be planted."""
        for name in names:
            self.env.cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')

    def assertFound(self, only=True, **expected):
        """The sweep finds exactly this (``only=False``: this among others)."""
        found = self.ledger._audit()
        found.pop("guard", None)  # what a test dropped to plant its fault
        if only:
            self.assertEqual(set(found), set(expected))
        for name, records in expected.items():
            ids = sorted(records.ids) if hasattr(records, "ids") else records
            self.assertEqual(found[name], ids, name)

    # -- sums --------------------------------------------------------------------------

    def test_balance(self):
        self.plant(
            "UPDATE tibillet_account SET balance_minor = balance_minor + 1 WHERE id = %s",
            self.purse.id,
        )
        self.assertFound(balance=self.purse, sum=self.token)

    def test_sum(self):
        """A place's account answers from its roll-up: a wrong one makes value out of nothing."""
        self.env.cr.execute(
            "INSERT INTO tibillet_rollup (account_id, transfer_id, balance_minor)"
            " SELECT %s, max(id), 0 FROM tibillet_transfer ON CONFLICT (account_id) DO UPDATE"
            " SET (transfer_id, balance_minor) = (excluded.transfer_id, 0)",
            [self.till.id],
        )
        self.assertFound(sum=self.token, rollup=self.till)

    def test_held(self):
        self.plant(
            "UPDATE tibillet_account SET held_minor = held_minor - 1 WHERE id = %s", self.purse.id
        )
        self.assertFound(held=self.purse)

    def test_floor(self):
        self.drop(
            "tibillet_account", "tibillet_account_floor", "tibillet_account_floor_is_no_reserve"
        )
        self.plant("UPDATE tibillet_account SET floor_minor = 9999 WHERE id = %s", self.purse.id)
        self.assertFound(floor=self.purse)

    def test_filled(self):
        self.plant(
            "UPDATE tibillet_account SET balance_minor = 0, held_minor = 0, floor_minor = 0"
            " WHERE id = %s",
            self.place(self.coop, self.token).id,
        )
        self.assertFound(filled=self.place(self.coop, self.token))

    def test_rollup(self):
        self.env.cr.execute(
            "INSERT INTO tibillet_rollup (account_id, transfer_id, balance_minor)"
            " VALUES (%s, 0, 7)"
            " ON CONFLICT (account_id) DO UPDATE"
            " SET balance_minor = tibillet_rollup.balance_minor + 7",
            [self.till.id],
        )
        self.assertFound(rollup=self.till, sum=self.token)

    def test_rollup_of_a_holder(self):
        self.env.cr.execute(
            "INSERT INTO tibillet_rollup (account_id, transfer_id, balance_minor)"
            " VALUES (%s, 0, 0)",
            [self.purse.id],
        )
        self.assertFound(rollup=self.purse)

    def test_merged(self):
        self.env.cr.execute(
            "UPDATE tibillet_wallet SET merged_into_id = %s WHERE id = %s",
            [self.other.wallet_id.id, self.wallet.id],
        )
        self.assertFound(merged=self.purse)

    def test_archived(self):
        self.env.cr.execute("ALTER TABLE tibillet_asset DISABLE TRIGGER tibillet_freeze")
        self.env.cr.execute(
            "UPDATE tibillet_asset SET active = false WHERE id = %s", [self.token.id]
        )
        self.env.cr.execute("ALTER TABLE tibillet_asset ENABLE TRIGGER tibillet_freeze")
        self.assertFound(archived=self.token)

    # -- keys and states ---------------------------------------------------------------

    def test_key(self):
        self.drop("tibillet_operation", "tibillet_operation_origin_key_unique")
        self.plant(
            "UPDATE tibillet_operation SET (origin, key) = (%s, %s) WHERE id = %s",
            self.sale.origin,
            self.sale.key,
            self.undo.id,
        )
        self.assertFound(key=self.undo)

    def test_digest(self):
        self.plant("UPDATE tibillet_operation SET digest = '' WHERE id = %s", self.sale.id)
        self.assertFound(digest=self.sale)

    def test_state(self):
        self.drop("tibillet_operation", "tibillet_operation_state_known")
        self.plant("UPDATE tibillet_operation SET state = 'lost' WHERE id = %s", self.voided.id)
        self.assertFound(state=self.voided)

    def test_dated(self):
        self.drop("tibillet_operation", "tibillet_operation_state_known")
        self.plant("UPDATE tibillet_operation SET posted_at = NULL WHERE id = %s", self.sale.id)
        self.plant(
            "UPDATE tibillet_operation SET posted_at = occurred_at WHERE id = %s", self.voided.id
        )
        self.assertFound(dated=self.sale | self.voided)

    def test_dated_in_the_future(self):
        self.plant(
            "UPDATE tibillet_operation SET posted_at = posted_at + interval '1 hour' WHERE id = %s",
            self.sale.id,
        )
        self.assertFound(dated=self.sale)

    def test_early(self):
        self.plant(
            "UPDATE tibillet_operation SET posted_at = occurred_at - interval '1 hour'"
            " WHERE id = %s",
            self.sale.id,
        )
        self.assertFound(early=self.sale)

    def test_empty(self):
        self.plant("DELETE FROM tibillet_transfer WHERE operation_id = %s", self.sale.id)
        self.assertFound(empty=self.sale, balance=self.purse, sum=self.token)

    def test_moved(self):
        self.plant(
            "UPDATE tibillet_operation SET (state, posted_at) = ('voided', NULL) WHERE id = %s",
            self.captured.id,
        )
        self.assertFound(moved=self.captured)

    def test_pending(self):
        self.plant("DELETE FROM tibillet_hold WHERE operation_id = %s", self.held.id)
        self.assertFound(pending=self.held)

    def test_pending_after_its_end(self):
        self.env.cr.execute(
            "INSERT INTO tibillet_hold (operation_id, expires_at) VALUES (%s, tibillet_now())",
            [self.voided.id],
        )
        self.assertFound(pending=self.voided)

    def test_unheld(self):
        self.plant("DELETE FROM tibillet_hold_line WHERE operation_id = %s", self.voided.id)
        self.assertFound(unheld=self.voided)

    # -- lines -------------------------------------------------------------------------

    def change_transfer(self, operation, **values):
        [(name, value)] = values.items()
        self.plant(
            f'UPDATE tibillet_transfer SET "{name}" = %s WHERE operation_id = %s',
            value,
            operation.id,
        )

    def test_captured_more_than_held(self):
        self.change_transfer(self.captured, amount_minor=401)
        self.assertFound(only=False, captured=self.captured)

    def test_captured_from_somebody_else(self):
        self.change_transfer(
            self.captured, debit_account_id=self.account(self.other.wallet_id, self.token).id
        )
        self.assertFound(only=False, captured=self.captured)

    def test_captured_out_of_order(self):
        """The first of the cascade is captured first: here the second was, and the sum is right."""
        self.load(100, self.gift, code="gift")
        both = self.spend(300, hold_until=self.in_minutes(5))
        self.assertEqual(both.hold_line_ids.mapped("amount_minor"), [100, 200])
        self.ledger._capture(both, 150)
        self.assertEqual(self.ledger._audit(), {})
        self.plant(
            "UPDATE tibillet_transfer SET amount_minor = 150 - amount_minor"
            " WHERE operation_id = %s",
            both.id,
        )
        self.assertFound(only=False, captured=both)

    def test_crossed(self):
        self.drop(
            "tibillet_transfer",
            "tibillet_transfer_credit_same_asset",
            "tibillet_transfer_debit_same_asset",
        )
        self.change_transfer(self.sale, credit_account_id=self.place(self.bar, self.gift).id)
        self.assertFound(only=False, crossed=self.sale)

    def test_crossed_amount(self):
        self.drop("tibillet_transfer", "tibillet_transfer_amount_range")
        self.change_transfer(self.sale, amount_minor=0)
        self.assertFound(only=False, crossed=self.sale)

    def test_kinds_of_the_wallets(self):
        self.plant("UPDATE tibillet_operation SET code = 'refund' WHERE id = %s", self.sale.id)
        self.assertFound(kinds=self.sale, correction=self.undo)

    def test_kinds_of_a_hold(self):
        self.plant("UPDATE tibillet_operation SET code = 'empty' WHERE id = %s", self.held.id)
        self.assertFound(kinds=self.held)

    def test_kinds_of_the_asset(self):
        self.plant("UPDATE tibillet_operation SET code = 'shortfall' WHERE id = %s", self.topup.id)
        self.assertFound(kinds=self.topup)

    def test_kinds_of_the_issuer(self):
        """An issuer, but not this asset's."""
        stranger = self.account(self.euro.issuer_wallet_id, self.token)
        self.change_transfer(self.topup, debit_account_id=stranger.id)
        self.assertFound(kinds=self.topup)

    def test_handed(self):
        people = self.env["tibillet.wallet"].create([{"kind": "person"}, {"kind": "person"}])
        self.load(100, self.hours, people[0], code="issue")
        handed = self.post("transfer", *[(*(self.account(one, self.hours) for one in people), 40)])
        self.assertEqual(self.ledger._audit(), {})
        self.load(100, self.token, people[0])
        bought = self.account(people[0], self.token), self.account(people[1], self.token)
        self.drop("tibillet_transfer", "tibillet_transfer_amount_range")
        self.plant(
            "UPDATE tibillet_transfer SET (asset_id, debit_account_id, credit_account_id)"
            " = (%s, %s, %s) WHERE operation_id = %s",
            self.token.id,
            bought[0].id,
            bought[1].id,
            handed.id,
        )
        self.assertFound(only=False, handed=handed, kinds=handed)

    # -- what names another ------------------------------------------------------------

    def test_correction_of_nothing(self):
        correction = self.post("correct", (self.till, self.purse, 50), names_id=self.sale.id)
        self.assertEqual(self.ledger._audit(), {})
        self.plant("UPDATE tibillet_operation SET names_id = NULL WHERE id = %s", correction.id)
        self.assertFound(correction=correction)

    def test_correction_of_a_correction(self):
        first = self.post("correct", (self.till, self.purse, 50), names_id=self.sale.id)
        second = self.post("correct", (self.purse, self.till, 50), names_id=self.sale.id)
        self.plant("UPDATE tibillet_operation SET names_id = %s WHERE id = %s", first.id, second.id)
        self.assertFound(correction=second)

    def test_correction_of_what_moved_nothing(self):
        correction = self.post("correct", (self.till, self.purse, 50), names_id=self.sale.id)
        self.plant(
            "UPDATE tibillet_operation SET names_id = %s WHERE id = %s",
            self.voided.id,
            correction.id,
        )
        self.assertFound(correction=correction)

    def late_sale(self):
        op = self.spend(150, hold_until=self.in_minutes(5))
        self.ledger._void(op)
        [late] = self.ledger._record_sale(op)
        self.assertEqual((late.names_id, self.ledger._audit()), (op, {}))
        return op, late

    def test_late_for_another_origin(self):
        _op, late = self.late_sale()
        self.plant("UPDATE tibillet_operation SET origin = 'device:2' WHERE id = %s", late.id)
        self.assertFound(late=late)

    def test_late_more_than_held(self):
        op, late = self.late_sale()
        self.change_transfer(late, amount_minor=151)
        self.assertFound(only=False, late=op)

    def test_late_for_what_was_captured(self):
        _op, late = self.late_sale()
        self.plant(
            "UPDATE tibillet_operation SET names_id = %s WHERE id = %s", self.captured.id, late.id
        )
        self.assertFound(only=False, late=late)

    # -- caps, payouts, guards ---------------------------------------------------------

    def test_cap(self):
        more = self.load(1000)
        self.plant(
            "UPDATE tibillet_asset SET write_date = write_date - interval '1 day' WHERE id = %s",
            self.token.id,
        )
        self.assertEqual(self.ledger._audit(), {})
        self.env.cr.execute(
            "UPDATE tibillet_asset SET load_cap_minor = 5100 WHERE id = %s", [self.token.id]
        )
        self.assertFound(cap=more)
        self.token.load_cap_minor = 5000
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tibillet_asset SET write_date = tibillet_now() WHERE id = %s", [self.token.id]
        )
        self.assertEqual(self.ledger._audit(), {}, "loads are judged by the cap of their time")

    def test_payout(self):
        self.post("settle", (self.till, self.issuer(self.token), 100))
        self.assertEqual(self.ledger._audit(), {})
        self.env.cr.execute("DELETE FROM tibillet_payout WHERE account_id = %s", [self.till.id])
        self.assertFound(payout=self.till)

    def test_payout_of_a_holder(self):
        self.env.cr.execute(
            "INSERT INTO tibillet_payout (account_id, turns) VALUES (%s, 1)", [self.purse.id]
        )
        self.assertFound(payout=self.purse)

    def test_guard(self):
        self.env.cr.execute("ALTER TABLE tibillet_transfer DISABLE TRIGGER tibillet_append_only")
        self.drop("tibillet_account", "tibillet_account_floor")
        self.assertEqual(
            self.ledger._audit(), {"guard": ["tibillet_account_floor", "tibillet_append_only"]}
        )

    # -- the sweep itself --------------------------------------------------------------

    def test_every_check_has_a_test(self):
        tested = " ".join(name for name in dir(self) if name.startswith("test_"))
        books = {"books", "mirror"}  # in test_audit_books
        for name in set(checks.CHECKS) - books:
            self.assertIn(f"test_{name}", tested)
        named = "".join(checks.QUERIES)
        for name in set(checks.CHECKS) - books:
            self.assertIn(f"'{name}'", named)

    def test_as_many_statements_for_many_as_for_few(self):
        for count in (1, 40):
            for _sale in range(count):
                self.spend(1)
            with self.assertQueryCount(len(checks.QUERIES)):
                self.ledger._audit()

    def test_the_rules_are_those_of_the_table(self):
        rules = {rule["code"]: rule for rule in json.loads(self.ledger._rules_as_json())}
        self.assertEqual(rules["sale"]["credit"], ["place"])
        self.assertNotIn("claim", rules["sale"]["assets"])
        self.assertEqual((rules["sale"]["names"], rules["undo"]["names"]), ([], ["sale"]))
