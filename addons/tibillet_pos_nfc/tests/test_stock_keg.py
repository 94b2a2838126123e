import uuid
from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .stock_common import StockCase


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
        self.closing_session.post_closing_cash_details(18)
        self.assertTrue(self.closing_session.close_session_from_ui()["successful"])
        self.assertEqual(self.stock_of(self.keg), 58.5)

    def value_at_average(self):
        self.keg.categ_id = self.env["product.category"].create({"name": "Kegs"})
        self.keg.categ_id.property_cost_method = "average"
        self.assertEqual(self.keg.cost_method, "average")

    def test_the_cost_follows(self):
        order = self.sell_for_cash(self.half, 4)
        self.assertAlmostEqual(order.lines.total_cost, 2.0)  # four quarters of a litre at 2 €
        self.value_at_average()
        self.keg.standard_price = 3.0
        order = self.sell_for_cash(self.half)
        self.assertAlmostEqual(order.lines.total_cost, 0.75)

    def test_the_cost_waits_for_the_move(self):
        """Where the keg is valued at what it cost, a glass costs what its move says."""
        self.value_at_average()
        self.till_session.sudo().update_stock_at_closing = True
        order = self.sell_for_cash(self.half, 4)
        self.assertFalse(order.lines.is_total_cost_computed)
        self.closing_session.post_closing_cash_details(12)
        self.assertTrue(self.closing_session.close_session_from_ui()["successful"])
        self.assertTrue(order.lines.is_total_cost_computed)
        self.assertAlmostEqual(order.lines.total_cost, 2.0)

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

    def test_a_keg_of_another_company(self):
        theirs = self.env["product.product"].create(
            {
                "name": "Their keg",
                "is_storable": True,
                "uom_id": self.litre.id,
                "company_id": self.other_company.id,
            }
        )
        with self.assertRaisesRegex(ValidationError, "one company only"):
            self.half.tibillet_keg_id = theirs

    # -- on tap --------------------------------------------------------------------------

    def on_tap(self):
        [row] = self.state()["kegs"]
        return row

    def kegs(self):
        self.env.invalidate_all()
        return self.env["tibillet.keg"].search([], order="id")

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
        old, new = self.kegs()
        self.assertEqual((old.lost, old.lost_id.scrap_qty), (2, 2))
        self.assertEqual(old.lost_id.scrap_reason_tag_ids, self.dregs)
        self.assertEqual((old.closed_by, new.closed_at), (self.cashier.name, False))
        self.assertEqual(self.stock_of(self.keg), 30)
        self.assertEqual(old.left, 2)  # the rest that was lost is no part of what was poured

    def test_nothing_is_left_of_a_keg_that_gave_more(self):
        self.act("tibillet_keg", self.keg.id)
        self.sell_for_cash(self.half, 124)  # 31 litres
        self.assertTrue(self.act("tibillet_keg", self.keg.id)["ok"])
        old, _new = self.kegs()
        self.assertEqual((old.left, old.lost, bool(old.lost_id)), (-1, 0, False))
        self.assertEqual(self.stock_of(self.keg), 29)

    def test_only_what_was_poured_from_it(self):
        """Neither what was sold before and after it, nor what moved or was found missing."""
        self.sell_for_cash(self.half, 4)
        self.act("tibillet_keg", self.keg.id)
        self.sell_for_cash(self.half, 8)
        cellar = self.location.copy()
        move = self.env["stock.move"].create(
            {
                "product_id": self.keg.id,
                "product_uom_qty": 5,
                "location_id": self.location.id,
                "location_dest_id": cellar.id,
            }
        )
        move._action_confirm()
        move.quantity = 5
        move.picked = True
        move._action_done()
        quant = self.env["stock.quant"]._gather(self.keg, self.location)
        quant.inventory_quantity = quant.quantity - 10
        quant.action_apply_inventory()
        self.assertEqual(self.on_tap()["on_tap"]["left"], 28)
        self.act("tibillet_keg", self.keg.id, lose=False)
        self.sell_for_cash(self.half, 4)
        self.assertEqual(self.kegs().mapped("left"), [28, 29])

    def test_what_waits_for_the_closing_is_poured_once_and_from_its_own(self):
        self.act("tibillet_keg", self.keg.id)
        self.sell_for_cash(self.half, 4)  # moved at once
        self.till_session.sudo().update_stock_at_closing = True
        self.sell_for_cash(self.half, 4)
        self.assertEqual(self.on_tap()["on_tap"]["left"], 28)
        self.env["tibillet.keg"].search([]).sudo().opened_at += timedelta(minutes=1)
        self.assertEqual(self.on_tap()["on_tap"]["left"], 29, "one was sold before it was opened")

    def test_a_keg_of_another_stock(self):
        kegs_sudo = self.env["tibillet.keg"].sudo()
        elsewhere = kegs_sudo.create(
            {
                "product_id": self.keg.id,
                "location_id": self.location.copy().id,
                "company_id": self.company.id,
                "size": 30,
                "opened_after": kegs_sudo._last_move(),
                "person": "Somebody",
                "key": "elsewhere",
            }
        )
        self.assertFalse(self.on_tap()["on_tap"])
        self.act("tibillet_keg", self.keg.id)
        self.till_session.sudo().update_stock_at_closing = True
        self.sell_for_cash(self.half, 4)
        self.assertEqual(self.on_tap()["on_tap"]["left"], 29)
        elsewhere.invalidate_recordset()
        self.assertEqual((elsewhere.left, elsewhere.closed_at), (30, False))

    def test_who_taps_a_keg(self):
        self.config.tibillet_stock_by = "manager"
        self.assertRefused(self.act("tibillet_keg", self.keg.id), "not_allowed", "manager")
        self.assertFalse(self.on_tap()["on_tap"])
        self.assertTrue(self.act("tibillet_keg", self.keg.id, user=self.till_manager)["ok"])

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
