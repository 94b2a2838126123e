from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..models.people.tibillet_wallet_access import KEPT_YEARS
from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestFind(PeopleCase):
    def test_exactly_what_stands_on_it_in_any_spelling(self):
        four = self.make_card(uid="DEADBE01")
        for card, texts in (
            (
                self.card,
                (
                    "04A1B2C3D4E5F6",
                    "04:a1:b2:c3:d4:e5:f6",
                    "04 A1 B2 C3 D4 E5 F6",
                    "F6E5D4C3B2A104",  # a reader that writes the bytes the other way round
                    str(int("04A1B2C3D4E5F6", 16)),
                    str(int("F6E5D4C3B2A104", 16)),
                    self.card.number,
                    f" {self.card.number.lower()} ",
                    self.card.token,
                    f"https://carte.example.org/tibillet/card/{self.card.token}",
                    f"http://localhost:8069/tibillet/card/{self.card.token}?utm=x",
                ),
            ),
            (four, ("deadbe01", "01BEADDE", str(int("DEADBE01", 16)))),
        ):
            for text in texts:
                with self.subTest(text=text):
                    self.assertEqual(self.Card._find(text), card)

    def test_never_a_part_never_a_pattern_never_a_list(self):
        for text in (
            "04A1B2C3",
            "04A1B2C3D4E5",
            self.card.number[:7],
            f"{self.card.number[:4]}%",
            "________",
            "%",
            self.card.token[:21],
            f"https://carte.example.org/tibillet/card/{self.card.token}/../x",
            f"{self.card.number},{self.make_card().number}",
            "RETIRED-1",
            "x" * 5000,
        ):
            self.assertRefused("card_unknown", self.Card._find, text)
        for text in ("", "  ", None, False):
            self.assertRefused("invalid", self.Card._find, text)

    def test_two_cards_that_answer_to_one_text_are_none(self):
        """An eight-character number may look like a chip of four bytes."""
        self.make_card(number="ABCDEF23")
        self.make_card(uid="ABCDEF23")
        self.assertRefused("card_unknown", self.Card._find, "ABCDEF23")

    def test_so_many_a_minute(self):
        found = self.Card.with_user(self.user_bar)._find
        for _find in range(60):
            found(self.card.number)
        self.assertRefused("rate_limited", found, self.card.number)
        self.Card.with_user(self.manager_bar)._find(self.card.number)

    def test_costs_the_same_whatever_is_in_the_database(self):
        desk = self.Card.with_user(self.user_bar)
        desk._find(self.card.number)
        counts = []
        for more in (0, 200):
            self.Card.create([{"company_id": self.bar.id}] * more)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            desk._find(self.card.number)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 12)


