import uuid

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import (
    AccountTestInvoicingCommon,
    AccountTestInvoicingHttpCommon,
)

UID = "04A1B2C3D4E5F6"
OTHER_UID = "04112233445566"


class TillCase(AccountTestInvoicingHttpCommon):
    """A French bar with a till, a beer at 6.00, a user per role, cards with money."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"tracking_disable": True, "no_reset_password": True}
        cls.env = cls.env(context={**cls.env.context, **quiet})
        for group in (
            "point_of_sale.group_pos_manager",
            "stock.group_stock_manager",
            "tibillet_wallet.tibillet_wallet_group_manager",
        ):
            cls.env.user.group_ids |= cls.env.ref(group)
        cls.company = cls.company_data["company"]
        cls.company.point_of_sale_update_stock_quantities = "closing"
        cls.env["product.product"].search([("available_in_pos", "=", True)]).write(
            {"available_in_pos": False}
        )
        cls.cash_journal = cls.env["account.journal"].create(
            {"name": "Till cash", "type": "cash", "code": "TLC", "company_id": cls.company.id}
        )
        cls.cash = cls.env["pos.payment.method"].create(
            {"name": "Cash", "journal_id": cls.cash_journal.id, "company_id": cls.company.id}
        )
        cls.bank = cls.env["pos.payment.method"].create(
            {
                "name": "Bank card",
                "journal_id": cls.company_data["default_journal_bank"].id,
                "company_id": cls.company.id,
            }
        )
        cls.config = cls.env["pos.config"].create(
            {
                "name": "Bar",
                "company_id": cls.company.id,
                "module_pos_restaurant": False,
                "payment_method_ids": [Command.set((cls.cash | cls.bank).ids)],
                "iface_print_auto": False,
            }
        )
        cls.config.tibillet_wallet = True
        cls.method = cls.config._tibillet_methods()
        cls._set_goods_up()
        cls._set_people_up()
        cls._set_cards_up()

    @classmethod
    def _set_goods_up(cls):
        tax = cls.env["account.tax"].create(
            {
                "name": "Bar 20 %",
                "amount": 20,
                "price_include_override": "tax_included",
                "company_id": cls.company.id,
                "country_id": cls.company.country_id.id,
            }
        )
        cls.beer, cls.crisps = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "available_in_pos": True,
                    "is_storable": True,
                    "list_price": price,
                    "taxes_id": [Command.set(tax.ids)],
                    "company_id": cls.company.id,
                }
                for name, price in (("Beer", 6.0), ("Crisps", 2.5))
            ]
        )

    @classmethod
    def _set_people_up(cls):
        def person(login, groups):
            return new_test_user(
                cls.env,
                login=login,
                groups=groups,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )

        cls.cashier = person("till_cashier", "point_of_sale.group_pos_user")
        cls.till_manager = person("till_manager", "point_of_sale.group_pos_manager")
        cls.accountant = person(
            "till_accountant",
            "account.group_account_manager,tibillet_wallet.tibillet_wallet_group_accountant",
        )
        cls.stranger = person("till_stranger", "base.group_user")
        cls.other_company = cls.env["res.company"].create({"name": "Another place"})

    @classmethod
    def _set_cards_up(cls):
        cls.ledger = cls.env["tibillet.ledger"]
        cls.token = cls.env["tibillet.asset"].create(
            {"name": "Jeton", "code": "jeton", "kind": "local", "company_id": cls.company.id}
        )
        cls.gift = cls.env["tibillet.asset"].create(
            {"name": "Cadeau", "code": "cadeau", "kind": "gift", "company_id": cls.company.id}
        )
        cls.foreign = cls.env["tibillet.asset"].create(
            {
                "name": "Ailleurs",
                "code": "ailleurs",
                "kind": "local",
                "company_id": cls.other_company.id,
            }
        )
        cls.card, cls.other_card = cls.env["tibillet.card"].create(
            [
                {"uid": uid, "number": number, "company_id": cls.company.id, "state": "anonymous"}
                for uid, number in ((UID, "TEST2345"), (OTHER_UID, "TEST6789"))
            ]
        )
        cls.load(cls.card, 2000)

    @classmethod
    def load(cls, card, amount_minor, asset=None):
        asset = asset or cls.token
        accounts = cls.env["tibillet.account"]
        return cls.ledger._post(
            [
                {
                    "key": str(uuid.uuid4()),
                    "origin": "test",
                    "code": "gift" if asset.kind == "gift" else "topup",
                    "transfers": [
                        (
                            accounts._get(asset.issuer_wallet_id, asset).id,
                            accounts._get(card.wallet_id, asset).id,
                            amount_minor,
                        )
                    ],
                    "company_id": asset.company_id.id,
                }
            ]
        )

    # -- the till ----------------------------------------------------------------------

    def open_session(self, user=None):
        self.config.with_user(user or self.cashier).open_ui()
        session = self.config.current_session_id.with_user(user or self.cashier)
        session.set_opening_control(0, "")
        self.assertEqual(session.state, "opened")
        return session

    @property
    def closing_session(self):
        """The session in the hands of a manager, who closes without a blind count."""
        return self.till_session.with_user(self.till_manager)

    def pair(self, session):
        """A paired device: its record, its credential; acts are numbered from 1."""
        device = self.env["tibillet.device"].create(
            {"name": "Bar left", "config_id": self.config.id}
        )
        answer = session.tibillet_pair(device.with_user(self.till_manager)._new_code())
        self.assertTrue(answer["ok"], answer)
        self.seq = 0
        self.till_session, self.device, self.credential = session, device, answer["credential"]
        return device, answer["credential"]

    def next_seq(self):
        self.seq += 1
        return self.seq

    def tap(self, amount=6.0, uid=UID, key=None, seq=None, lines=None, **values):
        """A tap on the till; answers what the till hears and remembers the key."""
        self.key = key or str(uuid.uuid4())
        if lines is None:
            lines = [{"product_id": self.beer.id, "amount_minor": round(amount * 100)}]
        return self.till_session.tibillet_hold(
            self.credential, seq or self.next_seq(), self.key, uid, lines, **values
        )

    def order_values(self, payments, lines=None, **values):
        """What the browser sends for an order of beers, paid by ``(method, amount, key)``."""
        lines = lines or [(self.beer, 1, 6.0)]
        total = sum(qty * price for _product, qty, price in lines)
        paid = sum(amount for _method, amount, _key in payments)
        return {
            "uuid": str(uuid.uuid4()),
            "name": "Order",
            "session_id": self.till_session.id,
            "company_id": self.company.id,
            "user_id": self.cashier.id,
            "pricelist_id": self.config.pricelist_id.id,
            "fiscal_position_id": False,
            "partner_id": False,
            "sequence_number": 1,
            "state": "paid",
            "to_invoice": False,
            "date_order": "2026-11-20 20:00:00",
            "amount_total": total,
            "amount_tax": round(total - total / 1.2, 2),
            "amount_paid": paid,
            "amount_return": 0,
            "last_order_preparation_change": "{}",
            "lines": [
                Command.create(
                    {
                        "product_id": product.id,
                        "qty": qty,
                        "price_unit": price,
                        "discount": 0,
                        "tax_ids": [Command.set(self.taxes_of(product).ids)],
                        "price_subtotal": round(qty * price / 1.2, 2),
                        "price_subtotal_incl": qty * price,
                        "uuid": str(uuid.uuid4()),
                    }
                )
                for product, qty, price in lines
            ],
            "payment_ids": [
                Command.create(
                    {
                        "payment_method_id": method.id,
                        "amount": amount,
                        "uuid": str(uuid.uuid4()),
                        "transaction_id": key,
                        "tibillet_device_id": self.device.id if key else False,
                    }
                )
                for method, amount, key in payments
            ],
            **values,
        }

    def taxes_of(self, product):
        """Those that a till loads: its own company's, also of a product that several share."""
        return product.taxes_id._filter_taxes_by_company(self.company)

    def sync(self, values, user=None):
        orders = self.env["pos.order"].with_user(user or self.cashier)
        read = orders.sync_from_ui([values])
        return self.env["pos.order"].browse(read["pos.order"][0]["id"])

    def sell(self, amount=6.0, uid=UID, **values):
        """Tap, then send the order: the whole sale."""
        answer = self.tap(amount, uid=uid)
        self.assertTrue(answer["ok"], answer)
        payments = [(self.method, amount, self.key)]
        return self.sync(self.order_values(payments, [(self.beer, 1, amount)], **values))

    def operation(self, key=None):
        return self.env["tibillet.operation"].search(
            [("origin", "=", f"device:{self.device.id}"), ("key", "=", key or self.key)]
        )

    def free(self, card=None, asset=None):
        """What a card can still spend of an asset, in minor units."""
        account = self.env["tibillet.account"]._get(
            (card or self.card).wallet_id, asset or self.token
        )
        account.invalidate_recordset()
        return account.balance_minor - account.held_minor

    def wait(self, minutes):
        self.env.cr.execute(
            "SELECT set_config('tibillet.clock_offset', (COALESCE(NULLIF(current_setting("
            "'tibillet.clock_offset', true), ''), '0')::interval + make_interval(mins => %s))"
            "::text, true)",
            [minutes],
        )


