"""What each role may do with each model of this addon."""

import secrets

from odoo.fields import Command
from odoo.tests import tagged

from .base import use_key_file
from .books_common import BooksCase
from .security_matrix import SecurityMatrix

READ = {"accountant": "r", "manager": "r"}
#: What the outside accountant reads too.
BOOKS = {"auditor": "r", **READ}


@tagged("post_install", "-at_install")
class TestSecurity(SecurityMatrix, BooksCase):
    ADDON = "tibillet_wallet"
    ROLES = {
        role: f"tibillet_wallet.tibillet_wallet_group_{group}"
        for role, group in (
            ("desk", "user"),
            ("auditor", "auditor"),
            ("accountant", "accountant"),
            ("manager", "manager"),
        )
    }
    # Money (accounts, operations, holds, transfers, entries) is read-only for everybody: its rows
    # are written in one place, by SQL.
    # Forms at the desk belong to who opened them: nobody touches another's.
    MATRIX = {
        "tibillet.acceptance": {"auditor": "r", "accountant": "r", "manager": "rwcd"},
        "tibillet.account": READ,
        "tibillet.audit": BOOKS,
        "tibillet.audit.finding": BOOKS,
        # Forms of money acts: each reads and confirms its own form only (made here by another).
        "tibillet.act.choice": {},
        "tibillet.act.claim": {},
        "tibillet.act.correct": {},
        "tibillet.act.freeze": {},
        "tibillet.act.gift": {},
        "tibillet.act.issue": {},
        "tibillet.act.overdraft": {},
        "tibillet.act.recycle": {},
        "tibillet.act.refund": {},
        "tibillet.act.replace": {},
        "tibillet.act.write.off": {},
        "tibillet.asset": {"desk": "r", "auditor": "r", "accountant": "r", "manager": "rwcd"},
        "tibillet.book.account": BOOKS,
        "tibillet.book.change": BOOKS,
        "tibillet.book.choose": {},
        "tibillet.book.role": BOOKS,
        "tibillet.book.setting": {},
        "tibillet.card": {"accountant": "r", "manager": "rwcd"},
        "tibillet.card.batch": {"manager": "rwcd"},
        "tibillet.control": BOOKS,
        "tibillet.control.line": BOOKS,
        "tibillet.control.reason": BOOKS,
        "tibillet.debt": BOOKS,
        "tibillet.debt.line": BOOKS,
        "tibillet.debt.pair": BOOKS,
        "tibillet.card.code": {},
        "tibillet.card.find": {},
        "tibillet.daily.form": {},
        "tibillet.dormancy": READ,
        "tibillet.exchange": BOOKS,
        "tibillet.exposure": BOOKS,
        "tibillet.hold.line": BOOKS,
        "tibillet.key": {"manager": "r"},
        "tibillet.ledger.entry": BOOKS,
        "tibillet.ledger.entry.line": BOOKS,
        "tibillet.ledger.entry.operation": BOOKS,
        "tibillet.loyalty": {"accountant": "r", "manager": "rwcd"},
        "tibillet.merchant": {"accountant": "r", "manager": "rwc"},
        "tibillet.meter": {"auditor": "r", "accountant": "r", "manager": "rw"},
        "tibillet.movement": READ,
        "tibillet.notice": READ,
        "tibillet.operation": BOOKS,
        "tibillet.outbox": {"manager": "r"},
        "tibillet.person.erase": {},
        "tibillet.place": {"desk": "r", "accountant": "r", "manager": "rw"},
        "tibillet.sepa.line": BOOKS,
        "tibillet.sepa.order": BOOKS,
        "tibillet.sepa.prepare": {},
        "tibillet.settlement": BOOKS,
        "tibillet.settlement.bounce": {},
        "tibillet.settlement.dispute": {},
        "tibillet.settlement.line": BOOKS,
        "tibillet.settlement.pay": {},
        "tibillet.settlement.payment": BOOKS,
        "tibillet.settlement.propose": {},
        "tibillet.terms.consent": READ,
        "tibillet.transfer": BOOKS,
        "tibillet.volunteer.year": {"auditor": "r", "accountant": "rwcd", "manager": "rwcd"},
        "tibillet.wallet": {"accountant": "r", "manager": "rwc"},
        "tibillet.wallet.access": {"manager": "r"},
        "tibillet.wallet.decision": READ,
        "tibillet.act.chargeback": {},
        "tibillet.backing": {"auditor": "r", "accountant": "rw", "manager": "rw"},
        "tibillet.backing.bank": {"auditor": "r", "accountant": "rw", "manager": "rw"},
        "tibillet.budget": {"auditor": "r", "accountant": "rwcd", "manager": "rwcd"},
        "tibillet.budget.line": {"auditor": "r", "accountant": "rwcd", "manager": "rwcd"},
        "tibillet.provider.charge": BOOKS,
        "tibillet.provider.fee": {},
        "tibillet.treasury": BOOKS,
    }

    # A sweep of the ledger is of no company: it counts rows, and names them by number.
    ACROSS = {"tibillet.audit": "r", "tibillet.audit.finding": "r"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        use_key_file(cls)

    @classmethod
    def matrix_companies(cls):
        """The bar and the co-operative have charts of accounts, so their books can be written."""
        return cls.bar, cls.coop

    def record_of(self, model, company):
        if model.startswith("tibillet.act."):
            return self._of_an_act(model, company)
        if model in ("tibillet.card.find", "tibillet.card.code"):
            return self.env[model].create({})
        made = getattr(self, f"_made_{model.replace('.', '_')}", None)
        return made(company) if made else self._of_an_operation(model, company)

    def _asset(self, company):
        """An asset that its issuer alone knows of."""
        return self.make_asset(f"x{secrets.token_hex(4)}", "local", company)

    def _of_an_operation(self, model, company):
        """The row of an operation that was held and captured, then booked, in the company."""
        asset = self._asset(company)
        card = self._made_tibillet_card(company)
        account = self.account(card.wallet_id, asset)
        self.put("topup", (self.issuer(asset), account, 900), company=company)
        held = self.put(
            "sale",
            (account, self.place(company, asset), 300),
            company=company,
            hold_until=self.in_minutes(5),
        )
        if model == "tibillet.hold.line":
            return held.hold_line_ids[0]
        self.ledger._capture(held)
        if model == "tibillet.operation":
            return held
        if model == "tibillet.transfer":
            return held.transfer_ids[0]
        if model == "tibillet.movement":
            return self.env[model].browse(held.transfer_ids[0].id)
        self.write(company, today=True)
        row = self.env["tibillet.ledger.entry.operation"].search([("operation_id", "=", held.id)])
        entry = row.entry_id.filtered(lambda one: one.company_id == company)
        if model == "tibillet.ledger.entry.operation":
            return row.filtered(lambda one: one.company_id == company)
        if model == "tibillet.ledger.entry":
            return entry
        return self.env[model].search([("entry_id", "=", entry.id)], limit=1)

    def _made_tibillet_person_erase(self, company):
        partner = self.env["res.partner"].create({"name": "X"})
        return self.env["tibillet.person.erase"].create({"partner_id": partner.id})

    def _made_tibillet_wallet_access(self, company):
        wallet = self._made_tibillet_card(company).wallet_id
        staff = self.manager_bar if company == self.bar else self.manager_coop
        wallet.with_user(staff)._note_access("wallet")
        return self.env["tibillet.wallet.access"].search([("wallet_id", "=", wallet.id)])

    def _made_tibillet_asset(self, company):
        return self._asset(company)

    def _made_tibillet_control(self, company):
        control = self.env["tibillet.control"].create(
            {
                "company_id": company.id,
                "day": "2026-01-15",
                "checked_at": "2026-01-15 06:00:00",
                "state": "sound",
            }
        )
        self.env["tibillet.control.line"].create(
            {
                "control_id": control.id,
                "kind": "clearing",
                "name": "Clearing",
                "currency_id": company.currency_id.id,
            }
        )
        self.env["tibillet.control.reason"].create(
            {
                "control_id": control.id,
                "kind": "entry",
                "name": "Operations of a day",
                "since": "2026-01-15 06:00:00",
            }
        )
        return control

    def _made_tibillet_control_line(self, company):
        return self._made_tibillet_control(company).line_ids

    def _made_tibillet_control_reason(self, company):
        return self._made_tibillet_control(company).reason_ids

    def _made_tibillet_merchant(self, company):
        partner = self.env["res.partner"].create(
            {
                "name": f"Stand {secrets.token_hex(3)}",
                "is_company": True,
                "company_registry": "73282932000074",
            }
        )
        return self.env["tibillet.merchant"].create(
            {
                "name": partner.name,
                "company_id": company.id,
                "partner_id": partner.id,
                "date_from": "2026-01-16 15:00:00",
                "date_to": "2026-01-18 20:00:00",
            }
        )

    def _made_tibillet_meter(self, company):
        self._asset(company)
        meters_sudo = self.env["tibillet.meter"]._of_every_issuer()
        return meters_sudo.filtered(lambda one: one.company_id == company).with_env(self.env)

    def _made_tibillet_backing(self, company):
        return self.env["tibillet.backing"]._ensure(company).with_env(self.env)

    def _made_tibillet_backing_bank(self, company):
        return self._made_tibillet_backing(company).bank_ids[:1]

    def _made_tibillet_treasury(self, company):
        self._of_an_operation("tibillet.operation", company)
        return self.env["tibillet.treasury"].search([("company_id", "=", company.id)], limit=1)

    def _made_tibillet_exchange(self, company):
        return self.env["tibillet.exchange"].create(
            {
                "company_id": company.id,
                "asset_id": self._asset(company).id,
                "day": "2026-01-15",
                "user_id": self.env.uid,
            }
        )

    def _made_tibillet_provider_charge(self, company):
        bank = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        return self.env["tibillet.provider.charge"].create(
            {
                "company_id": company.id,
                "kind": "fee",
                "provider_ref": secrets.token_hex(4),
                "date": "2026-01-15",
                "journal_id": bank.id,
                "fee_minor": 100,
                "form_key": secrets.token_hex(4),
            }
        )

    def _made_tibillet_provider_fee(self, company):
        return self.env["tibillet.provider.fee"].create(
            {"company_id": company.id, "provider_ref": "x", "fee": 1, "reason": "x"}
        )

    def _made_tibillet_budget(self, company):
        return self.env["tibillet.budget"].create(
            {
                "name": "Samedi",
                "company_id": company.id,
                "date_from": "2026-01-15",
                "date_to": "2026-01-16",
                "line_ids": [Command.create({"name": "Bar", "kind": "income"})],
            }
        )

    def _made_tibillet_budget_line(self, company):
        return self._made_tibillet_budget(company).line_ids

    def _made_tibillet_loyalty(self, company):
        points = self.make_asset(f"p{secrets.token_hex(4)}", "points", company)
        return self.env["tibillet.loyalty"].create(
            {"asset_id": points.id, "company_id": company.id}
        )

    def _made_tibillet_acceptance(self, company):
        """Between the company and a third one: the other of the two has no part in it."""
        third = self.env["res.company"].create(
            {"name": f"Tiers {secrets.token_hex(3)}", "currency_id": company.currency_id.id}
        )
        return self.env["tibillet.acceptance"].create(
            {"asset_id": self._asset(company).id, "company_id": third.id}
        )

    def _debt_line(self, company):
        """Between the company, which issues, and a third one that took it."""
        third = self.env["res.company"].create(
            {"name": f"Tiers {secrets.token_hex(3)}", "currency_id": company.currency_id.id}
        )
        asset = self._asset(company)
        account = self.account(self._made_tibillet_card(company).wallet_id, asset)
        self.put("topup", (self.issuer(asset), account, 900), company=company)
        self.put("sale", (account, self.place(third, asset), 300), company=third)
        return self.env["tibillet.debt.line"].search([("asset_id", "=", asset.id)])

    def _made_tibillet_debt_line(self, company):
        return self._debt_line(company)

    def _made_tibillet_debt(self, company):
        line = self._debt_line(company)
        return self.env["tibillet.debt"].search([("asset_id", "=", line.asset_id.id)])

    def _made_tibillet_sepa_order(self, company):
        journal = self.env["account.journal"].create(
            {
                "name": "Banque",
                "type": "bank",
                "code": secrets.token_hex(2),
                "company_id": company.id,
            }
        )
        return self.env["tibillet.sepa.order"].create(
            {
                "reference": secrets.token_hex(6),
                "company_id": company.id,
                "journal_id": journal.id,
                "currency_id": company.currency_id.id,
                "date": "2026-01-20",
            }
        )

    def _made_tibillet_sepa_prepare(self, company):
        return self.env["tibillet.sepa.prepare"].create({"date": "2026-01-20"})

    def _made_tibillet_sepa_line(self, company):
        order = self._made_tibillet_sepa_order(company)
        return self.env["tibillet.sepa.line"].create(
            {
                "order_id": order.id,
                "name": "Le Phare",
                "iban": "FR7630006000011234567890189",
                "reference": "SET/2026/0001",
                "amount_minor": 1_200,
                "res_model": "tibillet.settlement",
                "res_id": order.id,
            }
        )

    def _made_tibillet_exposure(self, company):
        self._debt_line(company)
        return self.env["tibillet.exposure"].search([("company_id", "=", company.id)])

    def _made_tibillet_debt_pair(self, company):
        third = self._debt_line(company).place_company_id
        return self.env["tibillet.debt.pair"].search([("second_company_id", "=", third.id)])

    def _made_tibillet_settlement(self, company):
        """Between the company and a third one that took its asset."""
        line = self._debt_line(company)
        first, second = (company | line.place_company_id).sorted("id")
        settlement = self.env["tibillet.settlement"].create(
            {
                "reference": secrets.token_hex(4),
                "first_company_id": first.id,
                "second_company_id": second.id,
                "currency_id": company.currency_id.id,
                "number": 1,
                "until_day": "2026-01-15",
                "due_date": "2026-01-29",
                "net_minor": 300,
            }
        )
        self.env["tibillet.settlement.line"].create(
            {
                "settlement_id": settlement.id,
                "asset_id": line.asset_id.id,
                "issuer_company_id": company.id,
                "place_company_id": line.place_company_id.id,
                **{
                    f"{name}_minor": 300 * (name in ("sale", "amount"))
                    for name in ("sale", "topup", "refund", "other", "carried", "amount")
                },
            }
        )
        return settlement.with_env(self.env)

    def _made_tibillet_settlement_line(self, company):
        return self._made_tibillet_settlement(company).line_ids

    def _made_tibillet_settlement_payment(self, company):
        settlement = self._made_tibillet_settlement(company)
        return (
            self.env["tibillet.settlement.payment"]
            .create({"settlement_id": settlement.id, "date": "2026-01-20", "amount_minor": 1})
            .with_env(self.env)
        )

    def _made_tibillet_settlement_propose(self, company):
        third = self.env["res.company"].create({"name": f"Tiers {secrets.token_hex(3)}"})
        return self.env["tibillet.settlement.propose"].create(
            {"company_id": company.id, "other": str(third.id)}
        )

    def _made_tibillet_settlement_pay(self, company):
        settlement = self._made_tibillet_settlement(company)
        return self.env["tibillet.settlement.pay"].create({"settlement_id": settlement.id})

    def _made_tibillet_settlement_bounce(self, company):
        payment = self._made_tibillet_settlement_payment(company)
        return self.env["tibillet.settlement.bounce"].create(
            {"payment_id": payment.id, "reason": "x"}
        )

    def _made_tibillet_settlement_dispute(self, company):
        settlement = self._made_tibillet_settlement(company)
        return self.env["tibillet.settlement.dispute"].create(
            {"settlement_id": settlement.id, "reason": "x"}
        )

    def _made_tibillet_account(self, company):
        return self.issuer(self._asset(company))

    def _made_tibillet_audit(self, company):
        """A sweep is of no company: whoever may read one reads all."""
        return self.env["tibillet.audit"].create({"state": "sound"})

    def _made_tibillet_audit_finding(self, company):
        audit = self.env["tibillet.audit"].create({"state": "broken"})
        return self.env["tibillet.audit.finding"].create(
            {"audit_id": audit.id, "check": "balance", "row_count": 1, "row_ids": [1]}
        )

    def _made_tibillet_book_account(self, company):
        self.role_account(company, "due_to", self.env["res.partner"].create({"name": "X"}))
        return self.env["tibillet.book.account"].search(
            [("company_id", "=", company.id), ("role", "=", "due_to")], limit=1
        )

    def _made_tibillet_book_role(self, company):
        return self.env["tibillet.book.role"].search(
            [("company_id", "=", company.id), ("role", "=", "clearing")]
        )

    def _made_tibillet_book_choose(self, company):
        return self.env["tibillet.book.choose"]._open(self._made_tibillet_book_role(company))

    def _made_tibillet_daily_form(self, company):
        return self.env["tibillet.daily.form"].create({"company_id": company.id})

    def _made_tibillet_book_setting(self, company):
        return self.env["tibillet.book.setting"].create({"company_id": company.id})

    def _made_tibillet_volunteer_year(self, company):
        return self.env["tibillet.volunteer.year"].create(
            {"company_id": company.id, "hours": 10, "rate": 12, "reason": "Bar"}
        )

    def _made_tibillet_book_change(self, company):
        return self.env["tibillet.book.change"].create(
            {"company_id": company.id, "role": "clearing", "user_id": self.env.uid}
        )

    def _made_tibillet_card(self, company):
        uid = f"04{secrets.token_hex(6).upper()}"
        return self.env["tibillet.card"].create(
            {"uid": uid, "company_id": company.id, "state": "anonymous"}
        )

    def _made_tibillet_card_batch(self, company):
        return self.env["tibillet.card.batch"].create(
            {"name": "Lot", "company_id": company.id, "host": "carte.example.org"}
        )

    def _made_tibillet_dormancy(self, company):
        asset = self._asset(company)
        account = self.account(self._made_tibillet_card(company).wallet_id, asset)
        self.env["tibillet.dormancy"]._keep(account)
        return self.env["tibillet.dormancy"]._of(account).with_env(self.env)

    def _made_tibillet_notice(self, company):
        """Of a frozen asset: its holders are told."""
        asset = self._asset(company)
        wallet = self._made_tibillet_card(company).wallet_id
        self.load(900, asset, wallet=wallet)
        asset.frozen_at = self.in_minutes(0)
        self.env["tibillet.notice"]._plan_frozen(asset)
        return self.env["tibillet.notice"].search([("asset_id", "=", asset.id)], limit=1)

    def _made_tibillet_terms_consent(self, company):
        asset = self._asset(company)
        asset.write({"extinguish_terms_date": "2026-01-01", "extinguish_allowed": True})
        wallet = self._made_tibillet_card(company).wallet_id
        return self.env["tibillet.terms.consent"]._accept(wallet, asset).with_env(self.env)

    def _made_tibillet_key(self, company):
        place = self._made_tibillet_place(company)
        self.env["tibillet.key"]._ensure(place, strict=True)
        return self.env["tibillet.key"].search([("place_id", "=", place.id)], limit=1)

    def _made_tibillet_outbox(self, company):
        return (
            self.env["tibillet.outbox"]
            .create(
                {
                    "key": secrets.token_hex(8),
                    "kind": "matrix",
                    "company_id": company.id,
                    "payload": {},
                }
            )
            .with_env(self.env)
        )

    def _made_tibillet_place(self, company):
        return self.env["tibillet.place"]._of_company(company)

    def _of_an_act(self, model, company):
        """Somebody else's form of a money act: its reason may name a person."""
        (company | self.env.company).tibillet_second_factor = False
        values = {"card_id": self._made_tibillet_card(company).id, "reason": "x"}
        if model == "tibillet.act.correct":
            values["operation_id"] = self._of_an_operation("tibillet.operation", company).id
        return self.env[model].create({**values, "company_id": company.id})

    def _made_tibillet_wallet_decision(self, company):
        return self.env["tibillet.wallet.decision"].create(
            {
                "wallet_id": self._made_tibillet_card(company).wallet_id.id,
                "company_id": company.id,
                "kind": "freeze",
                "key": secrets.token_hex(8),
            }
        )

    def _made_tibillet_wallet(self, company):
        return self.env["tibillet.wallet"]._of_place(company)

    # -- the other side of a relation ------------------------------------------------------------

    def test_an_acceptance_is_seen_from_both_sides_and_changed_by_one(self):
        """The acceptor reads what it may accept; what the issuer signed is the issuer's."""
        acceptance = self.env["tibillet.acceptance"].create(
            {"asset_id": self._asset(self.coop).id, "company_id": self.bar.id}
        )
        self.env.flush_all()
        self.assertIn("r", self.rights(acceptance, self.role_users["accountant"]))
        asset = acceptance.asset_id
        self.assertEqual(self.rights(asset, self.role_users["manager"]), {"r"})

    def test_a_manager_of_two_companies_sees_the_one_that_is_switched_on(self):
        user = self.role_users["manager"]
        user.company_ids = [Command.set((self.bar | self.coop).ids)]
        card = self._made_tibillet_card(self.coop)
        self.env.flush_all()
        seen = self.env["tibillet.card"].with_user(user)
        both = seen.with_context(allowed_company_ids=(self.bar | self.coop).ids)
        one = seen.with_context(allowed_company_ids=self.bar.ids)
        self.assertEqual(both.search([("id", "=", card.id)]).id, card.id)
        self.assertFalse(one.search([("id", "=", card.id)]))
