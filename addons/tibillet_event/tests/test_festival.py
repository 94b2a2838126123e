"""A festival in one form: days, pass, stages, line-up, team, budget, page."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .programme_common import ProgrammeCase


class FestivalCase(ProgrammeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.festival = cls.make_festival()

    @classmethod
    def make_festival(cls, company=None, **values):
        """Friday to Sunday in Paris, 18:00 to 2:00, 100 seats, 20 € a day, 50 € for all."""
        return cls.env["tibillet.festival"].create(
            {
                "name": "Harbour",
                "company_id": (company or cls.place).id,
                "date_from": date(2027, 6, 4),
                "date_to": date(2027, 6, 6),
                "seats_max": 100,
                "price": 20,
                "pass_price": 50,
                **values,
            }
        )

    def person(self, login, company=None, groups="base.group_user"):
        company = company or self.place
        return new_test_user(
            self.env,
            login=login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            context={"no_reset_password": True},
        )


@tagged("post_install", "-at_install")
class TestFestival(FestivalCase):
    def test_days_and_pass_are_made_once(self):
        self.programme(self.festival).action_make_days()
        days = self.festival.event_ids.sorted("date_begin")
        self.assertEqual(len(days), 3)
        self.assertEqual(days[0].date_begin, datetime(2027, 6, 4, 16))
        self.assertEqual(days[0].date_end, datetime(2027, 6, 5, 0))
        self.assertEqual(days.mapped("seats_max"), [100] * 3)
        self.assertEqual(days.event_ticket_ids.mapped("price"), [20] * 3)
        self.assertEqual(days.company_id, self.place)
        full = self.festival.pass_ids
        self.assertEqual((full.price, full.tibillet_pass_event_ids), (50, days))
        self.festival.action_make_days()
        self.assertEqual(self.festival.event_ids, days)
        self.assertEqual(self.festival.pass_ids, full)

    def test_what_is_missing_is_made(self):
        self.festival.action_make_days()
        self.festival.date_to = date(2027, 6, 7)
        self.festival.action_make_days()
        self.assertEqual(len(self.festival.event_ids), 4)

    def test_a_day_pass_is_written_on_the_form(self):
        self.festival.action_make_days()
        day = self.festival.event_ids[0]
        self.programme(self.festival).write(
            {
                "pass_ids": [
                    Command.create(
                        {
                            "name": "Friday pass",
                            "price": 25,
                            "event_id": self.festival.pass_event_id.id,
                            "tibillet_pass_event_ids": [Command.set(day.ids)],
                        }
                    )
                ]
            }
        )
        self.assertEqual(self.festival.pass_ids.mapped("name"), ["Full pass", "Friday pass"])

    def test_bad_input(self):
        for values, error in (
            ({"date_to": date(2027, 6, 3)}, CheckViolation),
            ({"seats_max": -1}, CheckViolation),
            ({"pass_price": -5}, CheckViolation),
            ({"date_to": date(2028, 6, 3)}, ValidationError),
            ({"hour_begin": 25}, ValidationError),
        ):
            with self.subTest(values=values), self.assertRaises(error):
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    self.festival.write(values)
                    self.env.flush_all()
        past = self.make_festival(date_from=date(2020, 1, 1), date_to=date(2020, 1, 2))
        with self.assertRaisesRegex(UserError, "past"):
            past.action_make_days()

    def test_a_night_when_clocks_change(self):
        festival = self.make_festival(date_from=date(2027, 3, 27), date_to=date(2027, 3, 27))
        festival.action_make_days()
        event = festival.event_ids
        self.assertEqual((event.date_begin.hour, event.date_end), (17, datetime(2027, 3, 28, 1)))

    def test_line_up_by_stage(self):
        self.festival.action_make_days()
        friday, _saturday, _sunday = self.festival.event_ids.sorted("date_begin")
        self.programme(self.festival).stage_ids = [
            Command.create({"name": "Quay", "sequence": 1}),
            Command.create({"name": "Hold", "sequence": 2}),
        ]
        quay, hold = self.festival.stage_ids.sorted("sequence")
        self.programme(self.festival).track_ids = [
            Command.create(
                {
                    "name": name,
                    "event_id": friday.id,
                    "location_id": stage.id,
                    "date": datetime(2027, 6, 4, hour),
                    "website_published": True,
                }
            )
            for name, stage, hour in (("Late", quay, 21), ("Early", quay, 18), ("Low", hold, 19))
        ]
        self.festival.action_publish()
        days = self.festival._page_days()
        day, [(event, lines)] = days[0]
        self.assertEqual(day, date(2027, 6, 4))
        self.assertEqual(event, friday)
        self.assertEqual(
            [(stage.name, acts.mapped("name")) for stage, acts in lines],
            [("Quay", ["Early", "Late"]), ("Hold", ["Low"])],
        )
        other = self.make_festival(name="Other")
        other.action_make_days()
        with self.assertRaisesRegex(ValidationError, "another festival"):
            self.festival.track_ids[0].event_id = other.event_ids[0]

    def test_an_event_of_another_place(self):
        away = self.env["res.company"].create({"name": "Away"})
        event = self.make_event(company_id=away.id, organizer_id=False, address_id=False)
        with self.assertRaisesRegex(ValidationError, "another place"):
            event.tibillet_festival_id = self.festival

    def test_budget(self):
        keeper = self.person(
            "keeper",
            groups="tibillet_wallet.tibillet_wallet_group_accountant,"
            "event.group_event_registration_desk",
        )
        festival = self.festival.with_user(keeper).with_company(self.place)
        action = festival.action_budget()
        budget = (
            self.env["tibillet.budget"]
            .with_user(keeper)
            .with_company(self.place)
            .with_context(**action["context"])
            .create({})
        )
        plain = self.env["tibillet.budget"].create(
            {"festival_id": self.festival.id, "company_id": self.place.id}
        )
        self.assertEqual((plain.name, plain.date_to), ("Harbour", date(2027, 6, 6)))
        plain.unlink()
        self.assertEqual(budget.name, "Harbour")
        self.assertEqual((budget.date_from, budget.date_to), (date(2027, 6, 4), date(2027, 6, 6)))
        self.assertEqual(festival.action_budget()["res_id"], budget.id)


@tagged("post_install", "-at_install")
class TestFestivalTeam(FestivalCase):
    def team(self, user, role="gate", festival=None, by=None, **values):
        return (
            self.env["tibillet.festival.member"]
            .with_user(by or self.user_manager)
            .with_company(self.place)
            .create(
                {
                    "festival_id": (festival or self.festival).id,
                    "user_id": user.id,
                    "role": role,
                    **values,
                }
            )
        )

    def has(self, user, role="gate"):
        user.invalidate_recordset()
        return user.has_group(f"tibillet_event.tibillet_event_group_{role}")

    def at(self, day):
        with freeze_time(day):
            self.env["tibillet.festival.member"]._cron_rights()

    def test_rights_begin_and_end_with_the_festival(self):
        nour = self.person("nour")
        member = self.team(nour)
        self.assertFalse(self.has(nour) or member.given)
        self.at("2027-05-30 12:00:00")
        self.assertTrue(self.has(nour) and member.given)
        self.at("2027-06-07 12:00:00")
        self.assertTrue(self.has(nour))
        self.at("2027-06-08 12:00:00")
        self.assertFalse(self.has(nour) or member.given)
        with self.assertRaises(AccessError):
            self.festival.with_user(nour).with_company(self.place).read(["name"])

    def test_what_somebody_had_stays(self):
        member = self.team(self.user_gate)
        self.at("2027-06-05 12:00:00")
        self.assertFalse(member.given)
        self.at("2027-06-20 12:00:00")
        self.assertTrue(self.has(self.user_gate))

    def test_two_festivals_give_the_same_role(self):
        nour = self.person("nour")
        self.team(nour)
        self.team(nour, festival=self.make_festival(date_to=date(2027, 6, 12)))
        self.at("2027-06-05 12:00:00")
        self.at("2027-06-10 12:00:00")
        self.assertTrue(self.has(nour))
        self.at("2027-06-14 12:00:00")
        self.assertFalse(self.has(nour))

    def test_another_role_or_no_role_any_more(self):
        nour = self.person("nour")
        member = self.team(nour, "user")
        with freeze_time("2027-06-05 12:00:00"):
            member.sudo()._apply()
            self.assertTrue(self.has(nour, "user"))
            member.role = "gate"
            self.assertEqual((self.has(nour, "user"), self.has(nour)), (False, True))
            member.unlink()
            self.assertFalse(self.has(nour))

    def test_taken_with_the_festival(self):
        for end in (
            lambda: self.festival.with_user(self.user_manager).write({"active": False}),
            lambda: self.festival.with_user(self.user_manager).unlink(),
        ):
            nour = self.person(f"nour{end.__code__.co_firstlineno}")
            self.team(nour)
            with freeze_time("2027-06-05 12:00:00"):
                self.festival.active = True
                self.env["tibillet.festival.member"]._cron_rights()
                self.assertTrue(self.has(nour))
                end()
                self.assertFalse(self.has(nour))

    def test_only_people_of_this_place(self):
        away = self.env["res.company"].create({"name": "Away"})
        both = self.person("both")
        both.company_ids |= away
        for user in (both, self.person("away", company=away)):
            with self.assertRaisesRegex(ValidationError, "administrator"):
                self.team(user)
        portal = new_test_user(
            self.env,
            login="portal9",
            groups="base.group_portal",
            company_id=self.place.id,
            company_ids=[Command.set(self.place.ids)],
        )
        with self.assertRaisesRegex(ValidationError, "no account of the staff"):
            self.team(portal)

    def test_who_works_elsewhere_by_then_gets_nothing(self):
        nour = self.person("nour")
        member = self.team(nour, "manager")
        nour.company_ids |= self.env["res.company"].create({"name": "Away"})
        self.at("2027-06-05 12:00:00")
        self.assertFalse(self.has(nour, "manager") or member.given)

    def test_nobody_keeps_or_gives_themselves_rights(self):
        nour, sam = self.person("nour"), self.person("sam")
        with self.assertRaises(AccessError):
            self.team(sam, by=self.user_user)
        with self.assertRaisesRegex(AccessError, "Your own role"):
            self.team(self.user_manager)
        member = self.team(nour, "manager")
        with freeze_time("2027-06-05 12:00:00"):
            member.sudo()._apply()
            self.assertTrue(self.has(nour, "manager"))
            mine = member.with_user(nour).with_company(self.place)
            with self.assertRaisesRegex(AccessError, "Your own role"):
                mine.date_to += timedelta(days=20)
            with self.assertRaisesRegex(AccessError, "Your own role"):
                mine.festival_id.date_to += timedelta(days=20)
            with self.assertRaisesRegex(AccessError, "Managers"):
                self.programme(self.festival).date_to += timedelta(days=20)
        with self.assertRaisesRegex(ValidationError, "a month after"):
            member.date_to = date(2030, 1, 1)

    def test_given_is_written_by_nobody(self):
        member = self.team(self.person("nour"), given=True)
        self.assertFalse(member.given)
        member.write({"given": True})
        self.assertFalse(member.given)
