from odoo.tests import Form, new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestNewAsset(TillCase):
    """The till is open; a manager makes an asset in its form, and the next tap takes it."""

    def manager(self):
        return new_test_user(
            self.env,
            login="asset_manager",
            groups="tibillet_wallet.tibillet_wallet_group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def made_in_the_form(self, name, kind, **values):
        form = Form(self.env["tibillet.asset"].with_user(self.manager()))
        form.name = name
        form.kind = kind
        for field, value in values.items():
            setattr(form, field, value)
        return form.save().with_env(self.env)

    def test_taken_by_the_next_tap_of_an_open_till(self):
        self.pair(self.open_session())
        self.assertEqual(self.tap(6.0)["split"][0]["asset"], "jeton")
        asset = self.made_in_the_form("Jeton du Bal", "local", load_cap_text="40")
        self.assertEqual(asset.code, "jeton-du-bal")
        self.load(self.other_card, 4000, asset)
        answer = self.tap(6.0, uid=self.other_card.uid)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(
            [(part["asset"], part["amount_minor"]) for part in answer["split"]],
            [("jeton-du-bal", 600)],
        )
        self.assertEqual(answer["left_minor"], 3400)

    def test_a_gift_made_meanwhile_is_spent_first(self):
        self.pair(self.open_session())
        gift = self.made_in_the_form("Bienvenue", "gift")
        self.load(self.card, 250, gift)
        answer = self.tap(6.0)
        self.assertEqual(
            [(part["asset"], part["amount_minor"]) for part in answer["split"]],
            [("bienvenue", 250), ("jeton", 350)],
        )

    def test_another_places_asset_from_the_minute_of_the_agreement(self):
        """What another company issues is refused, agreed upon in its form, and then taken."""
        self.pair(self.open_session())
        euro = self.company.currency_id
        self.other_company.currency_id = euro
        self.load(self.other_card, 2000, self.foreign)
        refused = self.tap(6.0, uid=self.other_card.uid)
        self.assertEqual((refused["ok"], refused["code"]), (False, "asset_not_accepted"))
        issuer = new_test_user(
            self.env,
            login="issuer_manager",
            groups="tibillet_wallet.tibillet_wallet_group_manager",
            company_id=self.other_company.id,
            company_ids=[(6, 0, self.other_company.ids)],
        )
        with Form(self.foreign.with_user(issuer)) as form, form.acceptance_ids.new() as row:
            row.acceptor = str(self.company.id)
        acceptance = self.env["tibillet.acceptance"].search([("asset_id", "=", self.foreign.id)])
        self.env.flush_all()
        self.assertFalse(self.tap(6.0, uid=self.other_card.uid)["ok"], "the bar has not agreed")
        acceptance.with_user(self.manager()).action_agree()
        self.assertEqual(acceptance.state, "active")
        self.env.flush_all()  # the tap is answered in a transaction of its own
        answer = self.tap(6.0, uid=self.other_card.uid)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(answer["split"][0]["asset"], "ailleurs")
