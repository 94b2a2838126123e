"""Random lives of a ledger, each step done on the model and on the real thing."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from .model import Model, Refused

CARDS = st.integers(0, 1)
ASSETS = st.sampled_from(["gift", "token"])
AMOUNTS = st.one_of(st.integers(1, 3_000), st.sampled_from([0, -1, 24_999, 25_000, 25_001]))


def machine_on(registry, superuser):
    """The state machine's class, on one database; every example is rolled back."""

    class LedgerLife(RuleBasedStateMachine):
        keys = Bundle("keys")

        def __init__(self):
            super().__init__()
            from odoo.api import Environment

            self.cr = registry.cursor()
            self.env = Environment(self.cr, superuser, {})
            self.model = Model()
            self.turn = 0
            self.build()

        def build(self):
            company = self.env.company
            Asset = self.env["tibillet.asset"]
            self.assets = {
                "gift": Asset.create({"name": "Gift", "code": "sim-gift", "kind": "gift"}),
                "token": Asset.create({"name": "Token", "code": "sim-token", "kind": "local"}),
            }
            cards = self.env["tibillet.card"].create([{"company_id": company.id}] * 2)
            self.wallets = list(cards.wallet_id)
            Account = self.env["tibillet.account"]
            self.purses = {
                (number, name): Account._get(wallet, asset)
                for number, wallet in enumerate(self.wallets)
                for name, asset in self.assets.items()
            }
            self.company = company
            self.issuers = {
                name: Account._get(asset.issuer_wallet_id, asset)
                for name, asset in self.assets.items()
            }
            self.ops = {}

        def teardown(self):
            self.cr.rollback()
            self.cr.close()

        def both(self, on_model, on_ledger):
            """The same act on both; they answer alike, and a refusal changes nothing."""
            from odoo.addons.tibillet_wallet.exceptions import LedgerError

            expected = actual = None
            try:
                on_model()
            except Refused as refusal:
                expected = refusal.code
            try:
                result = on_ledger()
            except LedgerError as refusal:
                actual, result = refusal.code, None
            assert actual == expected, f"the ledger says {actual}, the model {expected}"
            return result

        def new_key(self):
            self.turn += 1
            return f"life-{self.turn}"

        def until(self, minutes):
            self.cr.execute("SELECT tibillet_now() + make_interval(mins => %s)", [minutes])
            return self.cr.fetchone()[0]

        def load_on_ledger(self, key, card, asset, amount):
            request = {
                "key": key,
                "origin": "sim",
                "code": "topup" if asset == "token" else "gift",
                "transfers": [(self.issuers[asset].id, self.purses[card, asset].id, amount)],
            }
            return self.env["tibillet.ledger"]._post([request])

        def spend_on_ledger(self, key, card, amount, minutes, partly):
            return self.env["tibillet.ledger"]._spend(
                self.wallets[card],
                self.company,
                [(None, amount, None)] if amount > 0 else [],
                key=key,
                origin="sim",
                up_to=amount if partly else None,
                hold_until=self.until(minutes) if minutes else None,
            )

        @rule(card=CARDS, asset=ASSETS, amount=AMOUNTS)
        def load(self, card, asset, amount):
            key = self.new_key()
            self.both(
                lambda: self.model.load(key, card, asset, amount),
                lambda: self.load_on_ledger(key, card, asset, amount),
            )

        @rule(
            target=keys,
            card=CARDS,
            amount=AMOUNTS,
            minutes=st.sampled_from([None, 3, 5]),
            partly=st.booleans(),
        )
        def spend(self, card, amount, minutes, partly):
            key = self.new_key()
            op = self.both(
                lambda: self.model.spend(key, card, amount, minutes, partly),
                lambda: self.spend_on_ledger(key, card, amount, minutes, partly),
            )
            if op:
                self.ops[key] = op
            return key, card, amount, minutes, partly

        @rule(life=keys, other=st.booleans())
        def repeat(self, life, other):
            """A till that got no answer asks again; or another content uses the key."""
            key, card, amount, minutes, partly = life
            amount = amount + 1 if other and amount > 0 else amount
            op = self.both(
                lambda: self.model.spend(key, card, amount, minutes, partly),
                lambda: self.spend_on_ledger(key, card, amount, minutes, partly),
            )
            if op:
                assert self.ops.setdefault(key, op) == op

        @rule(life=keys, part=st.one_of(st.none(), st.integers(-1, 3_100)))
        def capture(self, life, part):
            key = life[0]
            if key in self.ops:
                self.both(
                    lambda: self.model.capture(key, part),
                    lambda: self.env["tibillet.ledger"]._capture(self.ops[key], part),
                )

        @rule(life=keys)
        def void(self, life):
            key = life[0]
            if key in self.ops:
                self.both(
                    lambda: self.model.void(key),
                    lambda: self.env["tibillet.ledger"]._void(self.ops[key]),
                )

        @rule(minutes=st.integers(1, 4))
        def wait(self, minutes):
            self.model.now += minutes
            self.cr.execute(
                "SELECT set_config('tibillet.clock_offset', %s, true)",
                [f"{self.model.now} minutes"],
            )

        @rule()
        def sweep(self):
            for op in self.model.operations.values():
                self.model.settle(op)
            self.env["tibillet.ledger"]._release_batch(self.env)

        @invariant()
        def same_money(self):
            self.cr.execute(
                "SELECT id, balance_minor FROM tibillet_account WHERE id = ANY(%s)",
                [[purse.id for purse in self.purses.values()]],
            )
            real = dict(self.cr.fetchall())
            for place, purse in self.purses.items():
                assert real[purse.id] == self.model.balance.get(place, 0), place

        @invariant()
        def same_free_money(self):
            for card, wallet in enumerate(self.wallets):
                purses = self.env["tibillet.ledger"]._purses(wallet, self.company)
                free = {purse.asset_id: purse.available_minor for purse in purses}
                for name, asset in self.assets.items():
                    assert free[asset.id] == self.model.free(card, name), (card, name)

        @invariant()
        def audit_finds_nothing(self):
            assert self.env["tibillet.ledger"]._audit() == {}

    return LedgerLife
