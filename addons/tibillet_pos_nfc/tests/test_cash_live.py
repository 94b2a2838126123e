import json
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .cardpage_common import CardActs
from .test_cash_drawer import DrawerCase


@tagged("post_install", "-at_install")
class TestCashLive(CardActs, DrawerCase):
    """The live page says what the Z will say, to managers, as soon as something is sold."""

    def live(self, config_id=None, user=None):
        self.env.invalidate_all()
        pages = self.env["tibillet.live"].with_user(user or self.till_manager)
        return pages.with_company(self.company).tibillet_live(config_id)

    def now(self, values):
        return values | {"date_order": fields.Datetime.to_string(fields.Datetime.now())}

    def test_only_for_managers(self):
        for user in (self.cashier, self.stranger, self.accountant):
            with self.assertRaises(AccessError):
                self.live(user=user)

    def test_an_empty_evening(self):
        self.count("150")
        self.close(150)
        self.till_session.sudo().start_at -= timedelta(days=2)
        live = self.live()
        self.assertEqual((live["sessions"], live["open"], live["quarters"]), (0, 0, []))
        self.assertEqual(live["figures"]["turnover"]["gross"], 0)
        self.assertFalse(live["last"])

    def test_equal_to_the_z(self):
        self.sell()
        self.cash_sale(4.0)
        self.load_by("cash", 2000)
        live = self.live()
        self.assertEqual(live["open"], 1)
        self.assertEqual(sum(row["amount"] for row in live["quarters"]), 1000)
        self.assertEqual([row["amount"] for row in live["figures"]["tills"]], [1000])
        self.count("174")
        content = self.close(174).content
        for section in ("turnover", "vat", "moved", "methods", "assets", "products", "tills"):
            self.assertEqual(live["figures"][section], content[section], section)
        self.assertEqual(self.live()["figures"]["turnover"], content["turnover"])

    def test_a_day_is_the_places(self):
        """A place far away whose days begin at six, whoever reads the page."""
        place = self.env["tibillet.place"]._of_company(self.company)
        place.write({"tz": "Pacific/Noumea", "business_day_hour": 6})
        for tz in ("Europe/Paris", "America/New_York"):
            self.till_manager.tz = tz
            pages = self.env["tibillet.live"].with_user(self.till_manager)
            pages = pages.with_company(self.company)
            early = datetime(2026, 11, 20, 18, 59)  # 5:59 on the 21st there
            self.assertEqual(pages._day_begins(early), datetime(2026, 11, 19, 19))
            self.assertEqual(pages._local_day(early), date(2026, 11, 20))
            late = early + timedelta(minutes=1)
            self.assertEqual(pages._day_begins(late), late)
            self.assertEqual(pages._local_day(late), date(2026, 11, 21))

    def test_the_same_evening_last_time(self):
        self.sync(self.now(self.order_values([(self.cash, 8.0, False)], [(self.beer, 1, 8.0)])))
        self.count("158")
        self.close(158)
        week = timedelta(days=14)
        self.till_session.sudo().start_at -= week
        for order in self.till_session.sudo().order_ids:
            self.env.cr.execute(
                "UPDATE pos_order SET date_order = date_order - %s WHERE id = %s",
                [week + timedelta(minutes=1), order.id],
            )
        self.env.invalidate_all()
        self.start(158)
        last = self.live()["last"]
        self.assertEqual((last["turnover"], last["until_now"]), (800, 800))
        moment = fields.Datetime.now() - timedelta(hours=1)
        with patch.object(fields.Datetime, "now", lambda: moment):
            last = self.live()["last"]
        self.assertEqual((last["turnover"], last["until_now"]), (800, 0))

    def test_a_till_left_open_belongs_to_today(self):
        self.cash_sale()
        self.till_session.sudo().start_at -= timedelta(days=2)
        live = self.live()
        self.assertEqual((live["sessions"], live["open"]), (1, 1))
        self.assertEqual(live["figures"]["turnover"]["gross"], 600)

    def test_a_session_that_sold_nothing_is_no_last_time(self):
        self.count("150")
        self.close(150)
        self.till_session.sudo().start_at -= timedelta(days=7)
        self.start(150)
        self.assertFalse(self.live()["last"])

    def test_one_till_of_several(self):
        self.cash_sale()
        other = self.config.copy({"name": "Other bar"})
        self.assertEqual(self.live(other.id)["figures"]["turnover"]["gross"], 0)
        self.assertEqual(self.live(self.config.id)["figures"]["turnover"]["gross"], 600)

    def test_the_bus_tells_without_figures(self):
        last = self.env["bus.bus"].sudo().search([], order="id desc", limit=1).id or 0
        self.cash_sale()
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].sudo().search([("id", ">", last)])
        told = [row for row in told if json.loads(row.message)["type"] == "tibillet_live"]
        self.assertEqual(len(told), 1)
        self.assertEqual(json.loads(told[0].message)["payload"], {})

    def test_who_hears(self):
        def channels(user):
            socket = self.env["ir.websocket"].with_user(user)
            request = SimpleNamespace(session=SimpleNamespace(uid=user.id))
            with patch("odoo.addons.bus.models.ir_websocket.wsrequest", request):
                return socket._build_bus_channel_list(["tibillet_live"])

        def live(user):
            heard = [one for one in channels(user) if "tibillet_live" in str(one)]
            return [one[0] for one in heard]

        self.assertEqual(live(self.till_manager), [self.company])
        for user in (self.cashier, self.stranger):
            self.assertEqual(live(user), [])
