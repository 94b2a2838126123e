import psycopg2

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import WalletCase

REFUSED = psycopg2.IntegrityError  # restrict violations of triggers, check violations


@tagged("post_install", "-at_install")
class TestAssetGuards(WalletCase):
    """What the database refuses, whoever writes and by whatever way."""

    def assertDatabaseRefuses(self, *query):
        self.env.flush_all()
        with self.assertRaises(REFUSED), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(SQL(*query))

    def set_by_hand(self, asset, column, value):
        return (
            "UPDATE tibillet_asset SET %s = %s WHERE id = %s",
            SQL.identifier(column),
            value,
            asset.id,
        )

    def test_what_an_asset_is_freezes_with_its_first_operation(self):
        tries = (
            ("code", "autre"),
            ("kind", "points"),
            ("scale", 1),
            ("company_id", self.coop.id),
            ("issuer_wallet_id", self.env["tibillet.wallet"]._of_issuer(self.coop).id),
            ("currency_id", self.bar.currency_id.id),
            ("unit_value_minor", 5),
            ("first_at", "2020-01-01"),
            ("first_at", None),
        )
        self.env.flush_all()
        for column, value in tries[:-1]:  # as long as nobody has used it, it may change
            with (
                self.subTest(column=column, used=False),
                self.assertRaisesRegex(RuntimeError, "it was written"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(SQL(*self.set_by_hand(self.hours, column, value)))
                raise RuntimeError("it was written")
        self.load(60, self.hours, code="issue")
        for column, value in tries:
            with self.subTest(column=column):
                self.assertDatabaseRefuses(*self.set_by_hand(self.hours, column, value))
        self.load(60)
        for column, value in (("vat_nature", "emoney"), ("backed", False), ("currency_id", None)):
            with self.subTest(column=column):
                self.assertDatabaseRefuses(*self.set_by_hand(self.token, column, value))
        self.assertDatabaseRefuses("DELETE FROM tibillet_asset WHERE id = %s", self.hours.id)
        self.hours.write({"name": "Heures", "dormancy_months": 6, "issue_role": "desk"})
        self.env.flush_all()

    def test_the_form_says_it_before(self):
        self.load(100)
        for values in ({"vat_nature": "emoney"}, {"unit_value_minor": 1}, {"code": "autre"}):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "has been used"):
                self.token.write(values)

    def test_a_hold_is_a_use(self):
        self.load(100)
        self.token.flush_recordset()
        self.token.invalidate_recordset()
        self.assertTrue(self.token.first_at)

    def test_nobody_archives_what_is_on_a_card(self):
        archive = self.set_by_hand(self.token, "active", False)
        self.load(100)
        self.assertDatabaseRefuses(*archive)
        with self.assertRaisesRegex(ValidationError, r"cards hold 1\.00"):
            self.token.action_archive()
        self.spend(100, hold_until=self.in_minutes(5))
        self.assertDatabaseRefuses(*archive)

    def test_archive_names_cards_and_places(self):
        acceptance = self.env["tibillet.acceptance"].create(
            {"asset_id": self.token.id, "company_id": self.coop.id}
        )
        acceptance.with_user(self.manager_bar).action_countersign()
        self.load(1000)
        self.spend(400, company=self.coop)
        with self.assertRaisesRegex(
            ValidationError, r"cards hold 6\.00.*other places are owed 4\.00"
        ):
            self.token.active = False
        self.spend(600)  # at the bar itself: nobody else is owed that
        with self.assertRaisesRegex(ValidationError, r"other places are owed 4\.00"):
            self.token.active = False
        there = self.place(self.coop, self.token)
        self.post("settle", (there, self.issuer(self.token), 400))
        self.token.active = False
        self.env.flush_all()
        self.assertFalse(self.token.active)

    def test_figures_of_the_list_cost_the_same_for_any_number(self):
        self.load(1000)
        assets = self.token | self.gift | self.hours | self.euro
        assets.mapped("name")

        def queries(records):
            records.invalidate_recordset(["held_text"])
            before = self.env.cr.sql_log_count
            records.mapped("held_text")
            return self.env.cr.sql_log_count - before

        queries(assets)
        self.assertEqual(queries(assets), queries(self.token))
        self.assertEqual(self.token.held_minor, 1000)

    def test_flags_of_a_kind(self):
        token = self.token
        for asset, column, value in (
            (token, "vat_nature", None),
            (self.gift, "vat_nature", "multi"),
            (token, "vat_nature", "single"),  # without its tax
            (token, "unit_value_minor", 0),
            (token, "unit_value_minor", 99),
            (token, "load_cap_minor", 0),
            (token, "load_cap_minor", -1),
            (token, "scale", 7),
            (token, "code", "Jeton"),
            (token, "code", ""),
            (token, "dormancy_months", 0),
            (self.hours, "refundable", True),
            (self.hours, "backed", True),
            (self.gift, "refundable", True),
            (self.gift, "backed", True),
            (token, "currency_id", self.env.ref("base.USD").id),
        ):
            with self.subTest(asset=asset.code, column=column, value=value):
                self.assertDatabaseRefuses(*self.set_by_hand(asset, column, value))

    def test_a_voucher_is_never_refunded(self):
        voucher = self.make_asset("bon", "voucher", self.bar)
        self.assertDatabaseRefuses(*self.set_by_hand(voucher, "refundable", True))

    def test_a_single_purpose_asset_names_its_tax(self):
        country = {"company_id": self.bar.id, "country_id": self.env.ref("base.fr").id}
        group = self.env["account.tax.group"].create({"name": "20 %", **country})
        tax = self.env["account.tax"].create(
            {
                "name": "20 %",
                "amount": 20,
                "tax_group_id": group.id,
                "price_include_override": "tax_included",
                **country,
            }
        )
        asset = self.make_asset(
            "boisson", "voucher", self.bar, vat_nature="single", vat_tax_id=tax.id
        )
        self.assertEqual(asset.vat_tax_id, tax)
        self.assertDatabaseRefuses(*self.set_by_hand(asset, "vat_tax_id", None))
        self.assertDatabaseRefuses(*self.set_by_hand(self.token, "vat_tax_id", tax.id))
        asset.vat_nature = "multi"
        self.env.flush_all()
        self.assertFalse(asset.vat_tax_id)

    def test_one_claim_asset_per_company(self):
        claim = self.env["tibillet.asset"]._claim_of(self.bar)
        self.assertEqual(self.env["tibillet.asset"]._claim_of(self.bar), claim)
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.make_asset("claim-de-trop", "claim", self.bar)

    def test_money_cannot_be_made_transferable(self):
        """No switch exists: neither a field nor a code that moves backed money between people."""
        self.assertFalse([name for name in self.token._fields if "transfer" in name])
        other = self.env["tibillet.card"].create({"company_id": self.bar.id}).wallet_id
        self.load(500)
        mine, theirs = self.account(self.wallet, self.token), self.account(other, self.token)
        self.assertRefused("invalid", self.post, "transfer", (mine, theirs, 100))
