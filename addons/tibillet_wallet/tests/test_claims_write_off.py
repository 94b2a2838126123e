from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import LedgerError
from .acts_common import ActsCase
from .books_common import NOON

ACT = "tibillet.act.write.off"


@tagged("post_install", "-at_install")
class TestWriteOff(ActsCase):
    """What a card owes is given up by the accountant, with a reason, and may come back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bar.country_id = cls.env.ref("base.fr")
        cls.env["account.chart.template"].try_loading("fr", cls.bar, install_demo=False)
        cls.claim = cls.env["tibillet.asset"]._claim_of(cls.bar)

    def setUp(self):
        super().setUp()
        self.shortfall = self.owe(600)

    def owe(self, amount_minor):
        return self.post(
            "shortfall",
            (self.issuer(self.claim), self.account(self.wallet, self.claim), amount_minor),
            company_id=self.bar.id,
            occurred_at=NOON,
        )

    def owed(self):
        account = self.account(self.wallet, self.claim)
        account.invalidate_recordset()
        return account.balance_minor

    def give_up(self, amount, role="accountant", **values):
        return self.confirm(ACT, role, asset_id=self.claim.id, amount=amount, **values)

    def booked(self, role):
        self.env["tibillet.books"]._write_pending(self.bar, include_today=True)
        account = self.env["tibillet.book.account"]._account(self.bar, role)
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)

    def assertStands(self, owed_minor, claim, loss):
        """What the card owes, and what the books say of it."""
        booked = self.booked("claim"), self.booked("claim_loss")
        self.assertEqual((self.owed(), *booked), (owed_minor, claim, loss))

    def test_lost_for_the_books(self):
        self.assertEqual(self.booked("claim"), 6)
        self.assertDone(self.give_up(4.0))
        self.assertStands(200, 2, 4)
        self.assertDone(self.give_up(2.0))
        self.assertStands(0, 0, 6)
        account = self.env["tibillet.book.account"]._account(self.bar, "claim_loss")
        code = account.with_company(self.bar).code
        self.assertTrue(code.startswith("654"), code)
        self.assertTrue(self.env["tibillet.books"]._control(self.bar)["ok"])
        operation = self.env["tibillet.operation"].search([("code", "=", "write_off")], limit=1)
        self.assertEqual(operation.sudo().memo, "Essai")

    def test_no_more_than_is_owed_and_only_with_a_reason(self):
        self.assertIn("6.00", self.assertShownAgain(self.give_up(6.01)))
        self.assertIn("Write why", self.assertShownAgain(self.give_up(1.0, reason=" ")))
        self.assertIn("more than zero", self.assertShownAgain(self.give_up(0)))
        self.assertEqual(self.owed(), 600)

    def test_money_that_the_place_owes_is_never_given_up(self):
        self.load(1000)
        shown = self.confirm(ACT, "accountant", asset_id=self.token.id, amount=1.0)
        self.assertIn("owe", self.assertShownAgain(shown))
        with self.assertRaises(LedgerError):
            self.post(
                "write_off", (self.account(self.wallet, self.token), self.issuer(self.token), 100)
            )

    def test_a_lost_card_owes_all_the_same(self):
        self.card.state = "lost"
        self.assertDone(self.give_up(6.0))
        self.assertEqual(self.owed(), 0)

    def test_paid_later_all_the_same(self):
        """The write-off is corrected, then the claim."""
        self.assertDone(self.give_up(6.0))
        lost = self.env["tibillet.operation"].search([("code", "=", "write_off")])
        account, issuer = self.account(self.wallet, self.claim), self.issuer(self.claim)
        self.post("correct", (issuer, account, 600), names_id=lost.id, company_id=self.bar.id)
        self.assertStands(600, 6, 0)
        self.post(
            "correct", (account, issuer, 600), names_id=self.shortfall.id, company_id=self.bar.id
        )
        self.assertEqual((self.owed(), self.booked("claim")), (0, 0))

    def test_the_form_opens_on_all_that_is_owed(self):
        account = self.account(self.wallet, self.claim)
        model = self.model_as(
            ACT, "accountant", active_model="tibillet.account", active_id=account.id
        )
        values = model.default_get(["wallet_id", "asset_id", "amount", "company_id"])
        self.assertEqual(
            (values["wallet_id"], values["asset_id"], values["amount"]),
            (self.wallet.id, self.claim.id, 6.0),
        )

    def test_a_card_that_another_place_handed_out(self):
        """It owes here all the same: the list of claims names it, the form opens on it."""
        card = self.env["tibillet.card"].create({"company_id": self.coop.id, "state": "anonymous"})
        self.post(
            "shortfall",
            (self.issuer(self.claim), self.account(card.wallet_id, self.claim), 600),
            company_id=self.bar.id,
        )
        self.assertFalse(card.wallet_id.with_user(self.by_role["accountant"]).has_access("read"))
        self.assertDone(self.give_up(4.0, wallet_id=card.wallet_id.id))
        owed = self.account(card.wallet_id, self.claim)
        owed.invalidate_recordset()
        self.assertEqual((owed.balance_minor, self.owed()), (200, 600))
        other = self.env["tibillet.card"].create({"company_id": self.coop.id, "state": "anonymous"})
        refusal = self.assertShownAgain(self.give_up(1.0, wallet_id=other.wallet_id.id))
        self.assertIn("not one of your place", refusal)

    def test_roles(self):
        with self.assertRaises(AccessError):
            self.give_up(1.0, "desk")
        self.assertDone(self.give_up(1.0, "manager"))
        self.assertEqual(self.owed(), 500)
