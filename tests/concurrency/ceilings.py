"""Races over what no single account shows: ceilings of a card, an undone sale, a claim."""

import secrets

from .stage import snapshot_then


def ceiling(stage, ceiling, rounds=4, broken=False):
    """Two assets of one wallet, a hundred euros each, where 150 are allowed at most.

    ``broken`` is the control of the daily limit: the wallet's row is not touched.
    """
    from .scenarios import audit

    if broken:
        _leave_out("UPDATE tibillet_wallet SET daily_limit_minor")

    won, refused = [], []
    for _round in range(rounds):
        shop = stage.alone(lambda env: _two_assets(env, ceiling))

        def act(number, shop=shop):
            def work(stage, meet):
                return snapshot_then(stage, meet, lambda env: _push(env, shop, ceiling, number))

            return work

        answers = stage.race([act(0), act(1)])
        won.append(sum("ok" in answer for answer in answers))
        refused += [answer.get("refused") for answer in answers if "ok" not in answer]
    return {"won": won, "refused": refused, "audit": audit(stage)}


def _leave_out(beginning):
    """From here on this process, and those it forks, run no statement that begins so."""
    from odoo.sql_db import Cursor

    run = Cursor.execute

    def execute(self, query, *args, **kwargs):
        if str(query).startswith(beginning):
            return None
        return run(self, query, *args, **kwargs)

    Cursor.execute = execute


def _two_assets(env, ceiling):
    company = env.company
    categories = env["product.category"].create([{"name": "One"}, {"name": "Two"}])
    products = env["product.product"].create(
        [{"name": category.name, "categ_id": category.id} for category in categories]
    )
    assets = env["tibillet.asset"].create(
        [
            {
                "name": f"Race {number}",
                "code": f"race-{secrets.token_hex(4)}",
                "company_id": company.id,
                "product_category_ids": [(6, 0, category.ids)],
            }
            for number, category in enumerate(categories)
        ]
    )
    wallet = env["tibillet.card"].create({"company_id": company.id}).wallet_id
    if ceiling == "daily":  # what a guardian allows a child
        wallet = env["tibillet.wallet"].create({"kind": "person", "daily_limit_minor": 15_000})
    Account = env["tibillet.account"]
    shop = {
        "wallet": wallet.id,
        "products": products.ids,
        "issuers": [Account._get(asset.issuer_wallet_id, asset).id for asset in assets],
        "purses": [Account._get(wallet, asset).id for asset in assets],
    }
    company.write(
        {
            "tibillet_stored_limit_minor": 15_000 if ceiling == "stored" else 0,
            "tibillet_spent_limit_minor": 15_000 if ceiling == "spent" else 0,
            "tibillet_tap_limit_minor": 0,
        }
    )
    if ceiling != "stored":
        env["tibillet.ledger"]._post([_topup(shop, number) for number in (0, 1)])
        place = env["tibillet.wallet"]._of_place(company)
        for asset in assets:
            Account._get(place, asset)
    return shop


def _topup(shop, number):
    return {
        "key": secrets.token_hex(8),
        "origin": "device:1",
        "code": "topup",
        "transfers": [(shop["issuers"][number], shop["purses"][number], 10_000)],
    }


def _push(env, shop, ceiling, number):
    ledger = env["tibillet.ledger"]
    if ceiling == "stored":
        return ledger._post([_topup(shop, number)]).id
    product = env["product.product"].browse(shop["products"][number])
    return ledger._spend(
        env["tibillet.wallet"].browse(shop["wallet"]),
        env.company,
        [(product, 10_000, None)],
        key=secrets.token_hex(8),
        origin=f"device:{number}",
    ).id


