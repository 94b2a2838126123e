"""How a gift that its giver takes back at his own counter is shared out: plain integers.

A gift spent where it was given is a discount on the lines that it buys (same tax), not a
payment (practice-france, 11). One place decides which line is lowered by how much, so that the
till's receipt, the closing, an invoice and the totals of the evening say the same.
"""

from collections import namedtuple

#: Goods that a gift may pay: what they cost, the categories they belong to, the rate they bear.
Good = namedtuple("Good", "amount_minor category_ids tax_rate", defaults=(None,))

#: An amount of one gift; ``category_ids`` empty buys everything, and so does no ``tax_rate``.
Gift = namedtuple("Gift", "amount_minor category_ids tax_rate", defaults=(None,))


def buys(gift, good):
    """Whether a gift may pay for something."""
    return (not gift.category_ids or bool(gift.category_ids & good.category_ids)) and (
        gift.tax_rate is None or gift.tax_rate == good.tax_rate
    )


def share_out(gifts, goods, first=()):
    """What of each line is given.

    Gifts that buy less than everything come first. What does not fit on the lines that a gift
    buys (another card's gift stands there) goes onto the other lines: it was given, whatever
    the order of the taps; only what all the lines together cannot bear is left over.

    :param gifts: list of Gift
    :param goods: list of Good, in the order of the lines
    :param first: at most this much of each line before all else, in minor units: what was given
        of the line that is taken back
    :returns: ``(shares, left_over)``: one integer per line and what found no place
    """
    shares = [0] * len(goods)
    left_over = 0
    for gift in sorted(gifts, key=lambda gift: not gift.category_ids):
        rest = gift.amount_minor
        bought = [buys(gift, good) for good in goods]
        for most in (
            [*first, *[0] * (len(goods) - len(first))],
            [good.amount_minor * may for good, may in zip(goods, bought, strict=True)],
            [good.amount_minor for good in goods],
        ):
            room = [max(0, up_to - share) for up_to, share in zip(most, shares, strict=True)]
            rest = _place(rest, room, shares)
        left_over += rest
    return shares, left_over


def _place(amount, room, shares):
    """Put as much as fits into ``shares``; what is left comes back."""
    placed = min(amount, sum(room))
    for at, share in enumerate(largest_remainder(placed, room)):
        shares[at] += share
    return amount - placed


def largest_remainder(total, weights):
    """``total`` shared out by ``weights``: integers that sum to it, none above its weight.

    :raises ValueError: more than all the weights together
    """
    whole = sum(weights)
    if total > whole:
        raise ValueError("more is shared out than there is")
    if not total:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares
