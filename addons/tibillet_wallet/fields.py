"""Field types of ours."""

from odoo import fields


class BigInteger(fields.Integer):
    """An integer stored as int8.

    Odoo's ``Integer`` is int4 and overflows at 21 million euros of cents. ``read()``
    answers values beyond 2**31 - 1 as floats (exact up to 2**53), so keep totals out of
    interfaces that compare them.
    """

    type = "integer"
    _column_type = ("int8", "int8")
