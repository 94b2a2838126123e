from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .people_common import PeopleCase

ACTS = ("tibillet.act.claim", "tibillet.act.replace", "tibillet.act.recycle")


@tagged("post_install", "-at_install")
class TestCardActs(PeopleCase):
    """The forms at the desk: what is there before and after, Confirm, Cancel."""

    def setUp(self):
        super().setUp()
        self.code = self.card._draw_claim_code()

    def found(self, user=None, card=None):
        env = self.env["tibillet.card.find"].with_user(user or self.user_bar)
        screen = env.create({"text": (card or self.card).number})
        screen.action_find()
        return screen

    def form(self, name, user=None, card=None):
        screen = self.found(user, card)
        action = getattr(screen, f"action_{name}")()
        env = self.env[action["res_model"]].with_user(user or self.user_bar)
        return Form(env.with_context(**action["context"]))

    def rows(self):
        return {name: self.env[name].search_count([]) for name in ACTS}

    # -- claim ------------------------------------------------------------------------------

    def test_claim_shows_before_and_after_and_leaves_no_row(self):
        self.load(1000)
        person = self.env["tibillet.wallet"]._of_person(self.ann)
        self.load(700, wallet=person)
        before = self.rows()
        form = self.form("claim")
        self.assertIn(self.card.number, form.holder_text)
        self.assertIn("10.00", form.figures)
        form.partner_id = self.ann
        self.assertIn("7.00", form.figures)
        self.assertIn("17.00", form.figures)
        self.assertFalse(form.refusal)
        self.assertEqual(self.rows(), before, "nothing is written before Confirm")
        form.code = self.code
        answer = form.save().action_confirm()
        self.assertEqual(answer["params"]["type"], "success")
        self.assertEqual(self.card.partner_id, self.ann)
        self.assertEqual(self.minor(person), 1700)
        self.assertEqual(self.rows(), before)
        operation = self.env["tibillet.operation"].search([("code", "=", "merge")])
        self.assertEqual(operation.origin, f"user:{self.user_bar.id}")
        self.assertEqual(operation.company_id, self.bar)

    def test_a_wrong_code_comes_back_with_its_sentence_and_without_the_code(self):
        before = self.rows()
        form = self.form("claim")
        form.partner_id = self.ann
        form.code = "AAAA2222"
        answer = form.save().action_confirm()
        self.assertEqual(answer["res_model"], "tibillet.act.claim")
        self.assertIn("do not go together", answer["context"]["default_refused"])
        self.assertEqual(answer["context"]["default_partner_id"], self.ann.id)
        self.assertNotIn("default_code", answer["context"])
        self.assertEqual(self.rows(), before)
        self.assertEqual(self.card.state, "anonymous")

    def test_nobody_chosen_nothing_typed(self):
        form = self.form("claim")
        form.code = self.code
        self.assertIn("name", form.save().action_confirm()["context"]["default_refused"])
        form = self.form("claim")
        form.partner_id = self.ann
        self.assertIn("claim code", form.save().action_confirm()["context"]["default_refused"])

    def test_what_stands_in_the_way_is_told_before(self):
        bare = self.make_card()
        self.assertIn("no claim code yet", self.form("claim", card=bare).refusal)
        self.card.state = "lost"
        self.assertIn("lost", self.form("claim").refusal)
        self.card.state = "anonymous"
        self.card._claim(self.bob, self.code)
        self.assertIn("somebody else", self.form("claim").refusal)

    def test_the_role_and_the_second_factor_are_asked(self):
        screen = self.found()
        act = self.env["tibillet.act.claim"].with_user(self.user_bar)
        self.bar.tibillet_second_factor = True
        values = {"find_id": screen.id, "partner_id": self.ann.id, "code": self.code}
        refusal = self.assertRefused("not_allowed", act.create, values)
        self.assertIn("second factor", str(refusal))
        self.bar.tibillet_second_factor = False
        employee = self.env["res.users"].create(
            {
                "name": "E",
                "login": "people_employee",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
                "company_id": self.bar.id,
                "company_ids": [(6, 0, self.bar.ids)],
            }
        )
        with self.assertRaises(AccessError):
            act.with_user(employee).create(values)
        self.assertEqual(self.card.state, "anonymous")

    def test_from_the_card_form_for_who_reads_cards(self):
        self.load(500)
        context = {"active_model": "tibillet.card", "active_id": self.card.id}
        env = self.env["tibillet.act.claim"].with_context(**context)
        form = Form(env.with_user(self.manager_bar))
        form.partner_id = self.ann
        form.code = self.code
        form.save().action_confirm()
        self.assertEqual(self.card.partner_id, self.ann)
        second = self.make_card(state="anonymous")
        desk = env.with_user(self.user_bar).create(
            {"card_id": second.id, "partner_id": self.ann.id, "code": "x"}
        )
        answer = desk.action_confirm()
        self.assertIn("not one of your place", answer["context"]["default_refused"])
        self.assertEqual(second.state, "anonymous")

    # -- replace, take back -----------------------------------------------------------------

    def test_replace_by_code(self):
        self.load(800)
        new = self.make_card()
        before = self.rows()
        form = self.form("replace")
        self.assertFalse(form.claimed)
        self.assertIn("8.00", form.figures)
        form.new_text = new.number
        form.code = self.code
        form.save().action_confirm()
        self.assertEqual(new.wallet_id, self.wallet)
        self.assertEqual(self.rows(), before)

    def test_replace_of_a_claimed_card_asks_who_it_is(self):
        self.card._claim(self.ann, self.code)
        new = self.make_card()
        form = self.form("replace")
        self.assertTrue(form.claimed)
        form.new_text = new.number
        answer = form.save().action_confirm()
        self.assertIn("Check who", answer["context"]["default_refused"])
        self.assertEqual(new.state, "blank")
        form = self.form("replace")
        form.new_text = new.number
        form.identity_checked = True
        form.save().action_confirm()
        self.assertEqual(new.partner_id, self.ann)

    def test_replace_by_a_card_that_is_not_there(self):
        form = self.form("replace")
        form.new_text = "ZZZZ9999"
        form.code = self.code
        answer = form.save().action_confirm()
        self.assertIn("exactly", answer["context"]["default_refused"])
        self.assertEqual(self.card.state, "anonymous")

    def test_take_back(self):
        self.load(100)
        form = self.form("recycle")
        self.assertIn("still holds", form.refusal)
        self.spend(100)
        number = self.card.number
        before = self.rows()
        form = self.form("recycle")
        self.assertFalse(form.refusal)
        form.holder_agrees = True
        form.save().action_confirm()
        self.assertEqual(self.rows(), before)
        self.assertEqual(self.Card._find(number).state, "blank")

    # -- the code ---------------------------------------------------------------------------

    def test_the_code_is_shown_once_and_stored_nowhere(self):
        card = self.make_card()
        screen = self.found(card=card)
        action = screen.action_claim_code()
        shown = action["context"]["default_code"]
        self.assertRegex(shown, "^[2-9A-Z]{4}-[2-9A-Z]{4}$")
        env = self.env["tibillet.card.code"].with_user(self.user_bar)
        form = Form(env.with_context(**action["context"]))
        self.assertEqual((form.code, form.number), (shown, card.number))
        saved = form.save()
        self.env.invalidate_all()
        self.assertFalse(self.env["tibillet.card.code"].browse(saved.id).code)
        self.assertRefused("not_allowed", screen.action_claim_code)
        card._claim(self.ann, shown)
        self.assertEqual(card.partner_id, self.ann)
