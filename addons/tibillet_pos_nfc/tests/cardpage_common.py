import uuid

from .common import UID, TillCase


class CardActs:
    """The acts of the card page, for a test that has an open till and a paired device."""

    def act(self, act, values=None, uid=UID, key=None, seq=None, user=None):
        """One act of the card page; answers what the till hears and remembers the key."""
        self.key = key or str(uuid.uuid4())
        session = self.till_session.with_user(user) if user else self.till_session
        return session.tibillet_card_act(
            self.credential, seq or self.next_seq(), self.key, uid, act, values or {}
        )

    def promise(self, price_minor, asset=None, **how):
        values = {"asset_id": (asset or self.token).id, "price_minor": price_minor}
        values |= {"beside": how.pop("beside", [])}
        return self.act("topup", values, **how)

    @property
    def topup_product(self):
        return self.company._tibillet_topup_product()

    def mixed_values(self, payments, goods=(), topups=(), **values):
        """An order of goods ``(product, qty, price)`` and promised top-ups ``(key, price)``."""
        product = values.pop("topup_product", self.topup_product)
        lines = [*goods, *((product, 1, price) for _key, price in topups)]
        order = self.order_values(payments, lines, **values)
        for command, (key, price) in zip(order["lines"][len(goods) :], topups, strict=True):
            if not product.taxes_id:
                command[2]["price_subtotal"] = price
            command[2].update(
                tibillet_operation_key=key,
                tibillet_device_id=self.device.id,
            )
        order["amount_tax"] = sum(
            command[2]["price_subtotal_incl"] - command[2]["price_subtotal"]
            for command in order["lines"]
        )
        return order

    def operations_of(self, key):
        return self.env["tibillet.operation"].search(
            [("origin", "=", f"device:{self.device.id}"), ("key", "=like", f"{key}%")], order="id"
        )

    def load_by(self, means, price_minor, uid=UID, asset=None):
        """A top-up at this till, paid in cash or by bank card."""
        method = self.cash if means == "cash" else self.bank
        answer = self.promise(price_minor, asset, uid=uid)
        self.assertTrue(answer["ok"], answer)
        price = price_minor / 100
        product = self.company._tibillet_topup_product_of(asset or self.token)
        return self.sync(
            self.mixed_values(
                [(method, price, False)], topups=[(self.key, price)], topup_product=product
            )
        )


class CardPageCase(CardActs, TillCase):
    """An open till with a paired device, and the acts of the card page as a cashier does them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.title = cls.env["pos.payment.method"].create(
            {
                "name": "Meal voucher",
                "journal_id": cls.bank.journal_id.copy({"code": "TITR"}).id,
                "company_id": cls.company.id,
                "tibillet_goods_only": True,
            }
        )
        cls.config.payment_method_ids |= cls.title

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())
