"""What each role may do with each model of this addon."""

import secrets

from odoo.fields import Command
from odoo.tests import tagged

from .base import use_key_file
from .books_common import BooksCase
from .security_matrix import SecurityMatrix

READ = {"accountant": "r", "manager": "r"}


@tagged("post_install", "-at_install")
class TestSecurity(SecurityMatrix, BooksCase):
    ADDON = "tibillet_wallet"
    ROLES = {
        role: f"tibillet_wallet.tibillet_wallet_group_{group}"
        for role, group in (("desk", "user"), ("accountant", "accountant"), ("manager", "manager"))
    }
    # Money (accounts, operations, holds, transfers, entries) is read-only for everybody: its rows
    # are written in one place, by SQL.
    # Forms at the desk belong to who opened them: nobody touches another's.
    MATRIX = {
        "tibillet.acceptance": {"accountant": "r", "manager": "rwcd"},
        "tibillet.account": READ,
        "tibillet.audit": READ,
        "tibillet.audit.finding": READ,
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
        "tibillet.asset": {"desk": "r", "accountant": "r", "manager": "rwcd"},
        "tibillet.book.account": READ,
        "tibillet.card": {"accountant": "r", "manager": "rwcd"},
        "tibillet.card.batch": {"manager": "rwcd"},
        "tibillet.debt": READ,
        "tibillet.debt.line": READ,
        "tibillet.debt.pair": READ,
        "tibillet.card.code": {},
        "tibillet.card.find": {},
        "tibillet.dormancy": READ,
        "tibillet.hold.line": READ,
        "tibillet.key": {"manager": "r"},
        "tibillet.ledger.entry": READ,
        "tibillet.ledger.entry.line": READ,
        "tibillet.ledger.entry.operation": READ,
        "tibillet.loyalty": {"accountant": "r", "manager": "rwcd"},
        "tibillet.movement": READ,
        "tibillet.notice": READ,
        "tibillet.operation": READ,
        "tibillet.outbox": {"manager": "r"},
        "tibillet.person.erase": {},
        "tibillet.place": {"desk": "r", "accountant": "r", "manager": "rw"},
        "tibillet.terms.consent": READ,
        "tibillet.transfer": READ,
        "tibillet.wallet": {"accountant": "r", "manager": "rwc"},
        "tibillet.wallet.access": {"manager": "r"},
        "tibillet.wallet.decision": READ,
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

    def _made_tibillet_debt_pair(self, company):
        third = self._debt_line(company).place_company_id
        return self.env["tibillet.debt.pair"].search([("second_company_id", "=", third.id)])

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