class TourCase(TillCase):
    """The same bar, its till in a browser with the reader that exists on the screen only."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("tibillet_pos_nfc.simulated_reader", "test")
        self.load(self.other_card, 120)

    def run_till(self, tour, user=None, timeout=90):
        user = user or self.till_manager
        self.till_session = self.open_session(user)
        self.start_tour(
            f"/pos/ui/{self.config.id}",
            tour,
            login=user.login,
            timeout=timeout,
            # the till takes its time to load on a busy machine; a step has ten seconds
            ready=f"odoo.isTourReady('{tour}') && !!document.querySelector('.open-register-btn')",
        )

    def assertUntouched(self):
        self.env.invalidate_all()
        self.assertFalse(self.till_session.order_ids.filtered(lambda o: o.state == "paid"))
        self.assertEqual(self.free(), 2000)
        self.assertFalse(
            self.env["tibillet.operation"].search(
                [("origin", "=like", "device:%"), ("state", "in", ("pending", "posted"))]
            )
        )

    def assertSold(self, amount_minor=600):
        self.env.invalidate_all()
        order = self.till_session.order_ids.filtered(lambda o: o.state == "paid")
        self.assertEqual(len(order), 1)
        operations = self.env["tibillet.operation"].search([("origin", "=like", "device:%")])
        self.assertEqual(set(operations.mapped("state")) - {"voided"}, {"posted"})
        posted = operations.filtered(lambda op: op.state == "posted")
        self.assertEqual(sum(posted.mapped("paid_minor")), amount_minor)
        self.assertTrue(order.tibillet_device_seq)
        self.assertFalse(order.tibillet_device_id.gap_ids)
        return order
