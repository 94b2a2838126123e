import json
import uuid

from odoo import fields
from odoo.fields import Command

from ..models.stock.tibillet_sold_out import NOTICE
from .test_undo_rules import UndoCase


class StockCase(UndoCase):
    """A keg of 30 litres at 2 € a litre, a half-pint of 25 cl, twenty bottles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.litre = cls.env.ref("uom.product_uom_litre")
        cls.location = cls.config.picking_type_id.default_location_src_id
        cls.keg, cls.bottle = cls.env["product.product"].create(
            [
                {
                    "name": "Blonde, keg",
                    "is_storable": True,
                    "uom_id": cls.litre.id,
                    "tibillet_keg_size": 30,
                    "standard_price": 2.0,
                    "company_id": cls.company.id,
                },
                {
                    "name": "Bottle",
                    "is_storable": True,
                    "available_in_pos": True,
                    "list_price": 4.0,
                    "standard_price": 1.5,
                    "taxes_id": [Command.set(cls.beer.taxes_id.ids)],
                    "company_id": cls.company.id,
                    "tibillet_sold_out_auto": True,
                },
            ]
        )
        cls.half = cls.env["product.product"].create(
            {
                "name": "Half pint",
                "available_in_pos": True,
                "list_price": 3.0,
                "taxes_id": [Command.set(cls.beer.taxes_id.ids)],
                "company_id": cls.company.id,
                "tibillet_keg_id": cls.keg.id,
                "tibillet_keg_share": 25,
            }
        )
        cls.put_in_stock(cls.keg, 60)
        cls.put_in_stock(cls.bottle, 20)

    @classmethod
    def put_in_stock(cls, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(product, cls.location, quantity)

    def stock_of(self, product):
        product.invalidate_recordset()
        return product.with_context(location=self.location.id).qty_available

    def sell_for_cash(self, product, qty=1, **values):
        return self.sale(
            [(self.cash, qty * product.list_price, False)],
            [(product, qty, product.list_price)],
            date_order=fields.Datetime.to_string(fields.Datetime.now()),
            **values,
        )

    def act(self, method, *args, user=None, key=None, seq=None, **named):
        session = self.till_session.with_user(user or self.cashier)
        return getattr(session, method)(
            self.credential, seq or self.next_seq(), key or str(uuid.uuid4()), *args, **named
        )

    def say(self, product, out=True, user=None):
        session = self.till_session.with_user(user or self.cashier)
        return session.tibillet_sold_out(self.credential, product.product_tmpl_id.id, out)

    def state(self):
        return self.till_session.tibillet_stock(self.credential)

    def told(self, act):
        """What the tills of this stock hear of, in their order, once something is done."""
        news_sudo = self.env["bus.bus"].sudo()
        self.env.cr.precommit.run()
        last = news_sudo.search([], order="id desc", limit=1).id or 0
        act()
        self.env.cr.precommit.run()
        heard = []
        for row in news_sudo.search([("id", ">", last)], order="id"):
            message = json.loads(row.message)
            if message["type"].endswith(NOTICE):
                heard.append((json.loads(row.channel)[-1], message["payload"]))
        return heard

    def other_stock(self):
        """A till of the same place that takes its goods from elsewhere."""
        elsewhere = self.config.copy({"name": "Festival"})
        elsewhere.picking_type_id = self.config.picking_type_id.copy(
            {"default_location_src_id": self.location.copy().id, "sequence_code": "FEST"}
        )
        return elsewhere
