from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .books_common import DAY, NOON
from .settlement_common import DUE, SettlementCase


@tagged("post_install", "-at_install")
class TestStory08(SettlementCase):
    """Three places, one euro: loaded in cash at B, drunk at A, refunded at C, settled to zero.

    Within one database. The till's own documents are shown in the till's tests; here the cash
    and the sale are entries and a receipt, as an accountant books them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        euro = cls.bar.currency_id
        cls.b, cls.c = cls.env["res.company"].create(
            [
                {
                    "name": name,
                    "currency_id": euro.id,
                    "tibillet_stored_limit_minor": 0,
                    "tibillet_spent_limit_minor": 0,
                }
                for name in ("Lieu B", "Lieu C")
            ]
        )
        for company in (cls.b, cls.c):
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company, install_demo=False
            )
            company.currency_id = euro
        cls.env["tibillet.acceptance"].create(
            [
                {"asset_id": cls.euro.id, "company_id": company.id, **terms}
                for company, terms in (
                    (cls.b, {"may_load": True, "exposure_ceiling_minor": 6_000}),
                    (cls.c, {"may_refund": True}),
                )
            ]
        ).write(
            {
                "state": "active",
                "contract_date": "2026-01-01",
                "countersigned_by_id": cls.env.uid,
                "agreed_by_id": cls.env.uid,
            }
        )
        cls.env.user.company_ids |= cls.bar | cls.coop | cls.b | cls.c

    def cash(self, company, amount):
        """Money in the drawer (positive) or out of it, against clearing."""
        journal = self.env["account.journal"].create(
            {"name": "Caisse", "type": "cash", "code": "CSH9", "company_id": company.id}
        )
        accounts = (
            (journal.default_account_id, amount),
            (
                company.tibillet_clearing_account_id,
                -amount,
            ),
        )
        self.env["account.move"].with_company(company).create(
            {
                "journal_id": journal.id,
                "move_type": "entry",
                "company_id": company.id,
                "date": DAY,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in accounts
                ],
            }
        ).action_post()

    def sell(self, company, net):
        """A receipt with the seller's tax, paid by the card: its due goes to clearing."""
        self.env.user.group_ids |= self.env.ref("account.group_account_user")
        receipt = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_receipt",
                    "company_id": company.id,
                    "invoice_date": DAY,
                    "partner_id": self.env["res.partner"].create({"name": "Comptoir"}).id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Bières",
                                "price_unit": net,
                                "tax_ids": [Command.set(company.account_sale_tax_id.ids)],
                            }
                        )
                    ],
                }
            )
        )
        receipt.action_post()
        due = receipt.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.env["account.move"].with_company(company).create(
            {
                "journal_id": company.tibillet_journal_id.id,
                "company_id": company.id,
                "date": DAY,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (company.tibillet_clearing_account_id, due.balance),
                        (due.account_id, -due.balance),
                    )
                ],
            }
        ).action_post()
        return receipt

    def taxes(self, company):
        taxes = self.env["account.move.line"].search(
            [("company_id", "=", company.id), ("tax_line_id", "!=", False)]
        )
        return -round(sum(taxes.mapped("balance")), 2)

    def settle(self, one):
        settlement = self.env["tibillet.settlement"]._propose(
            one, self.coop, one.currency_id, DAY, DUE
        )
        settlement.action_agree()
        self.env["tibillet.settlement.pay"].create(
            {"settlement_id": settlement.id, "date": "2026-01-20"}
        ).action_pay()
        self.assertEqual(settlement.state, "done")
        return settlement

    def test_story_08_three_places_one_euro(self):
        acceptances = self.env["tibillet.acceptance"]
        mine = self.account(self.wallet, self.euro)
        # 50 € loaded in cash at B, within its ceiling; 20 € more are not.
        acceptances._check_load(self.euro, self.b, 5_000)
        self.topup(5_000, self.euro, company=self.b)
        self.cash(self.b, 50)
        refusal = self.assertRefused(
            "limit_exceeded", acceptances._check_load, self.euro, self.b, 2_000
        )
        self.assertIn("settle first", str(refusal))
        # 30 € drunk at A, with its tax; 20 € paid back in cash at C.
        self.sale(3_000, self.euro, company=self.bar, at=NOON + timedelta(hours=1))
        receipt = self.sell(self.bar, 25)
        self.assertEqual(receipt.amount_total, 30)
        acceptances._check_refund(self.euro, self.c, 2_000)
        self.put("refund", (mine, self.issuer(self.euro), 2_000), company=self.c)
        self.cash(self.c, -20)

        self.assertEqual(self.balance(self.euro), 0)
        paid = {one: self.settle(one) for one in (self.b, self.bar, self.c)}
        self.assertEqual(
            [(paid[one].debtor_company_id, paid[one].amount) for one in paid],
            [(self.b, 50), (self.coop, 30), (self.coop, 20)],
        )
        self.assertEqual(self.owed(), {})
        for company in (self.bar, self.coop, self.b, self.c):
            control = self.books._control(company)
            # Documents by hand name no operation: the balances are what is looked at.
            self.assertFalse([pair for pair in control["pairs"] if pair["balance_minor"]])
            self.assertFalse([row for row in control["assets"] if row["difference_minor"]])
            clearing = self.balance_of(company.tibillet_clearing_account_id, company)
            self.assertEqual(clearing, 0, company.name)
            self.assertFalse(self.open_lines(company), company.name)
        self.assertEqual(
            [self.taxes(company) for company in (self.bar, self.coop, self.b, self.c)],
            [5, 0, 0, 0],
        )
        bank = self.env["tibillet.settlement"]._bank_journal(self.coop)
        lines = paid[self.b].payment_ids.first_move_id | paid[self.b].payment_ids.second_move_id
        self.assertTrue(lines.filtered(lambda move: move.journal_id == bank))
        # What the co-operative received covers what still circulates: nothing and nothing.
        self.env.cr.execute("SELECT -tibillet_account_sum(%s)", [self.issuer(self.euro).id])
        self.assertEqual(self.env.cr.fetchone()[0], 0, "no unit is left anywhere")
        acceptances._check_load(self.euro, self.b, 5_000)  # B may load again
