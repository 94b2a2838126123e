"""A wallet of every kind, an asset of every kind, and a request of every code."""

from ..ledger_rules import RULES
from .codes_table import ALLOWED, HOLDERS
from .common import WalletCase


class CodesCase(WalletCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["tibillet.wallet"].create([{"kind": "person"} for _one in range(2)])
        cls.pool = cls.env["tibillet.wallet"]._of_company("pool", cls.bar)
        cls.peer = cls.env["tibillet.wallet"].create({"kind": "peer"})
        cls.assets = {
            "fed": cls.make_asset("kfed", "fed", cls.bar),
            "local": cls.token,
            "gift": cls.gift,
            "voucher": cls.make_asset("kbon", "voucher", cls.bar),
            "time": cls.hours,
            "points": cls.make_asset("kpoints", "points", cls.bar),
            "external": cls.make_asset("kjune", "external", cls.bar),
            "claim": cls.env["tibillet.asset"]._claim_of(cls.bar),
        }

    def side(self, kind, asset, other=False):
        if other and kind == "place":
            return self.account(self.env["tibillet.wallet"]._of_place(self.coop), asset)
        wallet = {
            "card": self.wallet,
            "person": self.people[1] if other else self.people[0],
            "place": self.env["tibillet.wallet"]._of_place(self.bar),
            "issuer": asset.issuer_wallet_id,
            "pool": self.pool,
            "peer": self.peer,
        }[kind]
        return self.account(wallet, asset)

    def kind_for(self, code):
        """An asset that the code may move, refundable and expiring where it must be."""
        if code == "expire":
            self.assets["voucher"].expiry_months = 12
            return self.assets["voucher"]
        kinds = {"transfer": "time", "shortfall": "claim", "write_off": "claim"}
        return self.assets[kinds.get(code, "local")]

    def ready(self, code, asset=None, amount=100):
        """A request of the code that the ledger takes: accounts filled, named one posted."""
        asset = asset or self.kind_for(code)
        row = ALLOWED[code]
        debit_kind, credit_kind = row.debit[0], row.credit[0]
        if code == "correct":
            debit_kind, credit_kind = "place", "card"
        debit = self.side(debit_kind, asset)
        credit = self.side(credit_kind, asset, other=debit_kind == credit_kind)
        values = {}
        if code in ("undo", "correct"):
            self.fill(credit, asset, amount)
            values["names_id"] = self.post("sale", (credit, debit, amount)).id
        elif code in ("settle", "deposit_back"):
            self.fill(self.side("card", asset), asset, amount)
            self.post("sale", (self.side("card", asset), self.side("place", asset), amount))
        elif debit_kind in HOLDERS:
            self.fill(debit, asset, amount)
        return self.request(code, (debit, credit, amount), **values)

    def fill(self, account, asset, amount):
        code = {"claim": "shortfall"}.get(asset.kind, "issue")
        self.post(code, (self.issuer(asset), account, amount))

    def fill_once(self, asset):
        self.fill(self.side("card", asset), asset, 1)

    def _second(self, kind, asset):
        return self.account(self.env["tibillet.wallet"].create({"kind": kind}), asset)

    def spend_something(self):
        self.load(100)
        return self.spend(10)

    def _write_round(self, op, code, debit, credit_wallet):
        credit = self.account(credit_wallet, debit.asset_id)
        self.env.cr.execute(
            "WITH op AS (INSERT INTO tibillet_operation (origin, key, digest, code, state,"
            " occurred_at, posted_at) SELECT origin, 'round', digest, %s, state, occurred_at,"
            " posted_at FROM tibillet_operation WHERE id = %s RETURNING id)"
            " INSERT INTO tibillet_transfer (operation_id, asset_id, debit_account_id,"
            " credit_account_id, amount_minor) SELECT id, %s, %s, %s, 1 FROM op",
            [code, op.id, debit.asset_id.id, debit.id, credit.id],
        )

    def each(self, having, prepare, expected):
        """``having``: codes that take what ``prepare`` did; the others refuse with a code."""
        for code in RULES:
            with self.subTest(code), self.env.cr.savepoint() as point:
                request = self.ready(code)
                prepare(request, self.env["tibillet.account"].browse(request["transfers"][0][:2]))
                self.env.flush_all()
                if code in having:
                    self.assertTrue(self.ledger._post([request]))
                else:
                    self.assertRefused(expected, self.ledger._post, [request])
                point.rollback()
                self.env.invalidate_all()
