"""What each role may do with each model of this addon."""

import json

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix

WALLET = "tibillet_wallet.tibillet_wallet_group_"
TILL = "tibillet_pos_nfc.tibillet_pos_nfc_group_"
JOURNAL = {"accountant": "r", "manager": "r"}


@tagged("post_install", "-at_install")
class TestSecurity(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_pos_nfc"
    allow_inherited_tests_method = True
    ROLES = {
        "desk": WALLET + "user",
        "auditor": WALLET + "auditor",
        "accountant": WALLET + "accountant",
        "cashier": TILL + "user",
        "manager": TILL + "manager",
    }
    # What a device did (acts, gaps, promised refunds) is written by the taps alone.
    MATRIX = {
        "tibillet.device": {"cashier": "r", "manager": "rwcd"},
        "tibillet.device.act": JOURNAL,
        "tibillet.device.gap": JOURNAL,
        "tibillet.refund": JOURNAL,
        "tibillet.deposit.move": JOURNAL,
        "tibillet.deposit.mirror": JOURNAL,
        "tibillet.dispute": {"manager": "rwc"},
        "tibillet.dispute.line": {"manager": "r"},
        # counts, bags and closings are written by the till and the server alone
        "tibillet.cash.shift": JOURNAL,
        "tibillet.cash.drop": JOURNAL,
        "tibillet.drawer.opening": JOURNAL,
        "tibillet.closing": {"auditor": "r", **JOURNAL},
        "tibillet.cash.remittance": {"accountant": "r", "manager": "rwcd"},
        "tibillet.offer.reason": {"cashier": "r", "manager": "rwcd"},
        "tibillet.happy.hour": {"cashier": "r", "manager": "rwcd"},
        "tibillet.price.right": {"manager": "rwcd"},
        "tibillet.evening": {"manager": "rwcd"},
        "tibillet.topup": JOURNAL,
        "tibillet.offer": {"accountant": "r", "manager": "rwcd"},
        # who agreed and who used what is on nobody's screen
        "tibillet.offer.use": {},
        "tibillet.offer.consent": {},
        # said, opened and emptied by a touch on a till
        "tibillet.sold.out": {"manager": "r"},
        "tibillet.keg": {"manager": "r"},
        "tibillet.given.away": JOURNAL,
        "tibillet.stock.count": {"manager": "r"},
        "tibillet.stock.count.line": {"manager": "r"},
        "tibillet.payback": {"accountant": "rw"},
        "tibillet.merchant.statement": {"auditor": "r", "accountant": "r"},
        "tibillet.merchant.return": {"auditor": "r", "accountant": "r"},
        "tibillet.merchant.bounce": {},
        # a form belongs to who opened it: a merchant's till is made by a manager of the wallet
        "tibillet.merchant.till": {},
        "tibillet.merchant.till.line": {},
        "tibillet.deposit.kept": {"accountant": "rwcd", "manager": "r"},
        # Acts that a till asks for live in memory: nobody has a right on their tables.
        "tibillet.till.archive.form": {},
        "tibillet.till.topup": {},
        "tibillet.till.gift": {},
        "tibillet.till.refund": {},
        "tibillet.till.choice": {},
    }

    @classmethod
    def matrix_companies(cls):
        """Two companies that may have tills, so with journals."""
        companies = super().matrix_companies()
        for company in companies:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company, install_demo=False
            )
        return companies

    def _came_back(self, model, company):
        paper = self._merchant("tibillet.merchant.statement", company)
        if model == "tibillet.merchant.bounce":
            return self.env[model].create({"statement_id": paper.id, "reason": "x"})
        journal = self.env["account.journal"].search([("company_id", "=", company.id)], limit=1)
        move = self.env["account.move"].create(
            {"move_type": "entry", "company_id": company.id, "journal_id": journal.id}
        )
        return self._insert(
            model,
            statement_id=paper.id,
            paid_on="2026-01-19",
            date="2026-01-20",
            amount_minor=100,
            reason="x",
            payment_move_id=move.id,
            recorded_by_id=self.env.uid,
        )

    def _merchant(self, model, company):
        merchant = self.env["tibillet.merchant"].create(
            {
                "name": "Stand",
                "company_id": company.id,
                "partner_id": self.env["res.partner"]
                .create({"name": "Zoe", "is_company": True, "company_registry": "73282932000074"})
                .id,
                "date_from": "2026-01-16 15:00:00",
                "date_to": "2026-01-18 20:00:00",
            }
        )
        if model == "tibillet.merchant.statement":
            return self._insert(
                model,
                reference=f"ST-{merchant.id}",
                merchant_id=merchant.id,
                company_id=company.id,
                currency_id=company.currency_id.id,
                number=1,
                from_day="2026-01-16",
                until_day="2026-01-18",
                state="draft",
                content=json.dumps(
                    {
                        "merchant": merchant._identity(),
                        "contract": "",
                        "rate": 15,
                        "turnover": {"net": 0, "vat": 0, "gross": 0},
                        "own": 0,
                    }
                    | {name: [] for name in ("vat", "moved", "days", "wallet", "sessions")}
                ),
                gross_minor=0,
                due_minor=0,
                held_minor=0,
                commission_minor=0,
            )
        till = self.env["tibillet.merchant.till"].create({"merchant_id": merchant.id})
        if model == "tibillet.merchant.till":
            return till
        return self.env[model].create({"till_id": till.id, "name": "Galette", "price": 11})

    def record_of(self, model, company):
        if model == "tibillet.offer.reason":
            return self.env[model].create({"name": "Team", "company_id": company.id})
        if model == "tibillet.price.right":
            lists = self.env["product.pricelist"]
            return self.env[model].create(
                {
                    "company_id": company.id,
                    "right_code": "helper",
                    "pricelist_id": lists.create({"name": "Half", "company_id": company.id}).id,
                }
            )
        if model == "tibillet.happy.hour":
            food = self.env["product.category"].create({"name": "Food"})
            return self.env[model].create(
                {"name": "Early", "company_id": company.id, "categ_ids": [Command.link(food.id)]}
            )
        if model in ("tibillet.merchant.return", "tibillet.merchant.bounce"):
            return self._came_back(model, company)
        if model.startswith("tibillet.merchant"):
            return self._merchant(model, company)
        if model == "tibillet.till.archive.form":
            return self.env[model].create({"company_id": company.id})
        device = self._device(company)
        if model == "tibillet.device":
            return device
        if model == "tibillet.refund":
            return self._refund(device)
        if model == "tibillet.deposit.move":
            return self._cup(device)
        if model == "tibillet.deposit.mirror":
            other = self.env["res.company"].create({"name": f"Owner {company.id}"})
            session = (
                self.env["pos.session"]
                .with_company(company)
                .create({"config_id": device.config_id.id})
            )
            return self._insert(
                model,
                name=session.name,
                session_id=session.id,
                seller_company_id=company.id,
                company_id=other.id,
                currency_id=company.currency_id.id,
                amount=3,
            )
        if model.startswith("tibillet.dispute"):
            return self._dispute(model, company)
        if model in ("tibillet.drawer.opening", "tibillet.closing") or ".cash." in model:
            return self._cash(model, device)
        if model == "tibillet.evening":
            now = fields.Datetime.now()
            return self.env[model].create(
                {
                    "name": "Fest-noz",
                    "company_id": company.id,
                    "ends_at": fields.Datetime.add(now, hours=5),
                }
            )
        if model == "tibillet.topup":
            return self._topup(device)
        if model in ("tibillet.offer", "tibillet.offer.use", "tibillet.offer.consent"):
            return self._offer(model, company)
        if model == "tibillet.payback":
            return self._payback(device)
        if model == "tibillet.deposit.kept":
            cup = self.env["product.product"].create(
                {
                    "name": "Cup",
                    "list_price": 1.0,
                    "taxes_id": [Command.clear()],
                    "company_id": company.id,
                    "tibillet_deposit": True,
                }
            )
            income = self.env["account.account"].search(
                [("company_ids", "in", company.ids), ("account_type", "=", "income")], limit=1
            )
            return self.env[model].create(
                {
                    "company_id": company.id,
                    "product_id": cup.id,
                    "account_id": income.id,
                    "tax_id": False,
                    "count": 1,
                    "reason": "Gone",
                }
            )
        if (
            model in ("tibillet.sold.out", "tibillet.keg", "tibillet.given.away")
            or ".stock.count" in model
        ):
            return self._stock(model, device)
        if model.startswith("tibillet.till."):
            return self._insert(model, key=f"form-{device.id}", company_id=company.id)
        # The third act without the second: a gap.
        acts = [self._act(device, seq) for seq in (1, 3)]
        if model == "tibillet.device.act":
            return acts[0]
        gap = self.env["tibillet.device.gap"].search([("device_id", "=", device.id)])
        return gap[:1]

    def _offer(self, model, company):
        """An offer of the company, with a use and a consent of somebody's."""
        gift = self.env["tibillet.asset"].create(
            {
                "name": "Gift",
                "code": f"gift-{company.id}-{model.split('.')[-1]}",
                "kind": "gift",
                "company_id": company.id,
            }
        )
        offer = self.env["tibillet.offer"].create(
            {
                "name": "A drink",
                "company_id": company.id,
                "habit": "away",
                "asset_id": gift.id,
                "gift": 3,
                "end_date": "2099-12-31",
                "budget_count": 1,
                "budget": 3,
            }
        )
        if model == "tibillet.offer":
            return offer
        wallet = self.env["tibillet.wallet"].create({"kind": "person"})
        if model == "tibillet.offer.use":
            return self._insert(
                model, offer_id=offer.id, wallet_id=wallet.id, used_at=fields.Datetime.now()
            )
        return self._insert(
            model, company_id=company.id, wallet_id=wallet.id, given_at=fields.Datetime.now()
        )

    def _stock(self, model, device):
        """A product that is sold out, a keg on tap, or a count, at the stock of a till."""
        product = self.env["product.product"].create(
            {"name": "Keg", "is_storable": True, "company_id": device.company_id.id}
        )
        values = {
            "location_id": device.config_id._tibillet_stock_location().id,
            "company_id": device.company_id.id,
        }
        if model == "tibillet.given.away":
            scrap = self.env["stock.scrap"].create(
                {
                    "product_id": product.id,
                    "company_id": device.company_id.id,
                    "location_id": values["location_id"],
                }
            )
            scrap.do_scrap()
            self.env.flush_all()
            return self.env[model].search([("product_id", "=", product.id)])
        if ".stock.count" in model:
            count = self.env["tibillet.stock.count"].create(
                {**values, "started_by": "Ana", "state": "applied"}
            )
            if model == count._name:
                return count
            moment = fields.Datetime.now()
            return count.line_ids.create(
                {
                    "count_id": count.id,
                    "product_id": product.id,
                    "person": "Ana",
                    "counted_at": moment,
                    "version": 1,
                }
            )
        if model == "tibillet.keg":
            values |= {"product_id": product.id, "size": 30, "person": "Ana", "key": "keg"}
            values["opened_after"] = 0
        else:
            values |= {
                "product_tmpl_id": product.product_tmpl_id.id,
                "since": fields.Datetime.now(),
            }
        return self.env[model].create(values)

    def _cash(self, model, device):
        """A closed session of a till with a bag, an opening, a Z; or a slip."""
        company, config = device.company_id, device.config_id
        if model == "tibillet.cash.remittance":
            return self.env[model].create({"company_id": company.id})
        session = self.env["pos.session"].with_company(company).create({"config_id": config.id})
        session = session.with_env(self.env)
        shifts = self.env["tibillet.cash.shift"]
        shift = shifts.browse(shifts._begin(session, "Ana"))
        if model == "tibillet.drawer.opening":
            return self.env[model].create(
                {"session_id": session.id, "company_id": company.id, "user_id": self.env.uid}
            )
        if model == "tibillet.closing":
            return self.env[model].sudo()._write_down(session).with_env(self.env)
        if model == "tibillet.cash.drop":
            journal = self.env["account.journal"].search(
                [("company_id", "=", company.id), ("type", "=", "cash")], limit=1
            )
            line = self.env["account.bank.statement.line"].create(
                {"journal_id": journal.id, "amount": -5, "date": fields.Date.today()}
            )
            return self.env[model].create(
                {
                    "session_id": session.id,
                    "shift_id": shift.id,
                    "config_id": config.id,
                    "company_id": company.id,
                    "currency_id": company.currency_id.id,
                    "bag": f"bag-{session.id}",
                    "amount": 5,
                    "person": "Ana",
                    "witness": "Luc",
                    "key": "one",
                    "statement_line_id": line.id,
                }
            )
        return shift

    def _device(self, company):
        config = (
            self.env["pos.config"]
            .with_company(company)
            .create({"name": "Bar", "company_id": company.id, "module_pos_restaurant": False})
            .with_env(self.env)
        )
        return self.env["tibillet.device"].create({"name": "Left", "config_id": config.id})

    def _cup(self, device):
        """A cup that was sold in a paid order."""
        company = device.company_id
        cup = self.env["product.product"].create(
            {
                "name": "Cup",
                "list_price": 1,
                "tibillet_deposit": True,
                "company_id": company.id,
                "taxes_id": [Command.clear()],
            }
        )
        order = self._refund(device).payment_id.pos_order_id
        line = self.env["pos.order.line"].create(
            {
                "order_id": order.id,
                "product_id": cup.id,
                "qty": 1,
                "price_unit": 1,
                "price_subtotal": 1,
                "price_subtotal_incl": 1,
            }
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE pos_order SET state = 'paid' WHERE id = %s", [order.id])
        return self.env["tibillet.deposit.move"].browse(line.id)

    def _dispute(self, model, company):
        """A search of the manager's own at home, somebody else's elsewhere."""
        whose = self.role_users["manager"] if company == self.home else self.env.user
        dispute = self.env["tibillet.dispute"].with_user(whose).sudo().create({})
        if model == "tibillet.dispute":
            return dispute.with_env(self.env)
        return self.env[model].create({"dispute_id": dispute.id})

    def _insert(self, model, **values):
        """A row of a table that no ORM method writes."""
        names = ", ".join(values)
        places = ", ".join(f"%({name})s" for name in values)
        table = self.env[model]._table
        self.env.flush_all()
        self.env.cr.execute(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id", values)
        return self.env[model].browse(self.env.cr.fetchone()[0])

    def _act(self, device, seq):
        return self._insert(
            "tibillet.device.act",
            device_id=device.id,
            seq=seq,
            kind="hold",
            key=f"key-{device.id}-{seq}",
            received_at=fields.Datetime.now(),
        )

    def _refund(self, device):
        company = device.company_id
        session = self.env["pos.session"].create({"config_id": device.config_id.id})
        order = self.env["pos.order"].create(
            {
                "session_id": session.id,
                "company_id": company.id,
                "amount_tax": 0,
                "amount_total": 6,
                "amount_paid": 0,
                "amount_return": 0,
            }
        )
        method = self.env["pos.payment.method"].create({"name": "Any", "company_id": company.id})
        payment = self._insert(
            "pos.payment",
            pos_order_id=order.id,
            payment_method_id=method.id,
            session_id=session.id,
            company_id=company.id,
            amount=6,
            uuid=f"uuid-{order.id}",
            payment_date=fields.Datetime.now(),
        )
        card = self.env["tibillet.card"].create(
            {"uid": f"04{order.id:012X}", "company_id": company.id, "state": "anonymous"}
        )
        return self._insert(
            "tibillet.refund",
            device_id=device.id,
            key="promised",
            company_id=company.id,
            card_id=card.id,
            payment_id=payment.id,
            amount_minor=100,
            promised_at=fields.Datetime.now(),
        )

    def _topup(self, device):
        company = device.company_id
        card = self.env["tibillet.card"].create(
            {"uid": f"04{device.id:012X}", "company_id": company.id, "state": "anonymous"}
        )
        asset = self.env["tibillet.asset"].create(
            {
                "name": "Token",
                "code": f"token-{device.id}",
                "kind": "local",
                "company_id": company.id,
            }
        )
        return self._insert(
            "tibillet.topup",
            device_id=device.id,
            key="promised",
            company_id=company.id,
            card_id=card.id,
            asset_id=asset.id,
            amount_minor=100,
            price_minor=100,
            promised_at=fields.Datetime.now(),
        )

    def _payback(self, device):
        topup = self._topup(device)
        accounts = self.env["tibillet.account"]
        asset = topup.asset_id
        operation = self.env["tibillet.ledger"]._post(
            [
                {
                    "key": f"payback-{device.id}",
                    "origin": "test",
                    "code": "topup",
                    "transfers": [
                        (
                            accounts._get(asset.issuer_wallet_id, asset).id,
                            accounts._get(topup.card_id.wallet_id, asset).id,
                            100,
                        )
                    ],
                    "company_id": device.company_id.id,
                }
            ]
        )
        return self._insert(
            "tibillet.payback",
            company_id=device.company_id.id,
            operation_id=operation.id,
            holder_name="Ada",
            iban="FR7630006000011234567890189",
            amount=1,
            asked_at=fields.Datetime.now(),
            state="todo",
        )
