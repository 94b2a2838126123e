"""Fifty festivals at once in one database: as many queries, and nobody sees another's."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

FESTIVAL = ("name", "date_from", "date_to", "address_id", "company_id", "is_published")
EVENT = ("name", "company_id", "date_begin", "seats_max", "seats_taken", "tibillet_seats_held")
RATE = ("name", "event_id", "price", "seats_available", "seats_taken", "is_sold_out")


@tagged("post_install", "-at_install")
class TestFiftyFestivals(TransactionCase):
    """Each its own company and team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.festivals = cls.env["tibillet.festival"]
        for number in range(50):
            company = cls.env["res.company"].create({"name": f"Place {number}"})
            festival = cls.festivals.create(
                {
                    "name": f"Festival {number}",
                    "company_id": company.id,
                    "date_from": date(2030, 6, 7),
                    "date_to": date(2030, 6, 8),
                    "seats_max": 10,
                    "price": 10,
                    "pass_price": 15,
                }
            )
            festival.action_make_days()
            festival.stage_ids = [Command.create({"name": f"Stage {number}"})]
            cls.festivals |= festival
        cls.companies = cls.festivals.company_id
        cls.everywhere = cls.manager_of(cls.companies, "everywhere")
        cls.members = cls.env["tibillet.festival.member"]
        for number, festival in enumerate(cls.festivals):
            person = cls.manager_of(festival.company_id, f"team{number}", "base.group_user")
            cls.members |= cls.members.create(
                {"festival_id": festival.id, "user_id": person.id, "role": "gate"}
            )
        cls.env["event.registration"].create(
            [
                {
                    "event_id": festival.pass_event_id.id,
                    "event_ticket_id": festival.pass_ids.id,
                    "name": "Anna",
                    "state": "open",
                }
                for festival in cls.festivals
            ]
        )

    @classmethod
    def manager_of(
        cls, companies, login, groups="tibillet_event.tibillet_event_group_manager,base.group_user"
    ):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
            context={"no_reset_password": True},
        )

    def cost(self, model, names, number):
        """Queries of the backend's list of that model, for so many companies, and its rows."""
        specification = {
            name: {"fields": {"display_name": {}}}
            if self.env[model]._fields[name].relational
            else {}
            for name in names
        }
        chosen = self.companies[:number]
        records = (
            self.env[model].with_user(self.everywhere).with_context(allowed_company_ids=chosen.ids)
        )
        domain = [("company_id", "in", chosen.ids)]
        records.web_search_read(domain, specification, limit=400)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows = records.web_search_read(domain, specification, limit=400)["records"]
        return self.env.cr.sql_log_count - before, len(rows)

    def test_lists_cost_the_same(self):
        for model, names, each in (
            ("tibillet.festival", FESTIVAL, 1),
            ("event.event", EVENT, 3),
            ("event.event.ticket", RATE, 3),
            ("event.registration", ("name", "event_id", "event_ticket_id", "tibillet_pass_id"), 3),
            ("tibillet.festival.member", ("festival_id", "user_id", "role", "given"), 1),
        ):
            with self.subTest(model=model):
                few, five = self.cost(model, names, 5)
                many, fifty = self.cost(model, names, 50)
                self.assertEqual((five, fifty), (5 * each, 50 * each))
                self.assertEqual(many, few)

    def test_no_team_sees_anothers(self):
        first, other = self.festivals[:2]
        boss = self.manager_of(first.company_id, "boss")
        mine = self.env(user=boss)
        for model, where in (
            ("tibillet.festival", []),
            ("event.event", []),
            ("event.event.ticket", []),
            ("event.registration", []),
            ("tibillet.festival.member", []),
            ("event.track.location", [("tibillet_festival_id", "!=", False)]),
        ):
            with self.subTest(model=model):
                found = mine[model].search(where).sudo()
                companies = (
                    found.tibillet_festival_id.company_id
                    if model == "event.track.location"
                    else found.company_id
                )
                self.assertEqual(companies, first.company_id)
        theirs = other.with_user(boss)
        for act in (
            lambda: theirs.read(["name"]),
            lambda: theirs.write({"name": "Mine"}),
            theirs.action_make_days,
            theirs.action_publish,
            lambda: other.event_ids.with_user(boss).read(["name"]),
            lambda: other.stage_ids.with_user(boss).write({"name": "Mine"}),
            lambda: mine["tibillet.festival.member"].create(
                {"festival_id": other.id, "user_id": boss.id}
            ),
        ):
            with self.assertRaises(AccessError):
                act()
                self.env.flush_all()

    def test_the_clock_gives_every_team_its_rights(self):
        cron = self.members.with_context(active_test=False)
        due = cron.browse(self.members[:20].ids)
        due.write({"date_from": date(2020, 1, 1)})
        self.assertEqual(set(due.mapped("given")), {True})
        self.assertEqual(set((self.members - due).mapped("given")), {False})