def undo_twice(stage, workers=4, rounds=4):
    """All workers give the whole of one sale back at once."""
    from .scenarios import audit, request, venue

    won, refused = [], []
    for _round in range(rounds):
        shop = stage.alone(venue)
        sale = request("sale", shop["purses"][0], shop["place"], 4_000)
        named = stage.alone(lambda env, sale=sale: env["tibillet.ledger"]._post([sale]).id)

        def undo(stage, meet, shop=shop, named=named):
            back = request("undo", shop["place"], shop["purses"][0], 4_000, names_id=named)
            return snapshot_then(stage, meet, lambda env: env["tibillet.ledger"]._post([back]).id)

        answers = stage.race([undo] * workers)
        won.append(sum("ok" in answer for answer in answers))
        refused += [answer.get("refused") for answer in answers if "ok" not in answer]
    return {"won": won, "refused": refused, "audit": audit(stage)}


def claim_and_charge(stage, rounds=4, broken=False):
    """A card's wallet is merged into a person's while it is charged an asset new to it.

    A shortfall, which no cap binds: nothing but the wallet itself is shared by the two.
    """
    from .scenarios import audit, venue

    stranded, outcomes = [], []
    for _round in range(rounds):
        shop = stage.alone(lambda env: _card_and_person(env, venue(env, load_minor=4_000)))

        def claim(stage, meet, shop=shop):
            return snapshot_then(stage, meet, lambda env: _claim(env, shop))

        def charge(stage, meet, shop=shop):
            return snapshot_then(stage, meet, lambda env: _charge(env, shop, broken))

        claimed, charged = stage.race([claim, charge])
        assert "ok" in claimed, claimed
        outcomes.append("both" if "ok" in charged else "claimed only")
        stranded.append(stage.alone(lambda env, shop=shop: _stranded(env, shop)))
    return {
        "stranded": stranded,
        "outcomes": outcomes,
        "audit": {} if broken else audit(stage),
    }


def _card_and_person(env, shop):
    person = env["tibillet.wallet"].create({"kind": "person"})
    asset = env["tibillet.account"].browse(shop["purses"][0]).asset_id
    new = env["tibillet.asset"]._claim_of(env.company)
    return {
        **shop,
        "person": person.id,
        "purse": env["tibillet.account"]._get(person, asset).id,
        "new": new.id,
        "issuer": env["tibillet.account"]._get(new.issuer_wallet_id, new).id,
    }


def _claim(env, shop):
    """What claiming does: all accounts of the card in one operation, then the pointer."""
    wallet = env["tibillet.wallet"].browse(shop["wallets"][0])
    person = env["tibillet.wallet"].browse(shop["person"])
    Account = env["tibillet.account"]
    held = wallet.account_ids.filtered("balance_minor")
    op = env["tibillet.ledger"]._post(
        [
            {
                "key": secrets.token_hex(8),
                "origin": "test",
                "code": "merge",
                "transfers": [
                    (one.id, Account._get(person, one.asset_id).id, one.balance_minor)
                    for one in held
                ],
            }
        ]
    )
    wallet.merged_into_id = person
    env.flush_all()
    return op.id


def _charge(env, shop, broken):
    """Charge the card; ``broken`` makes its account without touching the wallet."""
    asset = env["tibillet.asset"].browse(shop["new"])
    wallet = env["tibillet.wallet"].browse(shop["wallets"][0])
    if broken:
        env.cr.execute(
            "INSERT INTO tibillet_account (wallet_id, asset_id, balance_minor, held_minor,"
            " floor_minor) VALUES (%s, %s, 0, 0, 0) ON CONFLICT DO NOTHING",
            [wallet.id, asset.id],
        )
    account = env["tibillet.account"]._get(wallet._surviving() if not broken else wallet, asset)
    return (
        env["tibillet.ledger"]
        ._post(
            [
                {
                    "key": secrets.token_hex(8),
                    "origin": "device:2",
                    "code": "shortfall",
                    "transfers": [(shop["issuer"], account.id, 700)],
                }
            ]
        )
        .id
    )


def _stranded(env, shop):
    env.cr.execute(
        "SELECT COALESCE(sum(a.balance_minor), 0)::bigint FROM tibillet_account a"
        " JOIN tibillet_wallet w ON w.id = a.wallet_id"
        " WHERE w.id = %s AND w.merged_into_id IS NOT NULL",
        [shop["wallets"][0]],
    )
    return env.cr.fetchone()[0]
