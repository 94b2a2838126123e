from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import SeatsCase


@tagged("post_install", "-at_install")
class TestFestivalTills(SeatsCase):
    """A festival names its tills and who stands at them, for as long as it lasts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("tibillet_event.tibillet_event_group_manager")
        cls.today = fields.Date.today()
        cls.festival = cls.env["tibillet.festival"].create(
            {
                "name": "Hills",
                "company_id": cls.company.id,
                "date_from": cls.today + timedelta(days=2),
                "date_to": cls.today + timedelta(days=4),
                "till_ids": [Command.set(cls.config.ids)],
            }
        )
        cls.other = cls.event.copy({"name": "Another night", "event_ticket_ids": False})
        cls.env["event.event.ticket"].create(
            {"name": "Full", "event_id": cls.other.id, "product_id": cls.rate.product_id.id}
        )
        cls.event.tibillet_festival_id = cls.festival

    def shown(self):
        rates = self.env["event.event.ticket"]
        data = {"product.product": [{"id": self.rate.product_id.id}]}
        return rates.search(rates._load_pos_data_domain(data, self.config)).event_id

    def test_its_events_and_no_others_while_it_lasts(self):
        self.assertEqual(self.shown(), self.event)
        self.festival.write(
            {
                "date_from": self.today + timedelta(days=20),
                "date_to": self.today + timedelta(days=22),
            }
        )
        self.assertEqual(self.shown(), self.event | self.other)
        self.festival.write({"date_from": self.today - timedelta(days=1), "date_to": self.today})
        self.festival.till_ids = False
        self.assertEqual(self.shown(), self.event | self.other, "no till of it any more")

    def test_its_passes_are_shown(self):
        self.festival.pass_event_id = self.other
        self.assertEqual(self.shown(), self.event | self.other)

    def test_a_till_of_another_place_is_refused(self):
        place = self.env["res.company"].create({"name": "Elsewhere"})
        till = self.config.sudo().copy({"name": "Far", "payment_method_ids": False})
        self.env.cr.execute(
            "UPDATE pos_config SET company_id = %s WHERE id = %s", [place.id, till.id]
        )
        till.invalidate_recordset()
        with self.assertRaisesRegex(ValidationError, "another place"):
            self.festival.till_ids = [Command.link(till.id)]

    def test_who_is_no_manager_of_tills_neither_sees_nor_names_them(self):
        manager = new_test_user(
            self.env,
            "festival-manager",
            "tibillet_event.tibillet_event_group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        festival = self.festival.with_user(manager)
        with self.assertRaises(AccessError):
            festival.till_ids = False
        with self.assertRaises(AccessError):
            festival.read(["till_ids"])
        with self.assertRaisesRegex(AccessError, "manager of the tills"):
            self.env["tibillet.festival.member"].with_user(manager).create(
                {"festival_id": festival.id, "user_id": self.somebody().id, "role": "cashier"}
            )

    def test_a_cashier_sells_until_it_is_over(self):
        cashier = self.somebody()
        group = "point_of_sale.group_pos_user"
        self.env["tibillet.festival.member"].create(
            {"festival_id": self.festival.id, "user_id": cashier.id, "role": "cashier"}
        )
        self.assertTrue(cashier.has_group(group))
        self.festival.write(
            {
                "date_from": self.today - timedelta(days=9),
                "date_to": self.today - timedelta(days=5),
            }
        )
        self.env["tibillet.festival.member"]._cron_rights()
        self.assertFalse(cashier.has_group(group))

    def somebody(self):
        return new_test_user(
            self.env,
            "festival-cashier",
            "base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
