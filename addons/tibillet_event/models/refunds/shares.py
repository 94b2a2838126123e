"""Amounts in whole cents, and how they are shared so that the parts add up."""

from decimal import ROUND_HALF_UP, Decimal


def to_minor(amount, currency):
    """An amount in units of the currency as whole minor units (12.34 € → 1234)."""
    exact = Decimal(str(amount or 0)).scaleb(currency.decimal_places)
    return int(exact.to_integral_value(ROUND_HALF_UP))


def to_amount(minor, currency):
    """Whole minor units as an amount (1234 → 12.34)."""
    return float(Decimal(minor).scaleb(-currency.decimal_places))


def spread(total, weights):
    """Share whole units by weight; what is left over goes to the largest remainders.

    The parts always add up to the total; of equal remainders the first comes first.
    """
    weights = [max(0, weight) for weight in weights]
    whole = sum(weights)
    if not weights or total <= 0:
        return [0] * len(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_remainder[: total - sum(parts)]:
        parts[at] += 1
    return parts


def nth_part(total, count, taken):
    """The next of `count` equal parts of a total when `taken` of them are gone already."""
    if count < 1 or not 0 <= taken < count:
        return 0
    return spread(total, [1] * count)[taken]
