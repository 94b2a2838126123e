import uuid
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

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
        """What the tills of this stock heard of, in their order, while something was done."""
        heard = []
        bus = type(self.env["bus.bus"])
        send = bus._sendone

        def listen(records, target, name, message):
            if name.endswith(NOTICE):
                heard.append((target, message))
            return send(records, target, name, message)

        self.patch(bus, "_sendone", listen)
        act()
        return heard


@tagged("post_install", "-at_install")
class TestStockKeg(StockCase):
    """A glass takes its share of the keg, and gives it back."""

    def test_half_pint_takes_its_share(self):
        order = self.sell_for_cash(self.half, 3)
        self.assertEqual(self.stock_of(self.keg), 59.25)
        [move] = order.picking_ids.move_ids
        self.assertEqual((move.product_id, move.quantity, move.state), (self.keg, 0.75, "done"))
        self.assertEqual(move.product_uom, self.litre)

    def test_beside_other_goods(self):
        order = self.sale(
            [(self.cash, 15.0, False)],
            [(self.half, 2, 3.0), (self.bottle, 1, 4.0), (self.beer, 1, 5.0)],
        )
        self.assertEqual(self.stock_of(self.keg), 59.5)
        self.assertEqual(self.stock_of(self.bottle), 19)
        moved = {move.product_id: move.quantity for move in order.picking_ids.move_ids}
        self.assertEqual(moved, {self.keg: 0.5, self.bottle: 1, self.beer: 1})
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})

    def test_at_the_closing_where_the_company_says_so(self):
        self.till_session.sudo().update_stock_at_closing = True
        self.sell_for_cash(self.half, 2)
        self.sell_for_cash(self.half, 4)
        self.assertEqual(self.stock_of(self.keg), 60)
        self.till_session.post_closing_cash_details(18)
        self.assertTrue(self.till_session.close_session_from_ui()["successful"])
        self.assertEqual(self.stock_of(self.keg), 58.5)

    def test_the_cost_follows(self):
        order = self.sell_for_cash(self.half, 4)
        self.assertAlmostEqual(order.lines.total_cost, 2.0)  # four quarters of a litre at 2 €
        self.keg.categ_id.property_cost_method = "average"
        self.keg.standard_price = 3.0
        order = self.sell_for_cash(self.half)
        self.assertAlmostEqual(order.lines.total_cost, 0.75)

    def test_undo_gives_it_back(self):
        order = self.sell_for_cash(self.half, 2)
        self.half.tibillet_keg_share = 50  # what a glass takes from now on changes nothing
        answer = self.undo(order)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.stock_of(self.keg), 60)
        undo = self.env["pos.order"].browse(answer["order_id"])
        self.assertEqual(undo.lines.tibillet_keg_part, 0.25)
        self.assertAlmostEqual(undo.lines.total_cost, -1.0)

    def test_refund_gives_it_back(self):
        order = self.sell_for_cash(self.half, 2)
        values = self.order_values([(self.cash, -3.0, False)], [(self.half, -1, 3.0)])
        values["lines"][0][2]["refunded_orderline_id"] = order.lines.id
        self.sync(values)
        self.assertEqual(self.stock_of(self.keg), 59.75)

    def test_a_till_does_not_choose_the_share(self):
        values = self.order_values([(self.cash, 3.0, False)], [(self.half, 1, 3.0)])
        values["lines"][0][2].update(tibillet_keg_id=self.bottle.id, tibillet_keg_part=20)
        order = self.sync(values)
        self.assertEqual(self.stock_of(self.keg), 59.75)
        self.assertEqual(self.stock_of(self.bottle), 20)
        order.lines.write({"tibillet_keg_part": 9})
        self.assertEqual(order.lines.tibillet_keg_part, 0.25)

    def test_what_is_no_keg(self):
        for values, words in (
            ({"tibillet_keg_share": 0}, "how much"),
            ({"tibillet_keg_id": self.crisps.id}, "litres"),
            ({"tibillet_keg_id": self.half.id}, "own"),
            ({"is_storable": True}, "own"),
            ({"tibillet_keg_share": 12.5}, "digits"),
            ({"type": "service"}, "goods"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, words):
                with self.env.cr.savepoint():
                    self.half.product_tmpl_id.write(values)
        with self.assertRaisesRegex(ValidationError, "by quantity"):
            self.keg.product_tmpl_id.tracking = "lot"

    # -- on tap --------------------------------------------------------------------------

    def on_tap(self):
        [row] = self.state()["kegs"]
        return row

    def test_volume_left(self):
        self.assertEqual(self.on_tap()["on_tap"], False)
        self.assertTrue(self.act("tibillet_keg", self.keg.id)["ok"])
        self.sell_for_cash(self.half, 10)
        self.act("tibillet_loss", self.half.id, 2, self.spilt.id)
        self.undo(self.sell_for_cash(self.half, 4))
        row = self.on_tap()
        self.assertEqual((row["on_tap"]["left"], row["in_stock"]), (27, 57))
        self.assertEqual(row["on_tap"]["person"], self.cashier.name)

    def test_volume_left_before_the_closing(self):
        self.till_session.sudo().update_stock_at_closing = True
        self.act("tibillet_keg", self.keg.id)
        self.sell_for_cash(self.half, 4)
        self.assertEqual(self.on_tap()["on_tap"]["left"], 29)

    def test_foam_and_dregs(self):
        self.act("tibillet_keg", self.keg.id)
        self.sell_for_cash(self.half, 112)  # 28 litres
        key, seq = str(uuid.uuid4()), self.next_seq()
        first = self.act("tibillet_keg", self.keg.id, key=key, seq=seq)
        self.assertTrue(first["ok"], first)
        self.act("tibillet_keg", self.keg.id, key=key, seq=seq)  # repeated by the till
        old, new = self.env["tibillet.keg"].search([], order="id")
        self.assertEqual((old.lost, old.lost_id.scrap_qty), (2, 2))
        self.assertEqual(old.lost_id.scrap_reason_tag_ids, self.dregs)
        self.assertEqual((old.closed_by, new.closed_at), (self.cashier.name, False))
        self.assertEqual(self.stock_of(self.keg), 30)
        self.assertEqual(old.left, 2)  # the rest that was lost is no part of what was poured

    def test_put_aside_with_its_rest(self):
        self.act("tibillet_keg", self.keg.id)
        self.sell_for_cash(self.half, 40)
        answer = self.act("tibillet_keg", self.keg.id, lose=False, again=False)
        self.assertFalse(answer["kegs"][0]["on_tap"])
        self.assertEqual(self.stock_of(self.keg), 50)
        self.assertFalse(self.env["tibillet.keg"].search([]).lost_id)

    def test_only_kegs_are_tapped(self):
        self.assertRefused(self.act("tibillet_keg", self.bottle.id), "invalid", "not tapped")
        for wrong in (0, "x", True, None, self.company.id + 10**6):
            self.assertRefused(self.act("tibillet_keg", wrong), "invalid", "")

    def setUp(self):
        super().setUp()
        self.dregs = self.env.ref("tibillet_pos_nfc.scrap_reason_dregs")
        self.spilt = self.env.ref("tibillet_pos_nfc.scrap_reason_spilt")


@tagged("post_install", "-at_install")
class TestStockSoldOut(StockCase):
    """Sold out is said once and known at every till; it is refused when sold anyway."""

    def out(self):
        return {row["product_tmpl_id"] for row in self.state()["sold_out"]}

    def age(self, minutes=10):
        """What is sold out was so some minutes ago already."""
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env["tibillet.sold.out"].search([]).sudo().since = since
        self.env.flush_all()  # a tap reads it in a transaction of its own

    def test_every_open_till_of_the_stock_hears_it(self):
        other = self.config.copy({"name": "Terrace"})
        closed = self.config.copy({"name": "Closed"})
        elsewhere = self.config.copy({"name": "Festival"})
        elsewhere.picking_type_id = self.config.picking_type_id.copy(
            {"default_location_src_id": self.location.copy().id, "sequence_code": "FEST"}
        )
        for config in other | elsewhere:
            config.with_user(self.till_manager).open_ui()
        heard = self.told(lambda: self.say(self.beer))
        targets = {target for target, _message in heard}
        self.assertEqual(targets, {self.config.access_token, other.access_token})
        self.assertNotIn(closed.access_token, targets)
        [row] = heard[0][1]["out"]
        self.assertEqual(row["product_tmpl_id"], self.beer.product_tmpl_id.id)
        self.assertEqual(row["person"], self.cashier.name)
        heard = self.told(lambda: self.say(self.beer, out=False))
        self.assertEqual(
            {message["back"][0] for _target, message in heard}, {self.beer.product_tmpl_id.id}
        )

    def test_survives_a_reload(self):
        self.say(self.beer)
        loaded = self.till_session.load_data(["pos.config"])["pos.config"][0]
        [row] = loaded["_tibillet_sold_out"]
        self.assertEqual(row["product_tmpl_id"], self.beer.product_tmpl_id.id)
        self.say(self.beer, out=False)
        loaded = self.till_session.load_data(["pos.config"])["pos.config"][0]
        self.assertEqual(loaded["_tibillet_sold_out"], [])

    def test_said_twice_is_said_once(self):
        self.say(self.beer)
        self.assertFalse(self.told(lambda: self.say(self.beer)))
        self.assertEqual(len(self.env["tibillet.sold.out"].search([])), 1)
        self.say(self.beer, out=False)
        self.assertTrue(self.say(self.beer, out=False)["ok"])
        row = self.env["tibillet.sold.out"].search([])
        self.assertEqual((row.ended_by, row.person), (self.cashier.name,) * 2)
        with self.assertRaises(AccessError):
            row.with_user(self.till_manager).ended_by = "x"

    def test_who_says_so(self):
        self.config.with_user(self.till_manager).tibillet_stock_by = "manager"
        self.assertRefused(self.say(self.beer), "not_allowed", "manager")
        self.assertFalse(self.out())
        self.assertTrue(self.say(self.beer, user=self.till_manager)["ok"])
        self.assertRefused(self.say(self.beer, out=False), "not_allowed", "manager")
        with self.assertRaises(AccessError):
            self.config.with_user(self.cashier).tibillet_stock_by = "cashier"
        with self.assertRaises(AccessError):
            self.say(self.beer, user=self.stranger)
        answer = self.till_session.tibillet_sold_out("no such device", 1, True)
        self.assertFalse(answer["ok"])

    def test_what_is_no_product_here(self):
        self.beer.company_id = False
        foreign = self.env["product.template"].create(
            {"name": "Elsewhere", "company_id": self.other_company.id}
        )
        for wrong in (foreign.id, 0, -1, "1", True, None, 10**9):
            answer = self.till_session.tibillet_sold_out(self.credential, wrong, True)
            self.assertRefused(answer, "invalid", "")
        self.assertFalse(self.out())

    # -- sold anyway ---------------------------------------------------------------------

    def test_a_tap_is_refused(self):
        self.say(self.beer)
        self.age()
        answer = self.tap()
        self.assertRefused(answer, "not_for_this", "“Beer” is sold out")
        self.assertEqual(answer["why"], "sold_out")
        self.assertEqual(answer["template_ids"], self.beer.product_tmpl_id.ids)
        self.assertEqual(self.free(), 2000)
        self.say(self.beer, out=False)
        self.assertTrue(self.tap()["ok"])

    def test_ordered_before_it_was_sold_out(self):
        self.say(self.beer)
        self.age(10)
        for wrong in ({"ages": [1]}, {"ages": {"x": 1}}, {"ages": {"1": "y"}}):
            self.assertRefused(self.tap(facts=wrong), "invalid", "")
        poured = {"ages": {str(self.beer.id): 30}}
        answer = self.tap(facts=poured)
        self.assertEqual(answer.get("why"), "sold_out", answer)
        served = {"ages": {str(self.beer.id): 1200}}
        answer = self.tap(facts=served)
        self.assertTrue(answer["ok"], answer)

    def test_a_granted_payment_asked_again(self):
        self.assertTrue(self.tap()["ok"])
        key, seq = self.key, self.seq
        self.say(self.beer)
        self.age()
        self.assertTrue(self.tap(key=key, seq=seq)["ok"])

    def test_a_cash_order_is_refused(self):
        self.say(self.beer)
        self.age()
        with self.assertRaisesRegex(ValidationError, "“Beer” is sold out"):
            self.sell_for_cash(self.beer)

    def test_a_cash_order_begun_before(self):
        values = self.order_values([(self.cash, 6.0, False)])
        values["date_order"] = fields.Datetime.to_string(fields.Datetime.now())
        before = fields.Datetime.now() - timedelta(minutes=20)
        values["lines"][0][2]["tibillet_added_at"] = fields.Datetime.to_string(before)
        self.say(self.beer)
        self.age(10)
        self.assertEqual(self.sync(values).state, "paid")

    def test_a_clock_that_is_wrong(self):
        """Added an hour ago by a clock that is an hour slow: just now."""
        now = fields.Datetime.now()
        slow = fields.Datetime.to_string(now - timedelta(hours=1))
        values = self.order_values([(self.cash, 6.0, False)])
        values["date_order"] = fields.Datetime.to_string(now)
        values["tibillet_device_date"] = slow
        values["lines"][0][2]["tibillet_added_at"] = slow
        self.say(self.beer)
        self.age(10)
        with self.assertRaisesRegex(ValidationError, "sold out"):
            self.sync(values)

    def test_what_a_card_has_paid_is_recorded(self):
        self.assertTrue(self.tap()["ok"])
        self.say(self.beer)
        self.age()
        values = self.order_values([(self.method, 6.0, self.key)])
        values["date_order"] = fields.Datetime.to_string(fields.Datetime.now())
        order = self.sync(values)
        self.assertEqual(order.state, "paid")
        self.assertIn("sold out", order.tibillet_law_note)

    def test_given_back_though_sold_out(self):
        order = self.sell_for_cash(self.beer)
        self.say(self.beer)
        self.age()
        self.assertTrue(self.undo(order)["ok"])

    # -- by itself -----------------------------------------------------------------------

    def test_at_zero(self):
        heard = self.told(lambda: self.sell_for_cash(self.bottle, 19))
        self.assertFalse(heard)
        heard = self.told(lambda: self.sell_for_cash(self.bottle, 1))
        self.assertEqual(heard[0][1]["out"][0]["automatic"], True)
        self.assertEqual(self.out(), {self.bottle.product_tmpl_id.id})

    def test_not_unless_set_so(self):
        self.put_in_stock(self.beer, 1)
        self.sell_for_cash(self.beer, 2)
        self.assertFalse(self.out())

    def test_back_by_itself(self):
        order = self.sell_for_cash(self.bottle, 20)
        self.assertTrue(self.out())
        heard = self.told(lambda: self.undo(order))
        self.assertEqual(heard[-1][1]["back"], self.bottle.product_tmpl_id.ids)
        self.assertFalse(self.out())

    def test_a_cashiers_word_stays(self):
        """Said by hand, goods that arrive change nothing; put back by hand, zero does not."""
        order = self.sell_for_cash(self.bottle, 20)
        self.say(self.bottle, out=False)
        self.sell_for_cash(self.bottle)  # found behind the fridge
        self.assertFalse(self.out())
        self.undo(order, user=self.till_manager, reason="test")
        self.say(self.bottle)
        move = self.env["stock.move"].create(
            {
                "product_id": self.bottle.id,
                "product_uom_qty": 30,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.location.id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move.quantity, move.picked = 30, True
        move._action_done()
        self.assertTrue(self.out())

    def test_a_keg_that_no_longer_fills_a_glass(self):
        self.half.tibillet_sold_out_auto = True
        self.sell_for_cash(self.half, 239)
        self.assertFalse(self.out())  # 0.25 left: one more
        self.sell_for_cash(self.half)
        self.assertEqual(self.out(), {self.half.product_tmpl_id.id})


@tagged("post_install", "-at_install")
class TestStockLoss(StockCase):
    """What is broken or spilt leaves the stock with a reason and a name, and no money."""

    def setUp(self):
        super().setUp()
        self.broken = self.env.ref("tibillet_pos_nfc.scrap_reason_broken")

    def lose(self, product, quantity=1, reason=None, **named):
        reason_id = self.broken.id if reason is None else reason
        return self.act("tibillet_loss", product.id, quantity, reason_id, **named)

    def test_a_bottle(self):
        answer = self.lose(self.bottle, 2, note="  fell   off ")
        self.assertTrue(answer["ok"], answer)
        scrap = self.env["stock.scrap"].browse(answer["scrap_id"])
        self.assertEqual((scrap.state, scrap.scrap_qty), ("done", 2))
        self.assertEqual(scrap.scrap_reason_tag_ids, self.broken)
        self.assertEqual(scrap.tibillet_person, self.cashier.name)
        self.assertEqual(scrap.tibillet_config_id, self.config)
        self.assertEqual(scrap.tibillet_note, "fell off")
        self.assertEqual(self.stock_of(self.bottle), 18)
        self.assertFalse(self.till_session.order_ids)
        self.assertEqual(scrap.move_ids.location_dest_id.usage, "inventory")

    def test_a_glass_is_a_share_of_the_keg(self):
        answer = self.lose(self.half, 2)
        scrap = self.env["stock.scrap"].browse(answer["scrap_id"])
        self.assertEqual((scrap.product_id, scrap.scrap_qty), (self.keg, 0.5))
        self.assertEqual((scrap.tibillet_product_id, scrap.tibillet_product_qty), (self.half, 2))
        self.assertEqual(self.stock_of(self.keg), 59.5)

    def test_repeated_by_the_till(self):
        key, seq = str(uuid.uuid4()), self.next_seq()
        first = self.lose(self.bottle, key=key, seq=seq)
        self.assertEqual(self.lose(self.bottle, key=key, seq=seq), first)
        self.assertEqual(self.stock_of(self.bottle), 19)
        self.assertFalse(self.device.gap_ids)
        self.assertRefused(self.lose(self.bottle, seq=seq), "key_conflict", "pair")

    def test_more_than_there_is(self):
        self.assertTrue(self.lose(self.bottle, 25)["ok"])
        self.assertEqual(self.stock_of(self.bottle), -5)

    def test_refused(self):
        service = self.env["product.product"].create({"name": "Entry", "type": "service"})
        for arguments, words in (
            ((service,), "no product"),
            ((self.bottle, 0), "how much"),
            ((self.bottle, -1), "how much"),
            ((self.bottle, float("nan")), "how much"),
            ((self.bottle, "2"), "how much"),
            ((self.bottle, True), "how much"),
            ((self.half, 0.001), "how much"),
            ((self.bottle, 1, 10**9), "why"),
            ((self.bottle, 1, False), "why"),
        ):
            with self.subTest(arguments=arguments):
                self.assertRefused(self.lose(*arguments), "invalid", words)
        self.assertFalse(self.env["stock.scrap"].search([("tibillet_key", "!=", False)]))
        self.assertFalse(self.device.gap_ids)

    def test_by_whom(self):
        self.config.tibillet_stock_by = "manager"
        self.assertRefused(self.lose(self.bottle), "not_allowed", "manager")
        self.assertTrue(self.lose(self.bottle, user=self.till_manager)["ok"])
        scrap = self.env["stock.scrap"].search([("tibillet_key", "!=", False)])
        with self.assertRaises(AccessError):
            scrap.with_user(self.till_manager).tibillet_person = "Somebody else"


@tagged("post_install", "-at_install")
class TestStockGivenAway(StockCase):
    """Lost and offered goods side by side, by reason, at what they cost."""

    def rows(self):
        self.env.flush_all()
        rows = self.env["tibillet.given.away"].with_user(self.till_manager).search([])
        return {
            (row.kind, row.reason, row.product_id): (row.quantity, row.cost, row.price)
            for row in rows.filtered(lambda row: row.company_id == self.company)
        }

    def offer(self, product, qty):
        reason = self.env["tibillet.offer.reason"].search(
            [("company_id", "=", self.company.id)], limit=1
        ) or self.env["tibillet.offer.reason"].create(
            {"name": "Artist", "company_id": self.company.id}
        )
        values = self.order_values(
            [],
            [(product, qty, 0)],
            tibillet_device_id=self.device.id,
            tibillet_device_seq=self.next_seq(),
        )
        values["lines"][0][2].update(
            price_unit=product.list_price, discount=100, tibillet_offer_reason_id=reason.id
        )
        return self.sync(values, user=self.till_manager), reason

    def test_by_reason_and_cost(self):
        broken = self.env.ref("tibillet_pos_nfc.scrap_reason_broken")
        spilt = self.env.ref("tibillet_pos_nfc.scrap_reason_spilt")
        self.act("tibillet_loss", self.bottle.id, 2, broken.id)
        self.act("tibillet_loss", self.half.id, 4, spilt.id)
        _order, reason = self.offer(self.half, 2)
        self.assertEqual(
            self.rows(),
            {
                ("lost", "Broken", self.bottle): (2, 3, 0),
                ("lost", "Spilt", self.half): (4, 2, 0),
                ("offered", reason.name, self.half): (2, 1, 6),
            },
        )
        self.assertEqual(self.stock_of(self.keg), 60 - 1 - 0.5)

    def test_for_managers(self):
        with self.assertRaises(AccessError):
            self.env["tibillet.given.away"].with_user(self.cashier).search([])
