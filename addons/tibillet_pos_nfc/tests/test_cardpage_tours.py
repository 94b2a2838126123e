from odoo.tests import tagged

from ..models.tibillet_device import digest
from .common import OTHER_UID, TourCase


@tagged("post_install", "-at_install")
class TestCardPageTours(TourCase):
    """Each act of the card page in a browser, by a cashier; a gift by a manager."""

    def setUp(self):
        super().setUp()
        self.company._tibillet_topup_product()

    def run_page(self, name, user=None):
        device = self.env["tibillet.device"].create({"name": "x", "config_id": self.config.id})
        device.with_user(self.till_manager)._new_code()
        device.sudo().code_hash = digest("ABCDEFGH12")
        self.run_till(f"tibillet_cardpage_{name}", user=user or self.cashier)
        self.env.invalidate_all()
        self.assertFalse(device.gap_ids)

    def bring(self, means, amount_minor):
        """Money on the other card that came by this way."""
        accounts = self.env["tibillet.account"]
        self.ledger._post(
            [
                {
                    "key": f"{means}-{amount_minor}",
                    "origin": "test",
                    "code": "topup",
                    "means": means,
                    "transfers": [
                        (
                            accounts._get(self.token.issuer_wallet_id, self.token).id,
                            accounts._get(self.other_card.wallet_id, self.token).id,
                            amount_minor,
                        )
                    ],
                    "company_id": self.company.id,
                }
            ]
        )

    def operations(self):
        return self.env["tibillet.operation"].search([("origin", "=like", "device:%")], order="id")

    def orders(self):
        return self.till_session.sudo().order_ids.filtered(lambda order: order.state == "paid")

    def fill_the_drawer(self):
        self.env["account.bank.statement.line"].sudo().create(
            {
                "journal_id": self.cash_journal.id,
                "amount": 300,
                "payment_ref": "Float",
                "pos_session_id": self.till_session.id,
            }
        )

    def open_session(self, user=None):
        session = super().open_session(user)
        self.till_session = session
        self.fill_the_drawer()
        return session

    def test_top_up(self):
        self.run_page("top_up")
        self.assertEqual(self.free(), 3000)
        self.assertEqual(self.orders().mapped("amount_total"), [10.0])
        self.assertEqual(self.operations().mapped("means"), ["cash"])

    def test_one_payment(self):
        self.run_page("one_payment")
        order = self.orders()
        self.assertEqual(order.amount_total, 18.5)
        self.assertEqual(
            {payment.payment_method_id: payment.amount for payment in order.payment_ids},
            {self.method: 6.0, self.cash: 12.5},
        )
        self.assertEqual(self.free(), 2000 - 600 + 1250)

    def test_not_by_card(self):
        self.run_page("not_by_card")
        self.assertEqual(self.free(), 2000)
        self.assertFalse(self.orders())

    def test_refused(self):
        self.run_page("refused")
        self.assertEqual(self.free(), 2000)
        self.assertFalse(self.env["tibillet.topup"].search([]))

    def test_refund(self):
        self.bring("cash", 740)
        self.run_page("refund")
        self.assertEqual(self.free(self.other_card), 120)
        self.assertEqual(self.orders().mapped("amount_total"), [-7.4])

    def test_transfer(self):
        self.bring("bank_card", 6000)
        self.run_page("transfer")
        payback = self.env["tibillet.payback"].search([])
        self.assertEqual((payback.amount, payback.holder_name), (61.2, "Ada Vidal"))
        self.assertEqual(self.free(self.other_card), 0)

    def test_give(self):
        self.run_page("give")
        self.assertEqual(self.operations().mapped("code"), ["give"])
        self.assertEqual(self.free(self.other_card), 0)

    def test_gift_by_a_manager(self):
        self.run_page("gift", user=self.till_manager)
        self.assertEqual(self.free(asset=self.gift), 300)

    def test_a_cashier_gives_nothing(self):
        self.run_page("cashier")

    def test_link(self):
        self.run_page("link")
        self.assertEqual(self.card.partner_id.email, "ada@example.com")

    def test_lost(self):
        self.run_page("lost")
        self.assertEqual(self.card.state, "lost")

    def test_replace(self):
        self.other_card.sudo().uid = False
        self.env.flush_all()
        self.env["tibillet.card"].create(
            {"uid": OTHER_UID, "number": "FRESH234", "company_id": self.company.id}
        )
        self.run_page("replace")
        self.assertEqual(self.card.state, "replaced")
        fresh = self.env["tibillet.card"].search([("uid", "=", OTHER_UID)])
        self.assertEqual(fresh.wallet_id, self.card.wallet_id)

    def test_by_number_and_kept(self):
        """A manager types the number; what sleeps is kept, with the card on the reader."""
        self.wait(800 * 24 * 60)
        self.env["tibillet.dormancy"].sudo()._mark()
        self.wait(-800 * 24 * 60)
        account = self.env["tibillet.account"]._get(self.card.wallet_id, self.token)
        row = self.env["tibillet.dormancy"]._of(account)
        self.assertEqual(row.state, "dormant")
        self.run_page("by_number", user=self.till_manager)
        self.assertEqual((row.state, row.choice), ("awake", "keep"))
        self.assertEqual(self.free(), 2000)
