from odoo.tests import tagged

from .common import UID, TillCase


class BooksCase(TillCase):
    """A till whose books are compared with the ledger."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())
        self.books = self.env["tibillet.books"]
        # The cards' own money was posted without a document: it is not what is looked at here.
        self.write_books()
        self.before = self.control()["clearing"]["balance_minor"]

    def write_books(self):
        return self.books._write_pending(self.company, include_today=True)

    def control(self):
        return self.books._control(self.company)

    def close(self, cash=0):
        self.closing_session.post_closing_cash_details(cash)
        result = self.closing_session.close_session_from_ui()
        self.assertTrue(result["successful"], result)

    def assertClearing(self, amount_minor, codes=()):
        """Clearing moved by so much since the start, by these open operations alone."""
        control = self.control()
        clearing = control["clearing"]
        self.assertEqual(clearing["balance_minor"] - self.before, amount_minor)
        self.assertEqual(clearing["unexplained_minor"], 0)
        self.assertTrue(control["ok"], control)
        found = [op["code"] for op in clearing["operations"] if op["code"] not in ("topup", "gift")]
        self.assertEqual(sorted(found), sorted(codes))


@tagged("post_install", "-at_install")
class TestBooks(BooksCase):
    """Tap, order, closing and the ledger's entry: together they leave clearing at zero."""

    def test_closed_then_booked(self):
        self.sell()
        self.assertClearing(0)
        self.close()
        self.assertClearing(600, ["sale"])
        entry = self.write_books()
        self.assertClearing(0)
        self.assertEqual(entry.operation_count, 1)

    def test_booked_then_closed(self):
        self.sell()
        self.sell()
        self.write_books()
        self.assertClearing(-1200, ["sale", "sale"])
        self.close()
        self.assertClearing(0)

    def test_late_and_short(self):
        """A hold that expired, the card emptied meanwhile: the missing part is a claim."""
        answer = self.tap(6.0)
        self.assertTrue(answer["ok"], answer)
        key = self.key
        self.wait(6)
        for amount in (9.0, 9.0):  # of the 20 € that the card held before, 2 are left
            self.sell(amount)
        order = self.sync(self.order_values([(self.method, 6.0, key)]))
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.operation(f"{key}/late").state, "posted")
        self.assertEqual(self.operation(f"{key}/shortfall").state, "posted")
        self.write_books()
        self.close()
        self.assertClearing(0)
        claims = self.env["tibillet.book.account"]._account(self.company, "claim")
        lines = self.env["account.move.line"].search(
            [("account_id", "=", claims.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(sum(lines.mapped("balance")), 4.0)

    def test_refunds_only(self):
        order = self.sell()
        self.close()
        self.write_books()
        self.assertClearing(0)
        self.pair(self.open_session())
        answer = self.tap(
            uid=UID,
            lines=[
                {
                    "product_id": self.beer.id,
                    "amount_minor": -600,
                    "refunded_line_id": order.lines.id,
                }
            ],
        )
        self.assertTrue(answer["ok"], answer)
        values = self.order_values([(self.method, -6.0, self.key)], [(self.beer, -1, 6.0)])
        values["lines"][0][2]["refunded_orderline_id"] = order.lines.id
        self.sync(values)
        self.close()
        self.assertClearing(-600, ["undo"])
        self.write_books()
        self.assertClearing(0)

    def test_invoiced_order(self):
        partner = self.env["res.partner"].create({"name": "Association des Dunes"})
        self.sell(to_invoice=True, partner_id=partner.id)
        self.assertClearing(600, ["sale"])
        self.write_books()
        self.assertClearing(0)
        self.close()
        self.assertClearing(0)

    def test_a_hold_that_no_order_follows_touches_nothing(self):
        self.tap(3.0)
        self.close()
        self.assertFalse(self.write_books())
        self.assertClearing(0)


@tagged("post_install", "-at_install")
class TestControlPage(BooksCase):
    """The control names the session, the machine and the transfer that clearing waits for."""

    def look(self):
        return self.env["tibillet.control"]._look(self.company)

    def test_an_open_session(self):
        self.sell()
        self.sell()
        self.write_books()
        control = self.look()
        [reason] = control.reason_ids.filtered(lambda one: one.kind == "session")
        self.assertEqual((reason.count, reason.amount), (2, -12.0))
        self.assertIn("still open", reason.name)
        self.assertEqual(reason.action_open()["res_id"], self.till_session.id)
        self.assertEqual(control.rest, 0)
        self.close()
        self.assertFalse(self.look().reason_ids.filtered(lambda one: one.kind == "session"))

    def test_an_order_that_has_not_arrived(self):
        self.assertTrue(self.tap()["ok"])
        self.env["tibillet.ledger"]._capture(self.operation())
        self.write_books()
        [reason] = self.look().reason_ids.filtered(lambda one: one.kind == "order")
        self.assertIn("Bar left", reason.name)
        self.assertEqual((reason.count, reason.amount), (1, -6.0))
