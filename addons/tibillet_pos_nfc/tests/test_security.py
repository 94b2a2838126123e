"""What each role may do with each model of this addon."""

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
        "tibillet.dispute": {"manager": "rwc"},
        "tibillet.dispute.line": {"manager": "r"},
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

    def record_of(self, model, company):
        device = self._device(company)
        if model == "tibillet.device":
            return device
        if model == "tibillet.refund":
            return self._refund(device)
        if model == "tibillet.deposit.move":
            return self._cup(device)
        if model.startswith("tibillet.dispute"):
            return self._dispute(model, company)
        # The third act without the second: a gap.
        acts = [self._act(device, seq) for seq in (1, 3)]
        if model == "tibillet.device.act":
            return acts[0]
        gap = self.env["tibillet.device.gap"].search([("device_id", "=", device.id)])
        return gap[:1]

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
