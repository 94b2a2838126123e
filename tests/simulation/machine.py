"""Random lives of a ledger, each step done on the model and on the real thing."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from .model import Model, Refused

CARDS, PEOPLE = [("card", 0), ("card", 1)], [("person", 0), ("person", 1)]
HOLDERS = [*CARDS, *PEOPLE]
PLACE, ISSUER, POOL = [("place", 0)], [("issuer", 0)], [("pool", 0)]
ELSEWHERE = [("place", 1)]
ASSETS = {"gift": "gift", "token": "local", "hours": "time", "claim": "claim"}
# code: who pays, who receives, which assets (as contracts 2); undo and correct have a rule of
# their own, a sale is also made by the cascade.
ACTS = {
    "topup": (ISSUER, HOLDERS, ["token"]),
    "gift": (ISSUER, HOLDERS, ["gift", "token"]),
    "reward": (ISSUER, HOLDERS, ["gift", "hours"]),
    "issue": (ISSUER, HOLDERS, ["hours", "token"]),
    "sale": (HOLDERS, PLACE, ["gift", "token", "hours"]),
    "deposit_back": (PLACE, HOLDERS, ["token"]),
    "refund": (HOLDERS, ISSUER, ["token"]),
    "empty": (HOLDERS, ISSUER, ["token"]),
    "expire": (HOLDERS, ISSUER, ["gift"]),
    "chargeback": (HOLDERS, ISSUER, ["token"]),
    "settle": (PLACE, ISSUER, ["token"]),
    "remit": (PLACE, ELSEWHERE, ["token", "gift"]),
    "merge": (CARDS, PEOPLE, ["token", "gift", "claim"]),
    "transfer": ([PEOPLE[0]], [PEOPLE[1]], ["hours"]),
    "give": (HOLDERS, [*PLACE, *POOL], ["token"]),
    "extinguish": (HOLDERS, POOL, ["token"]),
    "shortfall": (ISSUER, HOLDERS, ["claim"]),
    "write_off": (HOLDERS, ISSUER, ["claim"]),
}
AMOUNTS = st.one_of(
    st.integers(1, 500),
    st.integers(1, 3_000),
    st.sampled_from([0, -1, 19_999, 20_000, 24_999, 25_000, 25_001]),
)
PICK = st.integers(0, 11)


def make_assets(env):
    """One asset of each kind, and a company without ceilings: made once, for all lives."""
    env.company.write(
        {
            "tibillet_stored_limit_minor": 0,
            "tibillet_spent_limit_minor": 0,
            "tibillet_tap_limit_minor": 0,
        }
    )
    return {
        name: env["tibillet.asset"]
        .create(
            {
                "name": name,
                "code": f"sim-{name}",
                "kind": kind,
                "expiry_months": int(name == "gift"),
            }
        )
        .id
        for name, kind in ASSETS.items()
    }


def machine_on(registry, superuser, assets):
    """The state machine's class, on one database; every example is rolled back.

    :param assets: what :func:`make_assets` answered
    """

    class LedgerLife(RuleBasedStateMachine):
        lived = set()  # codes that some life has posted
        keys = Bundle("keys")
        acts = Bundle("acts")

        def __init__(self):
            super().__init__()
            from odoo.api import Environment

            self.cr = registry.cursor()
            self.env = Environment(self.cr, superuser, {}, su=True)
            self.ledger = self.env["tibillet.ledger"]
            self.model = Model()
            self.turn, self.purses, self.ops = 0, {}, {}
            self.build()

        def build(self):
            self.company = self.env.company
            Wallet = self.env["tibillet.wallet"]
            cards = self.env["tibillet.card"].create([{"company_id": self.company.id}] * 2)
            wallets = [*cards.wallet_id, *Wallet.create([{"kind": "person"}] * 2)]
            self.wallets = dict(zip(HOLDERS, wallets, strict=True))
            Asset = self.env["tibillet.asset"]
            elsewhere = Wallet.create({"kind": "place"})
            self.assets = {name: Asset.browse(made) for name, made in assets.items()}
            for name, asset in self.assets.items():
                sides = {
                    **self.wallets,
                    PLACE[0]: Wallet._of_place(self.company),
                    ELSEWHERE[0]: elsewhere,
                    POOL[0]: Wallet._of_company("pool", self.company),
                    ISSUER[0]: asset.issuer_wallet_id,
                }
                for side, wallet in sides.items():
                    self.purses[side, name] = self.env["tibillet.account"]._get(wallet, asset)

            self.fund()

        def fund(self):
            """Everybody starts with something of everything, and the place has sold."""
            for side in HOLDERS:
                for code, asset, amount in (
                    ("topup", "token", 5_000),
                    ("gift", "gift", 800),
                    ("issue", "hours", 600),
                    ("shortfall", "claim", 400),
                ):
                    self.post_both(self.new_key(), code, ISSUER[0], side, asset, amount)
                self.post_both(self.new_key(), "sale", side, PLACE[0], "token", 1_000)

        def teardown(self):
            """The whole sweep once a life: what each step must keep is checked at each step."""
            try:
                assert self.ledger._audit() == {}
            finally:
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

        # -- any code, straight through the door --------------------------------------------

        def post_both(self, key, code, debit, credit, asset, amount, names=None):
            transfer = (self.purses[debit, asset].id, self.purses[credit, asset].id, amount)
            request = {"key": key, "origin": "sim", "code": code, "transfers": [transfer]}
            if names:
                request["names_id"] = self.ops[names].id
            op = self.both(
                lambda: self.model.post(key, code, debit, credit, asset, amount, names),
                lambda: self.ledger._post([request]),
            )
            if op:
                assert self.ops.setdefault(key, op) == op
                self.lived.add(code)
                if code == "merge" and self.empty(debit):
                    self.model.merged[debit] = credit
                    self.wallets[debit].merged_into_id = self.wallets[credit]
                    self.env.flush_all()

        def empty(self, side):
            return not any(self.model.balance[side, asset] for asset in ASSETS)

        @rule(
            target=acts,
            code=st.sampled_from(sorted(ACTS)),
            payer=PICK,
            payee=PICK,
            what=PICK,
            amount=AMOUNTS,
            everything=st.booleans(),
        )
        def act(self, code, payer, payee, what, amount, everything):
            debits, credits, assets = ACTS[code]
            debit, credit = debits[payer % len(debits)], credits[payee % len(credits)]
            asset = assets[what % len(assets)]
            if everything and debit[0] in ("card", "person"):
                amount = self.model.balance[debit, asset] or amount
            life = (self.new_key(), code, debit, credit, asset, amount)
            self.post_both(*life)
            return life

        @rule(life=acts, other=st.booleans())
        def act_again(self, life, other):
            """The same key once more, or with another amount."""
            key, code, debit, credit, asset, amount = life
            if key in self.ops:
                self.post_both(key, code, debit, credit, asset, amount + 1 if other else amount)

        @rule(
            target=acts,
            code=st.sampled_from(["undo", "correct"]),
            turn=st.integers(0, 40),
            forth=st.booleans(),
            amount=st.integers(1, 900),
            everything=st.booleans(),
        )
        def reverse(self, code, turn, forth, amount, everything):
            sold = [key for key in sorted(self.ops) if self.model.operations[key].code == "sale"]
            keys = sold if code == "undo" and turn % 4 else sorted(self.ops)
            names = keys[turn % len(keys)]
            op = self.model.operations[names]
            debit, credit, asset, moved = (op.moved or op.lines)[0]
            debit, credit = self.model.today(debit), self.model.today(credit)
            if debit == credit:
                return (self.new_key(), "topup", ISSUER[0], CARDS[0], "token", 1)
            amount = moved if everything else amount
            sides = (debit, credit) if forth else (credit, debit)
            key = self.new_key()
            self.post_both(key, code, *sides, asset, amount, names)
            return (key, code, *sides, asset, amount)

        @rule(number=st.integers(0, 3))
        def freeze_or_thaw(self, number):
            side = HOLDERS[number]
            self.model.frozen ^= {side}
            self.wallets[side].frozen = side in self.model.frozen
            self.env.flush_all()

        # -- the cascade and its holds --------------------------------------------------------

        def spend_on_ledger(self, key, payer, amount, minutes, partly):
            return self.ledger._spend(
                self.wallets[payer],
                self.company,
                [(None, amount, None)] if amount > 0 else [],
                key=key,
                origin="sim",
                up_to=amount if partly else None,
                hold_until=self.until(minutes) if minutes else None,
            )

        def spend_both(self, key, payer, amount, minutes, partly):
            op = self.both(
                lambda: self.model.spend(key, payer, amount, minutes, partly),
                lambda: self.spend_on_ledger(key, payer, amount, minutes, partly),
            )
            if op:
                assert self.ops.setdefault(key, op) == op

        @rule(
            target=keys,
            number=st.integers(0, 3),
            amount=AMOUNTS,
            minutes=st.sampled_from([None, 3, 5]),
            partly=st.booleans(),
        )
        def spend(self, number, amount, minutes, partly):
            life = (self.new_key(), HOLDERS[number], amount, minutes, partly)
            self.spend_both(*life)
            return life

        @rule(life=keys, other=st.booleans())
        def repeat(self, life, other):
            """A till that got no answer asks again; or another content uses the key."""
            key, payer, amount, minutes, partly = life
            self.spend_both(
                key, payer, amount + 1 if other and amount > 0 else amount, minutes, partly
            )

        @rule(life=keys, part=st.one_of(st.none(), st.integers(-1, 3_100)))
        def capture(self, life, part):
            if life[0] in self.ops:
                self.both(
                    lambda: self.model.capture(life[0], part),
                    lambda: self.ledger._capture(self.ops[life[0]], part),
                )

        @rule(life=keys)
        def void(self, life):
            if life[0] in self.ops:
                self.both(
                    lambda: self.model.void(life[0]),
                    lambda: self.ledger._void(self.ops[life[0]]),
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
            self.ledger._release_batch(self.env)

        # -- what is true at every moment -------------------------------------------------------

        @invariant()
        def same_money(self):
            self.env.flush_all()
            ids = [purse.id for purse in self.purses.values()]
            self.cr.execute(
                "SELECT id, COALESCE(balance_minor, tibillet_account_sum(id))"
                " FROM tibillet_account WHERE id = ANY(%s)",
                [ids],
            )
            real = dict(self.cr.fetchall())
            for place, purse in self.purses.items():
                assert real[purse.id] == self.model.balance[place], place

        @invariant()
        def same_free_money(self):
            for side, wallet in self.wallets.items():
                purses = self.ledger._purses(wallet, self.company)
                free = {purse.asset_id: purse.available_minor for purse in purses}
                for name in ("gift", "token", "hours"):
                    assert free[self.assets[name].id] == self.model.free(side, name), (side, name)

    return LedgerLife
