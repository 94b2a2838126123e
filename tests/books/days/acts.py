"""What happens at the tills in a day: each a function of the day and a till, drawn by weight.

A further row of the accounting table is a further function under ``@act``. A refusal is part of
life (an empty card, a ceiling); an act says so by ``day.refused`` and nothing was done.
Acts at a desk stand in ``office``, those of a merchant in ``stand``.
"""

from datetime import timedelta

from .till import IBAN


def act(weight):
    """Have a function drawn so often beside the others."""

    def weigh(function):
        function.weight = weight
        return function

    return weigh


def acts_of(*modules):
    """The acts that stand in some modules, in their order."""
    return [one for module in modules for one in vars(module).values() if _is_act(one, module)]


def _is_act(one, module):
    return hasattr(one, "weight") and one.__module__ == module.__name__


def _some_goods(day, till):
    names = day.dice.sample(("beer", "tart", "juice", "book"), day.dice.choice((1, 1, 2, 3)))
    return till.basket(*((name, day.dice.choice((1, 1, 2, 3))) for name in names))


def price_of(basket):
    return round(sum(qty * price for _product, qty, price in basket), 2)


def pay(day, till, card, basket, late=False):
    """By card as far as it goes, the rest in money; sent at once, or kept on the device."""
    total = price_of(basket)
    key, answer = till.hold(card, basket, up_to=round(total * 100))
    if not answer["ok"]:
        return day.refused(answer)
    by_card = answer["amount_minor"] / 100
    payments = [(till.wallet, by_card, key)] if by_card else []
    if rest := round(total - by_card, 2):
        payments.append((day.dice.choice((till.cash, till.bank)), rest, False))
    values = till.order_values(basket, payments)
    if late:
        return till.keep(values)
    return till.send(values)


@act(10)
def sale_by_card(day, till):
    """One to three articles of several rates; what the card lacks is paid in money."""
    day.sold(pay(day, till, day.card(), _some_goods(day, till)))


@act(2)
def sale_for_money(day, till):
    basket = _some_goods(day, till)
    method = day.dice.choice((till.cash, till.bank))
    till.send(till.order_values(basket, [(method, price_of(basket), False)]))


@act(3)
def late_order(day, till):
    """The network goes away between the tap and the order; the device is heard of tomorrow,
    or after the holder has spent the same money elsewhere."""
    card = day.card()
    pay(day, till, card, _some_goods(day, till), late=True)
    if day.dice.random() < 0.5:
        day.clock.forward(timedelta(minutes=6))  # the hold ends
        pay(day, till, card, till.basket(("beer", 4)))


@act(7)
def top_up(day, till):
    """Money on a card, in cash, by bank card or both, often with goods beside it."""
    asset, card = day.loadable(till), day.card()
    cents = 50 * day.dice.randrange(4, 100)
    values = {"asset_id": asset.id, "price_minor": cents, "beside": []}
    key, answer = till.act(card, "topup", values)
    if not answer["ok"]:
        day.refused(answer)
        return
    basket = _some_goods(day, till) if day.dice.random() < 0.3 else []
    total = round(price_of(basket) + cents / 100, 2)
    by_bank = day.dice.choice((0, total, round(total / 3, 2)))
    payments = [(till.bank, by_bank, False), (till.cash, round(total - by_bank, 2), False)]
    payments = [payment for payment in payments if payment[1]]
    day.sold(till.send(till.order_values(basket, payments, topups=[(key, cents / 100, asset)])))


@act(3)
def refund(day, till):
    """By the way the money came, or by a transfer that leaves another day."""
    card = day.card()
    means = day.dice.choice(("cash", "bank_card", "transfer"))
    ways = till.session.tibillet_card_ways(till.credential, card.uid)
    rows = [row for row in ways.get("assets", ()) if row.get(means, 0) and not row["refusal"]]
    if not rows:
        return day.refused(ways)
    row = day.dice.choice(rows)
    values = {
        "asset_id": row["asset_id"],
        "price_minor": day.dice.randint(1, row[means]),
        "means": means,
        "identity": "CNI 12 Vidal",
        **({"holder_name": "Ada Vidal", "iban": IBAN} if means == "transfer" else {}),
    }
    return day.done(till.act(card, "refund", values)[1])


@act(2)
def gift(day, till):
    """Nobody pays for it: of the house, or of what the house has to pay for."""
    asset = day.issued(till, "gift", "local", "fed")
    if asset:
        values = {
            "asset_id": asset.id,
            "amount_minor": 100 * day.dice.randrange(1, 9),
            "reason": "Bienvenue",
        }
        day.done(till.act(day.card(), "gift", values, manager=True)[1])


@act(1)
def reward(day, till):
    """Minutes: nothing of them is money, nothing of them is in any books."""
    if asset := day.issued(till, "time"):
        day.post("reward", asset, day.card(), 60 * day.dice.randrange(1, 4), till)


@act(4)
def cups(day, till):
    """Beers in cups, cups back on a card, cups back for cash."""
    drawn = day.dice.randrange(3)
    count = day.dice.randint(1, 5)
    if drawn == 0:
        pay(day, till, day.card(), till.basket(("beer", count), ("cup", count)))
    elif drawn == 1:
        basket = till.basket(("cup", -count))
        key, answer = till.hold(day.card(), basket)
        if answer["ok"]:
            till.send(till.order_values(basket, [(till.wallet, price_of(basket), key)]))
        else:
            day.refused(answer)
    else:
        basket = till.basket(("cup", -count))
        till.send(till.order_values(basket, [(till.cash, price_of(basket), False)]))


@act(2)
def undo(day, till):
    """A sale of this session is taken back, whole."""
    orders = [order for order in day.sales if order.session_id.id == till.session.id]
    if orders:
        order = day.dice.choice(orders)
        day.sales.remove(order)
        day.done(till.undo(order, "Erreur de panier"))


@act(2)
def correction(day, till):
    """The backend takes a part of an operation back, or adds what it lacked."""
    operations = day.operations(till, "topup", "sale", "refund", "gift")
    if not operations:
        return
    operation = day.dice.choice(operations)
    transfer = day.dice.choice(operation.transfer_ids)
    amount = day.dice.randint(1, transfer.amount_minor) / 10**transfer.asset_id.scale
    form = till.as_manager["tibillet.act.correct"].create(
        {
            "operation_id": operation.id,
            "asset_id": transfer.asset_id.id,
            "way": day.dice.choice(("reverse", "reverse", "complete")),
            "amount": amount,
            "reason": "Erreur de saisie",
        }
    )
    day.by_hand(form)


@act(1)
def given_back_to_the_place(day, till):
    """A holder leaves the rest of a card to its issuer."""
    card = day.card()
    asset = day.loadable(till)
    account = day.env["tibillet.account"]._get(card.wallet_id._surviving(), asset)
    if cents := account.balance_minor - account.held_minor:
        values = {"asset_id": asset.id, "price_minor": day.dice.randint(1, cents)}
        day.done(till.act(card, "give", values)[1])


@act(1)
def merge(day, till):
    """Somebody claims a second card: what it holds moves to the first, and in nobody's books."""
    from odoo.addons.tibillet_wallet.exceptions import LedgerError

    wallets = [card.wallet_id for card in day.cards]
    people = [wallet for wallet in wallets if wallet.kind == "person"]
    anonymous = [w for w in wallets if w.kind == "card" and not w.merged_into_id]
    try:
        with day.env.cr.savepoint():
            day.dice.choice(anonymous)._merge_into(
                day.dice.choice(people), origin="days", company=till.company
            )
    except LedgerError as refusal:
        day.refused({"message": str(refusal)})
    day.request_done()
