from odoo.tests import tagged

from odoo.addons.tibillet_wallet.tests.hoot import HootCase


@tagged("post_install", "-at_install")
class TestHoot(HootCase):
    def test_unit_tests_of_the_browser(self):
        self.run_hoot("tibillet_pos_nfc")
