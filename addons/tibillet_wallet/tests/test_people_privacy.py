import json

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .people_common import PeopleCase


class PrivacyCase(PeopleCase):
    """Anne: two cards, one replaced; top-ups, a sale, notes, memos, looks with a reason."""

    def setUp(self):
        super().setUp()
        self.number, self.chip, self.token_text = "ANNE2345", "04FACE00FACE01", "q" * 22
        self.first = self.make_card(uid=self.chip, number=self.number, token=self.token_text)
        code = self.first._draw_claim_code()
        account = self.account(self.first.wallet_id, self.token)
        self.post(
            "topup",
            (self.issuer(self.token), account, 1000),
            company_id=self.bar.id,
            card_id=self.first.id,
            memo="Anne Le Goff paid in two notes",
        )
        self.first._claim(self.ann, code, self.bar)
        self.person = self.first.wallet_id
        self.second = self.make_card(number="ANNE6789")
        self.first._replace(self.second, identity_checked=True)
        self.second.message_post(body="Anne Le Goff asked about Saturday")
        self.person.with_user(self.manager_bar)._note_access("moves", "Anne Le Goff asked")
        self.env["tibillet.wallet.decision"].create(
            {
                "wallet_id": self.person.id,
                "company_id": self.bar.id,
                "kind": "freeze",
                "reason": "Anne Le Goff lost her bag",
                "key": "privacy",
            }
        )

    def empty(self):
        self.spend(1000, wallet=self.person, card=self.second)
        self.second.state = "blocked"

    def erase(self, user=None):
        self.ann.with_user(user or self.manager_bar)._tibillet_erase()

    def tables_with(self, words):
        """Every text column of our tables, and of the chatter of our models, that has a word."""
        self.env.flush_all()
        found = set()
        columns = self.env.execute_query(
            SQL(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = current_schema AND table_name ^@ 'tibillet'"
                "   AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'character')"
            )
        )
        self.assertGreater(len(columns), 60)
        for table, column in columns:
            for word in words:
                rows = self.env.execute_query(
                    SQL(
                        "SELECT 1 FROM %s WHERE %s::text ILIKE %s LIMIT 1",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        f"%{word}%",
                    )
                )
                if rows:
                    found.add((table, column, word))
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM mail_message WHERE model ^@ 'tibillet'"
                " AND (body ILIKE ANY(%s) OR res_id = ANY(%s) AND model = 'tibillet.card')",
                [f"%{word}%" for word in words],
                [self.first.id, self.second.id],
            )
        )
        return found | ({"mail_message"} if rows else set())

    WORDS = ("Anne Le Goff", "anne@example.org", "04FACE00FACE01", "ANNE2345", "ANNE6789", "q" * 22)


