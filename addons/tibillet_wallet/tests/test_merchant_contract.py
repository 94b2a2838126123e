"""A merchant's contract: who may be one, what it says, and whose wallet a sale reaches."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .books_common import BooksCase

SIRET, WRONG_SIRET = "73282932000074", "73282932000075"


@tagged("post_install", "-at_install")
class TestMerchantContract(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zoe = cls.env["res.partner"].create(
            {
                "name": "Zoé SARL",
                "is_company": True,
                "company_registry": SIRET,
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.now = fields.Datetime.now()
        cls.merchant = cls.make_merchant()

    @classmethod
    def make_merchant(cls, **values):
        return cls.env["tibillet.merchant"].create(
            {
                "name": "Galettes",
                "company_id": cls.bar.id,
                "partner_id": cls.zoe.id,
                "date_from": cls.now - timedelta(hours=1),
                "date_to": cls.now + timedelta(days=2),
                "signed_on": fields.Date.today(),
                "asset_ids": [Command.set((cls.token | cls.euro | cls.gift).ids)],
                "commission_rate": 15,
                **values,
            }
        )

    def another(self, **values):
        return self.env["res.partner"].create(
            {"name": "Autre", "is_company": True, "company_registry": SIRET, **values}
        )

    def test_the_company_number_is_checked(self):
        for number, said in ((WRONG_SIRET, "no SIRET"), ("123", "no SIRET"), (False, "no company")):
            partner = self.another(company_registry=number, country_id=self.env.ref("base.fr").id)
            with self.assertRaisesRegex(ValidationError, said):
                self.make_merchant(partner_id=partner.id)
        abroad = self.another(company_registry="0123.456", country_id=self.env.ref("base.be").id)
        self.assertTrue(self.make_merchant(partner_id=abroad.id))

    def test_who_is_no_merchant(self):
        person = self.another(is_company=False)
        for partner, said in ((person, "no other company"), (self.coop.partner_id, "own books")):
            with self.assertRaisesRegex(ValidationError, said):
                self.make_merchant(partner_id=partner.id)
        with self.assertRaises(ValidationError):
            self.make_merchant(partner_id=self.bar.partner_id.id)

    def test_a_signed_contract_is_whole(self):
        for values, said in (
            ({"asset_ids": False}, "names nothing"),
            ({"commission_rate": 0}, "no commission"),
            ({"commission_free": True}, "leave one"),
        ):
            with self.assertRaisesRegex(ValidationError, said):
                self.make_merchant(partner_id=self.another().id, **values)
        draft = self.make_merchant(
            partner_id=self.another().id, signed_on=False, asset_ids=False, commission_rate=0
        )
        self.assertEqual(draft.state, "draft")

    def test_assets_of_others_need_their_acceptance(self):
        foreign = self.make_asset("foreign", "local", self.coop)
        with self.assertRaisesRegex(ValidationError, "acceptance first"):
            self.merchant.asset_ids |= foreign
        hours = self.make_asset("hours", "time", self.bar)
        with self.assertRaisesRegex(ValidationError, "no price in euros"):
            self.merchant.asset_ids = hours

    def test_states(self):
        merchant, now = self.merchant, self.now
        self.assertEqual(merchant.state, "open")
        merchant.action_suspend()
        self.assertEqual(merchant.state, "suspended")
        merchant.action_resume()
        merchant.write({"date_from": now + timedelta(hours=1), "date_to": now + timedelta(hours=2)})
        self.assertEqual(merchant.state, "coming")
        with self.assertRaisesRegex(LedgerError, "sells from"):
            merchant._check_sells()
        merchant.write({"date_from": now - timedelta(hours=2), "date_to": now - timedelta(hours=1)})
        self.assertEqual(merchant.state, "over")
        found = self.env["tibillet.merchant"].search([("state", "in", ["over"])])
        self.assertIn(merchant, found)
        merchant.date_to = now + timedelta(days=1)
        merchant.active = False
        with self.assertRaisesRegex(LedgerError, "ended"):
            merchant._check_sells()

    def test_its_account_is_its_own(self):
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "FR1420041010050500013M02606", "partner_id": self.another().id}
        )
        with self.assertRaisesRegex(ValidationError, "not one of"):
            self.merchant.bank_id = bank

    # -- whose wallet --------------------------------------------------------------------

    def spend(self, amount, merchant=None):
        return self.ledger._spend(
            self.wallet,
            self.bar,
            [(None, amount, None)],
            key=f"spend-{amount}",
            origin="test",
            merchant=merchant or self.merchant,
        )

    def sides(self, operation):
        return {
            (line.asset_id, line.credit_account_id.wallet_id): line.amount_minor
            for line in operation.transfer_ids
        }

    def test_own_assets_reach_the_merchant_others_the_organiser(self):
        self.topup(500)
        self.topup(800, self.euro, company=self.coop)
        wallet = self.merchant._wallet()
        self.assertEqual((wallet.kind, wallet.partner_id), ("place", self.zoe))
        self.assertFalse(wallet.company_id)
        self.assertEqual(self.merchant._wallet(), wallet)
        operation = self.spend(900)
        place = self.env["tibillet.wallet"]._of_place(self.bar)
        self.assertEqual(
            self.sides(operation), {(self.token, wallet): 500, (self.euro, place): 400}
        )
        entries = self.write(today=True)
        self.assertBalanced(entries)
        # the organiser owes the merchant what it issued; the other issuer owes the organiser
        due = self.role_account(self.bar, "due_to", self.zoe)
        self.assertEqual(self.balance_of(due, self.bar), -5.0)
        there = self.role_account(self.coop, "due_to", self.bar.partner_id)
        self.assertEqual(self.balance_of(there, self.coop), -4.0)
        for company in (self.bar, self.coop):
            for row in self.books._control_rows(company):
                if row.kind == "pair":
                    self.assertEqual(row.rest_minor, 0, row)
        debt = self.env["tibillet.debt"].search([("partner_id", "=", self.zoe.id)])
        self.assertEqual((debt.issuer_company_id, debt.amount), (self.bar, 5.0))

    def test_only_what_its_contract_names(self):
        self.topup(500)
        self.topup(800, self.euro, company=self.coop)
        self.merchant.asset_ids = self.euro
        operation = self.spend(300)
        self.assertEqual(operation.transfer_ids.asset_id, self.euro)
        self.merchant.asset_ids = self.gift
        with self.assertRaises(LedgerError) as refused:
            self.spend(200)
        self.assertEqual(refused.exception.code, "asset_not_accepted")

    def test_a_merchant_that_sold_keeps_its_company(self):
        self.topup(500)
        self.spend(200)
        other = self.another()
        with self.assertRaisesRegex(ValidationError, "another merchant"):
            self.merchant.partner_id = other
