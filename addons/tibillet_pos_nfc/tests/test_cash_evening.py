import uuid
from datetime import datetime, timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .cardpage_common import CardActs
from .test_cash_drawer import DrawerCase

SUMS = ("orders", "amount", "topups", "refunds", "cups", "cards")


@tagged("post_install", "-at_install")
class TestCashEvening(CardActs, DrawerCase):
    """The live page of one evening: what was sold between two hours, and the Z's own cents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cup = cls.env["product.product"].create(
            {
                "name": "Cup",
                "available_in_pos": True,
                "type": "consu",
                "list_price": 1.0,
                "taxes_id": [Command.clear()],
                "company_id": cls.company.id,
                "tibillet_deposit": True,
            }
        )

    def setUp(self):
        super().setUp()
        self.env.cr.execute("SELECT tibillet_now()")
        self.now = self.env.cr.fetchone()[0].replace(microsecond=0)

    def evening(self, begins, hours=5, **values):
        return self.env["tibillet.evening"].create(
            {
                "name": "Fest-noz",
                "company_id": self.company.id,
                "begins_at": begins,
                "ends_at": begins + timedelta(hours=hours),
                **values,
            }
        )

    def live(self, evening=None, config_id=None, user=None):
        self.env.invalidate_all()
        pages = self.env["tibillet.live"].with_user(user or self.till_manager)
        pages = pages.with_company(self.company)
        return pages.tibillet_live(config_id, evening if evening is None else int(evening))

    def at(self, moment, amount, lines=None):
        """A cash sale at that moment of the till's clock."""
        lines = lines or [(self.beer, 1, amount)]
        values = self.order_values([(self.cash, amount, False)], lines)
        for command, (product, qty, price) in zip(values["lines"], lines, strict=True):
            if product == self.cup:
                command[2]["price_subtotal"] = qty * price
        return self.sync(values | {"date_order": str(moment), "uuid": str(uuid.uuid4())})

    def sums(self, rows):
        return {name: sum(row[name] for row in rows) for name in SUMS}

    # -- equal to the Z --------------------------------------------------------------------

    def test_an_evening_that_is_one_session_is_its_z(self):
        self.sell(date_order=str(self.now))
        self.at(self.now, 4.0)
        self.at(self.now, 7.0, [(self.beer, 1, 6.0), (self.cup, 3, 1.0), (self.cup, -2, 1.0)])
        topup = self.load_by("cash", 2000)
        self.env.cr.execute(  # the French law lets nobody write it
            "UPDATE pos_order SET date_order = %s WHERE id = %s", [self.now, topup.id]
        )
        evening = self.evening(self.now - timedelta(hours=1))
        live = self.live(evening.id)
        self.count("181")
        content = self.close(181).content
        for section in ("turnover", "vat", "moved", "methods", "assets", "products", "tills"):
            self.assertEqual(live["figures"][section], content[section], section)
            self.assertEqual(self.live(evening.id)["figures"][section], content[section])
        sums = {"orders": 4, "amount": 1600, "topups": 2000, "refunds": 0, "cups": 100}
        for rows in (live["tills"], live["quarters"]):
            self.assertEqual(self.sums(rows) | {"cards": 1}, sums | {"cards": 1})
        self.assertEqual(live["tills"][0]["cards"], content["habits"]["cards"])

    def test_evenings_of_one_session_add_up_to_its_z(self):
        for hours, amount in ((-6, 3.0), (0, 4.0), (3, 5.0)):
            self.at(self.now + timedelta(hours=hours), amount)
        evenings = [
            self.evening(self.now - timedelta(hours=8), 7, name="Market"),
            self.evening(self.now - timedelta(hours=1), 3, name="Concert"),
            self.evening(self.now + timedelta(hours=2), 3, name="Dance"),
        ]
        each = [self.live(evening.id) for evening in evenings]
        grosses = [live["figures"]["turnover"]["gross"] for live in each]
        self.assertEqual(grosses, [300, 400, 500])
        self.assertEqual([live["tills"][0]["amount"] for live in each], grosses)
        self.assertEqual([self.sums(live["quarters"])["amount"] for live in each], grosses)
        self.count("162")
        content = self.close(162).content
        self.assertEqual(sum(grosses), content["turnover"]["gross"])

    def test_an_evening_of_two_sessions_is_both_their_zs(self):
        self.at(self.now, 4.0)
        self.count("154")
        first = self.close(154).content
        self.start(154)
        self.at(self.now, 5.0)
        live = self.live(self.evening(self.now - timedelta(hours=1)).id)
        self.count("159", key="count-2")
        second = self.close(159).content
        both = first["turnover"]["gross"] + second["turnover"]["gross"]
        self.assertEqual(live["figures"]["turnover"]["gross"], both)

    def test_the_end_is_no_part_of_it(self):
        self.at(self.now + timedelta(hours=5), 4.0)
        self.at(self.now + timedelta(hours=5, seconds=-1), 5.0)
        live = self.live(self.evening(self.now).id)
        self.assertEqual(live["figures"]["turnover"]["gross"], 500)

    # -- by till and quarter ---------------------------------------------------------------

    def test_quarters_say_more_than_takings(self):
        begins = datetime(2026, 11, 20, 20, 0)
        self.at(begins, 6.0)
        self.at(begins + timedelta(minutes=14), 7.0, [(self.beer, 1, 6.0), (self.cup, 1, 1.0)])
        self.at(begins + timedelta(minutes=15), -6.0, [(self.beer, -1, 6.0)])
        live = self.live(self.evening(begins).id)
        shown = [
            {name: row[name] for name in ("at", "amount", "refunds", "cups")}
            for row in live["quarters"]
        ]
        self.assertEqual(
            shown,
            [
                {"at": "2026-11-20 20:00:00", "amount": 1200, "refunds": 0, "cups": 100},
                {"at": "2026-11-20 20:15:00", "amount": -600, "refunds": 600, "cups": 0},
            ],
        )

    def test_some_tills_of_the_place(self):
        other = self.config.copy({"name": "Other bar"})
        self.at(self.now, 4.0)
        evening = self.evening(self.now, config_ids=[Command.set(other.ids)])
        live = self.live(evening.id)
        self.assertEqual(live["configs"], [{"id": other.id, "name": "Other bar"}])
        self.assertEqual(live["figures"]["turnover"]["gross"], 0)
        self.assertEqual(self.live(evening.id, self.config.id)["figures"]["turnover"]["gross"], 0)
        evening.config_ids |= self.config
        self.assertEqual(self.live(evening.id)["figures"]["turnover"]["gross"], 400)

    # -- the same evening last time --------------------------------------------------------

    def test_beside_the_last_of_the_same_name(self):
        week = timedelta(days=3)
        self.at(self.now - week + timedelta(minutes=30), 8.0)
        self.at(self.now - week + timedelta(minutes=90), 2.0)
        self.evening(self.now - week, name="fest-noz ")
        self.evening(self.now - timedelta(days=1), name="Concert")
        evening = self.evening(self.now - timedelta(hours=1))
        last = self.live(evening.id)["last"]
        self.assertEqual(
            (last["name"], last["turnover"], last["until_now"]), ("fest-noz ", 1000, 800)
        )
        self.assertEqual(last["then"]["orders"], 1)
        moved = datetime.fromisoformat(last["quarters"][0]["at"])
        self.assertLess(abs(moved - (self.now - timedelta(minutes=30))), timedelta(minutes=15))

    def test_beside_the_same_hours_weeks_before(self):
        self.at(self.now - timedelta(days=14, minutes=1), 8.0)
        self.at(self.now - timedelta(days=14, hours=4), 2.0)
        self.till_session.sudo().start_at -= timedelta(days=20)  # open, and nothing sold
        evening = self.evening(self.now - timedelta(hours=1))
        last = self.live(evening.id)["last"]
        self.assertEqual((last["name"], last["turnover"], last["until_now"]), ("", 800, 800))
        self.assertFalse(self.live(self.evening(self.now - timedelta(days=60)).id)["last"])

    def test_last_time_at_its_own_tills_or_at_the_one_that_is_looked_at(self):
        other = self.config.copy({"name": "Other bar"})
        before = self.now - timedelta(days=3)
        self.at(before + timedelta(minutes=30), 8.0)
        self.evening(before, config_ids=[Command.set(other.ids)])
        evening = self.evening(self.now - timedelta(hours=1))
        self.assertEqual(self.live(evening.id)["last"]["turnover"], 0)
        self.assertEqual(self.live(evening.id, self.config.id)["last"]["turnover"], 800)

    def test_a_card_that_was_seen_at_another_hour_is_not_of_the_evening(self):
        self.sell()
        later = self.live(self.evening(self.now + timedelta(hours=6)).id)
        self.assertEqual((later["sessions"], self.sums(later["tills"])["cards"]), (1, 0))
        now = self.live(self.evening(self.now - timedelta(hours=1)).id)
        self.assertEqual(self.sums(now["tills"])["cards"], 1)

    # -- which one, and for whom -----------------------------------------------------------

    def test_the_one_that_goes_on_now_is_shown_first(self):
        self.evening(self.now - timedelta(hours=10), name="Over")
        self.assertFalse(self.live()["evening"])
        evening = self.evening(self.now - timedelta(hours=1))
        self.evening(self.now + timedelta(hours=9))
        self.assertEqual(self.live()["evening"]["id"], evening.id)
        self.assertIs(self.live(0)["evening"], False)

    def test_another_places_evening_is_none(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        theirs = self.evening(self.now - timedelta(hours=1), company_id=other.id)
        live = self.live(theirs.id)
        self.assertFalse(live["evening"])
        self.assertNotIn(theirs.id, [row["id"] for row in live["evenings"]])
        self.till_manager.company_ids |= other  # who may read both reads one at a time
        pages = self.env["tibillet.live"].with_user(self.till_manager)
        pages = pages.with_context(allowed_company_ids=[self.company.id, other.id])
        page = pages.tibillet_live(None, theirs.id)
        self.assertFalse(page["evening"])
        self.assertNotIn(theirs.id, [row["id"] for row in page["evenings"]])
        ours = self.evening(self.now + timedelta(hours=1))
        self.assertFalse(ours.last_id, "of the same name at another place")

    def test_only_for_managers(self):
        evening = self.evening(self.now)
        for user in (self.cashier, self.accountant):
            with self.assertRaises(AccessError):
                self.live(evening.id, user=user)

    def test_rules_of_an_evening(self):
        first = self.evening(self.now)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            with self.env.cr.savepoint():
                self.evening(self.now, hours=0)
        with self.assertRaises(ValidationError):
            self.evening(self.now, hours=24 * 16)
        second = self.evening(self.now + timedelta(days=7))
        self.assertEqual(second.last_id, first)
        with self.assertRaises(ValidationError):
            first.last_id = second
