"""Happy hours: equal for soft drinks, by the place's clock, with a grace for a basket begun."""

from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TourCase
from .test_law_goods import LawCase


class HappyCase(LawCase):
    """Drinks at 20 % off from 18:00 to 20:00 on week days, in Paris."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drinks = cls.env["product.category"].create({"name": "Drinks"})
        cls.draught = cls.env["product.category"].create(
            {"name": "Draught", "parent_id": cls.drinks.id}
        )
        cls.beer.categ_id = cls.draught
        cls.lemonade.categ_id = cls.drinks
        cls.happy = cls.env["tibillet.happy.hour"].create(
            {
                "name": "Apéro",
                "company_id": cls.company.id,
                "percent": 20,
                "categ_ids": [Command.set(cls.drinks.ids)],
            }
        )
        cls.env["tibillet.place"].search([("company_id", "=", cls.company.id)]).tz = "Europe/Paris"

    def run_now(self):
        """The hour runs since one hour and ends in one, whatever the clock of this machine."""
        local = datetime.now(self.happy._zone(self.company))
        hour = local.hour + local.minute / 60
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        self.happy.write(
            {
                "hour_from": (hour - 1) % 24,
                "hour_to": (hour + 1) % 24,
                **dict.fromkeys(days, True),
            }
        )


@tagged("post_install", "-at_install")
class TestHappyHours(HappyCase):
    def covers(self, text, rule=None):
        return (rule or self.happy)._covers(datetime.fromisoformat(text))

    def test_hours_of_the_place(self):
        for text, expected in (
            ("2026-11-20 16:59:59", False),  # Friday, 17:59:59 in Paris
            ("2026-11-20 17:00:00", True),
            ("2026-11-20 18:59:59", True),
            ("2026-11-20 19:00:00", False),
            ("2026-11-21 17:30:00", False),  # Saturday
            ("2026-07-17 16:00:00", True),  # Friday in summer: 18:00
            ("2026-07-17 18:00:00", False),
        ):
            with self.subTest(text):
                self.assertEqual(self.covers(text), expected)

    def test_over_midnight(self):
        self.happy.write({"hour_from": 22.5, "hour_to": 1})
        for text, expected in (
            ("2026-11-20 21:29:00", False),
            ("2026-11-20 21:30:00", True),  # Friday 22:30
            ("2026-11-20 23:59:00", True),  # Saturday 00:59, Friday's night
            ("2026-11-21 00:00:00", False),
            ("2026-11-21 22:00:00", False),  # Saturday 23:00
            ("2026-11-22 23:30:00", False),  # Monday 00:30, Sunday's night
            ("2026-11-23 23:30:00", True),  # Tuesday 00:30, Monday's night
        ):
            with self.subTest(text):
                self.assertEqual(self.covers(text), expected)

    def test_the_night_when_clocks_go_back(self):
        self.happy.write({"hour_from": 2, "hour_to": 3, "sunday": True})
        self.assertTrue(self.covers("2026-10-25 00:30:00"), "02:30 in summer time")
        self.assertTrue(self.covers("2026-10-25 01:30:00"), "02:30 again, in winter time")
        self.assertFalse(self.covers("2026-10-25 02:00:00"))

    def test_grace(self):
        at = datetime.fromisoformat
        self.assertTrue(self.happy._admits(at("2026-11-20 19:14:59")))
        self.assertFalse(self.happy._admits(at("2026-11-20 19:15:00")))
        self.happy.grace_minutes = 0
        self.assertFalse(self.happy._admits(at("2026-11-20 19:00:00")))
        begun = at("2026-11-20 18:00:00")
        self.assertTrue(self.happy._admits(at("2026-11-20 22:00:00"), begun), "a table's bill")

    def test_alcohol_alone(self):
        with self.assertRaisesRegex(ValidationError, "“Apéro” lowers “Beer”.*group 1"):
            self.happy.write(
                {
                    "categ_ids": [Command.clear()],
                    "product_tmpl_ids": [Command.set(self.beer.product_tmpl_id.ids)],
                }
            )

    def test_soft_drinks_alone(self):
        self.happy.write(
            {
                "categ_ids": [Command.clear()],
                "product_tmpl_ids": [Command.set(self.lemonade.product_tmpl_id.ids)],
            }
        )

    def test_the_soft_drink_does_not_go_first(self):
        for change in (
            {"available_in_pos": False},
            {"active": False},
            {"sale_ok": False},
            {"company_id": self.other_company.id},
            {"tibillet_alcohol_group": "3"},
            {"categ_id": self.env["product.category"].create({"name": "Food"}).id},
            {"list_price": 0},
        ):
            with (
                self.subTest(change),
                self.assertRaisesRegex(ValidationError, "without alcohol"),
                self.env.cr.savepoint(),
            ):
                self.lemonade.product_tmpl_id.write(change)
        self.happy.active = False
        self.lemonade.product_tmpl_id.available_in_pos = False
        with self.assertRaisesRegex(ValidationError, "without alcohol"):
            self.happy.active = True

    def test_of_nothing(self):
        with self.assertRaisesRegex(ValidationError, "which categories or articles"):
            self.happy.categ_ids = False

    @mute_logger("odoo.sql_db")
    def test_what_cannot_be(self):
        no_day = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), False)
        for values in (
            {"percent": 0},
            {"percent": 100},
            {"hour_to": 18},
            {"hour_from": 24},
            {"hour_to": 25},
            {"grace_minutes": 61},
            no_day,
        ):
            with (
                self.subTest(values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.happy.write(values)
                self.env.flush_all()

    def test_what_the_till_loads(self):
        rules, session = self.env["tibillet.happy.hour"], self.open_session()
        domain = rules._load_pos_data_domain({}, self.config)
        self.assertEqual(rules.search(domain), self.happy)
        other = self.config.copy({"name": "Terrace"})
        self.happy.config_ids = other
        self.assertFalse(rules.search(domain))
        read = self.config._load_pos_data_read(self.config, self.config)
        self.assertEqual(read[0]["_tibillet_zone"], "Europe/Paris")
        self.assertGreater(session.tibillet_time()["now_ms"], 1_700_000_000_000)


@tagged("post_install", "-at_install")
class TestHappyPrices(HappyCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())
        self.run_now()

    def ask(self, product=None, **claimed):
        product = product or self.beer
        line = {"product_id": product.id, "amount_minor": 480, "happy_id": self.happy.id}
        return self.tap(lines=[line | claimed], facts={"age_seen": True})

    def assertOver(self, words, **claimed):
        answer = self.ask(**claimed)
        self.assertEqual((answer["ok"], answer.get("why")), (False, "happy_over"), answer)
        self.assertIn(words, answer["message"])
        self.assertEqual(self.free(), 2000)

    def order(self, minutes, payments=None, product=None):
        """An order at the hour's price, paid so many minutes from now."""
        at = datetime.now() + timedelta(minutes=minutes)
        product = product or self.beer
        values = self.order_values(
            payments or [(self.cash, 4.8, None)],
            [(product, 1, 4.8)],
            date_order=at.strftime("%Y-%m-%d %H:%M:%S"),
            tibillet_age_seen=True,
        )
        values["lines"][0][2]["tibillet_happy_hour_id"] = self.happy.id
        return self.sync(values)

    def test_in_the_hour(self):
        self.assertEqual(self.ask()["amount_minor"], 480)

    def test_in_the_grace(self):
        self.wait(70)
        self.assertTrue(self.ask()["ok"])

    def test_out_of_the_hour(self):
        self.wait(90)
        self.assertOver("“Apéro” (")

    def test_what_has_no_happy_hour(self):
        self.assertOver("“Crisps” has no happy hour", product=self.crisps)
        self.assertOver("has no happy hour", happy_id=2**31 - 1)
        self.assertEqual(self.ask(happy_id="all")["code"], "invalid")

    def test_another_tills_happy_hour(self):
        """Neither by card nor in cash; a till that shares its bills is not another one."""
        other = self.config.copy({"name": "Terrace"})
        self.happy.config_ids = other
        self.assertOver("“Beer” has no happy hour here")
        with self.assertRaisesRegex(ValidationError, "no happy hour"), self.env.cr.savepoint():
            self.order(0)
        self.config.trusted_config_ids = other
        self.assertTrue(self.ask()["ok"])
        self.assertEqual(self.order(0).state, "paid")

    def test_an_archived_one_is_over(self):
        self.happy.active = False
        self.assertOver("is over")

    def test_a_bill_of_before(self):
        """What a table ordered in the hour keeps its price; another line's number helps not."""
        draft = self.order_values([], [(self.beer, 1, 4.8)], state="draft", amount_paid=0)
        draft["lines"][0][2]["tibillet_happy_hour_id"] = self.happy.id
        line = self.sync(draft).lines
        self.wait(180)
        self.assertOver("is over", product=self.lemonade, line_id=line.id)
        self.assertTrue(self.ask(line_id=line.id)["ok"])
        self.env.cr.execute(
            "UPDATE pos_order_line SET company_id = %s WHERE id = %s",
            [self.other_company.id, line.id],
        )
        answer = self.ask(line_id=line.id)
        self.assertEqual((answer["ok"], answer.get("why")), (False, "happy_over"), answer)

    def test_orders(self):
        self.assertEqual(self.order(0).state, "paid")
        self.env.cr.execute("UPDATE tibillet_happy_hour SET grace_minutes = 0")
        with self.assertRaisesRegex(ValidationError, "no happy hour"):
            self.order(0, product=self.crisps)

    def test_a_late_order_in_cash(self):
        """Sold after the hour: refused, and on a card noted."""
        local = datetime.now(self.happy._zone(self.company))
        hour = local.hour + local.minute / 60
        self.happy.write({"hour_from": (hour - 3) % 24, "hour_to": (hour - 1) % 24})
        with self.assertRaisesRegex(ValidationError, "is over"):
            self.order(0)
        self.assertEqual(self.order(-90).state, "paid", "sold in time, offline, arrives now")
        self.tap(
            lines=[{"product_id": self.beer.id, "amount_minor": 480}], facts={"age_seen": True}
        )
        noted = self.order(0, [(self.method, 4.8, self.key)])
        self.assertIn("is over", noted.tibillet_law_note)


@tagged("post_install", "-at_install")
class TestHappyTour(TourCase, HappyCase):
    def test_happy_hour(self):
        """Shown, paid by tap; then the hour ends under a basket that was begun long ago."""
        self.beer.tibillet_alcohol_group = "1"  # ages are another tour's
        self.run_now()
        self.run_till("tibillet_happy_hour")
        self.env.invalidate_all()
        orders = self.till_session.order_ids.filtered(lambda order: order.state == "paid")
        early, late = orders.sorted("amount_total")
        self.assertEqual((early.amount_total, late.amount_total), (4.8, 6.0))
        self.assertEqual(early.lines.tibillet_happy_hour_id, self.happy)
        self.assertFalse(late.lines.tibillet_happy_hour_id)
        self.assertFalse(orders.filtered("tibillet_law_note"))
