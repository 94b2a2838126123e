"""What the door for seats refuses."""

from odoo.exceptions import UserError


class SeatsError(UserError):
    """Seats that cannot be had. ``code``: ``sold_out`` (``left`` seats of what was asked for
    are there), ``invalid``, ``hold_expired``, ``key_conflict``,
    ``not_allowed``, ``rate_limited``."""

    def __init__(self, code, message, left=0, detail=None):
        super().__init__(message)
        self.code = code
        self.left = left
        self.detail = detail or {}
