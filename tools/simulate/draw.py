"""What happens tonight, drawn from a seed: the same seed gives every till the same customers."""

import random
from dataclasses import dataclass, field

#: Of a hundred acts so many are of each kind.
MIX = {"sale": 60, "topup": 15, "completed": 10, "refund": 5, "deposit": 5, "cancelled": 5}
#: How each kind is done, and how often.
VARIANTS = {
    "sale": {"card": 85, "cash": 10, "bank": 5},
    "topup": {"cash": 60, "bank": 25, "with_goods": 15},
    "completed": {"short_then_card": 35, "short_then_cash": 30, "typed": 20, "card_and_bank": 15},
    "refund": {"page": 40, "undo": 40, "order": 20},
    "deposit": {"with_beers": 50, "back_to_card": 35, "back_in_cash": 15},
    "cancelled": {"given_up": 40, "two_cards": 25, "never_answered": 20, "page_closed": 15},
}
#: What happens at the desk of a till in one night, and how often (of a hundred tills).
DESK = {"hand_over": 30, "bag": 25, "change_in": 25, "wrong_change": 20}
#: One request in so many loses something on its way.
LOSS = 0.08
TOPUPS_MINOR = (1000, 1500, 2000, 3000, 5000)


@dataclass
class Step:
    """One act of one till: when, what, with whose cards and for which goods."""

    till: int
    number: int
    at_s: float
    kind: str
    variant: str
    cards: tuple
    poor: int
    basket: tuple
    amount_minor: int
    dice: random.Random = field(repr=False)


def draw(seed, tills, acts, seconds, cards, poor, articles, mix=None):
    """The steps of each till, in their order.

    :param acts: how many acts each till does
    :param seconds: how long the night is: acts are spread over it
    :param cards, poor: how many cards there are with money, and with nearly none
    :param articles: keys of what is sold
    :param mix: kind → share, instead of ``MIX``
    """
    dice = random.Random(f"night {seed}")
    deck = _deck(tills * acts, mix or MIX)
    dice.shuffle(deck)
    steps = []
    for till in range(tills):
        moments = sorted(dice.uniform(0, seconds) for _act in range(acts))
        mine = [
            _step(seed, dice, till, number, at_s, deck.pop(), cards, poor, articles)
            for number, at_s in enumerate(moments)
        ]
        mine += [
            _desk(seed, till, acts + number, dice.uniform(seconds / 4, seconds), variant)
            for number, (variant, share) in enumerate(DESK.items())
            if dice.randrange(100) < share
        ]
        steps.append(sorted(mine, key=lambda step: step.at_s))
    return steps


def _desk(seed, till, number, at_s, variant):
    dice = random.Random(f"{seed} {till} {number}")
    return Step(till, number, at_s, "desk", variant, (), 0, (), 0, dice)


def _deck(size, shares):
    """So many of each, as near to the shares as whole acts allow (largest remainder)."""
    total = sum(shares.values())
    exact = {name: size * share / total for name, share in shares.items()}
    counts = {name: int(value) for name, value in exact.items()}
    rest = sorted(exact, key=lambda name: counts[name] - exact[name])
    for name in rest[: size - sum(counts.values())]:
        counts[name] += 1
    return [name for name, count in counts.items() for _one in range(count)]


def _step(seed, dice, till, number, at_s, kind, cards, poor, articles):
    shares = VARIANTS[kind]
    [variant] = dice.choices(list(shares), list(shares.values()))
    basket = {}
    for _line in range(dice.choices((1, 2, 3), (60, 30, 10))[0]):
        basket[dice.choice(articles)] = dice.choices((1, 2, 3), (70, 22, 8))[0]
    return Step(
        till=till,
        number=number,
        at_s=at_s,
        kind=kind,
        variant=variant,
        cards=tuple(dice.sample(range(cards), 3)),
        poor=dice.randrange(poor),
        basket=tuple(basket.items()),
        amount_minor=dice.choice(TOPUPS_MINOR),
        dice=random.Random(f"{seed} {till} {number}"),
    )
