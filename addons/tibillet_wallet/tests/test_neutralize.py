from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from ..exceptions import SigningError
from ..models.tibillet_outbox import Handler, TibilletOutbox
from .base import BaseCase


@tagged("post_install", "-at_install")
class TestNeutralize(BaseCase):
    def neutralize(self):
        """Run the addon's own file as Odoo does when a database is copied for trials."""
        for query in get_neutralization_queries(["tibillet_wallet"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()

    def test_a_copy_does_not_speak_for_the_original(self):
        handlers = {"note": Handler("res.partner", "_tibillet_test_note")}
        self.patch(TibilletOutbox, "_handlers", lambda self: handlers)
        outbox = self.env["tibillet.outbox"]
        row = outbox._enqueue("note", "k", {"token": "secret"})
        token = self.env["tibillet.health"]._new_token()
        self.env["tibillet.rate.limit"]._hit("test", "x", 5, 60, cr=self.env.cr)
        old_kid = self.env["tibillet.signer"]._sign(self.place_a, "ticket", b"x").kid
        self.env.flush_all()

        self.neutralize()

        keys = self.env["tibillet.key"].search([])
        self.assertTrue(keys)
        self.assertEqual(keys._ciphers(), {})
        self.assertEqual(set(keys.mapped("state")), {"revoked"})
        with self.assertRaises(SigningError):
            self.env["tibillet.signer"]._sign(self.place_a, "ticket", b"x", kid=old_kid)
        self.assertNotEqual(self.env["tibillet.signer"]._kid(self.place_a, "ticket"), old_kid)
        self.assertEqual((row.state, row.sudo().payload), ("dead", False))
        self.assertFalse(self.env["tibillet.health"]._token_ok(token))
        self.assertEqual(self.env["tibillet.well.known"]._node()["id"], "")
        self.env.cr.execute("SELECT count(*) FROM tibillet_rate_hit")
        self.assertEqual(self.env.cr.fetchone()[0], 0)
