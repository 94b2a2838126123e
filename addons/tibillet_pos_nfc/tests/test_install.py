from odoo.tests import tagged

from ..hooks import post_init_hook, uninstall_hook
from .common import TillCase


@tagged("post_install", "-at_install")
class TestInstall(TillCase):
    """Installing gives tills their method; removing leaves none that would stop a till."""

    def test_install(self):
        config = self.config.copy({"name": "Second till"})
        config.payment_method_ids = self.bank
        post_init_hook(self.env)
        self.assertEqual(config._tibillet_methods(), self.method)
        self.assertEqual(
            self.method.receivable_account_id, self.company.tibillet_clearing_account_id
        )

    def test_open_till_is_left_alone(self):
        self.config.payment_method_ids = self.bank | self.cash
        self.open_session()
        post_init_hook(self.env)
        self.assertFalse(self.config._tibillet_methods())

    def test_uninstall(self):
        self.env["ir.config_parameter"].set_param("tibillet_pos_nfc.simulated_reader", "demo")
        uninstall_hook(self.env)
        self.assertFalse(self.method.use_payment_terminal)
        self.assertFalse(self.method.active)
        self.assertEqual(self.config.payment_method_ids, self.bank | self.cash)
        self.assertFalse(
            self.env["ir.config_parameter"].search([("key", "=like", "tibillet_pos_nfc.%")])
        )

    def test_name_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        module = self.env["ir.module.module"].search([("name", "=", "tibillet_pos_nfc")])
        module._update_translations("fr_FR")
        self.method._tibillet_translate_name()
        self.assertEqual(self.method.with_context(lang="fr_FR").name, "Carte TiBillet")
        self.assertEqual(self.method.with_context(lang="en_US").name, "TiBillet card")