@tagged("post_install", "-at_install")
class TestErase(PrivacyCase):
    def test_nothing_of_ours_finds_the_person_any_more(self):
        self.empty()
        self.assertTrue(self.tables_with(self.WORDS), "the search finds what is there")
        sums = self.sums()
        self.erase()
        self.env.invalidate_all()
        self.assertEqual(self.tables_with(self.WORDS), set())
        self.assertFalse(self.person.partner_id)
        self.assertEqual(set((self.first | self.second).mapped("state")), {"retired"})
        self.assertEqual(self.sums(), sums)
        self.assertEqual(self.ledger._audit(), {})
        self.assertFalse(self.env["tibillet.wallet"].search([("partner_id", "=", self.ann.id)]))
        self.assertRefused("card_unknown", self.Card._find, self.number)
        self.assertRefused("card_unknown", self.Card._by_uid, self.chip)

    def sums(self):
        """Amounts, codes, states and times: what stays."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT (SELECT array_agg((id, code, state, occurred_at, company_id) ORDER BY id)::text"
            "          FROM tibillet_operation),"
            " (SELECT array_agg((id, debit_account_id, credit_account_id, amount_minor)"
            "    ORDER BY id)::text FROM tibillet_transfer),"
            " (SELECT array_agg((id, balance_minor) ORDER BY id)::text FROM tibillet_account)"
        )
        return self.env.cr.fetchone()

    def test_that_it_was_done_is_noted_without_a_name(self):
        self.empty()
        self.erase()
        row = self.env["tibillet.wallet.access"].search(
            [("wallet_id", "=", self.person.id), ("what", "=", "erase")]
        )
        self.assertEqual(row.user_id, self.manager_bar)
        self.assertFalse(row.reason)
        looked = self.env["tibillet.wallet.access"].search(
            [("wallet_id", "=", self.person.id), ("what", "=", "moves")]
        )
        self.assertTrue(looked, "that somebody looked stays")
        self.assertFalse(looked.reason)

    def test_not_while_anything_is_held_owed_or_usable(self):
        refusal = self.assertRefused("not_allowed", self.erase)
        self.assertIn("10.00", str(refusal))
        self.assertIn("ANNE6789", str(refusal))
        self.empty()
        claim = self.env["tibillet.asset"]._claim_of(self.coop)
        self.load(100, claim, self.person, code="shortfall")
        refusal = self.assertRefused("not_allowed", self.erase)
        self.assertIn("La Coopérative", str(refusal))
        self.assertEqual(self.person.partner_id, self.ann)

    def test_not_while_a_card_can_be_used_or_another_is_looked_after(self):
        self.empty()
        self.second.state = "claimed"
        self.assertRefused("not_allowed", self.erase)
        self.second.state = "lost"
        self.wallet.guardian_id = self.ann
        self.assertRefused("not_allowed", self.erase)
        self.wallet.guardian_id = False
        self.erase()

    def test_for_managers_alone(self):
        self.empty()
        for user in (self.user_bar, self.accountant_bar):
            for act in ("action_tibillet_erase", "action_tibillet_export", "_tibillet_erase"):
                with self.assertRaises(AccessError):
                    getattr(self.ann.with_user(user), act)()
        self.assertEqual(self.person.partner_id, self.ann)

    def test_the_person_may_come_back_as_somebody_new(self):
        self.empty()
        self.erase()
        card = self.make_card()
        card._claim(self.ann, card._draw_claim_code())
        self.assertNotEqual(card.wallet_id, self.person)

    def test_the_form_says_what_stands_in_the_way(self):
        env = self.env["tibillet.person.erase"].with_user(self.manager_bar)
        form = Form(env.with_context(default_partner_id=self.ann.id))
        self.assertIn("ANNE6789", form.obstacles)
        self.empty()
        form = Form(env.with_context(default_partner_id=self.ann.id))
        self.assertFalse(form.obstacles)
        erase = form.save()
        self.assertRefused("invalid", erase.action_erase)
        erase.understood = True
        erase.action_erase()
        self.assertFalse(erase.exists())
        self.assertFalse(self.person.partner_id)


@tagged("post_install", "-at_install")
class TestExport(PrivacyCase):
    def export(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return json.loads(json.dumps(self.ann._tibillet_export()))

    def test_all_that_is_held(self):
        sale = self.spend(300, wallet=self.person, card=self.second)
        held = self.hold(200, wallet=self.person, card=self.second)
        data = self.export()
        self.assertEqual((data["name"], data["email"]), ("Anne Le Goff", "anne@example.org"))
        self.assertEqual({card["number"] for card in data["cards"]}, {"ANNE2345", "ANNE6789"})
        [chip] = [card["chip"] for card in data["cards"] if card["number"] == "ANNE2345"]
        self.assertEqual(chip, self.chip)
        [wallet] = [wallet for wallet in data["wallets"] if wallet["kind"] == "person"]
        [balance] = wallet["balances"]
        self.assertEqual((balance["balance_minor"], balance["held_minor"]), (700, 200))
        self.assertEqual(balance["issuer"], "Le Phare")
        moves = {move["operation"]: move for move in data["movements"]}
        self.assertEqual(moves[sale.id]["amount_minor"], -300)
        self.assertEqual(moves[sale.id]["place"], "Le Phare")
        self.assertEqual(moves[held.id]["state"], "pending")
        [topup] = [move for move in data["movements"] if move["code"] == "topup"]
        self.assertEqual(topup["amount_minor"], 1000)
        self.assertEqual(topup["card"], "ANNE2345")
        self.assertIn("two notes", topup["memo"])
        self.assertIn("merge", [move["code"] for move in data["movements"]])
        notes = " ".join(note["text"] for card in data["cards"] for note in card["notes"])
        self.assertIn("asked about Saturday", notes)
        self.assertIn("lost her bag", data["decisions"][0]["reason"])
        [look] = [look for look in data["access_log"] if look["reason"]]
        self.assertEqual(look["place"], "Le Phare")
        self.assertNotIn(self.manager_bar.name, json.dumps(data["access_log"]))

    def test_every_movement_is_in_it(self):
        """The sum of what was exported is the balance."""
        for amount in (100, 250):
            self.spend(amount, wallet=self.person)
        data = self.export()
        posted = [move for move in data["movements"] if move["state"] == "posted"]
        self.assertEqual(sum(move["amount_minor"] for move in posted), 650)
        self.assertEqual(len(posted), 4)  # top-up, merge (nothing, both wallets are hers), sales

    def test_nothing_of_others(self):
        self.load(4321)
        card = self.make_card(number="BOBS2345")
        card._claim(self.bob, card._draw_claim_code())
        text = json.dumps(self.export())
        for word in ("BOBS2345", "Kerjean", "4321", self.card.number):
            self.assertNotIn(word, text)

    def test_somebody_without_wallet(self):
        data = self.bob._tibillet_export()
        self.assertEqual((data["wallets"], data["cards"], data["movements"]), ([], [], []))

    def test_the_same_number_of_queries_for_more_movements(self):
        counts = []
        for more in (1, 40):
            for _sale in range(more):
                self.spend(1, wallet=self.person)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.ann._tibillet_export()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
