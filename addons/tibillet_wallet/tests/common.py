from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

GROUP = "tibillet_wallet.tibillet_wallet_group_"


# Tests that are about a ceiling set it; the others load and spend what they need.
NO_CEILINGS = {"tibillet_stored_limit_minor": 0, "tibillet_spent_limit_minor": 0}


class WalletCase(TransactionCase):
    """Two companies, a user per role in each, assets and a card with money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"tracking_disable": True, "no_reset_password": True, "lang": "en_US"}
        cls.env = cls.env(context={**cls.env.context, **quiet})
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.bar, cls.coop = cls.env["res.company"].create(
            [
                {"name": name, "currency_id": euro.id, **NO_CEILINGS}
                for name in ("Le Phare", "La Coopérative")
            ]
        )
        for role in ("user", "accountant", "manager"):
            for place, company in (("bar", cls.bar), ("coop", cls.coop)):
                user = new_test_user(
                    cls.env,
                    login=f"{role}_{place}",
                    groups=GROUP + role,
                    company_id=company.id,
                    company_ids=[Command.set(company.ids)],
                )
                setattr(cls, f"{role}_{place}", user)
        cls.ledger = cls.env["tibillet.ledger"]
        cls.Account = cls.env["tibillet.account"]
        cls.token = cls.make_asset("jeton", "local", cls.bar)
        cls.gift = cls.make_asset("cadeau", "gift", cls.bar)
        cls.euro = cls.make_asset("euro-federe", "fed", cls.coop)
        cls.hours = cls.make_asset("heures", "time", cls.bar)
        cls.card = cls.env["tibillet.card"].create(
            {"uid": "04A1B2C3D4E5F6", "company_id": cls.bar.id, "state": "anonymous"}
        )
        cls.wallet = cls.card.wallet_id
        cls.serial = 0

    @classmethod
    def make_asset(cls, code, kind, company, **values):
        return cls.env["tibillet.asset"].create(
            {"name": code.title(), "code": code, "kind": kind, "company_id": company.id, **values}
        )

    @classmethod
    def key(cls):
        cls.serial += 1
        return f"test-{cls.serial}"

    def account(self, wallet, asset):
        return self.Account._get(wallet, asset)

    def issuer(self, asset):
        return self.account(asset.issuer_wallet_id, asset)

    def place(self, company, asset):
        return self.account(self.env["tibillet.wallet"]._of_place(company), asset)

    def request(self, code, *transfers, **values):
        """A request for ``_post``; transfers are (debit account, credit account, amount)."""
        return {
            "key": self.key(),
            "origin": "test",
            "code": code,
            "transfers": [(debit.id, credit.id, amount) for debit, credit, amount in transfers],
            **values,
        }

    def post(self, code, *transfers, **values):
        return self.ledger._post([self.request(code, *transfers, **values)])

    def load(self, amount_minor, asset=None, wallet=None, code="topup", **values):
        asset = asset or self.token
        return self.post(
            code,
            (self.issuer(asset), self.account(wallet or self.wallet, asset), amount_minor),
            **values,
        )

    def spend(self, amount_minor, **values):
        return self.ledger._spend(
            values.pop("wallet", self.wallet),
            values.pop("company", self.bar),
            values.pop("lines", [(None, amount_minor, None)]),
            key=values.pop("key", None) or self.key(),
            origin=values.pop("origin", "device:1"),
            **values,
        )

    def balance(self, asset=None, wallet=None):
        account = self.account(wallet or self.wallet, asset or self.token)
        return account.balance_minor - account.held_minor

    def in_minutes(self, minutes):
        """A moment by the database's clock, as a naive UTC datetime."""
        self.env.cr.execute("SELECT tibillet_now() + make_interval(mins => %s)", [minutes])
        return self.env.cr.fetchone()[0]

    def wait(self, minutes):
        """Move the database's clock ahead, in this transaction."""
        self.env.cr.execute(
            "SELECT set_config('tibillet.clock_offset', (COALESCE(NULLIF(current_setting("
            "'tibillet.clock_offset', true), ''), '0')::interval + make_interval(mins => %s))"
            "::text, true)",
            [minutes],
        )

    def assertRefused(self, code, call, *args, **kwargs):
        """The call is refused with that code and the ledger is as it was."""
        from ..exceptions import LedgerError

        before = self.snapshot()
        with self.assertRaises(LedgerError) as caught:
            call(*args, **kwargs)
        self.assertEqual(caught.exception.code, code, str(caught.exception))
        self.assertEqual(self.snapshot(), before, "a refusal changed the ledger")
        self.assertGreater(len(str(caught.exception)), 15, "a refusal is a sentence")
        return caught.exception

    def snapshot(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT (SELECT count(*) FROM tibillet_transfer), (SELECT count(*) FROM tibillet_hold),"
            " (SELECT array_agg((id, state) ORDER BY id)::text FROM tibillet_operation),"
            " (SELECT array_agg((id, balance_minor, held_minor) ORDER BY id)::text"
            "    FROM tibillet_account WHERE balance_minor <> 0 OR held_minor <> 0)"
        )
        return self.env.cr.fetchone()
