import json
from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .acts_common import ActsCase

PRIVATE = {
    "tibillet.ledger": [
        "_post",
        "_spend",
        "_capture",
        "_void",
        "_renew",
        "_authorize",
        "_short",
        "_write",
        "_record_sale",
    ],
    "tibillet.account": ["_get", "_set_floor", "_lots"],
    "tibillet.act.issue": ["_do", "_request", "_transfers"],
}
SECRET = "JBSWY3DPEHPK3PXP"


@tagged("post_install", "-at_install")
class TestActsRemote(ActsCase, HttpCase):
    """What programs can reach: nothing of the ledger, and no act without a session."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.managers = {"manager": cls.manager_bar, "admin": cls.env.ref("base.user_admin")}

    def api_key(self, user):
        return (
            self.env["res.users.apikeys"]
            .with_user(user)
            ._generate("rpc", "test", datetime.now() + timedelta(days=1))
        )

    def json2(self, key, model, method, **values):
        with mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2"):
            return self.url_open(
                f"/json/2/{model}/{method}",
                data=json.dumps(values),
                headers={
                    "Authorization": f"Bearer {key}",
                    "Content-Type": "application/json",
                },
            )

    def call_kw(self, model, method, *args, **kwargs):
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps(
                    {"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}
                ),
                headers={"Content-Type": "application/json"},
            )
        return answer.json()

    def xmlrpc(self, user, password, model, method, *args):
        with mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc"):
            return self.xmlrpc_object.execute(
                self.env.cr.dbname, user.id, password, model, method, *args
            )

    def request_of(self):
        issuer, holder = self.issuer(self.token), self.account(self.wallet, self.token)
        return [self.request("topup", (issuer, holder, 100))]

    # -- the private door ----------------------------------------------------------------

    def test_no_private_method_is_reached_by_a_session(self):
        """Whatever the role, the administrator included."""
        before = self.snapshot()
        for role, user in {**self.managers, "desk": self.user_bar}.items():
            user.password = "a-long-password"
            self.authenticate(user.login, "a-long-password")
            for model, methods in PRIVATE.items():
                for method in methods:
                    with self.subTest(role=role, method=f"{model}.{method}"):
                        answer = self.call_kw(model, method, self.request_of())
                        self.assertIn("Private methods", answer["error"]["data"]["message"])
        self.assertEqual(self.snapshot(), before)

    def test_no_private_method_is_reached_by_a_key(self):
        before = self.snapshot()
        for role, user in self.managers.items():
            key = self.api_key(user)
            for model, methods in PRIVATE.items():
                for method in methods:
                    with self.subTest(role=role, method=f"{model}.{method}"):
                        answer = self.json2(key, model, method, requests=self.request_of())
                        self.assertGreaterEqual(answer.status_code, 400)
        self.assertEqual(self.snapshot(), before)

    def test_the_rows_of_the_ledger_are_not_written_by_a_key(self):
        key = self.api_key(self.managers["admin"])
        self.load(1000)
        before = self.snapshot()
        account = self.account(self.wallet, self.token)
        operation = self.env["tibillet.operation"].search([], limit=1)
        for model, method, values in (
            ("tibillet.account", "write", {"ids": account.ids, "vals": {"balance_minor": 9}}),
            ("tibillet.operation", "write", {"ids": operation.ids, "vals": {"code": "gift"}}),
            ("tibillet.operation", "unlink", {"ids": operation.ids}),
            ("tibillet.transfer", "create", {"vals_list": [{"amount_minor": 9}]}),
            ("tibillet.wallet.decision", "create", {"vals_list": [{"kind": "freeze"}]}),
            ("tibillet.movement", "unlink", {"ids": operation.transfer_ids.ids}),
        ):
            with self.subTest(model=model, method=method):
                self.assertGreaterEqual(self.json2(key, model, method, **values).status_code, 400)
        self.assertEqual(self.snapshot(), before)

    # -- the second factor -----------------------------------------------------------------

    def values(self):
        return {
            "card_id": self.card.id,
            "company_id": self.bar.id,
            "asset_id": self.token.id,
            "amount": 5.0,
            "means": "cash",
            "reason": "Essai",
        }

    def second_factor(self):
        self.bar.tibillet_second_factor = True
        self.manager_bar.password = "a-long-password"
        self.manager_bar.totp_secret = SECRET
        self.env.flush_all()

    def test_a_key_does_not_replace_the_second_factor(self):
        self.second_factor()
        before = self.rows("tibillet%")
        key = self.api_key(self.manager_bar)
        answer = self.json2(key, "tibillet.act.issue", "create", vals_list=[self.values()])
        self.assertGreaterEqual(answer.status_code, 400)
        self.assertIn("program", answer.json()["message"])
        self.assertSameRows(before, "tibillet%")

    def test_nor_does_xml_rpc(self):
        self.second_factor()
        before = self.rows("tibillet%")
        key = self.api_key(self.manager_bar)
        with self.assertRaisesRegex(Exception, "program"):
            self.xmlrpc(self.manager_bar, key, "tibillet.act.issue", "create", [self.values()])
        self.assertSameRows(before, "tibillet%")

    def test_a_key_does_nothing_where_the_second_factor_is_off_either(self):
        """Off means that a session is enough; the table of roles has nobody for a program."""
        key = self.api_key(self.manager_bar)
        answer = self.json2(key, "tibillet.act.issue", "create", vals_list=[self.values()])
        self.assertGreaterEqual(answer.status_code, 400)

    def test_a_session_with_the_second_factor_does_it(self):
        self.second_factor()
        self.authenticate(self.manager_bar.login, "a-long-password")
        made = self.call_kw(
            "tibillet.act.issue", "create", [self.values()], context={"lang": "en_US"}
        )
        act = made["result"][0] if isinstance(made["result"], list) else made["result"]
        done = self.call_kw("tibillet.act.issue", "action_confirm", [act])
        self.assertEqual(done["result"]["params"]["type"], "success")
        self.assertEqual(self.balance(), 500)
