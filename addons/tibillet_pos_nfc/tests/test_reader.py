from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestReader(TillCase):
    """How a till reads cards is set once and told to its browser."""

    def test_what_a_reader_types_is_set_and_loaded(self):
        self.assertEqual(self.config.tibillet_wedge_format, "hex")
        settings_sudo = self.env["res.config.settings"].sudo()  # a system manager's form
        settings_sudo = settings_sudo.create({"pos_config_id": self.config.id})
        with Form(settings_sudo) as form:
            form.pos_tibillet_reader = "wedge"
            form.pos_tibillet_wedge_format = "decimal_reversed"
        self.assertEqual(self.config.tibillet_wedge_format, "decimal_reversed")
        loaded = self.open_session().load_data(["pos.config"])["pos.config"]
        self.assertEqual(
            [(row["tibillet_reader"], row["tibillet_wedge_format"]) for row in loaded],
            [("wedge", "decimal_reversed")],
        )

    def test_the_form_asks_only_of_a_reader_that_types(self):
        settings_sudo = self.env["res.config.settings"].sudo()
        with Form(settings_sudo.create({"pos_config_id": self.config.id})) as form:
            for reader, asked in (("wedge", True), ("both", True), ("bridge", False)):
                form.pos_tibillet_reader = reader
                hidden = form._get_modifier("pos_tibillet_wedge_format", "invisible")
                self.assertEqual(hidden, not asked, reader)

    def test_a_cashier_does_not_change_how_cards_are_taken(self):
        for values in (
            {"tibillet_tap_pays": False},
            {"tibillet_reader": "wedge"},
            {"tibillet_wedge_format": "decimal"},
            {"tibillet_wallet": False},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                self.config.with_user(self.cashier).write(values)
        self.config.with_user(self.cashier).write({"name": "Bar, left"})  # as Odoo lets them
        self.config.with_user(self.till_manager).write({"tibillet_tap_pays": False})
        self.assertFalse(self.config.tibillet_tap_pays)