@tagged("post_install", "-at_install")
class TestFindScreen(PeopleCase):
    def setUp(self):
        super().setUp()
        token = (self.issuer(self.token), self.account(self.wallet, self.token), 2000)
        self.post("topup", token, company_id=self.bar.id)
        self.load(90, self.hours, code="issue")
        self.card._claim(self.ann, self.card._draw_claim_code(), self.bar)

    def find(self, user, text=None):
        """The form as the web client uses it: typed, then Find."""
        self.env.invalidate_all()
        env = self.env["tibillet.card.find"].with_user(user).with_company(user.company_id)
        form = Form(env)
        form.text = text or self.card.number
        screen = form.save()
        action = screen.action_find()
        self.assertEqual(action["res_id"], screen.id)
        return screen

    def shown(self, screen):
        """All that the form answers, as text."""
        return str(screen.read(list(screen._fields))[0])

    def test_the_desk_sees_state_and_balances(self):
        screen = self.find(self.user_bar)
        self.assertEqual(screen.number, self.card.number)
        self.assertEqual((screen.look, screen.state), ("yes", "claimed"))
        self.assertIn("20.00", screen.balances)
        self.assertIn("90\N{NO-BREAK SPACE}min", screen.balances)
        self.assertFalse(screen.may_see_movements)
        self.assertNotIn("Anne", self.shown(screen))

    def test_the_desk_of_another_place_sees_what_it_takes_alone(self):
        """Nothing is taken at B; then the token is; never the hours, a name or a movement."""
        screen = self.find(self.user_coop)
        self.assertNotIn("20.00", self.shown(screen))
        acceptance = self.env["tibillet.acceptance"].create(
            {
                "asset_id": self.token.id,
                "company_id": self.coop.id,
                "contract_date": "2026-01-01",
            }
        )
        self.assertNotIn("20.00", self.shown(self.find(self.user_coop)), "not countersigned")
        acceptance.with_user(self.manager_bar).action_countersign()
        text = self.shown(self.find(self.user_coop))
        self.assertIn("20.00", text)
        for secret in ("Anne", "Heures", "min", self.card.uid, self.card.token, "Top-up"):
            self.assertNotIn(secret, text)

    def test_every_state_in_words_and_shape(self):
        looks = {}
        for state, _name in self.card._fields["state"].selection:
            if state != "retired":
                self.card.state = state
                screen = self.find(self.user_bar)
                looks[state] = screen.look
                self.assertGreater(len(screen.state_text), 10)
        self.assertEqual(
            looks,
            {
                "blank": "wait",
                "anonymous": "yes",
                "claimed": "yes",
                "lost": "no",
                "blocked": "no",
                "replaced": "no",
            },
        )

    def test_a_wrong_number_stays_in_the_field_with_a_sentence(self):
        screen = self.find(self.user_bar, "ZZZZ9999")
        self.assertIn("exactly", screen.refused)
        self.assertEqual(screen.text, "ZZZZ9999")
        self.assertFalse(screen.card_id)
        screen.text = self.card.number
        screen.action_find()
        self.assertFalse(screen.refused)
        self.assertEqual(screen.number, self.card.number)
        self.assertFalse(screen.text, "what was typed is not kept")

    def test_nobody_names_a_card_by_its_row(self):
        """By RPC: a made-up row, a changed row, somebody else's row."""
        model = self.env["tibillet.card.find"]
        for user in (self.user_bar, self.manager_coop):
            with self.assertRaises(AccessError):
                model.with_user(user).create({"card_id": self.card.id})
            mine = model.with_user(user).create({"text": "x"})
            with self.assertRaises(AccessError):
                mine.write({"card_id": self.card.id})
            with self.assertRaises(AccessError):
                mine.write({"movements_shown": True})
        theirs = self.find(self.manager_bar)
        for act in ("read", "action_find", "action_report_lost", "action_show_movements"):
            with self.assertRaises(AccessError):
                getattr(theirs.with_user(self.user_coop), act)()
        for name in ("tibillet.act.claim", "tibillet.act.replace", "tibillet.act.recycle"):
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.user_coop).create(
                    {"find_id": theirs.id}
                ).action_confirm()

    def test_the_desk_reads_no_card_no_wallet_no_movement(self):
        for record in (self.card, self.wallet, self.load(100, wallet=self.card.wallet_id)):
            with self.assertRaises(AccessError):
                record.with_user(self.user_bar).read(["display_name"])

    def test_movements_for_a_manager_with_a_reason(self):
        for user in (self.user_bar, self.accountant_bar):
            self.assertRefused("not_allowed", self.find(user).action_show_movements)
        screen = self.find(self.manager_coop)  # of another place: found by its exact number
        screen.action_show_movements()
        self.assertFalse(screen.movements)
        self.assertIn("Write why", screen.refused)
        screen.reason = "she asks about Saturday"
        screen.action_show_movements()
        self.assertIn("Le Phare", screen.movements)
        self.assertIn("20.00", screen.movements)
        self.assertIn("Top-up", screen.movements, "what it did before it was claimed, too")
        access = self.env["tibillet.wallet.access"].search(
            [("user_id", "=", self.manager_coop.id), ("what", "=", "moves")]
        )
        self.assertEqual(access.wallet_id, self.card.wallet_id)
        self.assertEqual(access.reason, "she asks about Saturday")
        self.assertEqual(access.company_id, self.coop)
        screen.text = self.make_card().number
        screen.action_find()
        self.assertFalse(screen.movements, "another card, another reason")

    def test_a_link_to_the_wallet_tells_another_place_no_name(self):
        """Of an operation at the counter, or of a look: the wallet's number."""
        self.load(500, self.euro, self.card.wallet_id)
        sale = self.spend(500, wallet=self.card.wallet_id, company=self.coop, card=self.card)
        self.Card.with_user(self.manager_coop)._find(self.card.number)
        access = self.env["tibillet.wallet.access"].search([("user_id", "=", self.manager_coop.id)])
        for record in (sale, access):
            self.env.invalidate_all()
            text = str(record.with_user(self.manager_coop).read())
            self.assertIn(f"Person {self.card.wallet_id.id}", text)
            self.assertNotIn("Anne", text)
        self.env.invalidate_all()
        own = self.card.wallet_id.with_user(self.manager_bar)
        self.assertEqual(own.display_name, "Anne Le Goff")
        text = str(access.with_user(self.manager_bar).read(["wallet_id"]))
        self.assertIn("Anne Le Goff", text)

    def test_the_desk_reports_lost_what_it_takes(self):
        self.assertRefused("not_allowed", self.find(self.user_coop).action_report_lost)
        self.find(self.user_bar).action_report_lost()
        self.assertEqual(self.card.state, "lost")


