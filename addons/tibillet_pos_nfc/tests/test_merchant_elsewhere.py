"""A merchant's till that takes money of another issuer: the organiser holds it for the merchant."""

from odoo import Command
from odoo.tests import tagged

from .common import OTHER_UID
from .merchant_common import MerchantCase


@tagged("post_install", "-at_install")
class TestMerchantElsewhere(MerchantCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["tibillet.acceptance"].sudo().create(
            {
                "asset_id": cls.foreign.id,
                "company_id": cls.company.id,
                "contract_date": "2020-01-01",
            }
        ).write(
            {
                "state": "active",
                "agreed_by_id": cls.env.uid,
                "countersigned_by_id": cls.env.uid,
            }
        )
        cls.merchant.asset_ids = [Command.set((cls.token | cls.foreign).ids)]
        cls.set_till_up()
        cls.foreign_here = cls.env["tibillet.account"]._get(
            cls.env["tibillet.wallet"]._of_place(cls.company), cls.foreign
        )

    def named(self):
        """What the control page says of clearing."""
        return [reason.name for reason in self.env["tibillet.books"]._control_reasons(self.company)]

    def test_a_session_that_comes_to_nothing_is_waited_for_no_longer(self):
        self.load(self.other_card, 1100, self.foreign)
        self.open_stand()
        sold = self.serve(uid=OTHER_UID)
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), "undo-1", sold.uuid, "Burnt"
        )
        self.assertTrue(answer["ok"], answer)
        self.write_books()
        self.assertTrue([name for name in self.named() if "still open" in name])
        session = self.close_stand()
        self.assertFalse(session.move_id, "both cancel each other: there is nothing to post")
        self.assertFalse([name for name in self.named() if session.name in name])
        self.assertControl()

    def test_late_the_organiser_holds_what_another_issuer_owes(self):
        """The tokens of the hold were spent meanwhile: other money on the card pays."""
        self.open_stand()
        lines = [{"product_id": self.galette.id, "amount_minor": 1100}]
        self.assertTrue(self.tap(lines=lines)["ok"])
        values = self.stand_values([(self.method, 11.0, self.key)])
        self.wait(6)
        self.ledger._spend(
            self.card.wallet_id, self.company, [(None, 1800, None)], key="other", origin="user:1"
        )
        self.load(self.card, 900, self.foreign)
        before = self.foreign_here._balance()
        self.sync(values, user=self.zoe_user)
        wallet = self.env["tibillet.wallet"].sudo()._merchant_wallet(self.zoe)
        accounts = self.env["tibillet.account"].sudo().search([("wallet_id", "=", wallet.id)])
        self.assertEqual(accounts.asset_id, self.token, "its contract is with the organiser")
        self.assertEqual(self.foreign_here._balance() - before, 900)
        self.close_stand()
        self.write_books()
        self.assertControl()
        statement = self.statement()
        self.assertEqual(statement.due, 11.0)
        statement.with_user(self.accountant).action_agree()
        statement.with_user(self.accountant).action_pay()
        self.write_books()
        self.assertEqual(
            (self.role_balance("due_to", self.zoe), self.role_balance("merchant", self.zoe)), (0, 0)
        )
        self.assertFalse([name for name in self.named() if "ettlement" in name])

    def test_late_nothing_is_taken_that_its_contract_does_not_name(self):
        self.merchant.asset_ids = [Command.set(self.token.ids)]
        self.open_stand()
        lines = [{"product_id": self.galette.id, "amount_minor": 1100}]
        self.assertTrue(self.tap(lines=lines)["ok"])
        values = self.stand_values([(self.method, 11.0, self.key)])
        self.wait(6)
        self.ledger._spend(
            self.card.wallet_id, self.company, [(None, 2000, None)], key="other", origin="user:1"
        )
        self.load(self.card, 5000, self.foreign)
        self.sync(values, user=self.zoe_user)
        claim = self.env["tibillet.asset"]._claim_of(self.company)
        self.assertEqual((self.free(asset=self.foreign), self.free(asset=claim)), (5000, 1100))
