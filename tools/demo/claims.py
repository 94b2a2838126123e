"""What holders owe: two sales whose hold ran out, and a top-up that a bank took back."""

from .dormant import done

FEE = 15.0
NOTICE = "LIT-2026-0417"
#: Of the weekend's guests those whose money is spent twice.
TWICE = (0, 1)


def load(builder, coop, cards):
    """Three cards with little on them, the third paid by bank card."""
    fed = builder.find("asset_fed")
    for card, amount, kind in zip(cards, (800, 800, 2000), ("cash", "cash", "card"), strict=True):
        coop.sell_top_up(fed, card, amount, kind=kind)


def spend_twice(clock, tills, cards):
    """The festival's tablet is out of touch; meanwhile the money is spent at the co-operative."""
    held = [tills["festival"].hold(card, "saucisse") for card in cards]
    clock.later(25)
    for card in cards:
        tills["coop"].tap(card, "soupe")
        clock.later(1)
    for sale in held:
        tills["festival"].paid(sale)


def recovered(builder, clock, coop, card):
    """The holder loads the card again and agrees that what was missing is taken from it."""
    coop.sell_top_up(builder.find("asset_fed"), card, 1000, kind="cash", again="back")
    clock.later(10)
    shortfall, late = (_of(builder, card, code, key) for code, key in KEYS)
    manager = builder.find("user_festival_gerance")
    forms = builder.at("festival")["tibillet.act.correct"].with_user(manager)
    missing = shortfall.transfer_ids
    for operation, asset, way in (
        (late, builder.find("asset_fed"), "complete"),
        (shortfall, missing.asset_id, "reverse"),
    ):
        form = forms.create(
            {
                "operation_id": operation.id,
                "asset_id": asset.id,
                "amount": missing.amount_minor / 100,
                "way": way,
                "reason": "Vente de samedi réglée par le porteur, à sa demande",
                "company_id": builder.company("festival").id,
            }
        )
        done(form.action_confirm())


def lost(builder, card):
    """Nobody has seen the other card since: the treasurer gives the claim up."""
    claim = _of(builder, card, *KEYS[0]).transfer_ids.credit_account_id
    forms = builder.at("festival")["tibillet.act.write.off"].with_context(
        active_model="tibillet.account", active_id=claim.id
    )
    # The form opens on all that is owed.
    form = forms.with_user(builder.find("user_festival_compta")).create(
        {"reason": "Carte jamais revue depuis le week-end"}
    )
    done(form.action_confirm())


def contested(builder, clock, card):
    """The bank takes a top-up back, and asks a fee: some of it was drunk already."""
    env = builder.at("coop")
    topup = env["tibillet.operation"].search(
        [("code", "=", "topup"), ("card_id", "=", card.id), ("means", "=", "bank_card")]
    )
    tax = env["account.tax"].search(
        [
            ("type_tax_use", "=", "purchase"),
            ("amount_type", "=", "percent"),
            ("amount", "=", 20),
            ("company_id", "=", env.company.id),
        ],
        limit=1,
    )
    bank = env["tibillet.settlement"]._bank_journal(env.company)
    form = (
        env["tibillet.act.chargeback"]
        .with_user(builder.find("user_coop_compta"))
        .create(
            {
                "operation_id": topup.id,
                "asset_id": builder.find("asset_fed").id,
                "amount": 20.0,
                "provider_ref": NOTICE,
                "date": clock.moment.date(),
                "journal": str(bank.id),
                "fee": FEE,
                "tax": str(tax.id),
                "reason": "Carte bancaire déclarée volée par son porteur",
                "company_id": env.company.id,
            }
        )
    )
    done(form.action_confirm())


KEYS = (("shortfall", "%/shortfall"), ("sale", "%/late"))


def _of(builder, card, code, key):
    """The card's operation that the late order made."""
    return builder.env["tibillet.operation"].search(
        [("card_id", "=", card.id), ("code", "=", code), ("key", "=like", key)], limit=1
    )
