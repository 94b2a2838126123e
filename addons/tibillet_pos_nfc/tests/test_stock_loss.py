import uuid

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .stock_common import StockCase


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
        theirs = self.env["product.product"].create(
            {"name": "Theirs", "available_in_pos": True, "company_id": self.other_company.id}
        )
        for arguments, words in (
            ((service,), "no product"),
            ((theirs,), "no product"),
            ((self.bottle, 0), "how much"),
            ((self.bottle, -1), "how much"),
            ((self.bottle, float("nan")), "how much"),
            ((self.bottle, "2"), "how much"),
            ((self.bottle, True), "how much"),
            ((self.bottle, 10_001), "how much"),
            ((self.half, 0.001), "how much"),
            ((self.bottle, 1, 10**9), "why"),
            ((self.bottle, 1, False), "why"),
        ):
            with self.subTest(arguments=arguments):
                self.assertRefused(self.lose(*arguments), "invalid", words)
        self.assertFalse(self.env["stock.scrap"].search([("tibillet_key", "!=", False)]))
        self.assertFalse(self.device.gap_ids)

    def test_a_long_remark_is_cut(self):
        answer = self.lose(self.bottle, note="x" * 500)
        scrap = self.env["stock.scrap"].browse(answer["scrap_id"])
        self.assertEqual(scrap.tibillet_note, "x" * 200)

    def test_not_without_end(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("tibillet_pos_nfc.acts_per_minute", 2)
        answers = [self.lose(self.bottle) for _time in range(3)]
        self.assertEqual([answer["ok"] for answer in answers], [True, True, False])
        self.assertEqual(answers[2]["code"], "rate_limited")
        self.assertEqual(self.stock_of(self.bottle), 18)

    def test_in_the_name_of_who_works_here(self):
        self.config.module_pos_hr = True
        employees_sudo = self.env["hr.employee"].sudo()  # nobody of ours keeps employees
        ana, bo = employees_sudo.create(
            [
                {"name": "Ana", "company_id": self.company.id},
                {"name": "Bo", "company_id": self.other_company.id},
            ]
        )
        for employee, name in ((ana, "Ana"), (bo, self.cashier.name)):
            answer = self.lose(self.bottle, employee_id=employee.id)
            scrap = self.env["stock.scrap"].browse(answer["scrap_id"])
            self.assertEqual(scrap.tibillet_person, name)

    def test_by_whom(self):
        self.config.tibillet_stock_by = "manager"
        self.assertRefused(self.lose(self.bottle), "not_allowed", "manager")
        self.assertTrue(self.lose(self.bottle, user=self.till_manager)["ok"])
        scrap = self.env["stock.scrap"].search([("tibillet_key", "!=", False)])
        with self.assertRaises(AccessError):
            scrap.with_user(self.till_manager).tibillet_person = "Somebody else"
