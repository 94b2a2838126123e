"""Amounts that people type: ``250,00 €`` to 25000, exactly, without any float."""

import re

SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]")
PLAIN = re.compile(r"(\d+)(?:\.(\d*))?|\.(\d+)", re.ASCII)


class TooPrecise(ValueError):
    """More decimals than the unit has."""


def parse_minor(text, scale, *, decimal_point=".", thousands_sep="", unit=""):
    """The integer of minor units that a typed amount says.

    :param str text: digits with at most one decimal mark; spaces, the unit and groups of
        three digits are understood, an empty text is 0
    :param int scale: decimals of the unit
    :param decimal_point, thousands_sep: marks of the reader's language; the other usual
        mark is understood too where it cannot mean thousands
    :raises TooPrecise: when a digit would be lost
    :raises ValueError: when it is no amount
    """
    text = (text or "").strip()
    if unit:
        text = re.sub(rf"^{re.escape(unit)}|{re.escape(unit)}$", "", text, flags=re.IGNORECASE)
    text = SPACES.sub("", text)
    if not text:
        return 0
    mark, group = re.escape(decimal_point), re.escape(thousands_sep.strip())
    if group and re.fullmatch(rf"\d{{1,3}}({group}\d{{3}})+({mark}\d*)?", text):
        text = text.replace(thousands_sep.strip(), "")
    text = text.replace(decimal_point, ".")
    if "." not in text:
        text = text.replace(",", ".", 1)
    match = PLAIN.fullmatch(text)
    if not match:
        raise ValueError(text)
    whole, part, alone = match.groups()
    part = (part or alone or "").rstrip("0")
    if len(part) > scale:
        raise TooPrecise(text)
    return int(whole or 0) * 10**scale + int(part.ljust(scale, "0") or 0)
