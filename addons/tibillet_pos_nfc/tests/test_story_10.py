"""Story 10 of the practice in France, at the till: seventeen years old, and happy hour."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_law_goods import LawCase


@tagged("post_install", "-at_install")
class TestStory10(LawCase):
    @classmethod
    def _set_goods_up(cls):
        result = super()._set_goods_up()
        cls.rum.write({"name": "Mojito", "list_price": 8.0})
        return result

    def rule(self, product):
        """−50 % from 18 to 20 h, summer time of Paris."""
        return Command.create(
            {
                "applied_on": "1_product",
                "product_tmpl_id": product.product_tmpl_id.id,
                "compute_price": "percentage",
                "percent_price": 50,
                "date_start": "2026-07-10 16:00:00",
                "date_end": "2026-07-10 18:00:00",
            }
        )

    def test_seventeen_years_old_and_happy_hour(self):
        self.pair(self.open_session())
        today = self.env["tibillet.law"]._today()
        self.own(date(today.year - 17, today.month, 1))

        # Ordered from the table by phone, a draft at the till: it waits for “age seen”.
        phone = self.order_values([], [(self.rum, 1, 8.0)], state="draft", amount_paid=0)
        order = self.sync(phone)
        self.assertEqual(order.state, "draft")
        mojito = self.basket(self.rum)
        answer = self.tap(uid=self.other_card.uid, lines=mojito)
        self.assertEqual(answer["code"], "age_needed")

        # The seventeen-year-old's card is refused, whatever was seen, and nothing is kept of it.
        answer = self.tap(lines=mojito, facts={"age_seen": True})
        self.assertEqual(answer["code"], "not_for_this")
        self.assertNotIn("Ada", answer["message"])
        self.assertEqual(self.free(), 2000)
        self.assertFalse(self.env["tibillet.operation"].search([("key", "=", self.key)]))
        [act] = self.env["tibillet.device.act"].search([("key", "=", self.key)])
        kept = act.read()[0]
        self.assertFalse({"card_id", "partner_id", "uid"} & kept.keys())
        self.assertNotIn(self.card.uid, str(kept))

        # In cash it waits as well, on the record itself.
        order_values = self.order_values([(self.cash, 8.0, None)], [(self.rum, 1, 8.0)])
        with self.assertRaisesRegex(ValidationError, "from 18 on"), self.env.cr.savepoint():
            self.sync(order_values)

        # An adult shows a paper: the cashier touches, the card pays.
        self.load(self.other_card, 1000)
        answer = self.tap(uid=self.other_card.uid, lines=mojito, facts={"age_seen": True})
        self.assertTrue(answer["ok"], answer)
        sold = self.order_values([(self.method, 8.0, self.key)], [(self.rum, 1, 8.0)])
        order = self.sync({**sold, "tibillet_age_seen": True})
        self.assertEqual(order.state, "paid")
        self.assertFalse(order.tibillet_law_note)

        # The manager's happy hour: refused until a soft drink is lowered alike.
        happy = {"name": "Happy hour", "company_id": self.company.id}
        lists = self.env["product.pricelist"]
        with self.assertRaisesRegex(ValidationError, "Mojito.*50 %"), self.env.cr.savepoint():
            lists.create({**happy, "item_ids": [self.rule(self.rum)]})
        lists.create({**happy, "item_ids": [self.rule(self.rum), self.rule(self.lemonade)]})

        # “Drinks included” is refused as soon as one of them is alcohol.
        choice = self.env["product.combo"].create(
            {
                "name": "Drinks",
                "company_id": self.company.id,
                "combo_item_ids": [
                    Command.create({"product_id": product.id})
                    for product in (self.lemonade, self.rum)
                ],
            }
        )
        offer = {"name": "Drinks included", "type": "combo", "company_id": self.company.id}
        with self.assertRaisesRegex(ValidationError, "never sold at a flat rate"):
            self.env["product.template"].create(
                {**offer, "combo_ids": [Command.set(choice.ids)], "tibillet_flat_rate": True}
            )
