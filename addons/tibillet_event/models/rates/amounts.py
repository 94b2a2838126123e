"""An amount as people write it: with a comma, a space between thousands, the euro sign."""

import re
from decimal import Decimal

MOST = Decimal("999999.99")
#: Below it no card is charged: a price is 0, or at least this.
LEAST_PAID = Decimal("0.50")
_BLANKS = re.compile(r"[\s\u00a0\u202f'€]")
_WRITTEN = re.compile(r"[+-]?\d{1,40}(?:[.,]\d{1,2})?")


def read_amount(text):
    """The amount that was typed, or None when it is none (text, three decimals, ``1e9``)."""
    bare = _BLANKS.sub("", str(text))
    if not _WRITTEN.fullmatch(bare):
        return None
    return Decimal(bare.replace(",", "."))


def least_of(minimum):
    """The least that is paid under a minimum: nothing, or what a card can be charged."""
    minimum = Decimal(str(minimum or 0)).quantize(Decimal("0.01"))
    return max(minimum, LEAST_PAID) if minimum else Decimal(0)


def is_allowed(amount, minimum):
    """Whether the amount may be paid for a rate with this minimum."""
    if amount == 0:
        return not minimum
    return max(least_of(minimum), LEAST_PAID) <= amount <= MOST
