"""A weekend of the festival and the week after: what the accounting table names beside rows.

Drink tokens, cups that stay away, a food truck, sales that nobody could pay, a bank that takes a
top-up back, cards of last year, two cashiers at one drawer, and the settlement by SEPA.
"""

from . import claims, clock, desk, dormant, settled, stands
from .cards import BATCH

VERSION = 1

#: what two cashiers counted more (or less) than the drawer should hold
COUNTED = {"Nolwenn Le Goff": -0.4, "Malo Kerbrat": 0.1}
#: cards of the bar's own batch, with no federated euro yet, and three handed out at the gate
HOUSE = tuple(range(BATCH + 4, BATCH + 7))
GATE = (55, 56, 57)
#: Sales by card in the ledger: three soups, two sausages held and then late, a beer of drink
#: tokens, the truck's three, two portions of chips, a pint at the bar.
TAPS = 3 + 2 * len(claims.TWICE) + 1 + len(stands.ORDERED) + 2 + 1


def build(builder):
    """Tell it in its order, with both clocks at the hour of each act."""
    guests = [builder.find(f"card_{number}") for number in (*HOUSE, *GATE)]
    for card in guests:
        card.state = "anonymous"
    settled.banks(builder)
    with clock.opened(builder) as hours:
        old = dormant.load(builder, hours)
        dormant.tell(builder, hours, old)
        dormant.end(builder, hours, old)
        hours.at(-1, 16)
        truck = stands.sign(builder, hours)
        _saturday(builder, hours, guests)
        hours.at(2, 10)
        stands.keep_cups(builder, hours)
        stands.pay_out(builder, truck)
        claims.lost(builder, guests[1])
        hours.at(3, 10)
        settlements = settled.propose(builder)
        order = settled.order(builder, settlements)
        hours.at(4, 10)
        settled.paid(builder, order)
        claims.contested(builder, hours, guests[2])
    builder.env["tibillet.books"]._write_pending(_companies(builder), include_today=True)
    return f"{len(guests) + len(old)} cards, {len(settlements)} settlements"


def _saturday(builder, hours, guests):
    """Three tills and the truck's, all closed in the night."""
    hours.at(0, 18)
    tills = {place.slug: desk.Till(builder, place.slug, " weekend") for place in builder.places}
    claims.load(builder, tills["coop"], guests[:3])
    fed = builder.find("asset_fed")
    for card in guests[3:]:
        tills["coop"].sell_top_up(fed, card, 3000, kind="card")
        hours.later(2)
    tills["coop"].tap(guests[2], "soupe")
    stands.drink_tokens(builder, tills["festival"], guests[4])
    stands.cups(builder, tills["festival"], guests[5])
    claims.spend_twice(hours, tills, [guests[at] for at in claims.TWICE])
    hours.later(30)
    claims.recovered(builder, hours, tills["coop"], guests[0])
    stands.sell(builder, hours, guests[3:])
    for card in guests[3:5]:
        tills["festival"].tap(card, "frites")
        hours.later(3)
    tills["bar"].tap(guests[5], "blonde")
    _bar(builder, hours, tills["bar"])
    for till in (tills["coop"], tills["festival"]):
        till.close()


def _bar(builder, hours, till):
    """Two cashiers, one after the other: each answers for what she counted."""
    beer = till.env["product.product"].browse(builder.find("product_bar_blonde").id)
    for role, name in (("caisse", "Nolwenn Le Goff"), ("caisse2", "Malo Kerbrat")):
        till.sell_goods(beer, 2, "cash")
        hours.later(40)
        till.count(builder.find(f"user_bar_{role}"), COUNTED[name])
    till.close(short=-round(sum(COUNTED.values()), 2))


def _companies(builder):
    return builder.env["res.company"].union(
        *(builder.company(place.slug) for place in builder.places)
    )
