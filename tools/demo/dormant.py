"""Three cards of last year: one given by its holder, one extinguished by terms, one asleep."""

from . import desk, orders

# numbers in the first batch, blank until here
GIVEN, EXTINGUISHED, ASLEEP = 60, 59, 58
NUMBERS = (GIVEN, EXTINGUISHED, ASLEEP)
HOLDERS = {GIVEN: 13, EXTINGUISHED: 14}
LOADED = {GIVEN: 700, EXTINGUISHED: 900, ASLEEP: 450}
# Days before the Saturday of the weekend: each notice in time, and none of them a mail.
BEFORE, MARKED, SECOND, THIRD, OVER = -470, -100, -39, -15, -2


def load(builder, clock):
    """Sixteen months ago three people load a card and put it in a drawer at home."""
    handed = {number: _hand_out(builder, number) for number in NUMBERS}
    clock.at(BEFORE, 11)
    galet = builder.find("asset_token")
    terms = clock.moment.date().replace(month=1, day=1)
    galet.with_user(builder.find("user_bar_gerance")).write(
        {"extinguish_terms_date": terms, "extinguish_allowed": True}
    )
    builder.env["tibillet.terms.consent"]._accept(handed[EXTINGUISHED].wallet_id, galet)
    for slug, asset, numbers in (
        ("coop", builder.find("asset_fed"), (GIVEN, ASLEEP)),
        ("bar", galet, (EXTINGUISHED,)),
    ):
        till = desk.Till(builder, slug, " dormant")
        for number in numbers:
            till.sell_top_up(asset, handed[number], LOADED[number], kind="cash")
        clock.later(30)
        till.close()
    return handed


def tell(builder, clock, handed):
    """The nights mark them; whoever shows such a card at a place reads what is on it."""
    for step, day in enumerate((MARKED, SECOND, THIRD)):
        clock.at(day, 12)
        builder.env["tibillet.dormancy"]._wake()
        builder.env["tibillet.dormancy"]._mark()
        builder.env["tibillet.notice"]._plan()
        for card in handed.values():
            builder.env["tibillet.notice"]._shown(card.wallet_id, "qr", f"notice-{step}")


def end(builder, clock, handed):
    """One is given at the desk, one extinguished by who issued it; the third sleeps on."""
    clock.at(OVER, 15)
    accounts, rows = builder.env["tibillet.account"], builder.env["tibillet.dormancy"]
    given = rows._of(accounts._get(handed[GIVEN].wallet_id, builder.find("asset_fed")))
    desk_of_coop = builder.at("coop")["tibillet.act.choice"]
    form = desk_of_coop.with_user(builder.find("user_coop_gerance")).create(
        {
            "dormancy_id": given.id,
            "asset_id": given.asset_id.id,
            "choice": "give",
            "amount": LOADED[GIVEN] / 100,
            "company_id": builder.company("coop").id,
        }
    )
    done(form.action_confirm())
    lost = accounts._get(handed[EXTINGUISHED].wallet_id, builder.find("asset_token"))
    row = builder.at("bar")["tibillet.dormancy"].browse(rows._of(lost).id)
    row.with_user(builder.find("user_bar_gerance")).action_extinguish()


def done(answer):
    """Make sure that a form did what it was filled in for."""
    if answer.get("params", {}).get("type") != "success":
        raise orders.Refused(answer.get("context", {}).get("default_refused") or str(answer))


def _hand_out(builder, number):
    card = builder.find(f"card_{number:02}")
    if number not in HOLDERS:
        card.state = "anonymous"
        return card
    visitor = builder.find(f"visitor_{HOLDERS[number]:02}")
    wallet = builder.put(
        f"wallet_{HOLDERS[number]:02}",
        "tibillet.wallet",
        {"kind": "person", "partner_id": visitor.id},
    )
    card.write({"state": "claimed", "wallet_id": wallet.id})
    return card
