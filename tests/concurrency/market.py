"""Four wallets, three assets, and acts of every code that trade between them."""

import secrets

# code: (asset, from, to); "holder" is one of the wallets that may hold the asset.
ACTS = {
    "topup": ("token", "issuer", "holder"),
    "sale": ("token", "holder", "place"),
    "deposit_back": ("token", "place", "holder"),
    "refund": ("token", "holder", "issuer"),
    "chargeback": ("token", "holder", "issuer"),
    "settle": ("token", "place", "issuer"),
    "give": ("token", "holder", "pool"),
    "extinguish": ("token", "holder", "pool"),
    "gift": ("gift", "issuer", "holder"),
    "reward": ("gift", "issuer", "holder"),
    "expire": ("gift", "holder", "issuer"),
    "issue": ("hours", "issuer", "holder"),
    "transfer": ("hours", "person", "other"),
    "shortfall": ("claim", "issuer", "holder"),
}
REVERSED = {"sale": "undo", "topup": "correct", "give": "correct", "gift": "correct"}
OFTEN = ["sale"] * 8 + ["topup"] * 4


def market(env):
    """Two cards and two persons with money; answers the accounts, by asset and side."""
    company = env.company
    company.write({"tibillet_stored_limit_minor": 0, "tibillet_spent_limit_minor": 0})
    mark = secrets.token_hex(4)
    Wallet, Account = env["tibillet.wallet"], env["tibillet.account"]
    cards = env["tibillet.card"].create([{"company_id": company.id}] * 2).wallet_id
    people = Wallet.create([{"kind": "person"}] * 2)
    assets = {
        name: env["tibillet.asset"].create(
            {"name": name, "code": f"{name}-{mark}", "company_id": company.id, **values}
        )
        for name, values in {
            "token": {"kind": "local"},
            "gift": {"kind": "gift", "expiry_months": 1},
            "hours": {"kind": "time"},
        }.items()
    }
    assets["claim"] = env["tibillet.asset"]._claim_of(company)
    sides = {}
    for name, asset in assets.items():
        for side, wallet in (
            ("issuer", asset.issuer_wallet_id),
            ("place", Wallet._of_place(company)),
            ("pool", Wallet._of_company("pool", company)),
        ):
            sides[f"{name} {side}"] = [Account._get(wallet, asset).id]
        for side, wallets in (("holder", [*cards, *people]), ("person", people)):
            sides[f"{name} {side}"] = [Account._get(wallet, asset).id for wallet in wallets]
        sides[f"{name} other"] = sides[f"{name} person"]
    purses = sides["token holder"]
    env["tibillet.ledger"]._post(
        [
            {
                "key": secrets.token_hex(8),
                "origin": "device:1",
                "code": "topup",
                "transfers": [(sides["token issuer"][0], purse, 15_000)],
            }
            for purse in purses
        ]
    )
    return sides


def draw_request(draw, sides, done):
    """An act by chance: one of the codes, or the reverse of something that was done."""
    amount = draw.randint(1, 900)
    named = draw.choice(done) if done and draw.random() < 0.15 else None
    if named and named[0]["code"] in REVERSED and not named[0]["hold"]:
        wanted, op = named
        debit, credit, most = wanted["transfers"][0]
        back = [(credit, debit, draw.randint(1, most))]
        return {"code": REVERSED[wanted["code"]], "transfers": back, "names": op, "hold": None}
    code = draw.choice([*OFTEN, *ACTS])
    asset, debit, credit = ACTS[code]
    payer = draw.choice(sides[f"{asset} {debit}"])
    payee = draw.choice([one for one in sides[f"{asset} {credit}"] if one != payer])
    hold = draw.choice(["whole", "part", "void"]) if code == "sale" and amount % 3 == 0 else None
    return {"code": code, "transfers": [(payer, payee, amount)], "hold": hold}