@tagged("post_install", "-at_install")
class TestAccessLog(PeopleCase):
    def rows(self, wallet=None):
        self.env.flush_all()
        return self.env["tibillet.wallet.access"].search(
            [("wallet_id", "=", (wallet or self.wallet).id)]
        )

    def test_opening_a_card_or_a_wallet_is_noted_once_an_hour(self):
        card = self.card.with_user(self.manager_bar)
        for _time in range(3):
            card.web_read({"number": {}, "state": {}})
            card.wallet_id.web_read({"frozen": {}})
        self.assertEqual(sorted(self.rows().mapped("what")), ["card", "wallet"])
        self.wait(61)
        card.web_read({"number": {}})
        self.assertEqual(len(self.rows()), 3)
        self.card.with_user(self.accountant_bar).web_read({"number": {}})
        rows = self.rows()
        self.assertEqual(len(rows), 4)
        self.assertEqual(rows[0].user_id, self.accountant_bar)

    def test_a_name_in_a_link_is_no_look(self):
        self.card.with_user(self.manager_bar).web_read({"display_name": {}})
        self.assertFalse(self.rows())

    def test_finding_is_noted(self):
        self.Card.with_user(self.user_bar)._find(self.card.number)
        self.assertEqual(self.rows().what, "found")
        self.assertEqual(self.rows().user_id, self.user_bar)

    def test_a_list_notes_nothing_and_asks_no_more(self):
        cards = self.Card.create([{"company_id": self.bar.id}] * 30)
        counts = []
        user = self.Card.with_user(self.manager_bar)
        user.web_search_read([], {"number": {}, "partner_id": {}}, limit=2)
        for domain in ([("id", "in", cards[:2].ids)], [("id", "in", cards.ids)]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            user.web_search_read(domain, {"number": {}, "state": {}, "partner_id": {}})
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertFalse(self.rows(cards.wallet_id[0]))
        self.assertFalse(self.rows(cards.wallet_id[1]))

    def test_an_exported_list_is_noted_in_one_statement(self):
        cards = self.Card.create([{"company_id": self.bar.id}] * 5)
        self.manager_bar.group_ids += self.env.ref("base.group_allow_export")
        cards.with_user(self.manager_bar).export_data(["number"])
        for card in cards:
            self.assertEqual(self.rows(card.wallet_id).what, "list")

    def test_places_are_nobodys_wallet(self):
        place = self.env["tibillet.wallet"]._of_place(self.bar)
        place.with_user(self.manager_bar).web_read({"frozen": {}})
        self.assertFalse(self.rows(place))

    def test_nobody_changes_or_removes_a_row(self):
        self.Card.with_user(self.manager_bar)._find(self.card.number)
        for env in (self.env, self.env(user=self.manager_bar)):
            row = self.rows().with_env(env)
            self.assertRefused("not_allowed", row.write, {"reason": "x"})
            self.assertRefused("not_allowed", row.unlink)
            self.assertRefused(
                "not_allowed", row.create, {"wallet_id": self.wallet.id, "what": "card"}
            )

    def test_a_reason_is_kept_each_time(self):
        for reason in ("first", "second"):
            self.wallet.with_user(self.manager_bar)._note_access("moves", reason)
        self.assertEqual(set(self.rows().mapped("reason")), {"first", "second"})

    def test_old_rows_go(self):
        self.Card.with_user(self.manager_bar)._find(self.card.number)
        tasks = self.env["tibillet.housekeeping"]._tasks()
        self.assertIn("tibillet.wallet.access", [task.__self__._name for task in tasks])
        self.wait(int(timedelta(days=365 * KEPT_YEARS - 2).total_seconds() / 60))
        self.env["tibillet.wallet.access"]._clean()
        self.assertTrue(self.rows())
        self.wait(int(timedelta(days=4).total_seconds() / 60))
        self.env["tibillet.wallet.access"]._clean()
        self.assertFalse(self.rows())

    def test_a_manager_sees_ones_staff_and_ones_wallets(self):
        self.Card.with_user(self.user_coop)._find(self.card.number)
        self.env.flush_all()
        row = self.rows()
        for user, seen in ((self.manager_bar, 1), (self.manager_coop, 1)):
            found = row.with_user(user).search([("id", "=", row.id)])
            self.assertEqual(len(found), seen)
        with self.assertRaises(AccessError):
            row.with_user(self.accountant_bar).read(["what"])
