"""What a month brings once or twice: refunds, cups, a voucher, gifts spent, a gift to the place.

With the evenings, the top-ups and the taps, the month then holds what the accounting table names
and a till does. A further row is a function in ``ROWS``, given the tills by place and the cards
that nobody is shown first.
"""

from . import desk
from .assets import VOUCHER
from .cards import ANONYMOUS, CLAIMED

VERSION = 1

#: The first cards are told to the newcomer: what they hold stays what the start page says.
FIRST = 12
CUP = ("Gobelet consigné", "Cup, returnable", 1.0)
CUPS_AT = ("festival",)
SHORT_OF_CASH = 0.5
#: sales by card among the rows: two gifts, a voucher, and the basket that is taken back
TAPS = 4
IBAN = "FR76 3000 6000 0112 3456 7890 189"


def build(builder):
    """Open the three tills once more, bring every row, close them."""
    handed = [builder.find(f"card_{number:02}") for number in range(1, CLAIMED + ANONYMOUS + 1)]
    with_gift = [card for index, card in enumerate(handed) if index % 4 == 1 and index >= FIRST]
    without = [card for index, card in enumerate(handed) if index % 4 == 2 and index >= FIRST]
    tills = {place.slug: desk.Till(builder, place.slug, " rows") for place in builder.places}
    for row in ROWS:
        row(builder, tills, with_gift, without)
    tills["coop"].close(short=SHORT_OF_CASH)
    for slug in ("bar", "festival"):
        tills[slug].close()
    _pay_transfers(builder)
    companies = builder.env["res.company"].union(
        *(builder.company(place.slug) for place in builder.places)
    )
    builder.env["tibillet.books"]._write_pending(companies, include_today=True)
    return f"{len(ROWS)} rows"


def _gifts(_builder, tills, with_gift, _without):
    """A gift of the co-operative's: a discount at its own till, reimbursed to the bar."""
    tills["coop"].tap(with_gift[0], "cafe")
    tills["bar"].tap(with_gift[1], "cidre")


def _refunds(builder, tills, _with_gift, without):
    """In cash and on the bank card as the money came, and by transfer."""
    fed = builder.find("asset_fed")
    for means, card in zip(("cash", "bank_card", "transfer"), without, strict=False):
        tills["coop"].sell_top_up(fed, card, 1000, kind="card" if means == "bank_card" else "cash")
        account = {"holder_name": "Ana Le Goff", "iban": IBAN} if means == "transfer" else {}
        values = {"asset_id": fed.id, "price_minor": 800, "means": means, **account}
        tills["coop"].act("refund", card, values)


def _cups(builder, tills, _with_gift, without):
    """Three cups out with their beers, two back on a card."""
    cups = {slug: cup(builder, slug) for slug in CUPS_AT}
    tills["festival"].sell_goods(cups["festival"], 3, "cash")
    tills["festival"].cups_back(without[3], cups["festival"], 2)


def _voucher(builder, tills, _with_gift, without):
    """Sold like a top-up, spent where it was sold, never paid back."""
    voucher = builder.find(f"asset_{VOUCHER}")
    tills["festival"].sell_top_up(voucher, without[4], 1000)
    tills["festival"].tap(without[4], "citron")


def _left_to_the_place(builder, tills, _with_gift, without):
    """A holder leaves the rest of a card to the issuer."""
    fed = builder.find("asset_fed")
    tills["coop"].sell_top_up(fed, without[5], 500, again="left")
    tills["coop"].act("give", without[5], {"asset_id": fed.id, "price_minor": 200})


def _taken_back(_builder, tills, with_gift, _without):
    """A wrong basket: everything goes back where it came from."""
    order = tills["bar"].tap(with_gift[2], "cidre")
    tills["bar"].undo(order)


ROWS = (_gifts, _refunds, _cups, _voucher, _left_to_the_place, _taken_back)


def cup(builder, slug):
    """Return the place's own cup: no tax on what is given back."""
    company = builder.company(slug)
    french, english, price = CUP
    product = builder.put(
        f"cup_{slug}",
        "product.template",
        {
            "name": french,
            "type": "consu",
            "list_price": price,
            "taxes_id": [(5, 0, 0)],
            "available_in_pos": True,
            "company_id": company.id,
            "tibillet_deposit": True,
        },
        company=company,
    )
    builder.translate(product, name=english)
    return product.product_variant_id


def _pay_transfers(builder):
    """The accountant of each place sends what was promised by transfer."""
    for place in builder.places:
        env = builder.at(place.slug)
        waiting = env["tibillet.payback"].search(
            [("state", "=", "todo"), ("company_id", "=", builder.company(place.slug).id)]
        )
        if waiting:
            waiting.journal_id = env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", builder.company(place.slug).id)],
                limit=1,
            )
            waiting.action_done()
