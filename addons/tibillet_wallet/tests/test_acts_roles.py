from unittest.mock import Mock, patch

from odoo.tests import new_test_user, tagged

from ..exceptions import LedgerError
from ..ledger_roles import ACTS, ROLES, SURFACES, TABLE, Row, row_of
from ..ledger_rules import RULES
from .common import GROUP, WalletCase

LEDGER = "odoo.addons.tibillet_wallet.models.acts.tibillet_ledger"


class RolesCase(WalletCase):
    """One user for each role that the wallet knows; the till's are the till's to test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bar.tibillet_second_factor = False
        cls.by_role = {
            "public": cls.env.ref("base.public_user"),
            "portal": new_test_user(cls.env, login="acts_portal", groups="base.group_portal"),
            "employee": new_test_user(cls.env, login="acts_employee", groups="base.group_user"),
            "desk": cls.user_bar,
            "accountant": cls.accountant_bar,
            "manager": cls.manager_bar,
        }
        for role in ("portal", "employee"):
            cls.by_role[role].write(
                {"company_ids": [(6, 0, cls.bar.ids)], "company_id": cls.bar.id}
            )

    def as_role(self, role):
        """The ledger as a user of that role, at the bar."""
        user = self.by_role[role]
        return self.ledger.with_user(user).with_company(self.bar)


@tagged("post_install", "-at_install")
class TestActsRoles(RolesCase):
    def test_every_code_has_a_row_for_every_surface(self):
        self.assertEqual(set(TABLE), set(RULES))
        self.assertFalse(set(ACTS) & set(RULES))
        for code, rows in {**TABLE, **ACTS}.items():
            self.assertEqual(set(rows), set(SURFACES), code)

    def test_a_ladder_is_spelt_out(self):
        """Who stands higher may what who stands lower may: the table says so in full."""
        for code, rows in {**TABLE, **ACTS}.items():
            for surface, row in rows.items():
                for may in (row.roles, row.roles | row.where_asset_says):
                    for lower, higher in (
                        ("desk", "accountant"),
                        ("accountant", "manager"),
                        ("cashier", "till_manager"),
                    ):
                        if lower in may:
                            self.assertIn(higher, may, f"{code} {surface}")

    def test_portal_and_api_are_nobodys_yet(self):
        for code, rows in {**TABLE, **ACTS}.items():
            for surface in ("portal", "api"):
                self.assertFalse(rows[surface].roles | rows[surface].where_asset_says, code)

    def test_the_table_role_by_role(self):
        """Every (code, surface, role): allowed when the row says so, else a sentence."""
        self.token.issue_role = "managers"
        for asset in (None, self.token):
            self._table_role_by_role(asset)

    def test_the_table_for_an_asset_of_the_desk(self):
        self.token.issue_role = "desk"
        self._table_role_by_role(self.token)

    def _table_role_by_role(self, asset):
        desk_too = asset and asset.issue_role == "desk"
        for code, rows in {**TABLE, **ACTS}.items():
            for surface, row in rows.items():
                may = row.roles | (row.where_asset_says if desk_too else set())
                for role in self.by_role:
                    with self.subTest(code=code, surface=surface, role=role, desk=desk_too):
                        if role in may:
                            self.as_role(role)._authorize(code, surface, asset=asset)
                            continue
                        with self.assertRaises(LedgerError) as refused:
                            self.as_role(role)._authorize(code, surface, asset=asset)
                        self.assertEqual(refused.exception.code, "not_allowed")
                        self.assertGreater(len(str(refused.exception)), 30)

    def test_the_sentence_says_who_may(self):
        def sentence(role, code, surface="backend", lang="en_US"):
            with self.assertRaises(LedgerError) as refused:
                self.as_role(role).with_context(lang=lang)._authorize(code, surface)
            return str(refused.exception)

        self.assertEqual(
            sentence("desk", "correct"),
            "Correction: this is for wallet manager. Nothing was moved; ask one of them.",
        )
        self.assertIn("desk, accountant, wallet manager", sentence("employee", "refund"))
        self.assertIn("only the server", sentence("manager", "reward"))
        self.assertIn("nobody", sentence("manager", "sale"))
        self.assertIn("program", sentence("manager", "refund", "api"))
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"].search(
            [("name", "=", "tibillet_wallet")]
        )._update_translations(["fr_FR"])
        self.assertIn("réservé à", sentence("desk", "correct", lang="fr_FR"))

    def test_superuser_mode_does_not_help(self):
        with self.assertRaises(LedgerError):
            self.as_role("desk").sudo()._authorize("correct")

    def test_a_surface_and_a_code_exist(self):
        with self.assertRaises(ValueError):
            row_of("sale", "kitchen")
        with self.assertRaises(KeyError):
            row_of("steal", "till")
        with self.assertRaises(ValueError):
            Row(frozenset({"emperor"}))
        with self.assertRaises(ValueError):
            Row(frozenset({"manager"}), server=True)

    def test_every_role_of_the_table_has_a_name(self):
        self.assertEqual(set(self.ledger._role_names()), set(ROLES))
        self.assertLessEqual(set(self.ledger._role_groups()), set(ROLES))
        for code in {**TABLE, **ACTS}:
            self.assertTrue(self.ledger._act_name(code))


@tagged("post_install", "-at_install")
class TestSecondFactor(RolesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bar.tibillet_second_factor = True

    def switch_on(self, user):
        user.sudo().totp_secret = "JBSWY3DPEHPK3PXP"
        self.env.invalidate_all()

    def refused(self, **values):
        with self.assertRaises(LedgerError) as refused:
            self.as_role("manager")._authorize("correct", **values)
        return str(refused.exception)

    def test_it_is_on_by_default(self):
        self.assertTrue(self.env["res.company"].create({"name": "Neuf"}).tibillet_second_factor)

    def test_a_manager_without_it_is_told_where_to_switch_it_on(self):
        self.assertIn("Security", self.refused())
        self.switch_on(self.manager_bar)
        self.as_role("manager")._authorize("correct")

    def test_another_company_that_asks_for_it_is_heard(self):
        """Neither the company one works in nor the one of the act may be the lax one."""
        self.bar.tibillet_second_factor = False
        self.as_role("manager")._authorize("correct")
        self.refused(company=self.coop)
        self.coop.tibillet_second_factor = False
        self.bar.tibillet_second_factor = True
        self.refused(company=self.coop)

    def test_the_role_comes_first(self):
        self.switch_on(self.user_bar)
        with self.assertRaises(LedgerError) as refused:
            self.as_role("desk")._authorize("correct")
        self.assertIn("wallet manager", str(refused.exception))

    def test_the_till_is_paired_and_asks_for_none(self):
        groups = {**self.ledger._role_groups(), "cashier": GROUP + "user"}
        with patch.object(type(self.ledger), "_role_groups", lambda _self: groups):
            self.as_role("desk")._authorize("sale", "till")

    def test_a_request_without_its_users_session_is_refused(self):
        """A key or a password in a program: the session is nobody's, or somebody else's."""
        self.switch_on(self.manager_bar)
        for session_uid in (None, self.user_bar.id):
            with (
                self.subTest(session_uid),
                patch(f"{LEDGER}.request", Mock(session=Mock(uid=session_uid))),
            ):
                self.assertIn("program", self.refused())
        with patch(f"{LEDGER}.request", Mock(session=Mock(uid=self.manager_bar.id))):
            self.as_role("manager")._authorize("correct")
