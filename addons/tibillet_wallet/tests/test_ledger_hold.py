from odoo.tests import tagged

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestHold(WalletCase):
    def setUp(self):
        super().setUp()
        self.load(2000)
        self.mine = self.account(self.wallet, self.token)
        self.till = self.place(self.bar, self.token)

    def hold(self, amount=600, minutes=5):
        return self.spend(amount, hold_until=self.in_minutes(minutes))

    def test_a_hold_reserves_and_writes_no_transfer(self):
        op = self.hold()
        self.assertEqual((op.state, len(op.transfer_ids), len(op.hold_line_ids)), ("pending", 0, 1))
        self.assertEqual((self.mine.balance_minor, self.mine.held_minor), (2000, 600))
        self.assertTrue(op.hold_until)
        self.assertRefused("insufficient_funds", self.spend, 1401)

    def test_capture(self):
        op = self.ledger._capture(self.hold())
        self.assertEqual(op.state, "posted")
        self.assertTrue(op.posted_at)
        self.assertFalse(op.hold_until)
        self.assertEqual((self.mine.balance_minor, self.mine.held_minor), (1400, 0))
        self.assertEqual(self.ledger._capture(op), op, "capturing again is the first result")
        self.assertEqual(self.ledger._capture(op, 600), op)
        self.assertEqual(self.balance(), 1400)
        self.assertEqual(self.ledger._audit(), {})

    def test_what_one_origin_holds_another_cannot_touch(self):
        self.load(1000)
        held = self.spend(600, hold_until=self.in_minutes(5), origin="device:1")
        until = self.in_minutes(9)
        for act, *more in (("capture",), ("void",), ("renew", until)):
            with self.subTest(act):
                call = getattr(self.ledger, f"_{act}")
                self.assertRefused("not_allowed", call, held, *more, origin="device:2")
        self.ledger._renew(held, until, origin="device:1")
        self.assertEqual(self.ledger._capture(held, origin="device:1").state, "posted")

    def test_capture_of_a_part_releases_the_last_of_the_cascade(self):
        self.load(500, self.gift, code="gift")
        op = self.hold(800)
        self.assertEqual(op.hold_line_ids.mapped("amount_minor"), [500, 300])
        self.ledger._capture(op, 550)
        self.assertEqual(
            op.transfer_ids.sorted("id").mapped(lambda t: (t.asset_id.code, t.amount_minor)),
            [("cadeau", 500), ("jeton", 50)],
        )
        self.assertEqual((self.balance(self.gift), self.balance()), (0, 1950))
        self.assertEqual(self.ledger._audit(), {})

    def test_refused_captures(self):
        op = self.hold()
        for amount in (601, 0, -1):
            self.assertRefused("invalid", self.ledger._capture, op, amount)
        self.ledger._capture(op, 500)
        self.assertRefused("hold_resolved", self.ledger._capture, op, 400)
        self.assertRefused("hold_resolved", self.ledger._capture, op)
        self.assertRefused("hold_resolved", self.ledger._void, op)
        voided = self.ledger._void(self.hold())
        self.assertRefused("hold_resolved", self.ledger._capture, voided)
        posted = self.spend(100)
        self.assertRefused("hold_resolved", self.ledger._void, posted)
        self.assertRefused("hold_resolved", self.ledger._capture, posted)

    def test_void(self):
        op = self.ledger._void(self.hold())
        self.assertEqual((op.state, self.balance()), ("voided", 2000))
        self.assertEqual(self.ledger._void(op), op)
        self.assertEqual(self.ledger._audit(), {})

    def test_an_expired_hold_is_released_by_the_next_operation(self):
        op = self.hold(2000)
        self.wait(6)
        self.assertRefused("hold_expired", self.ledger._capture, op)
        self.assertEqual(self.spend(2000).state, "posted")
        op.invalidate_recordset()
        self.assertEqual(op.state, "expired")
        self.assertRefused("hold_expired", self.ledger._capture, op)
        self.assertEqual(self.ledger._audit(), {})

    def test_an_expired_hold_is_released_by_the_sweep(self):
        op = self.hold(2000)
        self.assertEqual(self.ledger._release_batch(self.env), 0, "a live hold stays")
        self.wait(6)
        self.assertEqual(self.ledger._release_batch(self.env), 1)
        op.invalidate_recordset()
        self.assertEqual(op.state, "expired")
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.held_minor, 0)

    def test_renew(self):
        op = self.hold()
        self.ledger._renew(op, self.in_minutes(20))
        self.wait(6)
        self.assertRefused("invalid", self.ledger._renew, op, self.in_minutes(-1))
        self.assertEqual(self.ledger._capture(op).state, "posted")
        self.assertRefused("hold_resolved", self.ledger._renew, op, self.in_minutes(5))
        late = self.hold()
        self.wait(6)
        self.assertRefused("hold_expired", self.ledger._renew, late, self.in_minutes(5))

    def test_record_sale_captures_a_live_hold(self):
        op = self.hold()
        self.assertEqual(self.ledger._record_sale(op), op)
        self.assertEqual(self.ledger._record_sale(op), op)
        self.assertEqual(self.balance(), 1400)

    def test_record_sale_late_with_funds(self):
        op = self.hold()
        self.wait(6)
        late = self.ledger._record_sale(op)
        self.assertEqual((late.key, late.code, late.state), (f"{op.key}/late", "sale", "posted"))
        self.assertEqual(late.names_id, op)
        self.assertEqual(late.origin, op.origin)
        self.assertEqual(self.balance(), 1400)
        self.assertEqual(self.ledger._record_sale(op), late, "asking again changes nothing")
        self.assertEqual(self.balance(), 1400)
        self.assertEqual(self.ledger._audit(), {})

    def test_record_sale_late_without_funds_books_a_shortfall(self):
        op = self.hold(1500)
        self.wait(6)
        self.spend(1200, origin="device:2")
        done = self.ledger._record_sale(op)
        self.assertEqual(done.mapped("code"), ["sale", "shortfall"])
        self.assertEqual(sum(done.mapped("paid_minor")), 1500)
        claim = self.env["tibillet.asset"]._claim_of(self.bar)
        self.assertEqual(self.balance(claim), 700)
        self.assertEqual(self.balance(), 0)
        self.assertEqual(self.ledger._record_sale(op), done)
        self.assertEqual(self.ledger._audit(), {})

    def test_record_sale_late_takes_other_money_of_the_wallet(self):
        op = self.hold(1500)
        self.wait(6)
        self.spend(1200, origin="device:2")
        self.load(700, self.gift, code="gift")
        done = self.ledger._record_sale(op)
        self.assertEqual(done.mapped("code"), ["sale"])
        self.assertEqual((self.balance(), self.balance(self.gift)), (0, 0))

    def test_record_sale_late_leaves_what_the_seller_does_not_take(self):
        op = self.hold(1500)
        self.wait(6)
        self.spend(1200, origin="device:2")
        theirs = self.make_asset("ailleurs", "local", self.coop)
        self.load(700, theirs)
        done = self.ledger._record_sale(op)
        self.assertEqual(done.mapped("code"), ["sale", "shortfall"])
        self.assertEqual((self.balance(), self.balance(theirs)), (0, 700))

    def test_record_sale_after_a_void_is_recorded_all_the_same(self):
        op = self.ledger._void(self.hold())
        late = self.ledger._record_sale(op)
        self.assertEqual(late.code, "sale")
        self.assertEqual(self.balance(), 1400)

    def test_live_holds_are_not_read_by_the_next_one(self):
        """A full house has thousands of live holds: a tap looks at those that ran out only."""
        self.ledger._post(
            [
                self.request("sale", (self.mine, self.till, 1), hold_until=self.in_minutes(5))
                for _number in range(200)
            ]
        )
        self.env.cr.execute("SET LOCAL enable_seqscan = off")  # a small table would be read whole
        self.env.cr.execute("DISCARD PLANS")  # those of the tests before, made without it
        before = self.read_rows("tibillet_hold")
        self.hold(1)
        self.assertLess(self.read_rows("tibillet_hold") - before, 20)

    def read_rows(self, table):
        """Rows of a table that this transaction has read so far."""
        self.env.cr.execute(
            "SELECT seq_tup_read + COALESCE(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
            " WHERE relname = %s",
            [table],
        )
        return self.env.cr.fetchone()[0]
