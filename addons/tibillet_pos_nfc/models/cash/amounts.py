"""Amounts as people type them at a till: with a comma, a point, spaces or a euro sign."""

import math
import re

MAX_MINOR = 10**9

_SPACES = re.compile(r"[\s\u00a0\u202f€]+")
_PLAIN = re.compile(r"\d+")
_DECIMAL = re.compile(r"(\d+)[.,](\d*)")
_GROUPED = re.compile(r"(\d{1,3}(?:([.,'])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d{1,2}))")


def read_amount(value, decimals=2):
    """Read an amount of money.

    Comma and point are both decimal marks, whatever the language of the screen: at a bar
    “150,50” is never fifteen thousand. ``1.500`` could be two amounts and is refused.

    :param value: a number, or the text that was typed
    :param decimals: of the currency
    :returns: minor units, an integer from 0 to ``MAX_MINOR``
    :raises ValueError: when it is no such amount
    """
    if isinstance(value, bool) or value is None:
        raise ValueError("no amount")
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueError("no amount")
        minor = round(value * 10**decimals)
    else:
        minor = _read_text(_SPACES.sub("", str(value)), decimals)
    if not 0 <= minor <= MAX_MINOR:
        raise ValueError("no amount")
    return minor


def _read_text(text, decimals):
    if _PLAIN.fullmatch(text):
        return int(text) * 10**decimals
    match = _DECIMAL.fullmatch(text)
    if match and len(match[2]) <= decimals:
        return int(match[1]) * 10**decimals + int(match[2].ljust(decimals, "0") or 0)
    match = _GROUPED.fullmatch(text)
    if match and len(match[3]) <= decimals:
        whole = int(re.sub(r"\D", "", match[1]))
        return whole * 10**decimals + int(match[3].ljust(decimals, "0"))
    raise ValueError("no amount")
