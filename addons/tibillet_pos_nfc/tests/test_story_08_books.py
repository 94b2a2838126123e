from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import UID
from .test_cardpage_money_back import MoneyBackCase

#: What a till test calls its place, and what changes with it.
PLACE = (
    "company",
    "config",
    "cash",
    "bank",
    "method",
    "cashier",
    "till_manager",
    "till_session",
    "device",
    "credential",
    "seq",
)
#: In the drawer of each till at the start, noted without entry.
FLOAT = 300


@tagged("post_install", "-at_install")
class TestStory08Books(MoneyBackCase):
    """Story 8 with the tills' own documents, in one database.

    Three places, one euro of the co-operative: 50 € loaded in cash at B, which has its mandate,
    30 € drunk at A, 20 € paid back in cash at C. Each till is closed, each book written, what
    they owe each other agreed on and paid: four trial balances, line by line.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat = cls.company_data["default_account_tax_sale"]
        tax = cls.beer.taxes_id
        (tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids).filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = cls.vat
        cls.coop = cls._new_company("La Coopérative")
        cls.euro = cls.env["tibillet.asset"].create(
            {"name": "Euro fédéré", "code": "fed", "kind": "fed", "company_id": cls.coop.id}
        )
        cls.places = {"A": {name: getattr(cls, name, None) for name in PLACE}}
        for name in ("B", "C"):
            cls.places[name] = cls._new_place(f"Lieu {name}")
        terms = {
            "A": {},
            "B": {"may_load": True, "exposure_ceiling_minor": 6_000},
            "C": {"may_refund": True},
        }
        acceptances = cls.env["tibillet.acceptance"].create(
            [
                {
                    "asset_id": cls.euro.id,
                    "company_id": cls.places[name]["company"].id,
                    **values,
                }
                for name, values in terms.items()
            ]
        )
        acceptances.action_agree()
        acceptances.action_countersign()

    @classmethod
    def _set_cards_up(cls):
        """One blank purse: nothing stands in any book before the story."""
        cls.ledger = cls.env["tibillet.ledger"]
        cls.card = cls.env["tibillet.card"].create(
            {
                "uid": UID,
                "number": "TEST2345",
                "company_id": cls.company.id,
                "state": "anonymous",
            }
        )

    @classmethod
    def _new_company(cls, name):
        company = cls.env["res.company"].create(
            {
                "name": name,
                "currency_id": cls.company.currency_id.id,
                "country_id": cls.company.country_id.id,
            }
        )
        cls.env.user.company_ids |= company
        cls.env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        company.currency_id = cls.company.currency_id  # the generic chart sells in dollars
        return company

    @classmethod
    def _new_place(cls, name):
        """A company with a till: what `TillCase` makes of the first one."""
        company = cls._new_company(name)
        here = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        journal = here["account.journal"].create(
            {"name": "Till cash", "type": "cash", "code": "TLC", "company_id": company.id}
        )
        bank_journal = here["tibillet.settlement"]._bank_journal(company)
        cash, bank = here["pos.payment.method"].create(
            [
                {"name": "Cash", "journal_id": journal.id, "company_id": company.id},
                {"name": "Bank card", "journal_id": bank_journal.id, "company_id": company.id},
            ]
        )
        config = here["pos.config"].create(
            {
                "name": name,
                "company_id": company.id,
                "module_pos_restaurant": False,
                "payment_method_ids": [Command.set((cash | bank).ids)],
                "iface_print_auto": False,
            }
        )
        config.tibillet_wallet = True

        def person(role, group):
            return new_test_user(
                cls.env,
                login=f"{role}_{company.id}",
                groups=group,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )

        place = {
            "company": company,
            "config": config,
            "cash": cash,
            "bank": bank,
            "method": config._tibillet_methods(),
            "cashier": person("cashier", "point_of_sale.group_pos_user"),
            "till_manager": person("manager", "point_of_sale.group_pos_manager"),
        }
        return {
            key: value.with_env(cls.env) if hasattr(value, "with_env") else value
            for key, value in place.items()
        }

    def setUp(self):
        super().setUp()
        self.here = "A"
        for name in ("B", "C"):
            self.go(name)
            self.pair(self.open_session())
            self.till_session.sudo().cash_register_balance_start = FLOAT

    def go(self, name):
        """Stand behind another place's till."""
        self.places[self.here].update({key: getattr(self, key, None) for key in PLACE})
        self.here = name
        for key, value in self.places[name].items():
            setattr(self, key, value)

    def company_of(self, name):
        return self.places[name]["company"]

    # -- what is looked at -------------------------------------------------------------------

    def trial_balance(self, company):
        """{account: balance} of every account of a company that is not at zero."""
        rows = self.env["account.move.line"]._read_group(
            [("company_id", "=", company.id), ("parent_state", "=", "posted")],
            ["account_id"],
            ["balance:sum"],
        )
        return {account: round(sum_, 2) for account, sum_ in rows if round(sum_, 2)}

    def bank_of(self, company):
        """Where settlements are paid from and to, per way."""
        journal = self.env["tibillet.settlement"]._bank_journal(company)
        arrives = journal.inbound_payment_method_line_ids.payment_account_id[:1]
        leaves = journal.outbound_payment_method_line_ids.payment_account_id[:1]
        return arrives or journal.default_account_id, leaves or journal.default_account_id

    def money_at_bank(self, company):
        balances = self.trial_balance(company)
        return sum(balances.get(account, 0) for account in set(self.bank_of(company)))

    def units(self):
        """Held by cards and owed to other places, in euros."""
        [held], [owed] = (list(figures.values()) or [0] for figures in self.euro._circulation())
        return (held + owed) / 100

    def settle(self, name):
        settlements = self.env["tibillet.settlement"]
        pair = (self.company_of(name), self.coop)
        settlement = settlements._propose(
            *pair, self.coop.currency_id, *settlements._usual_days(pair[0] | pair[1])
        )
        settlement.action_agree()
        self.env["tibillet.settlement.pay"].create(
            {"settlement_id": settlement.id, "date": fields.Date.context_today(settlement)}
        ).action_pay()
        self.assertEqual((settlement.state, settlement.rest), ("done", 0))
        return settlement

    # -- the story ---------------------------------------------------------------------------

    def test_story_08_three_places_one_euro(self):
        self.go("B")
        self.load_by("cash", 5_000, uid=UID, asset=self.euro)
        stopped = self.promise(2_000, self.euro)
        self.assertEqual(stopped["code"], "limit_exceeded", stopped)
        self.assertIn("settle first", stopped["message"])
        self.assertEqual(self.free(asset=self.euro), 5_000)

        self.go("A")
        self.assertTrue(self.tap(30.0)["ok"])
        self.sync(self.order_values([(self.method, 30.0, self.key)], [(self.beer, 5, 6.0)]))

        self.go("C")
        paid_back = self.refund(2_000, uid=UID, asset=self.euro)
        self.assertTrue(paid_back["ok"], paid_back)
        self.assertEqual(self.free(asset=self.euro), 0)

        for name in "ABC":
            self.go(name)
            self.close()
        self.wait(24 * 60)
        self.books_are_written()
        owes = {"A": -30.0, "B": 50.0, "C": -20.0}
        for name, amount in owes.items():
            self.assertEqual(self.due(name), amount, name)
        [exposure] = self.env["tibillet.exposure"].search([("company_id", "=", self.coop.id)])
        self.assertEqual((exposure.owed, exposure.is_owed), (50.0, 50.0))

        for name in "BAC":
            settlement = self.settle(name)
            debtor = self.company_of(name) if owes[name] > 0 else self.coop
            self.assertEqual(
                (settlement.debtor_company_id, settlement.amount), (debtor, abs(owes[name]))
            )
            self.assertGreaterEqual(self.money_at_bank(self.coop), self.units(), name)
        self.books_are_written()
        self.four_trial_balances()
        self.assertEqual((self.units(), self.ledger._audit()), (0, {}))
        self.assertEqual(self.ledger._audit_books(), {})
        self.env["tibillet.acceptance"]._check_load(self.euro, self.company_of("B"), 5_000)

    def books_are_written(self):
        self.env["tibillet.books"]._write_pending(include_today=True)
        self.env.invalidate_all()

    def due(self, name):
        """What a place owes the co-operative by its own books, and the mirror there."""
        company = self.company_of(name)
        accounts = self.env["tibillet.book.account"]
        mine = self.trial_balance(company).get(
            accounts._account(company, "due_from", self.coop.partner_id), 0
        )
        theirs = self.trial_balance(self.coop).get(
            accounts._account(self.coop, "due_to", company.partner_id), 0
        )
        self.assertEqual(mine, -theirs, name)
        return -mine

    def four_trial_balances(self):
        """Money where it went, turnover and its tax at the seller, and nothing else anywhere:
        no liability, no debt between places, nothing on clearing."""
        a, b, c = (self.company_of(name) for name in "ABC")
        drawer = {name: self.places[name]["cash"].journal_id.default_account_id for name in "BC"}
        turnover = self.beer.with_company(a)._get_product_accounts()["income"]
        expected = {
            a: {turnover: -25.0, self.vat: -5.0, self.bank_of(a)[0]: 30.0},
            b: {drawer["B"]: 50.0, self.bank_of(b)[1]: -50.0},
            c: {drawer["C"]: -20.0, self.bank_of(c)[0]: 20.0},
            self.coop: {},
        }
        self.assertEqual(self.money_at_bank(self.coop), 0, "50 in, 30 and 20 out")
        for company, lines in expected.items():
            found = self.trial_balance(company)
            if company == self.coop:
                for account in self.bank_of(company):
                    found.pop(account, None)
            self.assertEqual(
                {account.display_name: balance for account, balance in found.items()},
                {account.display_name: balance for account, balance in lines.items()},
                company.name,
            )
            control = self.env["tibillet.control"]._look(company)
            self.assertEqual((control.state, control.rest), ("sound", 0), company.name)
