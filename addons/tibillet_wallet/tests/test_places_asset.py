from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestAssetForm(WalletCase):
    """A manager makes an asset in one form, and it pays at once."""

    def form(self, record=None, user=None):
        Asset = self.env["tibillet.asset"].with_user(user or self.manager_bar)
        return Form(record.with_env(Asset.env) if record else Asset)

    def test_one_form_and_it_pays(self):
        with self.form() as form:
            form.name = "Jeton de l'Été"
            self.assertEqual(form.code, "jeton-de-l-ete")
            form.kind = "local"
            self.assertTrue(form.backed and form.refundable)
            self.assertEqual(form.load_cap_text, "250.00\N{NO-BREAK SPACE}€")
            form.load_cap_text = "120,50"
            form.issue_role = "desk"
            form.dormancy_months = 18
        asset = form.record
        self.assertEqual(asset.load_cap_minor, 12_050)
        self.assertEqual((asset.issue_role, asset.dormancy_months), ("desk", 18))
        self.assertEqual(asset.company_id, self.bar)
        self.load(500, asset)
        self.assertEqual(self.spend(500).transfer_ids.asset_id, asset)
        self.assertRefused("limit_exceeded", self.load, 12_051, asset)

    def test_the_preset_fills_the_flags(self):
        with self.form() as form:
            form.name = "Deux visages"
            form.kind = "fed"
            self.assertEqual((form.backed, form.vat_nature, form.scale), (True, "emoney", 2))
            form.kind = "time"
            self.assertEqual(
                (form.backed, form.refundable, form.vat_nature, form.scale, form.load_cap_text),
                (False, False, False, 0, False),
            )
            self.assertEqual(form.unit_label, "min")
            self.assertIn("Minutes", form.kind_text)
            form.load_cap_text = "600"
        self.assertEqual(form.record.load_cap_minor, 600)
        self.assertFalse(form.record.currency_id)

    def test_kind_changes_both_ways_before_use(self):
        asset = self.make_asset("hesitant", "time", self.bar)
        asset.kind = "local"
        self.env.flush_all()
        self.assertEqual((asset.currency_id, asset.scale), (self.bar.currency_id, 2))
        asset.kind = "points"
        self.env.flush_all()
        self.assertFalse(asset.currency_id or asset.backed or asset.vat_nature)

    def test_a_code_of_ones_own_is_kept(self):
        with self.form() as form:
            form.name = "Jeton d'hiver"
            form.code = "hiver"
            form.name = "Jeton d'automne"
            self.assertEqual(form.code, "hiver")

    def test_code_proposed_is_free(self):
        with self.form(user=self.manager_coop) as form:
            form.name = "Jeton"
            self.assertEqual(form.code, "jeton-2")

    def test_a_wrong_code_says_which_would_do(self):
        with self.assertRaisesRegex(ValidationError, "“Mon Jeton” cannot be a code.*“mon-jeton”"):
            self.make_asset("Mon Jeton", "local", self.bar)
        with self.assertRaisesRegex(ValidationError, "“jeton” is taken.*“jeton-2” is free"):
            self.make_asset("jeton", "local", self.coop)
        self.token.active = False
        with self.assertRaisesRegex(ValidationError, "taken by another"):
            self.gift.code = "jeton"
        with self.assertRaisesRegex(ValidationError, "stands twice"):
            self.env["tibillet.asset"].create(
                [{"name": "A", "code": "double"}, {"name": "B", "code": "double"}]
            )
        self.assertEqual(self.env["tibillet.asset"]._free_code("***"), False)
        long = self.env["tibillet.asset"].create({"name": "é" * 90})
        self.assertLessEqual(len(long.code), 64)

    def test_amounts_are_refused_with_a_sentence(self):
        for text, said in (
            ("12,345", "taken|finer|12,345"),
            ("0.001", "finer than the smallest amount of “Jeton”, 0.01"),
            ("beaucoup", "not an amount: write for example 250.00"),
            ("99999999999", "more than the ledger counts"),
        ):
            if text == "12,345":
                self.assertEqual(self.token._parse(text), 1_234_500)
                continue
            with self.subTest(text), self.assertRaisesRegex(ValidationError, said):
                self.token.load_cap_text = text
        self.assertEqual(self.token.load_cap_minor, 25_000)

    def test_what_is_shown_can_be_saved_again(self):
        """The form sends back what it showed; nothing may change by that, in any language."""
        self.env["res.lang"]._activate_lang("fr_FR")
        for lang in ("en_US", "fr_FR"):
            token = self.token.with_context(lang=lang)
            for minor in (1, 99, 12_345, 123_456_789):
                token.load_cap_minor = minor
                token.load_cap_text = token.load_cap_text
                self.assertEqual(token.load_cap_minor, minor, (lang, minor))

    def test_a_cap_above_the_usual_one_is_a_warning_not_a_limit(self):
        with self.form(self.token) as form:
            self.assertFalse(form.above_usual_cap)
            form.load_cap_text = "300"
            self.assertTrue(form.above_usual_cap)
        self.assertEqual(self.token.load_cap_minor, 30_000)

    def test_picture(self):
        pixel = (
            b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
            b"rkJggg=="
        )
        self.token.image_1920 = pixel
        self.assertTrue(self.token.image_128)

    def test_the_usual_cap_follows_the_rate(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        kyoto = self.env["res.company"].create({"name": "Kyoto", "currency_id": yen.id})
        asset = self.make_asset("sans-taux", "local", kyoto)
        self.assertEqual(asset.load_cap_minor, 25_000)
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": yen.id,
                    "rate": 160.0,
                    "company_id": kyoto.id,
                    "name": "2020-01-01",
                },
                {
                    "currency_id": self.env.ref("base.EUR").id,
                    "rate": 1.0,
                    "company_id": kyoto.id,
                    "name": "2020-01-01",
                },
            ]
        )
        asset = self.make_asset("avec-taux", "local", kyoto)
        self.assertEqual(asset.load_cap_minor, 40_000)

    def test_desk_sees_assets_without_figures(self):
        with self.assertRaises(AccessError):
            self.token.with_user(self.user_bar).write({"name": "X"})
        self.assertEqual(self.token.with_user(self.user_bar).read(["name"])[0]["name"], "Jeton")
        with self.assertRaises(AccessError):
            self.token.with_user(self.user_bar).read(["held_text"])

    def test_an_acceptor_does_not_see_what_others_are_owed(self):
        terms = self.env["tibillet.acceptance"].create(
            {"asset_id": self.euro.id, "company_id": self.bar.id}
        )
        terms.with_user(self.manager_coop).action_countersign()
        self.load(1000, self.euro)
        self.spend(400)
        self.assertEqual(self.euro.with_user(self.accountant_coop).owed_text[:4], "4.00")
        self.assertFalse(self.euro.with_user(self.accountant_bar).owed_text)

    def test_where_it_is_accepted_in_the_same_form(self):
        with self.form() as form:
            form.name = "Galet"
            with form.acceptance_ids.new() as row:
                row.acceptor = str(self.coop.id)
                row.may_refund = True
                row.refund_day_ceiling_text = "50,00"
        acceptance = form.record.acceptance_ids
        self.assertEqual(acceptance.company_id, self.coop)
        self.assertEqual(acceptance.refund_day_ceiling_minor, 5_000)
        self.assertEqual(acceptance.state, "proposed")
        self.assertEqual(acceptance.countersigned_by_id, self.manager_bar)
        self.assertEqual(acceptance.agreement_text, "La Coopérative still has to agree.")
        asset = form.record
        self.load(500, asset)
        self.assertRefused("asset_not_accepted", self.spend, 500, company=self.coop)
        acceptance.with_user(self.manager_coop).action_agree()
        self.assertEqual(self.spend(500, company=self.coop).state, "posted")

    def test_a_manager_of_both_places_has_agreed_for_both(self):
        self.manager_bar.company_ids = [Command.set((self.bar | self.coop).ids)]
        with self.form() as form:
            form.name = "Galet"
            with form.acceptance_ids.new() as row:
                row.acceptor = str(self.coop.id)
        acceptance = form.record.acceptance_ids
        self.assertEqual(acceptance.state, "active")
        self.assertIn("In force since", acceptance.agreement_text)
