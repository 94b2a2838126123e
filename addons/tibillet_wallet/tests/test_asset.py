import psycopg2

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestAsset(WalletCase):
    def test_presets(self):
        self.assertTrue(self.token.backed and self.token.refundable)
        self.assertEqual((self.token.scale, self.token.load_cap_minor), (2, 25_000))
        self.assertFalse(self.gift.backed or self.gift.refundable)
        self.assertEqual((self.hours.scale, self.hours.unit_label), (0, "min"))
        self.assertEqual(self.token.issuer_wallet_id.kind, "issuer")

    def test_scale_backing_and_kind_freeze_with_the_first_operation(self):
        self.hours.scale = 1
        self.hours.scale = 0
        self.load(60, self.hours, code="issue")
        for field, value in (("scale", 2), ("kind", "points"), ("code", "autre")):
            with self.subTest(field), self.assertRaisesRegex(ValidationError, "has been used"):
                self.hours.write({field: value})
        self.hours.write({"name": "Heures", "kind": "time"})

    def test_archive_is_refused_while_it_circulates(self):
        self.load(100)
        with self.assertRaisesRegex(ValidationError, "still circulates"):
            self.token.active = False
        mine = self.account(self.wallet, self.token)
        self.post("refund", (mine, self.issuer(self.token), 100))
        self.token.active = False

    def test_used_asset_is_not_deleted(self):
        self.load(100)
        with self.assertRaisesRegex(ValidationError, "stays in the ledger"):
            self.token.unlink()

    @mute_logger("odoo.sql_db")
    def test_the_database_keeps_the_legal_conditions(self):
        for values in (
            {"load_cap_minor": 0},
            {"backed": False},
            {"code": "Majuscule"},
            {"scale": 7},
        ):
            with self.subTest(values):
                refused = False
                try:
                    with self.env.cr.savepoint():
                        self.token.write(values)
                        self.env.flush_all()
                except (ValidationError, psycopg2.errors.CheckViolation):
                    refused = True
                self.assertTrue(refused)
                self.token.invalidate_recordset()

    def test_amounts_for_people(self):
        self.assertEqual(self.token._format(1420), "14.20\N{NO-BREAK SPACE}€")
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.token.with_context(lang="fr_FR")
        self.assertEqual(french._format(-5), "-0,05\N{NO-BREAK SPACE}€")
        self.assertEqual(self.hours._format(45), "45\N{NO-BREAK SPACE}min")
        nobody = self.token.with_context(lang=None)
        self.assertEqual(nobody._format(7), "0.07\N{NO-BREAK SPACE}€")
