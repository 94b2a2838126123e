"""A till of the place as its browser drives it: numbered acts, keys, orders that are sent."""

from datetime import datetime
from uuid import UUID

from odoo.fields import Command

FLOAT_IN_DRAWER = 400.0
IBAN = "FR76 3000 6000 0112 3456 7890 189"


class Till:
    """One till, its paired device, its session, and what is still to be sent."""

    def __init__(self, day, name, company=None):
        """:param company: name of whose till it is, when it is not called like it"""
        made = day.made
        self.day, self.name = day, name
        self.company = day.env["res.company"].browse(made["companies"][company or name])
        users = made["users"][name]
        self.as_cashier = day.as_user(users["cashier"], self.company)
        self.as_manager = day.as_user(users["manager"], self.company)
        self.as_accountant = day.as_user(users["accountant"], self.company)
        here = made["tills"][name]
        self.config = self.as_manager["pos.config"].browse(here["config"])
        methods = self.as_manager["pos.payment.method"]
        self.cash, self.bank = methods.browse(here["cash"]), methods.browse(here["bank"])
        self.wallet = self.config._tibillet_methods()
        self.products = {
            what: self.as_manager["product.product"].browse(product_id)
            for what, product_id in made["goods"][name].items()
        }
        device = self.as_manager["tibillet.device"].create(
            {"name": f"Device {name}", "config_id": self.config.id}
        )
        self.device, self.credential = device, device.sudo()._give_credential()
        self.session = self.as_cashier["pos.session"]
        self.seq, self.kept = 0, []

    # -- acts --------------------------------------------------------------------------

    def new_key(self):
        """A key as a browser makes them, drawn from the seed."""
        return str(UUID(int=self.day.dice.getrandbits(128), version=4))

    def next_seq(self):
        self.seq += 1
        return self.seq

    def hold(self, card, basket, up_to=None, key=None):
        """Tap a card on a basket ``[(product, quantity, price)]``; answers what the till hears."""
        key = key or self.new_key()
        lines = [
            {"product_id": product.id, "amount_minor": round(qty * price * 100), "qty": qty}
            for product, qty, price in basket
        ]
        answer = self.session.tibillet_hold(
            self.credential, self.next_seq(), key, card.uid, lines, up_to
        )
        self.day.request_done()
        return key, answer

    def act(self, card, act, values, manager=False):
        """One act of the card page."""
        key = self.new_key()
        session = self.session
        if manager:
            session = self.as_manager["pos.session"].browse(session.id)
        answer = session.tibillet_card_act(
            self.credential, self.next_seq(), key, card.uid, act, values
        )
        self.day.request_done()
        return key, answer

    def undo(self, order, reason):
        """Take a sale back, as a manager."""
        session = self.as_manager["pos.session"].browse(self.session.id)
        answer = session.tibillet_undo(
            self.credential, self.next_seq(), self.new_key(), order.uuid, reason
        )
        self.day.request_done()
        return answer

    # -- orders ------------------------------------------------------------------------

    def basket(self, *wanted):
        """``[(product, quantity, price)]`` of ``(name, quantity)``."""
        return [(self.products[name], qty, self.products[name].lst_price) for name, qty in wanted]

    def order_values(self, basket, payments, topups=()):
        """What the browser sends: goods, then top-ups ``(key, price, asset)``, and who paid.

        :param payments: ``[(method, amount, key or False)]``
        """
        lines, taxed = [], []
        for product, qty, price in basket:
            taxed.append((product, qty, price))
            lines.append(self._line(product, qty, price))
        for key, price, asset in topups:
            product = self.company.sudo()._tibillet_topup_product_of(asset)
            taxed.append((product, 1, price))
            named = {"tibillet_operation_key": key, "tibillet_device_id": self.device.id}
            lines.append(self._line(product, 1, price, **named))
        tax = self._rounded_tax(taxed)
        total = round(sum(line["price_subtotal_incl"] for line in lines), 2)
        return {
            "uuid": self.new_key(),
            "session_id": self.session.id,
            "company_id": self.company.id,
            "user_id": self.as_cashier.uid,
            "pricelist_id": self.config.pricelist_id.id,
            "fiscal_position_id": False,
            "partner_id": False,
            "sequence_number": 1,
            "state": "paid",
            "to_invoice": False,
            "date_order": datetime.now().strftime("%Y-%m-%d %H:%M:%S"),
            "amount_total": total,
            "amount_tax": round(tax, 2),
            "amount_paid": round(sum(amount for _method, amount, _key in payments), 2),
            "amount_return": 0,
            "tibillet_device_id": self.device.id,
            "tibillet_device_seq": self.next_seq(),
            "lines": [Command.create(line) for line in lines],
            "payment_ids": [
                Command.create(
                    {
                        "payment_method_id": method.id,
                        "amount": amount,
                        "uuid": self.new_key(),
                        "transaction_id": key,
                        "tibillet_device_id": self.device.id if key else False,
                    }
                )
                for method, amount, key in payments
            ],
        }

    def _rounded_tax(self, basket):
        """The tax of an order as the browser shows it: rounded once per rate, not by line."""
        taxes = self.day.env["account.tax"]
        lines = [
            taxes._prepare_base_line_for_taxes_computation(
                {},
                currency_id=self.company.currency_id,
                tax_ids=product.sudo().taxes_id,
                price_unit=price,
                quantity=qty,
            )
            for product, qty, price in basket
        ]
        taxes._add_tax_details_in_base_lines(lines, self.company)
        taxes._round_base_lines_tax_details(lines, self.company)
        found = taxes._get_tax_totals_summary(lines, self.company.currency_id, self.company)
        return found["tax_amount_currency"]

    def _line(self, product, qty, price, **values):
        taxes = product.sudo().taxes_id
        found = taxes.compute_all(price, self.company.currency_id, qty, product)
        return {
            "product_id": product.id,
            "full_product_name": product.display_name,
            "qty": qty,
            "price_unit": price,
            "discount": 0,
            "tax_ids": [Command.set(taxes.ids)],
            "price_subtotal": found["total_excluded"],
            "price_subtotal_incl": found["total_included"],
            "uuid": self.new_key(),
            **values,
        }

    def send(self, values):
        """What reaches the server; answers the order."""
        read = self.as_cashier["pos.order"].sync_from_ui([values])
        self.day.request_done()
        order = self.day.env["pos.order"].browse(read["pos.order"][0]["id"])
        assert order.state in ("paid", "done"), (self.name, order.state)
        return order

    def keep(self, values):
        """The network is away: the order waits on the device, its hold runs out."""
        self.kept.append(values)

    def send_kept(self):
        """The device is heard of again."""
        from odoo.tools import mute_logger

        waiting, self.kept = self.kept, []
        # that its session was closed meanwhile is what Odoo warns of
        with mute_logger("odoo.addons.point_of_sale.models.pos_order"):
            return [self.send(values) for values in waiting]

    # -- sessions ----------------------------------------------------------------------

    @property
    def is_open(self):
        return bool(self.session.exists()) and self.session.state == "opened"

    def open(self):
        """Open the till, or go on with the session that nobody closed."""
        if self.is_open:
            return
        config = self.config.with_env(self.as_cashier)
        config.open_ui()
        self.session = config.current_session_id
        self.session.set_opening_control(FLOAT_IN_DRAWER, "")
        self.day.request_done()
        assert self.session.state == "opened", self.session.state

    def close(self, counted_wrong=0.0):
        """Count and close as a manager."""
        sessions = self.as_manager["pos.session"].search(
            [("config_id", "=", self.config.id), ("state", "!=", "closed")]
        )
        for session in sessions:
            session.invalidate_recordset()
            counted = session.sudo().cash_register_balance_end + counted_wrong
            session.post_closing_cash_details(counted)
            answer = session.close_session_from_ui()
            assert answer.get("successful") and session.state == "closed", (self.name, answer)
            self.day.request_done()
