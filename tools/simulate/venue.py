"""The place where the night happens: a French bar with many tills, its goods and its cards."""

import secrets
from dataclasses import dataclass, field

from .people import new_cashier

PASSWORD = "night-password"
FLOAT_MINOR = 10_000
GIFT_MINOR = 500


@dataclass(frozen=True)
class Article:
    """Something that is sold: what the till knows of it."""

    key: str
    product: int
    price_minor: int
    rate: float
    taxes: tuple
    alcohol: bool = False


@dataclass
class Place:
    """A till before anybody stands at it: who will, and the code that pairs it."""

    number: int
    login: str
    cashier: int
    config: int
    session: int
    pricelist: int
    cash: int
    bank: int
    wallet: int
    code: str


@dataclass
class Venue:
    company: int
    asset: int
    articles: dict
    cup: Article
    topup_product: int
    places: list
    cards: list = field(default_factory=list)
    poor: list = field(default_factory=list)
    gifts_minor: dict = field(default_factory=dict)


GOODS = (
    ("beer", "Beer", 6.0, 20, True),
    ("juice", "Juice", 3.0, 5.5, False),
    ("plate", "Plate", 11.5, 10, False),
    ("crisps", "Crisps", 2.4, 5.5, False),
)


def build(env, tills, cards, poor):
    """Company, chart, certification, goods, cashiers, tills and cards; the caller commits."""
    giver = _company(env, "Co-op")
    company = _company(env, "Night")
    gift = _gift(giver, company)
    env = company.env
    articles = {
        key: _article(env, company, key, name, price, rate, alcohol)
        for key, name, price, rate, alcohol in GOODS
    }
    cup = env["product.product"].create(
        {
            "name": "Cup",
            "available_in_pos": True,
            "type": "consu",
            "list_price": 1.0,
            "taxes_id": [(5,)],
            "company_id": company.id,
            "tibillet_deposit": True,
        }
    )
    asset = env["tibillet.asset"].create(
        {"name": "Euro of the night", "code": f"night-{company.id}", "company_id": company.id}
    )
    bank = env["pos.payment.method"].create(
        {
            "name": "Bank card",
            "journal_id": env["account.journal"]
            .search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
            .id,
            "company_id": company.id,
        }
    )
    venue = Venue(
        company=company.id,
        asset=asset.id,
        articles=articles,
        cup=Article("cup", cup.id, 100, 0.0, ()),
        topup_product=company.sudo()._tibillet_topup_product().id,
        places=[_place(env, company, number, bank) for number in range(tills)],
    )
    venue.cards = _cards(env, company, "04", cards, "person")
    venue.poor = _cards(env, company, "05", poor, "card")
    own = env["tibillet.asset"].create(
        {"name": "On the house", "code": f"house-{company.id}", "kind": "gift"}
        | {"company_id": company.id}
    )
    venue.gifts_minor = _give(gift, venue.cards[::4]) | _give(own, venue.cards[1::4])
    return venue


def _company(env, name):
    # install_mode: no further localisation is installed meanwhile
    company = (
        env["res.company"]
        .with_context(install_mode=True)
        .create(
            {
                "name": f"{name} {secrets.token_hex(3)}",
                "country_id": env.ref("base.fr").id,
                "currency_id": env.ref("base.EUR").id,
            }
        )
    )
    env.user.company_ids |= company
    scoped = env(context={"allowed_company_ids": company.ids, "tracking_disable": True})
    company = company.with_env(scoped)
    scoped["account.chart.template"].try_loading("fr", company, install_demo=False)
    company._tibillet_ensure_accounts()
    return company


def _article(env, company, key, name, price, rate, alcohol):
    tax = env["account.tax"].create(
        {
            "name": f"Night {rate} % {key}",
            "amount": rate,
            "price_include_override": "tax_included",
            "company_id": company.id,
            "country_id": company.country_id.id,
        }
    )
    product = env["product.product"].create(
        {
            "name": name,
            "available_in_pos": True,
            "is_storable": True,
            "list_price": price,
            "taxes_id": [(6, 0, tax.ids)],
            "company_id": company.id,
            "tibillet_alcohol": alcohol,
            "tibillet_alcohol_group": "3" if alcohol else "1",
        }
    )
    return Article(key, product.id, round(100 * price), rate / 100, tuple(tax.ids), alcohol)


def _place(env, company, number, bank):
    login = f"night-{company.id}-{number}"
    cashier = new_cashier(env, company, f"Cashier {number}", login, PASSWORD)
    journal = env["account.journal"].create(
        {"name": f"Cash {number}", "type": "cash", "code": f"N{number}", "company_id": company.id}
    )
    cash = env["pos.payment.method"].create(
        {"name": f"Cash {number}", "journal_id": journal.id, "company_id": company.id}
    )
    config = env["pos.config"].create(
        {
            "name": f"Till {number}",
            "company_id": company.id,
            "module_pos_restaurant": False,
            "module_pos_hr": False,
            "payment_method_ids": [(6, 0, (cash | bank).ids)],
        }
    )
    config.tibillet_wallet = True
    config.with_user(cashier).open_ui()
    device = env["tibillet.device"].create({"name": f"Machine {number}", "config_id": config.id})
    return Place(
        number=number,
        login=login,
        cashier=cashier.id,
        config=config.id,
        session=config.current_session_id.id,
        pricelist=config.pricelist_id.id,
        cash=cash.id,
        bank=bank.id,
        wallet=config._tibillet_methods().id,
        code=device._new_code(),
    )


def _cards(env, company, prefix, count, kind):
    """Cards of persons (no ceiling of the anonymous), or cards that nobody has claimed."""
    uids = [f"{prefix}{company.id % 0xFFFF:04X}{number:08X}" for number in range(count)]
    # people's wallets and cards are made by the acts of the desk
    wallets_sudo, cards_sudo = env["tibillet.wallet"].sudo(), env["tibillet.card"].sudo()
    if kind == "card":
        cards_sudo.create([{"uid": uid, "company_id": company.id} for uid in uids])
        return uids
    wallets = wallets_sudo.create([{"kind": "person"} for _uid in uids])
    cards_sudo.create(
        [
            {"uid": uid, "company_id": company.id, "state": "claimed", "wallet_id": wallet.id}
            for uid, wallet in zip(uids, wallets, strict=True)
        ]
    )
    return uids


def _gift(giver, company):
    """What another place gives and this one takes: it owes what is spent of it here."""
    env = giver.env(context={"allowed_company_ids": (giver | company).ids})
    gift = env["tibillet.asset"].create(
        {"name": "Welcome", "code": f"gift-{giver.id}", "kind": "gift", "company_id": giver.id}
    )
    env["tibillet.acceptance"].create(
        {"asset_id": gift.id, "company_id": company.id, "contract_date": "2020-01-01"}
    ).action_countersign()
    return gift


def _give(gift, uids):
    """A gift on some cards: their sales are split between two assets. Spent where it was given
    it is a discount, elsewhere a payment."""
    env, giver = gift.env, gift.company_id
    Account = env["tibillet.account"]
    issuer = Account._get(gift.issuer_wallet_id, gift)
    cards = env["tibillet.card"].sudo().search([("uid", "in", uids)])
    env["tibillet.ledger"]._post(
        [
            {
                "key": secrets.token_hex(8),
                "origin": "night",
                "code": "gift",
                "company_id": giver.id,
                "transfers": [(issuer.id, Account._get(card.wallet_id, gift).id, GIFT_MINOR)],
            }
            for card in cards
        ]
    )
    return dict.fromkeys(uids, GIFT_MINOR)
